"""What the ASGI processes share: failures as the API answers them, and who may ask at all (origins.py)."""

import json

from starlette.responses import Response

from wangge.core import origins
from wangge.core.errors import DomainError, NotAllowed
from wangge.core.origins import Asked


class OriginNotAllowed(NotAllowed):
    code = "origin_not_allowed"
    zh = "这个来源的页面不能访问此服务。"
    en = "A page of this origin may not use this."


class Unavailable(DomainError):
    code = "unavailable"
    status = 503
    zh = "暂时无法连接，请稍后再试。"
    en = "Not available at the moment; try again."


def is_ours(request: Asked) -> bool:
    """Asked under one of our names, and by a page of ours or no page."""
    return origins.is_our_host(request) and origins.is_allowed(request)


def failed(request: Asked, failure: DomainError) -> Response:
    return Response(
        json.dumps(failure.as_json(language(request)), ensure_ascii=False, default=str),
        status_code=failure.status,
        media_type="application/json",
        headers=origins.cors(request),
    )


def preflight(request: Asked, *, methods: str, headers: str) -> Response:
    """What a page on another port asks before it sends these headers."""
    if not origins.is_allowed(request):
        return failed(request, OriginNotAllowed())
    allowed = {
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": headers,
        "Access-Control-Max-Age": "600",
    }
    return Response(status_code=204, headers=origins.cors(request) | allowed)


def language(request: Asked) -> str:
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh"

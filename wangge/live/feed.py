"""One connection: who it is, whether their page may listen, and then whatever the hub has for them."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from sse_starlette import EventSourceResponse
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from wangge.accounts.auth import token_hash
from wangge.core.errors import DomainError, NotAllowed, NotSignedIn
from wangge.live import origins, sessions
from wangge.live.hub import Hub, Listener

HEARTBEAT_S = 15


class OriginNotAllowed(NotAllowed):
    code = "origin_not_allowed"
    zh = "这个来源的页面不能接收实时消息。"
    en = "A page of this origin may not listen."


class Unavailable(DomainError):
    code = "unavailable"
    status = 503
    zh = "暂时无法连接，请稍后再试。"
    en = "Not available at the moment; try again."


async def listen(request: Request) -> Response:
    """GET /live/feed: text/event-stream. `Last-Event-ID` goes on where the stream broke off."""
    if not origins.is_our_host(request) or not origins.is_allowed(request):
        return _failure(request, OriginNotAllowed())
    token = request.cookies.get(settings.SESSION_COOKIE)
    if not token:
        return _failure(request, NotSignedIn())
    hashed = token_hash(token)
    try:
        actor = await sessions.actor_of(hashed)
    except (DatabaseError, InterfaceError):
        return _failure(request, Unavailable())
    if actor is None:
        return _failure(request, NotSignedIn())
    hub: Hub = request.app.state.hub
    listener = hub.join(replace(actor, language=_language(request)), hashed, request.headers.get("last-event-id", ""))
    return EventSourceResponse(
        _stream(hub, listener), ping=HEARTBEAT_S, sep="\n", headers=origins.cors(request), send_timeout=60
    )


async def preflight(request: Request) -> Response:
    """A page on another port asks before it sends Last-Event-ID."""
    if not origins.is_allowed(request):
        return _failure(request, OriginNotAllowed())
    allowed = {
        "Access-Control-Allow-Methods": "GET",
        "Access-Control-Allow-Headers": "Last-Event-ID, Cache-Control, Accept-Language",
        "Access-Control-Max-Age": "600",
    }
    return Response(status_code=204, headers=origins.cors(request) | allowed)


async def health(request: Request) -> Response:
    ok = request.app.state.watch.is_well()
    return PlainTextResponse("ok" if ok else "behind", status_code=200 if ok else 503)


async def _stream(hub: Hub, listener: Listener) -> AsyncIterator[bytes]:
    try:
        while (piece := await listener.take()) is not None:
            yield piece
    finally:
        hub.leave(listener)


def _failure(request: Request, failure: DomainError) -> Response:
    body: dict[str, Any] = failure.as_json(_language(request))
    return Response(
        json.dumps(body, ensure_ascii=False),
        status_code=failure.status,
        media_type="application/json",
        headers=origins.cors(request),
    )


def _language(request: Request) -> str:
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh"

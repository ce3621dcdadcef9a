"""What every answer carries."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from wangge.accounts.auth import language
from wangge.core import actor
from wangge.core.addresses import live_url, positions_url
from wangge.core.errors import DomainError

LONGEST_HEADERS = 64 * 1024  # names and values; ours need four

Next = Callable[[HttpRequest], HttpResponse]


class SecurityHeaders:
    """Content-Security-Policy without inline script, and the other headers a browser honours."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor.begin(None)  # threads are used again; nobody acts until somebody is found
        answer = self.get_response(request) if _headers_fit(request) else _headers_refused(request)
        answer.headers.setdefault("Content-Security-Policy", policy(request))
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Referrer-Policy", "same-origin")
        answer.headers.setdefault("X-Frame-Options", "DENY")
        answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return answer


class HeadersTooLarge(DomainError):
    """Beyond half a megabyte, or a hundred of them, the server under us cuts off with the same status and no words."""

    code = "headers_too_large"
    status = 431
    zh = "请求头太大，请清除本站的 Cookie 后再试。"
    en = "The headers of the request are too large; clear this site's cookies and try again."


def _headers_fit(request: HttpRequest) -> bool:
    headers = ((name, value) for name, value in request.META.items() if name.startswith("HTTP_"))
    return sum(len(name) + len(str(value)) for name, value in headers) <= LONGEST_HEADERS


def _headers_refused(request: HttpRequest) -> HttpResponse:
    failure = HeadersTooLarge()
    return JsonResponse(failure.as_json(language(request)), status=failure.status)


def policy(request: HttpRequest) -> str:
    live = f"{live_url(request)} {positions_url(request)}".strip()
    base = urlsplit(settings.BASE_MAP["url"])
    tiles = f"{base.scheme}://{base.netloc}" if base.netloc else ""
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",  # Element Plus sets positions as style attributes
            f"img-src 'self' data: blob: {tiles}".strip(),
            f"connect-src 'self' {live} {tiles}".strip(),
            "worker-src 'self' blob:",
            "media-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


class CsrfRefused(DomainError):
    code = "csrf"
    status = 403
    zh = "页面已过期，请刷新后再试。"
    en = "This page has expired; reload and try again."


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return JsonResponse(CsrfRefused().as_json(language(request)), status=403)

"""What every answer carries, and who is asking by address."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from wangge.accounts.auth import language
from wangge.core import actor
from wangge.core.errors import DomainError

Next = Callable[[HttpRequest], HttpResponse]


class SecurityHeaders:
    """Content-Security-Policy without inline script, and the other headers a browser honours."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor.begin(None)  # threads are used again; nobody acts until somebody is found
        answer = self.get_response(request)
        answer.headers.setdefault("Content-Security-Policy", policy(request))
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Referrer-Policy", "same-origin")
        answer.headers.setdefault("X-Frame-Options", "DENY")
        answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return answer


def policy(request: HttpRequest) -> str:
    live = live_url(request)
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


def live_url(request: HttpRequest) -> str:
    """Where this browser finds `live`: the configured address, or our own host at its port."""
    if settings.LIVE_URL == "same-origin":
        return ""
    if settings.LIVE_URL:
        return str(settings.LIVE_URL)
    host = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    return f"{request.scheme}://{host}:{settings.LIVE_PORT}"


def client_address(request: HttpRequest) -> str:
    """The caller's address; behind our own proxy the last hop it added, never what the client claims before it."""
    if settings.BEHIND_PROXY:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))


def is_loopback(request: HttpRequest) -> bool:
    return client_address(request) in {"127.0.0.1", "::1", ""}


class CsrfRefused(DomainError):
    code = "csrf"
    status = 403
    zh = "页面已过期，请刷新后再试。"
    en = "This page has expired; reload and try again."


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return JsonResponse(CsrfRefused().as_json(language(request)), status=403)

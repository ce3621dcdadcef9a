"""Which pages may ask the ASGI processes: our own, which comes from another port of the same host, or by the proxy."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.http.request import validate_host


class Asked(Protocol):
    """A request, as far as it matters here."""

    @property
    def headers(self) -> Mapping[str, str]: ...


def is_our_host(request: Asked) -> bool:
    return _is_among(request.headers.get("host", ""), tuple(settings.ALLOWED_HOSTS))


@lru_cache(maxsize=64)
def _is_among(host: str, ours: tuple[str, ...]) -> bool:
    return bool(host) and validate_host(_name(host), ours)


def is_allowed(request: Asked) -> bool:
    """No Origin at all is a request within one origin, or no browser: the cookie decides."""
    origin = request.headers.get("origin")
    if origin is None or origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    try:
        return _is_ours(urlsplit(origin), request.headers.get("host", ""))
    except ValueError:  # "http://[", "http://localhost:99999"
        return False


def cors(request: Asked) -> dict[str, str]:
    origin = request.headers.get("origin")
    if origin is None or not is_allowed(request):
        return {"Vary": "Origin"}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": "Date, Retry-After",  # how wrong the page's clock is, and when to come again
        "Vary": "Origin",
    }


def _is_ours(page: SplitResult, host: str) -> bool:
    if page.netloc == host:
        return True
    return page.hostname == urlsplit(f"//{host}").hostname and (page.port or _usual(page.scheme)) == settings.PORT


def _name(host: str) -> str:
    return host if host.endswith("]") else host.rsplit(":", 1)[0]


def _usual(scheme: str) -> int:
    return 443 if scheme == "https" else 80

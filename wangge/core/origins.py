"""Which pages may ask the ASGI processes: our own, which comes from another port of the same host, or by the proxy."""

from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.http.request import validate_host
from starlette.requests import Request


def is_our_host(request: Request) -> bool:
    host = request.headers.get("host", "")
    return bool(host) and validate_host(_name(host), settings.ALLOWED_HOSTS)


def is_allowed(request: Request) -> bool:
    """No Origin at all is a request within one origin, or no browser: the cookie decides."""
    origin = request.headers.get("origin")
    if origin is None or origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    try:
        return _is_ours(urlsplit(origin), request.headers.get("host", ""))
    except ValueError:  # "http://[", "http://localhost:99999"
        return False


def cors(request: Request) -> dict[str, str]:
    origin = request.headers.get("origin")
    if origin is None or not is_allowed(request):
        return {"Vary": "Origin"}
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true", "Vary": "Origin"}


def _is_ours(page: SplitResult, host: str) -> bool:
    if page.netloc == host:
        return True
    return page.hostname == urlsplit(f"//{host}").hostname and (page.port or _usual(page.scheme)) == settings.PORT


def _name(host: str) -> str:
    return host if host.endswith("]") else host.rsplit(":", 1)[0]


def _usual(scheme: str) -> int:
    return 443 if scheme == "https" else 80

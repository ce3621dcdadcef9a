"""Who is asking by address, and where a browser finds `live`."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

# What a proxy adds when it passes a request on (RFC 7239; RFC 9110, 7.6.3; and what everybody did before).
FORWARDED = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP")


def client_address(request: HttpRequest) -> str:
    """The caller's address; behind our own proxy the last hop it added, never what the client claims before it.

    Empty when it is unknown: a proxy that does not say for whom it asks.
    """
    if settings.BEHIND_PROXY:
        return str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def is_loopback(request: HttpRequest) -> bool:
    """The caller sits at this machine. An unknown address is nobody's, so not this machine's either.

    A proxy that we were not told of (WANGGE_BEHIND_PROXY) may sit here itself and ask for anybody.
    """
    if not settings.BEHIND_PROXY and any(name in request.META for name in FORWARDED):
        return False
    try:
        address = ip_address(client_address(request))
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def storable(address: str) -> str | None:
    """As a column of addresses takes it; None for what is no address (a socket, a proxy that says nothing)."""
    try:
        return str(ip_address(address))
    except ValueError:
        return None


def neighbourhood(address: str | None) -> str | None:
    """Without what one caller changes at will: a household's IPv6 is a /64, and its single addresses cost nothing."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
    return str(found)


def live_url(request: HttpRequest) -> str:
    """Where this browser finds `live`: the configured address, or our own host at its port."""
    return _beside(request, settings.LIVE_URL, settings.LIVE_PORT)


def positions_url(request: HttpRequest) -> str:
    """Where this phone sends its positions; as live_url."""
    return _beside(request, settings.POSITIONS_URL, settings.POSITIONS_PORT)


def residents_url(request: HttpRequest) -> str:
    """Where residents find us, without a slash at its end; it is printed on signs, so it must hold for years.

    The configured address: desks often sit in a network that no resident reaches. Where none is configured both come
    by the same one, and it is the address this desk was opened at (a host of ours: Django refuses others).
    """
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"


def _beside(request: HttpRequest, configured: str, port: int) -> str:
    """An empty answer is our own origin, behind a proxy."""
    if configured:
        return "" if configured == "same-origin" else configured
    host = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    return f"{request.scheme}://{host}:{port}"

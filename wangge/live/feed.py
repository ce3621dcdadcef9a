"""One connection: who it is, whether their page may listen, and then whatever the hub has for them."""

from collections.abc import AsyncIterator
from dataclasses import replace

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from sse_starlette import EventSourceResponse
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from wangge.accounts.auth import token_hash
from wangge.core import asgi, origins
from wangge.core.asgi import OriginNotAllowed, Unavailable, failed, language
from wangge.core.errors import NotSignedIn
from wangge.live import sessions
from wangge.live.hub import Hub, Listener

HEARTBEAT_S = 15


async def listen(request: Request) -> Response:
    """GET /live/feed: text/event-stream. `Last-Event-ID` goes on where the stream broke off."""
    if not asgi.is_ours(request):
        return failed(request, OriginNotAllowed())
    token = request.cookies.get(settings.SESSION_COOKIE)
    if not token:
        return failed(request, NotSignedIn())
    hashed = token_hash(token)
    try:
        actor = await sessions.actor_of(hashed)
    except (DatabaseError, InterfaceError):
        return failed(request, Unavailable())
    if actor is None:
        return failed(request, NotSignedIn())
    hub: Hub = request.app.state.hub
    listener = hub.join(replace(actor, language=language(request)), hashed, request.headers.get("last-event-id", ""))
    return EventSourceResponse(
        _stream(hub, listener), ping=HEARTBEAT_S, sep="\n", headers=origins.cors(request), send_timeout=60
    )


async def preflight(request: Request) -> Response:
    """A page on another port asks before it sends Last-Event-ID."""
    return asgi.preflight(request, methods="GET", headers="Last-Event-ID, Cache-Control, Accept-Language")


async def health(request: Request) -> Response:
    ok = request.app.state.watch.is_well()
    return PlainTextResponse("ok" if ok else "behind", status_code=200 if ok else 503)


async def _stream(hub: Hub, listener: Listener) -> AsyncIterator[bytes]:
    try:
        while (piece := await listener.take()) is not None:
            yield piece
    finally:
        hub.leave(listener)

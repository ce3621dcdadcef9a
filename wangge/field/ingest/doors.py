"""The requests: who may ask, how much they may send, and the answer in one JSON shape."""

import json
import zlib
from urllib.parse import parse_qsl

from django.conf import settings
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from wangge.accounts.auth import token_hash
from wangge.core import asgi, clock, origins
from wangge.core.asgi import OriginNotAllowed
from wangge.core.errors import DomainError, NotSignedIn
from wangge.field.ingest import osmand
from wangge.field.ingest.asked import Asked
from wangge.field.ingest.group import Group
from wangge.field.ingest.parcels import LARGEST, BatchIn, Taken, TooLarge, Torn, parcel_of, read

AGAIN_AFTER_S = 5
# What a phone's queue sends with every call of its own (web/src/mobile/queue/sender.ts).
OF_A_PHONE = "Content-Type, Content-Encoding, Accept-Language, Idempotency-Key, X-CSRFToken"
FORM = "application/x-www-form-urlencoded"


async def positions(group: Group, scope: Scope, receive: Receive, send: Send) -> None:
    """POST /field/positions with the session's cookie: a batch of a phone's page (parcels.BatchIn)."""
    asked = Asked.of(scope)
    try:
        if not asgi.is_ours(asked):
            raise OriginNotAllowed()
        token = asked.cookie(settings.SESSION_COOKIE)
        if not token:
            raise NotSignedIn()
        given = read(await _body(asked, receive), BatchIn)
        parcel = parcel_of(given, received_ms=_now_ms(), source="phone", session=token_hash(token))
        taken = await group.hand_in(parcel)
    except DomainError as failure:
        await _failed(asked, failure)(scope, receive, send)
        return
    await _answer(asked, taken)(scope, receive, send)


async def tracker(request: Request) -> Response:
    """GET or POST /field/osmand with a tracker's key: one position (osmand.py).

    200 also where it is refused (off duty): it would be sent again for ever.
    """
    try:
        body = await _body(request, request.receive)
        if request.headers.get("content-type", "").startswith("application/json"):
            parcel = osmand.from_json(body, received_ms=_now_ms())
        else:
            given = dict(request.query_params) or dict(parse_qsl(body.decode("ascii", "replace")))
            parcel = osmand.from_query(given, received_ms=_now_ms())
        return _answer(request, await _group(request).hand_in(parcel))
    except DomainError as failure:
        return _failed(request, failure)


async def preflight(request: Request) -> Response:
    return asgi.preflight(request, methods="POST", headers=OF_A_PHONE)


async def health(request: Request) -> Response:
    ok = await _group(request).is_well()
    return PlainTextResponse("ok" if ok else "no database", status_code=200 if ok else 503)


def _answer(asked: origins.Asked, taken: Taken) -> Response:
    return Response(
        json.dumps(taken.as_json()),
        media_type="application/json",
        headers=origins.cors(asked) | {"Cache-Control": "no-store"},
    )


async def _body(asked: origins.Asked, receive: Receive) -> bytes:
    """Unpacked. Raises TooLarge, Torn."""
    try:
        announced = int(asked.headers.get("content-length") or 0)
    except ValueError as wrong:
        raise Torn() from wrong
    if announced > LARGEST:
        raise TooLarge()
    body, is_more = b"", True
    while is_more:
        part = await receive()
        if part["type"] != "http.request":  # hung up
            raise Torn()
        body += part.get("body", b"")
        if len(body) > LARGEST:
            raise TooLarge()
        is_more = part.get("more_body", False)
    return _unpacked(body) if asked.headers.get("content-encoding", "").lower() == "gzip" else body


def _unpacked(packed: bytes) -> bytes:
    reader = zlib.decompressobj(wbits=31)
    try:
        body = reader.decompress(packed, LARGEST + 1)
    except zlib.error as torn:
        raise Torn() from torn
    if len(body) > LARGEST:
        raise TooLarge()
    if not reader.eof:
        raise Torn()
    return body


def _failed(asked: origins.Asked, failure: DomainError) -> Response:
    answer = asgi.failed(asked, failure)
    if failure.status == 503:
        answer.headers["Retry-After"] = str(AGAIN_AFTER_S)
    return answer


def _group(request: Request) -> Group:
    group: Group = request.app.state.group
    return group


def _now_ms() -> int:
    return round(clock.now().timestamp() * 1000)

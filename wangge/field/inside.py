"""A request that the house makes to its own API, in the name of somebody: same checks, same answers."""

import base64
import binascii
import io
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.urls import Resolver404, ResolverMatch, resolve

from wangge.accounts.auth import KNOWN
from wangge.core.actor import Actor, acting
from wangge.core.importing.faults import storable

log = structlog.get_logger()
# What a phone queues; never the desk's own operations, nor a queue within a queue.
QUEUED = ("/api/cases", "/api/field/", "/api/uploads/", "/api/orders/", "/api/notices/")
NOT_QUEUED = ("/api/field/handed-in", "/api/field/push")
GOOD = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    method: str
    path: str
    body: Any
    body_base64: str | None
    key: str


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    code: str = ""
    message: str = ""
    made: str = ""  # the id of what was made, where the answer has one

    @property
    def is_good(self) -> bool:
        return self.status in GOOD


class _NotQueued(Exception):
    """The desk's, or nothing of ours."""


class _TakenBack(Exception):
    """Out of the savepoint, so that it is rolled back."""


def ask(sent: Sent, *, by: Actor) -> Answered:
    """Its own savepoint: what was refused leaves nothing behind."""
    try:
        request, match = _asked(sent, by)
    except (_NotQueued, binascii.Error, ValueError, TypeError, Resolver404):
        return Answered(404, "handed_in.not_queued", storable(sent.path[:100]))
    answer = None
    try:
        with acting(by):
            answer = match.func(request, *match.args, **match.kwargs)
            if connection.needs_rollback:  # the API's own handler of failures asked for it
                raise _TakenBack
    except _TakenBack:
        pass
    except Exception:
        log.exception("handed_in.failed", path=match.route)
    if answer is None:
        return Answered(500, "error", "")
    if answer.status_code in GOOD:
        return Answered(answer.status_code, made=_id_in(answer.content))
    said = json.loads(answer.content or b"{}")
    return Answered(answer.status_code, str(said.get("code", "")), str(said.get("message", "")))


def _asked(sent: Sent, by: Actor) -> tuple[WSGIRequest, ResolverMatch]:
    parts = urlsplit(sent.path)
    path = unquote(parts.path)
    if sent.method not in ("POST", "PUT") or not path.startswith(QUEUED) or path.startswith(NOT_QUEUED):
        raise _NotQueued
    return _request(sent, path, parts.query, _body(sent), by), resolve(path)


def _id_in(content: bytes) -> str:
    said = json.loads(content or b"null")
    return str(said.get("id", "")) if isinstance(said, dict) else ""


def _body(sent: Sent) -> bytes:
    if sent.body_base64 is not None:
        return base64.b64decode(sent.body_base64, validate=True)
    return b"" if sent.body is None else json.dumps(sent.body).encode()


def _request(sent: Sent, path: str, query: str, body: bytes, by: Actor) -> WSGIRequest:
    kind = "application/json" if sent.body_base64 is None else "application/octet-stream"
    request = WSGIRequest(
        {
            "REQUEST_METHOD": sent.method,
            "PATH_INFO": path.encode().decode("latin-1"),
            "QUERY_STRING": query,
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_IDEMPOTENCY_KEY": sent.key,
            "HTTP_ACCEPT_LANGUAGE": by.language,
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": "http",
            KNOWN: by,
        }
    )
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # no browser is asked to send it
    return request

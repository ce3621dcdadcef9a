"""A client that speaks to the real API as one of the people: cookie, CSRF and JSON as a browser sends them."""

import json
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from django.conf import settings
from django.core.files.base import File
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from wangge.accounts.auth import token_hash
from wangge.accounts.models import Session
from wangge.core import clock
from wangge.core.actor import Actor, set_in_database
from wangge.testing.world import Person

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

    Answer: TypeAlias = _MonkeyPatchedWSGIResponse
else:
    Answer = HttpResponse

CSRF = "t" * 32


class Api:
    """`api.get("/api/cases", state="open")`, `api.post("/api/cases", {...})`; answers: `.status_code`, `.json()`."""

    def __init__(self, token: str | None = None, *, language: str = "zh") -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.cookies[settings.CSRF_COOKIE_NAME] = CSRF
        if token is not None:
            self.client.cookies[settings.SESSION_COOKIE] = token
        self.headers: dict[str, str] = {"X-CSRFToken": CSRF, "Accept-Language": language}

    def get(self, path: str, **query: Any) -> Answer:
        return self._send("get", path, query)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self._send_json("post", path, body, headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self._send_json("put", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self._send_json("patch", path, body, headers)

    def delete(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self._send_json("delete", path, body, headers)

    def put_bytes(self, path: str, content: bytes) -> Answer:
        """As they are; `path` with its query."""
        return self._send("put", path, content, content_type="application/octet-stream")

    def send_files(self, path: str, files: Mapping[str, "File[bytes]"], **fields: Any) -> Answer:
        """multipart/form-data, as a form with file inputs sends it."""
        return self._send("post", path, {**fields, **files})

    @property
    def token(self) -> str:
        """The session cookie as it is now."""
        found = self.client.cookies.get(settings.SESSION_COOKIE)
        return found.value if found is not None else ""

    def _send_json(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        """`Idempotency_Key="…"` is sent as `Idempotency-Key`."""
        own = {name.replace("_", "-"): value for name, value in headers.items()}
        content = b"" if body is None else json.dumps(body, default=str).encode()
        return self._send(method, path, content, content_type="application/json", headers=own)

    def _send(self, method: str, path: str, data: Any, headers: dict[str, str] | None = None, **how: Any) -> Answer:
        if connection.in_atomic_block:
            # A test is one transaction, requests are savepoints in it: nobody may inherit the actor of the one before.
            set_in_database(Actor(kind="nobody"))
        answer: Answer = getattr(self.client, method)(path, data, headers=self.headers | (headers or {}), **how)
        return answer


def api_as(person: Person, *, language: str = "zh") -> Api:
    """Signed in: a session row as sign-in leaves it, without the cost of a password."""
    token = secrets.token_urlsafe(32)
    at = clock.now()
    Session.objects.create(
        token_hash=token_hash(token),
        user=person.user,
        post=person.post,
        stage=Session.Stage.OPEN,
        started_at=at,
        seen_at=at,
        address="127.0.0.1",
        agent="test",
    )
    return Api(token, language=language)


def anybody(*, language: str = "zh") -> Api:
    """Not signed in."""
    return Api(language=language)

"""One person's browser: cookies, CSRF, an idempotency key that is kept across retries, and patience with a server that
restarts. One request at a time; over loopback, where demonstration accounts are good."""

import http.client
import json
import random
import socket
import threading
import time
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wangge.core.ids import new_id
from wangge.demo.simulate.ledger import Ledger

TIMEOUT_S = 30.0
PATIENCE_S = 120.0  # a database that recovers takes its time
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 4.0
AWAY = {502, 503, 504}
BUGS_AT_MOST = 3  # a 500 is asked again with the same key, then counted as what it is
CSRF = "csrftoken"


class NoAnswer(Exception):
    """Tried for PATIENCE_S; whether it was done is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any

    @property
    def ok(self) -> bool:
        return self.status < 300

    @property
    def code(self) -> str:
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


class Browser:
    """`address` is which loopback address it calls from: residents are told apart by theirs."""

    def __init__(
        self,
        url: str,
        ledger: Ledger,
        *,
        username: str = "",
        password: str = "",
        address: str = "127.0.0.1",
        patience_s: float = PATIENCE_S,
    ) -> None:
        parts = urllib.parse.urlsplit(url)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.username, self._password = username, password
        self.me: dict[str, Any] = {}
        self._ledger, self._patience_s = ledger, patience_s
        self._address = address
        self._cookies: dict[str, str] = {}
        self._connection: http.client.HTTPConnection | None = None
        self._lock = threading.RLock()

    def get(self, path: str, what: str, **query: Any) -> Answer:
        words = urllib.parse.urlencode({name: value for name, value in query.items() if value != ""}, doseq=True)
        return self._ask("GET", f"{path}?{words}" if words else path, what, None, {})

    def post(self, path: str, what: str, body: Mapping[str, Any]) -> Answer:
        content = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(new_id())}
        return self._ask("POST", path, what, content, headers)

    def upload(self, path: str, what: str, jpeg: bytes, fields: Mapping[str, str]) -> Answer:
        boundary = new_id().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n'
        parts.append(head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + jpeg + f"\r\n--{boundary}--\r\n".encode())
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Idempotency-Key": str(new_id())}
        return self._ask("POST", path, what, b"".join(parts), headers)

    def sign_in(self) -> bool:
        with self._lock:
            if CSRF not in self._cookies:
                self._ask("GET", "/api/config", "config", None, {})
            content = json.dumps({"username": self.username, "password": self._password}).encode()
            answer = self._ask(
                "POST", "/api/session", "sign in", content, {"Content-Type": "application/json"}, again=False
            )
            self.me = (answer.body or {}).get("me") or {} if answer.ok else {}
            return bool(self.me)

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _ask(
        self, method: str, path: str, what: str, content: bytes | None, headers: dict[str, str], *, again: bool = True
    ) -> Answer:
        """The same key is sent until somebody answers; a session that has ended is opened again once."""
        with self._lock:
            if again and self.username and not self.me and not path.startswith("/api/config"):
                self.sign_in()
            answer = self._patiently(method, path, what, content, headers)
            if answer.status == 401 and again and self.username and self.sign_in():
                answer = self._patiently(method, path, what, content, headers)
            return answer

    def _patiently(self, method: str, path: str, what: str, content: bytes | None, headers: dict[str, str]) -> Answer:
        pause_s, until, bugs = FIRST_PAUSE_S, time.monotonic() + self._patience_s, 0
        while True:
            started = time.monotonic()
            try:
                answer = self._once(method, path, content, headers)
            except (OSError, http.client.HTTPException):
                self.close()
                answer = Answer(0, None)
            bugs += answer.status == 500
            if answer.status and answer.status not in AWAY and bugs in (0, BUGS_AT_MOST):
                self._ledger.call(what, answer.status, answer.code, time.monotonic() - started)
                return answer
            if time.monotonic() > until:
                self._ledger.gave_up(what)
                raise NoAnswer(what)
            self._ledger.retry()
            time.sleep(pause_s * random.uniform(0.7, 1.3))
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    def _once(self, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> Answer:
        if self._connection is None:
            source = None if self._address == "127.0.0.1" else (self._address, 0)
            self._connection = http.client.HTTPConnection(
                self.host, self.port, timeout=TIMEOUT_S, source_address=source
            )
            self._connection.connect()
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        own = {"Accept-Language": "zh", "X-CSRFToken": self._cookies.get(CSRF, ""), "Host": f"{self.host}:{self.port}"}
        if self._cookies:
            own["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._connection.request(method, path, content, own | headers)
        response = self._connection.getresponse()
        text = response.read()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self._cookies[name.strip()] = value.strip()
        return Answer(response.status, json.loads(text) if text[:1] in (b"{", b"[") else None)

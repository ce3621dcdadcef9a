"""Speaks to a house over real HTTP, and keeps trying with the same key until it is told that it is done."""

import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from typing import Any

from faults.house import PATIENCE_S, House
from wangge.core.ids import new_id
from wangge.testing.client import CSRF

DONE = range(200, 300)
TRY_AGAIN = {429, 500, 502, 503, 504, 507}  # 500 too, so that a fault of ours is counted and not hidden
PLACE = {"lon": 118.7905, "lat": 32.0205}


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any


def call(
    house: House,
    who: str,
    method: str,
    path: str,
    body: Any = None,
    key: uuid.UUID | None = None,
    *,
    kind: str = "application/json",
) -> Answer:
    """One request on one connection; bytes go as they are. Raises OSError or HTTPException when no answer came."""
    headers = {
        "Cookie": f"wangge_session={house.tokens[who]}; csrftoken={CSRF}",
        "X-CSRFToken": CSRF,
        "Content-Type": kind,
    }
    if key is not None:
        headers["Idempotency-Key"] = str(key)
    connection = HTTPConnection("127.0.0.1", house.port, timeout=30)
    try:
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        connection.request(method, path, content, headers)
        answer = connection.getresponse()
        said = answer.read()
    finally:
        connection.close()
    is_json = (answer.getheader("Content-Type") or "").startswith("application/json")
    return Answer(answer.status, json.loads(said) if is_json and said else said)


@dataclass
class Load:
    """Reports from several threads at once. `reported`: key -> what the 2xx said; `statuses`: every other answer."""

    house: House
    reported: dict[uuid.UUID, dict[str, Any]] = field(default_factory=dict)
    statuses: dict[int, int] = field(default_factory=dict)
    unanswered: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _problems: list[BaseException] = field(default_factory=list)

    def start(self, *, threads: int = 4) -> None:
        self._threads = [threading.Thread(target=self._work) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Each thread to the end of what it has begun."""
        self._over.set()
        for thread in self._threads:
            thread.join()
        if self._problems:
            raise self._problems[0]

    def _work(self) -> None:
        try:
            while not self._over.is_set():
                key = new_id()
                body = {"source": "telephone", "title": f"路面塌陷 {key}", **PLACE, "category_id": self.house.category}
                answer = self._until_done(partial(call, self.house, "street_seat", "POST", "/api/cases", body, key))
                self.reported[key] = answer.body
        except BaseException as problem:
            self._problems.append(problem)

    def _until_done(self, send: Callable[[], Answer]) -> Answer:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            assert time.monotonic() < deadline, f"never answered: {self.statuses}"
            try:
                answer = send()
            except (OSError, HTTPException):
                self.unanswered += 1
                time.sleep(0.1)
                continue
            if answer.status in DONE:
                return answer
            self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
            assert answer.status in TRY_AGAIN, answer
            time.sleep(0.1)

"""The real positions process on a free loopback port, and somebody who sends to it."""

import http.client
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from wangge.core import clock
from wangge.core.actor import acting
from wangge.core.ids import new_id
from wangge.field.actions.duty import go_on_duty
from wangge.field.models import DutySpan
from wangge.live.tests.feed import free_port, until
from wangge.testing.client import api_as
from wangge.testing.world import Person

LON, LAT = 118.7925, 32.0225
Answer = tuple[int, Any]


@dataclass(slots=True)
class Positions:
    port: int
    process: "subprocess.Popen[bytes]"

    def send(self, token: str, body: Any, **headers: str) -> Answer:
        sent = {"Cookie": f"{settings.SESSION_COOKIE}={token}"} if token else {}
        content = body if isinstance(body, bytes) else json.dumps(body, default=str).encode()
        return self.ask("POST", "/field/positions", content, sent | headers)

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            with suppress(BrokenPipeError):  # of what is too long the rest is not listened to; the answer is there
                connection.request(method, path, body or None, headers or {})
            answer = connection.getresponse()
            content = answer.read()
        is_json = (answer.getheader("content-type") or "").startswith("application/json")
        return answer.status, json.loads(content) if is_json else content.decode()


@contextmanager
def positions_process() -> Iterator[Positions]:
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--no-ws", "--loop", "uvloop", "--log-level", "warning"]
    command += ["wangge.field.ingest.asgi:application"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "wangge.config.settings"}
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    found = Positions(port, process)
    try:
        until(lambda: _answers(found))
        yield found
    finally:
        process.terminate()
        process.wait()


def _answers(found: Positions) -> bool:
    try:
        return found.ask("GET", "/field/positions/health")[0] == 200
    except OSError:
        return False


def on_duty(person: Person, *, ago: timedelta = timedelta(hours=1)) -> DutySpan:
    at = clock.now()
    with acting(person.actor) as by:
        return go_on_duty(duty_id=new_id(), happened_at=at - ago, by=by, at=at)


def token_of(person: Person) -> str:
    return api_as(person).token


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def point(at: datetime, *, east: float = 0.0, accuracy: float = 8.0, mock: bool = False) -> list[Any]:
    """`east`: degrees."""
    return [ms(at), LON + east, LAT, accuracy, 1.2, mock]


def batch(*points: list[Any], sent: datetime | None = None, batch_id: uuid.UUID | None = None) -> dict[str, Any]:
    sent = sent or clock.now()
    return {"batch": str(batch_id or new_id()), "sent_ms": ms(sent), "device": "phone-1", "points": list(points)}


def walk(until_at: datetime, *, count: int = 6) -> list[list[Any]]:
    """One point each ten seconds, about ten metres eastwards each."""
    return [point(until_at - timedelta(seconds=10 * (count - 1 - n)), east=n * 1e-4) for n in range(count)]

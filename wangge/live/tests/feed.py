"""The real process on a free loopback port, and those who listen to it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from wangge.testing.client import api_as
from wangge.testing.world import Person


@dataclass(frozen=True, slots=True)
class Event:
    id: str
    kind: str
    data: Any


@dataclass(slots=True)
class Live:
    port: int
    process: "subprocess.Popen[bytes]"

    def kill(self) -> None:
        """Server and worker at once, as the supervisor starts them: one process group."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def live(port: int = 0) -> Iterator[Live]:
    port = port or free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
    command += [
        "--workers",
        "1",
        "--no-ws",
        "--loop",
        "uvloop",
        "--log-level",
        "warning",
        "wangge.live.asgi:application",
    ]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "wangge.config.settings"}
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    found = Live(port, process)
    try:
        until(lambda: status(port, "/live/health") == 200)
        yield found
    finally:
        hang_up()
        process.terminate()
        process.wait()


@dataclass
class Ear:
    """One open stream, read in a thread of its own."""

    status: int
    headers: dict[str, str]
    events: list[Event] = field(default_factory=list)
    is_over: bool = False
    line: socket.socket | None = None
    thread: threading.Thread | None = None

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events if event.kind not in ("hello", "figures")]

    def close(self) -> None:
        if self.line is not None and self.thread is not None:
            with suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)
            self.thread.join()


_ears: list[Ear] = []


def hang_up() -> None:
    for ear in _ears:
        ear.close()
    _ears.clear()


def token_of(person: Person) -> str:
    return api_as(person).token


def listen(port: int, token: str, **headers: str) -> Ear:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    sent = {"Cookie": f"{settings.SESSION_COOKIE}={token}"} if token else {}
    connection.request("GET", "/live/feed", headers=sent | {k.replace("_", "-"): v for k, v in headers.items()})
    line = connection.sock
    answer = connection.getresponse()
    ear = Ear(answer.status, {k.lower(): v for k, v in answer.getheaders()}, line=line)
    if answer.status != 200:
        answer.close()
        connection.close()
        return ear
    ear.thread = threading.Thread(target=_hear, args=(ear, connection, answer), daemon=True)
    ear.thread.start()
    _ears.append(ear)
    until(lambda: bool(ear.events) or ear.is_over)
    return ear


def _hear(ear: Ear, connection: http.client.HTTPConnection, answer: http.client.HTTPResponse) -> None:
    values: dict[str, str] = {}
    try:
        for raw in answer:
            line = raw.decode().rstrip("\r\n")
            if line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                values[name] = value
            elif not line and values:
                ear.events.append(Event(values.get("id", ""), values["event"], json.loads(values["data"])))
                values = {}
    except (OSError, ValueError, http.client.HTTPException):
        pass  # the line was cut; the test looks at is_over
    finally:
        answer.close()
        connection.close()
        ear.is_over = True


def status(port: int, path: str, method: str = "GET", **headers: str) -> int:
    return ask(port, path, method, **headers)[0]


def ask(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}
    except OSError:
        return 0, {}
    finally:
        connection.close()


def until(true: Callable[[], bool]) -> None:
    """pytest's own time limit ends a wait that never does."""
    while not true():
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])

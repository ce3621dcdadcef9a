"""The product as a person meets it: `wangge up` on a throw-away home, with the small demonstration district."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wangge.testing import seed

ROOT = Path(__file__).resolve().parent.parent
COMES_UP_S = 240.0  # of a busy machine; nothing waits when it is there
GOES_DOWN_S = 20.0
SHOWN = "demo.json"  # written when the district is whole


@dataclass(frozen=True, slots=True)
class Stack:
    url: str
    password: str
    usernames: dict[str, list[str]]  # by role
    home: Path
    pid: int = 0  # of `wangge up`, 0 where somebody else started it

    def user(self, role: str, which: int = 0) -> str:
        return self.usernames[role][which]

    def kill_api(self) -> None:
        """SIGKILL to the process that answers; `wangge up` starts another."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        for child in children:
            if b"wangge.config.wsgi" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(int(child), signal.SIGKILL)


def load(home: Path, *, small: bool = True) -> None:
    """The district; most of the time until a stack serves."""
    seed.settle(home)
    _run(["demo", *(["--small"] if small else []), "--verbosity", "0"], _environment(home))


@contextmanager
def running_stack(home: Path) -> Iterator[Stack]:
    """Loads what is not loaded, serves; stops everything it started, also when a journey fails."""
    environment = _environment(home)
    if not (home / SHOWN).exists():
        load(home)
    port, live_port, positions_port = free_ports(3)
    log = (home / "up.log").open("wb")
    up = [sys.executable, "-m", "wangge", "up", "--port", str(port), "--live-port", str(live_port)]
    up += ["--positions-port", str(positions_port)]
    process = subprocess.Popen(up, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_served(process, url, home / "up.log")
        yield described(home, url, process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(GOES_DOWN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _environment(home: Path) -> dict[str, str]:
    """Ours, without the database of the other tests, and without what a developer set for theirs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WANGGE_", "DATABASE_"))}
    web = {"WANGGE_WEB": os.environ["WANGGE_WEB"]} if "WANGGE_WEB" in os.environ else {}
    return (
        kept | web | {"WANGGE_HOME": str(home), "WANGGE_DEMO": "1", "DJANGO_SETTINGS_MODULE": "wangge.config.settings"}
    )


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "wangge", *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"wangge {command[0]} failed:\n{done.stdout}\n{done.stderr}")


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _wait_until_served(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    end = time.monotonic() + COMES_UP_S
    while process.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5):  # noqa: S310 - our own loopback address
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"wangge up did not answer:\n{log.read_text()}")


def described(home: Path, url: str, pid: int = 0) -> Stack:
    shown = json.loads((home / SHOWN).read_text())
    usernames: dict[str, list[str]] = {}
    for account in shown["accounts"]:
        usernames.setdefault(account["role"], []).append(account["username"])
    return Stack(url, shown["password"], usernames, home, pid)


if __name__ == "__main__":
    load(Path(sys.argv[1]))

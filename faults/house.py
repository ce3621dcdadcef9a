"""A whole wangge of its own, as `wangge up` runs it, whose processes may be killed and whose tables looked behind."""

import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg

from wangge.ground.cluster import Cluster
from wangge.testing import seed

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 120.0


@dataclass
class House:
    """`tokens` opens a session for each of the town's people; `units` are ids by code.

    With `demo` it is up as a newcomer's is, with the demonstration's accounts.
    """

    home: Path
    demo: bool = False
    tokens: dict[str, str] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    category: int = 0
    port: int = 0
    live_port: int = 0
    positions_port: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def cluster(self) -> Cluster:
        return Cluster(self.home)

    @property
    def environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "WANGGE_"))}
        return ours | {
            "WANGGE_HOME": str(self.home),
            "WANGGE_LANG": "en",
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "wangge.config.settings",
            "WANGGE_DEMO": "1" if self.demo else "0",
        }

    def run(self, *words: str, module: str = "wangge") -> str:
        """A command to its end; what it printed."""
        command = [sys.executable, "-m", module, *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise AssertionError(f"{' '.join(words)}:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def populate(self) -> None:
        told = json.loads(self.run(module="faults.populate").splitlines()[-1])
        self.tokens, self.units, self.category = told["tokens"], told["units"], told["category"]

    def up(self, *options: str, **environment: str) -> None:
        self.port, self.live_port, self.positions_port = _free_ports()
        ports = ["--port", str(self.port), "--live-port", str(self.live_port)]
        ports += ["--positions-port", str(self.positions_port)]
        own = [] if self.demo else ["--no-demo"]
        with (self.home / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "wangge", "up", *own, "--at-once", "6", *ports, *options],
                cwd=ROOT,
                env=self.environment | environment,
                stdout=log,
                stderr=log,
            )
        # As a phone does that has installed it.
        authority = self.home / "tls" / "authority.pem" if "--https" in options else None
        until(lambda: _answers(self.port, authority) or self.process is None or self.process.poll() is not None)
        assert self.process.poll() is None, (self.home / "up.log").read_text()

    def down(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE_S)
        self.process = None

    # -- its processes ------------------------------------------------------------------------------------------------
    def children(self) -> dict[str, int]:
        """api, live, positions, worker: pids of the supervisor's own children, by their command lines."""
        assert self.process is not None
        words = {"api": b"wangge.config.wsgi", "live": b"wangge.live.asgi", "worker": b"\0worker\0"}
        words["positions"] = b"wangge.field.ingest"
        found: dict[str, int] = {}
        for pid in children_of(self.process.pid):
            line = _command_line(pid)
            found |= {name: pid for name, word in words.items() if word in line}
        return found

    def kill(self, what: str) -> int:
        """SIGKILL to one of `children`, `postmaster`, or `backend` (one that serves the application)."""
        until(lambda: self.pid_of(what) is not None)  # it may still be on its way back from the time before
        pid = self.pid_of(what)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        return pid

    def pid_of(self, what: str) -> int | None:
        if what not in {"postmaster", "backend"}:
            return self.children().get(what)
        postmaster = self.cluster.pid()
        if what == "postmaster" or postmaster is None:
            return postmaster
        return next((pid for pid in children_of(postmaster) if b"wangge_app wangge" in _command_line(pid)), None)

    # -- its tables, behind every policy ------------------------------------------------------------------------------
    @contextmanager
    def superuser(self) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                connected = psycopg.connect(self.cluster.url("postgres"), autocommit=True)
                break
            except psycopg.OperationalError:  # killed by one of us a moment ago
                assert time.monotonic() < deadline
                time.sleep(0.1)
        with connected:
            yield connected

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.superuser() as connected:
            return connected.execute(question, values).fetchall()

    def tell(self, statement: str, *values: Any) -> None:
        with self.superuser() as connected:
            connected.execute(statement, values)

    def readers(self) -> str:
        """How the readers stand, and what the worker said last: for the message of a test that fails."""
        rows = self.ask("select name, finished::text, target::text, as_of, stopped_why, now() from core_journal_reader")
        return f"{rows}\n{self.children()}\n{(self.home / 'log' / 'worker.log').read_text()[-3000:]}"

    def readers_done(self) -> bool:
        """Whether the roll-ups' reader has read all; it comes to this cluster only when done with an older one."""
        return self.ask(
            """
            select not exists (select from core_journal j
               where j.cluster = r.cluster and not pg_visible_in_snapshot(j.xid, r.finished))
              from core_journal_reader r where r.name = 'rollups' and r.target is null and r.cluster = journal_cluster()
            """
        ) == [(True,)]


@contextmanager
def show_house() -> Iterator[House]:
    """Migrated and peopled once, and standing still: each test that needs a house of its own moves into a copy."""
    with _a_folder(None) as folder:
        house = House(folder / "home")
        seed.settle(house.home)
        with house.cluster.use():
            house.populate()
        yield house


@contextmanager
def new_house(like: House, where: Path | None = None) -> Iterator[House]:
    """A copy of one that stands still; its cluster runs for the time of the block; everything is gone afterwards."""
    with _a_folder(where) as folder:
        house = replace(like, home=folder / "home")
        # Not shutil: the data are their own user's, where the tests are root's.
        subprocess.run(["cp", "-a", "--reflink=auto", str(like.home), str(house.home)], check=True)
        try:
            with house.cluster.use():
                yield house
                house.down()
        finally:
            house.down()
            house.cluster.stop()


@contextmanager
def _a_folder(where: Path | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="wg-", dir=where))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def until(holds: Callable[[], Any], *, why: Callable[[], Any] = str) -> None:
    """Waits for what must come true; when it does not, says `why`."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"it did not come true: {why()}"
        time.sleep(0.05)


def children_of(pid: int) -> list[int]:
    found: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    except OSError:
        pass  # it ended while we looked
    return found


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _answers(port: int, authority: Path | None) -> bool:
    try:
        with ExitStack() as lines:
            line: socket.socket = lines.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            if authority is not None:
                trust = ssl.create_default_context(cafile=authority)  # not there yet is an OSError too
                line = lines.enter_context(trust.wrap_socket(line, server_hostname="127.0.0.1"))
            line.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return line.recv(12).startswith(b"HTTP/1.")
    except OSError:
        return False


def _free_ports() -> list[int]:
    """Three: of the pages, the live feed, and positions."""
    with ExitStack() as held:
        opened = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3)]
        return [server.getsockname()[1] for server in opened]

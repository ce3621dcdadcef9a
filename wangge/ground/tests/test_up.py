"""`wangge up` as a person meets it: it serves, survives kills, stops whole, and finds its data again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from wangge.ground import stamp
from wangge.ground.cluster import Cluster
from wangge.ground.psql import ask
from wangge.testing import seed

WAIT_S = 180  # of a busy machine; nothing waits when it is there
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One for all, migrated: what is tried here is how it starts and stops."""
    folder = Path(tempfile.mkdtemp(prefix="wg-"))
    seed.settle(folder / "home")
    yield folder / "home"
    Cluster(folder / "home").stop()
    shutil.rmtree(folder)


class Up:
    """One `wangge up` with its output in a file."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home = home
        self.port, live_port, positions_port = _free_ports()
        self.output = home.with_name("output")
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "WANGGE_"))}
        environment = ours | {"WANGGE_HOME": str(home), "WANGGE_LANG": "en", "PYTHONPATH": str(ROOT)}
        ports = ["--port", str(self.port), "--live-port", str(live_port), "--positions-port", str(positions_port)]
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "wangge", "up", "--no-demo", *ports, *options],
                env=environment,
                stdout=output,
                stderr=output,
            )

    def until_served(self) -> None:
        _until(lambda: self.answers() or self.process.poll() is not None)
        assert self.process.poll() is None, self.output.read_text()

    def answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def family(self) -> list[int]:
        """The supervisor's children, theirs, and the server's processes."""
        return [pid for pid in _pids() if f"WANGGE_HOME={self.home}".encode() in _environment(pid).split(b"\0")]

    def stop(self, order: signal.Signals) -> int:
        self.process.send_signal(order)
        return self.process.wait(WAIT_S)


@pytest.fixture
def up(home: Path) -> Iterator[Callable[..., Up]]:
    started: list[Up] = []

    def start(*options: str) -> Up:
        started.append(Up(home, *options))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.stop(signal.SIGTERM)


def test_a_second_one_says_where_the_first_is_which_stops_whole_and_the_next_finds_the_same_data(
    home: Path, up: Callable[..., Up]
) -> None:
    code = stamp.code()
    first = up("--processes", "1")
    first.until_served()
    cluster = Cluster(home)
    ask(cluster.owner_url, "create table kept as select '网格' as word")
    assert len(first.family()) > 3

    second = up()
    assert second.process.wait(WAIT_S) == 1
    assert f"It is running already: http://127.0.0.1:{first.port}/" in second.output.read_text()
    assert first.answers()

    assert first.stop(signal.SIGINT) == 0
    _until(lambda: first.family() == [])
    assert cluster.pid() is None

    third = up("--processes", "1")
    third.until_served()
    if stamp.code() == code:  # nobody edits while we try
        assert "up to date" not in third.output.read_text()  # nothing to migrate, so Django is not asked
    assert ask(cluster.owner_url, "select word from kept") == "网格"


def test_it_serves_again_after_each_of_its_processes_was_killed_and_the_supervisor_leaves_no_server_behind(
    home: Path, up: Callable[..., Up]
) -> None:
    first = up()
    first.until_served()
    for pid in (_child(first, "wangge.config.wsgi"), Cluster(home).pid()):
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        _until(partial(_is_gone, pid))
        _until(lambda: first.answers() and Cluster(home).pid() is not None)
    assert first.process.poll() is None

    first.stop(signal.SIGKILL)
    _until(lambda: not first.answers())
    second = up()
    second.until_served()
    assert second.stop(signal.SIGTERM) == 0
    _until(lambda: second.family() == [])


def _child(one: Up, word: str) -> int:
    return next(pid for pid in one.family() if word.encode() in Path(f"/proc/{pid}/cmdline").read_bytes())


def _is_gone(pid: int) -> bool:
    return pid not in _pids()


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit() and not _is_zombie(path)]


def _is_zombie(path: Path) -> bool:
    try:
        return (path / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def _free_ports() -> list[int]:
    """Three: of the pages, the live feed, and positions."""
    with ExitStack() as held:
        opened = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3)]
        return [server.getsockname()[1] for server in opened]


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)

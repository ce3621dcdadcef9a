"""Children that die come back, and nothing stays behind when we are told to stop. Real processes, no Django."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from wangge.ground import logs
from wangge.ground.child import Child, Recipe
from wangge.ground.cluster import Cluster
from wangge.ground.psql import ask
from wangge.ground.supervisor import Stopped, Supervisor
from wangge.ground.words import Fault

WAIT_S = 30


def test_a_killed_child_is_started_again_and_it_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    child = _child(tmp_path, "import time; time.sleep(600)")
    supervisor = Supervisor(None)
    supervisor.children = [child]
    first = _started(child)
    os.kill(first, signal.SIGKILL)
    _until(lambda: _revived(supervisor, child) not in {None, first})
    supervisor.stop_children()
    said = capfd.readouterr().out
    assert "SIGKILL" in said
    assert str(child.log) in said


def test_a_child_that_keeps_dying_is_given_more_and_more_time(tmp_path: Path) -> None:
    child = _child(tmp_path, "raise SystemExit(3)")
    waits = []
    for _ in range(4):
        child.start()
        _until(lambda: child.death() == 3)
        assert child.starts_again_at is not None
        waits.append(child.starts_again_at - time.monotonic())
    assert waits == sorted(waits)
    assert waits[-1] > 2 * waits[0]


def test_what_a_killed_child_had_started_dies_too(tmp_path: Path) -> None:
    """As granian's worker, which would hold the port."""
    code = "import subprocess, sys; p = subprocess.Popen(['sleep', '600']); print(p.pid, flush=True); p.wait()"
    child = _child(tmp_path, code)
    pid = _started(child)
    _until(lambda: child.log.read_text().strip().isdigit())
    grandchild = int(child.log.read_text())
    os.kill(pid, signal.SIGKILL)
    _until(lambda: child.death() == -signal.SIGKILL)
    _until(lambda: not _alive(grandchild))


def test_a_child_deaf_to_sigterm_is_killed(tmp_path: Path) -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    child = _child(tmp_path, code)
    pid = _started(child)
    _until(lambda: "deaf" in child.log.read_text())
    child.stop(patience_s=0.2)
    assert not _alive(pid)


def test_sigterm_ends_the_watch_and_children_stop(tmp_path: Path) -> None:
    child = _child(tmp_path, "import time; time.sleep(600)")
    supervisor = Supervisor(None)
    supervisor.children = [child]
    pid = _started(child)
    with supervisor.listening(), _later(signal.SIGTERM):
        supervisor.watch()
    supervisor.stop_children()
    assert supervisor.stopping
    assert not _alive(pid)


def test_ctrl_c_ends_a_step_that_is_under_way(tmp_path: Path) -> None:
    supervisor = Supervisor(None)
    with supervisor.listening(), _later(signal.SIGINT), pytest.raises(Stopped):
        supervisor.run_step(["sleep", "600"], dict(os.environ))


def test_a_step_that_fails_is_a_fault() -> None:
    supervisor = Supervisor(None)
    with supervisor.listening(), pytest.raises(Fault):
        supervisor.run_step([sys.executable, "-c", "raise SystemExit(1)"], dict(os.environ))


def test_a_killed_database_is_recovered(home: Path) -> None:
    cluster = Cluster(home)
    cluster.start()
    ask(cluster.owner_url, "create table kept as select 1 as n")
    supervisor = Supervisor(cluster)
    pid = cluster.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    _until(lambda: cluster.pid() is None)
    supervisor.revive()
    assert ask(cluster.app_url, "select 1") == "1"
    assert ask(cluster.owner_url, "select n from kept") == "1"


def test_a_long_log_is_put_aside_under_the_writing_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LIMIT_BYTES", 1000)
    code = "import time; print('x' * 2000, flush=True); time.sleep(1); print('after', flush=True); time.sleep(600)"
    child = _child(tmp_path, code)
    child.start()
    _until(lambda: child.log.stat().st_size > 1000)
    supervisor = Supervisor(None)
    supervisor.children = [child]
    supervisor.keep_logs_small()
    _until(lambda: child.log.read_text() == "after\n")
    assert child.log.with_suffix(".log.1").read_text() == "x" * 2000 + "\n"
    child.stop(1)


def test_a_log_that_cannot_be_put_aside_is_emptied_and_the_house_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LIMIT_BYTES", 1000)
    log = tmp_path / "child.log"
    log.write_text("x" * 2000)
    log.with_suffix(".log.1").symlink_to("/dev/full")
    logs.keep_small(log)
    assert log.stat().st_size == 0
    assert not log.with_suffix(".log.1").is_symlink()
    logs.keep_small(tmp_path / "never written")


def test_the_databases_log_is_put_aside_like_the_others(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LIMIT_BYTES", 1000)
    cluster = Cluster(home, durable=False)
    cluster.start()
    with cluster.log.open("a") as log:
        log.write("x" * 2000)
    Supervisor(cluster).keep_logs_small()
    assert "x" * 2000 in cluster.log.with_suffix(".log.1").read_text()
    cluster.stop()
    said = cluster.log.read_text()
    assert "shut down" in said and "\0" not in said  # PostgreSQL writes on at the new end


def test_a_child_that_cannot_even_be_started_is_tried_again(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    child = _child(tmp_path, "import time; time.sleep(600)")
    supervisor = Supervisor(None)
    supervisor.children = [child]
    child.log.mkdir()
    child.starts_again_at = time.monotonic()
    supervisor.revive()
    assert child.pid is None and "child" in capfd.readouterr().out
    child.log.rmdir()
    _until(lambda: _revived(supervisor, child) is not None)
    supervisor.stop_children()


def test_nobody_can_be_told_and_the_house_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = _child(tmp_path, "import time; time.sleep(600)")
    supervisor = Supervisor(None)
    supervisor.children = [child]
    first = _started(child)
    os.kill(first, signal.SIGKILL)
    full = open("/dev/full", "w")  # noqa: SIM115 - it cannot be closed without an error
    monkeypatch.setattr(sys, "stdout", full)
    _until(lambda: _revived(supervisor, child) not in {None, first})
    supervisor.stop_children()
    with suppress(OSError):
        full.close()


def test_a_step_dies_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    step = f"import os, time; open({str(told)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    code = f"""
import os, sys
from wangge.ground.supervisor import Supervisor
supervisor = Supervisor(None)
with supervisor.listening():
    supervisor.run_step([sys.executable, "-c", {step!r}], dict(os.environ))
"""
    child = _child(tmp_path, code)
    pid = _started(child)
    _until(lambda: told.exists() and told.read_text().isdigit())
    os.kill(pid, signal.SIGKILL)
    _until(lambda: not _alive(int(told.read_text())))
    child.stop(1)


def _child(folder: Path, code: str) -> Child:
    return Child(Recipe("child", [sys.executable, "-c", code], dict(os.environ)), folder)


def _started(child: Child) -> int:
    child.start()
    assert child.pid is not None
    return child.pid


def _revived(supervisor: Supervisor, child: Child) -> int | None:
    supervisor.revive()
    return child.pid


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextmanager
def _later(order: signal.Signals) -> Iterator[None]:
    timer = threading.Timer(0.3, os.kill, (os.getpid(), order))
    timer.start()
    yield
    timer.join()


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False

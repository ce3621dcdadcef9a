"""Made, started, stopped, killed, started again."""

import multiprocessing
import os
import signal
import stat
import subprocess
import sys
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from wangge.ground.cluster import SOCKET, SOCKET_PATH_LIMIT, Cluster
from wangge.ground.psql import Refused, ask


def test_the_next_start_finds_the_same_data(home: Path) -> None:
    first = Cluster(home)
    assert first.start()
    ask(first.owner_url, "create table kept (word text); insert into kept values ('网格')")
    first.stop()
    assert first.pid() is None

    second = Cluster(home)
    assert second.start()
    assert ask(second.owner_url, "select word from kept") == "网格"


def test_what_was_committed_survives_a_kill_of_the_server(home: Path) -> None:
    cluster = Cluster(home)
    cluster.start()
    ask(cluster.owner_url, "create table kept as select generate_series(1, 1000) as n")
    _kill(cluster)

    assert Cluster(home).start()
    assert ask(cluster.owner_url, "select count(*) from kept") == "1000"


def test_one_that_still_recovers_is_waited_for(home: Path) -> None:
    cluster = Cluster(home)
    cluster.start()
    ask(cluster.owner_url, "create table kept as select generate_series(1, 2000000) as n")
    _kill(cluster)

    # Who starts it again is killed before it is ready
    command = [sys.executable, "-c", f"from wangge.ground.cluster import *; Cluster(Path({str(home)!r})).start()"]
    with subprocess.Popen(command) as starting:
        while cluster.pid() is None:
            time.sleep(0.001)
        starting.kill()
    with pytest.raises(Refused, match=r"starting up|No such file"):
        ask(cluster.owner_url, "select 1")

    assert not Cluster(home).start()
    assert ask(cluster.owner_url, "select count(*) from kept") == "2000000"


def test_a_second_start_leaves_a_running_server_alone(home: Path) -> None:
    cluster = Cluster(home, durable=False)
    cluster.start()
    pid = cluster.pid()
    assert not Cluster(home, durable=False).start()
    assert cluster.pid() == pid


def test_a_stranger_with_the_old_process_id_does_not_hinder_the_start(home: Path) -> None:
    cluster = Cluster(home, durable=False)
    cluster.start()
    lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    cluster.stop()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        # The same user as the server's, so that PostgreSQL itself would take it for a live server.
        (cluster.data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert cluster.pid() is None
        assert cluster.start()
        stranger.communicate(b"\n")


def test_a_creation_cut_short_is_begun_again(home: Path) -> None:
    half = home / "pg.new" / "base"
    half.mkdir(parents=True)
    (home / "pg.new" / "PG_VERSION").write_text("18\n")
    cluster = Cluster(home, durable=False)
    assert cluster.start()
    assert ask(cluster.app_url, "select 1") == "1"


def test_passwords_are_made_once_and_for_the_owner_alone(home: Path) -> None:
    cluster = Cluster(home, durable=False)
    cluster.start()
    secrets = home / "secrets.json"
    before = secrets.read_bytes()
    cluster.stop()
    cluster.start()
    assert secrets.read_bytes() == before
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(cluster.socket_dir.stat().st_mode) == 0o700


def test_lost_passwords_are_made_anew(home: Path) -> None:
    cluster = Cluster(home, durable=False)
    cluster.start()
    cluster.stop()
    (home / "secrets.json").unlink()
    cluster.start()
    assert ask(cluster.app_url, "select current_user") == "wangge_app"


def test_a_wrong_password_is_refused(home: Path) -> None:
    cluster = Cluster(home, durable=False)
    cluster.start()
    with pytest.raises(Refused, match="password authentication failed"):
        ask(f"postgresql://wangge_app:wrong@/wangge?host={cluster.socket_dir}", "select 1")


def test_a_home_too_deep_for_a_socket_gets_one_elsewhere(home: Path) -> None:
    deep = home / ("x" * 60) / ("y" * 60)
    cluster = Cluster(deep, durable=False)
    assert len(os.fsencode(cluster.socket_dir / SOCKET)) < SOCKET_PATH_LIMIT
    cluster.start()
    try:
        assert ask(cluster.app_url, "select 1") == "1"
    finally:
        cluster.stop()
        cluster.socket_dir.rmdir()


def test_the_last_to_leave_stops_it_whoever_started_it(home: Path) -> None:
    cluster = Cluster(home, durable=False)
    entered, leave = multiprocessing.Event(), multiprocessing.Event()
    other = multiprocessing.Process(target=_use_until, args=(home, entered, leave))
    with cluster.use():
        other.start()
        assert entered.wait(30)
    assert cluster.pid() is not None
    assert ask(cluster.app_url, "select 1") == "1"
    leave.set()
    other.join(30)
    assert other.exitcode == 0
    assert cluster.pid() is None


def _use_until(home: Path, entered: Event, leave: Event) -> None:
    with Cluster(home, durable=False).use():
        entered.set()
        leave.wait(30)


def _kill(cluster: Cluster) -> None:
    pid = cluster.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while cluster.pid() is not None:
        time.sleep(0.01)

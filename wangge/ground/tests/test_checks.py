"""One sentence that says what to do."""

import socket
from pathlib import Path

import pytest

from wangge.ground import checks
from wangge.ground.cluster import Cluster
from wangge.ground.database import Database, check_outside, check_version
from wangge.ground.words import Fault


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANGGE_LANG", "en")


def test_a_taken_port_is_named_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Fault, match=rf"^Port {port} is taken: .* --port\.$"):
            checks.port_free("127.0.0.1", port, "--port")
        monkeypatch.setenv("WANGGE_LANG", "zh")
        with pytest.raises(Fault, match=f"^端口 {port} 已被占用"):
            checks.port_free("127.0.0.1", port, "--port")


def test_a_port_just_left_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            other.accept()[0].close()
    checks.port_free("127.0.0.1", port, "--port")


def test_a_home_under_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Fault, match=r"^Cannot make .*: Not a directory"):
        checks.home_usable(tmp_path / "file" / "home")


def test_a_nearly_full_disk_is_said_before_anything_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(checks, "LEAST_FREE_MIB", 10**9)
    with pytest.raises(Fault, match=r"^The disk is nearly full: "):
        checks.home_usable(tmp_path / "home")


def test_an_unreachable_database_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    url = f"postgresql://someone:secret@127.0.0.1:{port}/wangge"
    with pytest.raises(Fault, match=r"^The database of DATABASE_URL cannot be reached: .*refused") as fault:
        check_outside(Database(url, url, None))
    assert "secret" not in str(fault.value)


def test_an_old_server_is_named_with_the_version_needed() -> None:
    with pytest.raises(Fault, match=r"^DATABASE_URL is PostgreSQL 15: 16 or newer is needed"):
        check_version("DATABASE_URL", 150019)
    check_version("DATABASE_URL", 160000)


def test_one_role_for_both_is_refused(module_cluster: Cluster) -> None:
    with pytest.raises(Fault, match=r"^Set DATABASE_OWNER_URL too"):
        check_outside(Database(module_cluster.app_url, module_cluster.app_url, None))


def test_an_application_role_above_the_policies_is_refused(module_cluster: Cluster) -> None:
    with pytest.raises(Fault, match="passes by row-level security"):
        check_outside(Database(module_cluster.url("postgres"), module_cluster.owner_url, None))


def test_an_owner_that_owns_nothing_is_refused(module_cluster: Cluster) -> None:
    with pytest.raises(Fault, match="may not create tables"):
        check_outside(Database(module_cluster.app_url, module_cluster.app_url + "&application_name=x", None))


def test_a_database_that_takes_chinese_for_bytes_is_refused(module_cluster: Cluster) -> None:
    from wangge.ground.psql import ask

    create = "create database plain owner wangge_owner template template0 locale_provider libc locale 'C'"
    ask(module_cluster.url("postgres", "postgres"), create)
    plain = Database(module_cluster.url("wangge_app", "plain"), module_cluster.url("wangge_owner", "plain"), None)
    with pytest.raises(Fault, match="does not know Chinese"):
        check_outside(plain)


def test_a_right_server_passes(module_cluster: Cluster) -> None:
    check_outside(Database(module_cluster.app_url, module_cluster.owner_url, None))

"""A backup put back gives the same rows, files and keys, also into an empty home, or nothing at all."""

import os
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from wangge.ground import backup, checks, restore, restore_files
from wangge.ground.cluster import Cluster
from wangge.ground.home import unfinished_restore
from wangge.ground.psql import ask
from wangge.ground.words import Fault

ROWS = "select string_agg(word, ',' order by word) from kept"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANGGE_LANG", "en")
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "WANGGE_FILES", "WANGGE_KEYS_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def filled(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    monkeypatch.setenv("WANGGE_HOME", str(home))
    cluster = Cluster(home, durable=False)
    with cluster.use():
        ask(cluster.owner_url, _TABLES)
        (home / "files").mkdir()
        (home / "files" / "photo").write_bytes(b"\x89PNG")
        (home / "keys.json").write_text('{"key": 1}')
        yield cluster


def databases(cluster: Cluster) -> list[str]:
    named = "select datname from pg_database where datname like 'wangge%' order by 1"
    return ask(cluster.url("postgres"), named).split()


def test_rows_files_and_keys_come_back(filled: Cluster, home: Path) -> None:
    target = home / "one.backup"
    assert backup.main([str(target)]) == 0
    ask(filled.url("postgres"), "insert into kept values ('later')")
    (home / "files" / "photo").unlink()
    (home / "keys.json").write_text("{}")

    assert restore.main([str(target), "--replace"]) == 0
    assert ask(filled.url("postgres"), ROWS) == "一,二"
    assert ask(filled.owner_url, "select tableowner from pg_tables where tablename = 'kept'") == "wangge_owner"
    assert ask(filled.app_url, "select count(*) from kept") == "0"  # the policy holds again
    assert (home / "files" / "photo").read_bytes() == b"\x89PNG"
    assert (home / "keys.json").read_text() == '{"key": 1}'


def test_it_can_be_put_into_an_empty_home(filled: Cluster, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = home / "one.backup"
    backup.main([str(target)])
    other = home.with_name("other")
    monkeypatch.setenv("WANGGE_HOME", str(other))
    assert restore.main([str(target)]) == 0
    cluster = Cluster(other)
    with cluster.use():
        assert ask(cluster.url("postgres"), ROWS) == "一,二"
    assert (other / "files" / "photo").exists()


def test_only_its_owner_can_read_it(filled: Cluster, home: Path) -> None:
    backup.main([str(home / "one.backup")])
    assert stat.S_IMODE((home / "one.backup").stat().st_mode) == 0o600
    assert sorted(path.name for path in home.glob("one.backup*")) == ["one.backup"]


def test_data_is_not_replaced_unasked(filled: Cluster, home: Path) -> None:
    backup.main([str(home / "one.backup")])
    with pytest.raises(Fault, match="--replace"):
        restore.main([str(home / "one.backup")])


def test_a_broken_backup_changes_nothing(filled: Cluster, home: Path) -> None:
    backup.main([str(home / "one.backup")])
    whole = (home / "one.backup").read_bytes()
    with tarfile.open(home / "one.backup") as tar:
        dump = tar.getmember("database.dump")
    broken = bytearray(whole)
    middle = dump.offset_data + dump.size // 2
    broken[middle : dump.offset_data + dump.size] = bytes(dump.offset_data + dump.size - middle)
    (home / "one.backup").write_bytes(broken)
    with pytest.raises(Fault, match="cannot be loaded"):
        restore.main([str(home / "one.backup"), "--replace"])
    assert ask(filled.url("postgres"), ROWS) == "一,二"
    assert databases(filled) == ["wangge"]
    assert (home / "files" / "photo").exists()


def test_files_and_keys_are_found_where_the_settings_find_them(
    filled: Cluster, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("WANGGE_FILES", "~/evidence")
    monkeypatch.setenv("WANGGE_KEYS_FILE", "~/safe/ring.json")
    photo, ring = home / "evidence" / "originals" / "photo", home / "safe" / "ring.json"
    for path in (photo, ring):
        path.parent.mkdir(parents=True)
        path.write_text(f"the {path.name}")
    backup.main([str(home / "one.backup")])
    photo.write_text("another")
    ring.unlink()
    assert restore.main([str(home / "one.backup"), "--replace"]) == 0
    assert (photo.read_text(), ring.read_text()) == ("the photo", "the ring.json")
    assert stat.S_IMODE(ring.stat().st_mode) == 0o600
    assert (home / "keys.json").read_text() == '{"key": 1}'


def test_files_that_cannot_be_put_back_leave_everything_as_it_was(
    filled: Cluster, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.main([str(home / "one.backup")])
    ask(filled.url("postgres"), "insert into kept values ('later')")
    (home / "files" / "photo").write_bytes(b"newer")
    (home / "keys.json").write_text("newer")
    with tarfile.open(home / "one.backup", "a") as tar:  # a name that is taken while things change places
        tar.addfile(tarfile.TarInfo(f"files/{restore_files.OUTGOING}/in the way"))
    with pytest.raises(Fault, match="The data is as it was"):
        restore.main([str(home / "one.backup"), "--replace"])
    assert "later" in ask(filled.url("postgres"), ROWS)
    assert (home / "files" / "photo").read_bytes() == b"newer"
    assert (home / "keys.json").read_text() == "newer"
    assert sorted(path.name for path in (home / "files").iterdir()) == ["photo"]
    assert databases(filled) == ["wangge"]
    checks.nothing_half_restored(home)


def test_a_folder_of_files_that_is_a_disk_of_its_own_is_filled_in_its_place(filled: Cluster, home: Path) -> None:
    """A mount point cannot be renamed; whoever holds the folder open must find the new files in it."""
    backup.main([str(home / "one.backup")])
    (home / "files" / "photo").write_bytes(b"newer")
    (home / "files" / "later").touch()
    held = os.open(home / "files", os.O_RDONLY)
    try:
        assert restore.main([str(home / "one.backup"), "--replace"]) == 0
        assert os.listdir(held) == ["photo"]
    finally:
        os.close(held)


def test_a_restore_that_was_killed_keeps_the_house_shut_until_it_is_done_again(filled: Cluster, home: Path) -> None:
    backup.main([str(home / "one.backup")])
    ask(filled.url("postgres"), "insert into kept values ('later')")
    filled.create_database(restore.OUTGOING)
    unfinished_restore(home).touch()
    with pytest.raises(Fault, match="broken off"):
        checks.nothing_half_restored(home)
    assert restore.main([str(home / "one.backup"), "--replace"]) == 0
    assert ask(filled.url("postgres"), ROWS) == "一,二"
    assert databases(filled) == ["wangge"]
    checks.nothing_half_restored(home)


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "files/../../outside"])
def test_a_backup_that_reaches_outside_is_refused(filled: Cluster, home: Path, name: str) -> None:
    with tarfile.open(home / "one.backup", "w") as tar:
        tar.addfile(tarfile.TarInfo(name))
    with pytest.raises(Fault, match="not a whole backup"):
        restore.main([str(home / "one.backup"), "--replace"])
    assert not (home / "outside").exists()


_TABLES = """
    create extension pg_trgm;
    create table kept (word text primary key);
    insert into kept values ('一'), ('二');
    alter table kept enable row level security;
    alter table kept force row level security;
    create policy none on kept using (false);
    grant select on kept to wangge_app
"""

"""What an import keeps of people while it waits lies sealed, on the disk and in the database, and goes when it ends."""

import fcntl
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from wangge.core.keyring import CannotUnseal
from wangge.imports import files
from wangge.imports.models import RowFault
from wangge.imports.tests.made import checked, csv_file, go, xlsx_file
from wangge.registry.tests.made import number
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

HEAD = "姓名,公民身份号码,联系方式,网格编码"
SECRETS = (number(1), "13800000001", "张伟明")


@pytest.fixture(autouse=True)
def kept(settings: Any, tmp_path: Path) -> Path:
    settings.FILES = tmp_path / "files"
    return tmp_path / "files" / "imports"


@pytest.fixture
def clerk(world: World) -> Api:
    return api_as(world["data_clerk"])


def people() -> bytes:
    return csv_file(HEAD, f"张伟明,{number(1)},13800000001,{town.GRID}", f"李四,{number(2)},,{town.GRID}")


def found_on_disk(folder: Path) -> list[str]:
    held = b"".join(path.read_bytes() for path in folder.glob("*"))
    return [secret for secret in SECRETS if secret.encode() in held]


def found_in_database() -> list[str]:
    """In every table whose name begins with imports_, every column, also as bytes."""
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where tablename like 'imports\\_%'")
        held = b""
        for (table,) in cursor.fetchall():
            cursor.execute(f'select * from "{table}"')
            held += b"".join(
                bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode()
                for row in cursor.fetchall()
                for cell in row
            )
    return [secret for secret in SECRETS if secret.encode() in held]


@pytest.mark.parametrize("end", ["apply", "cancel"])
def test_a_file_and_its_staged_rows_are_nowhere_in_clear_and_go_with_the_run(clerk: Api, kept: Path, end: str) -> None:
    report = checked(clerk, "people", people())
    assert (found_on_disk(kept), found_in_database()) == ([], []) and len(list(kept.iterdir())) == 1
    assert go(clerk, report, "stage")["rows_staged"] == 2
    assert clerk.get(f"/api/imports/{report['id']}/sample").json()["rows"][0]["姓名"] == "张伟明"
    assert (found_on_disk(kept), found_in_database()) == ([], []) and len(list(kept.iterdir())) == 1
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    go(clerk, report, end)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from imports_stagedpage")
        assert cursor.fetchone() == (0,)
    assert (found_on_disk(kept), found_in_database()) == ([], [])


def test_no_fault_repeats_a_number_that_stands_in_a_cell(clerk: Api) -> None:
    wide = 320104199003070017
    checked(clerk, "people", xlsx_file(["姓名", "公民身份号码", "网格编码"], ["张伟明", wide, town.GRID]))
    fault = RowFault.objects.get(code="cell.lossy_number")
    assert "320****" in fault.zh and "3201041990" not in fault.zh + fault.en


@pytest.mark.parametrize("size", [0, 1, files.CHUNK - 1, files.CHUNK, files.CHUNK + 1, 3 * files.CHUNK])
def test_a_kept_file_comes_back_byte_for_byte(kept: Path, size: int) -> None:
    content = os.urandom(size)
    sha256 = files.keep([content[:7], content[7:]]).sha256
    with files.opened(sha256) as path:
        assert path.read_bytes() == content
    assert [one.name for one in kept.iterdir()] == [sha256]


@pytest.mark.parametrize("damage", ["cut", "swapped", "changed"])
def test_a_file_that_was_changed_on_the_disk_does_not_open(kept: Path, damage: str) -> None:
    sha256 = files.keep([os.urandom(3 * files.CHUNK)]).sha256
    path = kept / sha256
    raw, head = path.read_bytes(), len(files.MAGIC) + files.ID_BYTES
    length = 4 + int.from_bytes(raw[head : head + 4], "big")
    pieces = [raw[head + at * length : head + (at + 1) * length] for at in range(3)]
    if damage == "changed":
        pieces[1] = pieces[1][:-1] + bytes([pieces[1][-1] ^ 1])
    kept_pieces = {"cut": pieces[:2], "swapped": [pieces[1], pieces[0], pieces[2]], "changed": pieces}[damage]
    path.write_bytes(raw[:head] + b"".join(kept_pieces))
    with pytest.raises(CannotUnseal), files.opened(sha256):
        pass
    assert [one.name for one in kept.iterdir()] == [sha256]


def test_what_a_killed_reader_left_is_swept_and_what_is_being_read_is_not(kept: Path) -> None:
    sha256 = files.keep([b"a"]).sha256
    (kept / "open-left").write_bytes(b"plain")
    with files.opened(sha256) as path:
        files.sweep()
        assert path.exists() and not (kept / "open-left").exists()
        with path.open("rb") as other, pytest.raises(OSError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)

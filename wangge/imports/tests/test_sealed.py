"""What an import keeps of people while it waits lies sealed, on the disk and in the database, and goes when it ends."""

import fcntl
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from wangge.core.importing.importer import hides_numbers, importer_for
from wangge.core.importing.mapping import Mapped
from wangge.core.keyring import CannotUnseal
from wangge.imports import files
from wangge.imports.models import Batch, RowFault
from wangge.imports.staged import in_pages, keep_page, staged_rows
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
    assert (found_on_disk(kept), found_in_database()) == ([], []) and len(list(kept.iterdir())) == 1
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    go(clerk, report, end)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from imports_stagedpage")
        assert cursor.fetchone() == (0,)
    assert (found_on_disk(kept), found_in_database()) == ([], [])


def test_the_sample_shows_the_form_of_peoples_cells_and_not_what_stands_in_them(clerk: Api, kept: Path) -> None:
    shifted = f"张伟明,{number(1)},138-0000-0001,zhang@example.cn,1990-03-07,男"
    report = checked(clerk, "people", csv_file("姓名,公民身份号码,联系方式,住址,出生日期,性别", shifted))
    sample = clerk.get(f"/api/imports/{report['id']}/sample").json()
    assert sample["rows"] == [
        {
            "姓名": "张**",
            "公民身份号码": "320" + re.sub(r"\d", "*", number(1)[3:]),
            "联系方式": "138-****-****",
            "住址": "z****@e******.c*",
            "出生日期": "199*-**-**",
            "性别": "男",
        }
    ]
    assert (sample["columns"][0], sample["mapping"][0]["columns"]) == ("姓名", ["姓名"])
    assert found_in_database() == []


@pytest.mark.parametrize("kind", ["accounts", "cases", "people", "organisations"])
def test_no_kind_that_brings_peoples_telephones_shows_them_in_its_sample(kind: str) -> None:
    assert hides_numbers(importer_for(kind))


def test_a_file_without_a_header_is_refused_before_its_first_person_names_the_columns(clerk: Api) -> None:
    report = checked(clerk, "people", csv_file(f"张伟明,{number(1)},{town.GRID}", f"李四,{number(2)},{town.GRID}"))
    assert (report["by_fault"], report["mapping"]) == ({"file.no_header": 1}, [])
    assert clerk.get(f"/api/imports/{report['id']}/sample").json()["columns"] == []
    assert found_in_database() == []


def test_the_sample_is_kept_by_the_check_and_goes_with_the_file(clerk: Api, kept: Path) -> None:
    report = checked(clerk, "people", people())
    [sealed] = kept.iterdir()
    sealed.rename(kept / "away")  # nobody opens the whole file for ten rows
    path = f"/api/imports/{report['id']}/sample"
    assert len(clerk.get(path).json()["rows"]) == 2
    go(clerk, report, "cancel")
    assert clerk.get(path).json()["rows"] == []


def test_no_fault_repeats_a_number_that_stands_in_a_cell(clerk: Api) -> None:
    wide = 320104199003070017
    checked(clerk, "people", xlsx_file(["姓名", "公民身份号码", "网格编码"], ["张伟明", wide, town.GRID]))
    fault = RowFault.objects.get(code="cell.lossy_number")
    assert (fault.row, fault.column) == (2, "公民身份号码")
    assert "***" in fault.zh and "320" not in fault.zh + fault.en


@pytest.mark.parametrize("shifted", ["138-0000-0001", "320104-19900307-0017", "zhang@example.cn", "张伟明"])
def test_what_stands_in_a_wrong_column_is_not_repeated_and_can_be_mended(clerk: Api, shifted: str) -> None:
    report = checked(clerk, "people", csv_file("姓名,网格编码,经度", f"李四,{town.GRID},{shifted}"))
    fault = RowFault.objects.get(batch_id=report["id"], code="cell.bad_value")
    assert (fault.row, fault.column) == (2, "经度")
    assert (fault.zh, fault.en) == (
        "“***”不能作为“经度”，应为数字。",
        "“***” is not right for “Longitude”: it is a number.",
    )
    listed = clerk.get(f"/api/imports/{report['id']}/faults.csv").content.decode()
    assert "经度" in listed and shifted not in listed


def test_faults_of_other_files_quote_the_cell(world: World) -> None:
    report = checked(api_as(world["administrator"]), "places", csv_file("名称,类型,经度", "柳园,小区,东边"))
    assert "“东边”" in RowFault.objects.get(batch_id=report["id"], code="cell.bad_value").zh


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


def test_a_page_of_staged_rows_ends_before_it_is_too_large_for_its_field(clerk: Api) -> None:
    batch = Batch.objects.get(pk=checked(clerk, "people", people())["id"])
    shape = os.urandom(1 << 20)
    rows = [Mapped(number, {"code": town.GRID}, shape, ()) for number in range(2, 22)]
    for page in in_pages(rows):
        keep_page(batch.pk, page)
    assert list(batch.pages.values_list("first", "count")) == [(2, 8), (10, 8), (18, 4)]
    assert [(row.number, row.geometry) for row in staged_rows(batch.pk)] == [(row.number, shape) for row in rows]


def test_a_page_of_plain_rows_holds_five_thousand() -> None:
    rows = (Mapped(number, {"code": town.GRID}, None, ()) for number in range(11_000))
    assert [len(page) for page in in_pages(rows)] == [5_000, 5_000, 1_000]


def test_what_a_killed_upload_left_is_swept_and_what_is_being_written_is_not(kept: Path) -> None:
    with files.opened(files.keep([b"a"]).sha256):  # the folder is there
        left, held, begun = (kept / f"incoming-{name}" for name in ("left", "held", "begun"))
    for path in (left, held, begun):
        path.write_bytes(b"sealed")
    for path in (left, held):
        os.utime(path, (time.time() - 3600,) * 2)
    with held.open("rb") as writer:
        fcntl.flock(writer, fcntl.LOCK_SH)
        files.sweep()
        assert [path.exists() for path in (left, held, begun)] == [False, True, True]
    files.sweep()
    assert not held.exists()


def test_an_upload_holds_its_file_while_it_lasts(kept: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"a" * (2 * files.CHUNK)
        [incoming] = kept.glob("incoming-*")
        os.utime(incoming, (time.time() - 3600,) * 2)
        files.sweep()
        yield b"b"

    assert files.keep(chunks()).size == 2 * files.CHUNK + 1


def test_what_a_killed_reader_left_is_swept_and_what_is_being_read_is_not(kept: Path) -> None:
    sha256 = files.keep([b"a"]).sha256
    (kept / "open-left").write_bytes(b"plain")
    with files.opened(sha256) as path:
        files.sweep()
        assert path.exists() and not (kept / "open-left").exists()
        with path.open("rb") as other, pytest.raises(OSError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)

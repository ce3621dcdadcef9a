"""Zips that are not what they say: nothing is unpacked before it was counted."""

import struct
import zipfile
from pathlib import Path

import pytest

from wangge.core.importing.faults import FileRefused
from wangge.core.importing.files import Limits, check_zip, kind_of


def packed(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def refused(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(FileRefused) as raised:
        kind_of(path, limits or Limits())
    return raised.value.fault.code


def test_an_honest_archive_passes(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"layer.shp": b"x" * 100, "文字.dbf": b"y" * 10, "empty": b""})
    assert [member.file_size for member in check_zip(path)] == [100, 10, 0]
    check_zip(packed(tmp_path / "b.zip", {"layer.shp": b"x" * 100}, zipfile.ZIP_STORED))


def test_an_archive_that_declares_too_much_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"xl/workbook.xml": b"\0" * 30_000_000})
    assert refused(path) == "file.zip_bomb"


def test_an_archive_that_declares_less_than_it_holds_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"xl/workbook.xml": b"\0" * 3_000_000})
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<L", 3_000_000), struct.pack("<L", 1_000)))
    assert refused(path) == "file.zip_bomb"


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {f"{number}.shp": b"" for number in range(20)})
    assert refused(path, Limits(members=10)) == "file.zip_bomb"


def test_a_password_is_named_as_the_reason(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"layer.shp": b"x"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert refused(path) == "file.encrypted"


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
def test_a_cut_archive_is_refused(tmp_path: Path, keep: float) -> None:
    path = packed(tmp_path / "a.zip", {"layer.shp": bytes(range(256)) * 100, "layer.dbf": b"y" * 999})
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    assert refused(path) == "file.zip_broken"


def test_an_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    assert refused(packed(tmp_path / "a.zip", {"readme.txt": b"hello"})) == "file.unknown_kind"

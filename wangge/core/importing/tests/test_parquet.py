"""Parquet as departments' warehouses write it: plain columns come as cells, everything else is refused by name."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow.parquet import encryption

from wangge.core.importing.faults import FileRefused
from wangge.core.importing.files import FileKind
from wangge.core.importing.isolated import reading
from wangge.core.importing.readers import open_table


def parquet(folder: Path, columns: dict[str, Any], **how: Any) -> Path:
    path = folder / "uploaded"  # no name to go by
    pq.write_table(pa.table(columns), path, **how)
    return path


def refused(path: Path) -> str:
    with pytest.raises(FileRefused) as caught:
        list(open_table(path).rows())
    return caught.value.fault.code + " " + caught.value.fault.zh


def test_plain_columns_come_out_as_a_person_would_have_typed_them(tmp_path: Path) -> None:
    moment = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    path = parquet(
        tmp_path,
        {
            "姓名": ["张伟明", None, "𠮷田·买买提"],
            "公民身份号码": pa.array([320104199003070017, None, 320104199003070025]),
            "出生日期": [date(1990, 3, 7), None, date(1849, 1, 1)],
            "面积": pa.array([Decimal("88.50"), None, Decimal("1.00")]),
            "楼层": pa.array([3.0, None, float("nan")]),
            "出租": [True, None, False],
            "时间": pa.array([moment, None, moment], pa.timestamp("ns", "UTC")),
            "类别": pa.array(["户籍", None, "流动"]).dictionary_encode(),
        },
    )
    read = open_table(path)
    assert read.kind is FileKind.PARQUET and read.columns[0] == "姓名"
    rows = list(read.rows())
    assert [row.number for row in rows] == [2, 4], "as in a sheet, the headings are the first row"
    assert list(rows[0].values.values()) == [
        *("张伟明", "320104199003070017", "1990-03-07", "88.50", "3", "TRUE"),
        *("2024-05-06 07:08:09+00:00", "户籍"),
    ]
    assert list(rows[1].values.values())[1:6] == ["320104199003070025", "1849-01-01", "1.00", "", "FALSE"]


def test_a_number_kept_as_a_fraction_has_lost_its_end_and_says_so(tmp_path: Path) -> None:
    row = next(open_table(parquet(tmp_path, {"证件": pa.array([3.2010419900307e17])})).rows())
    assert [fault.code for fault in row.faults] == ["cell.lossy_number"]


@pytest.mark.parametrize(
    ("column", "code"),
    [
        (pa.array([{"a": 1}]), "file.nested_column"),
        (pa.array([["a"]]), "file.nested_column"),
        (pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())), "file.nested_column"),
        (pa.array([b"\x00"]), "file.column_type"),
        (pa.array([1], pa.duration("s")), "file.column_type"),
    ],
)
def test_what_cannot_stand_in_a_cell_is_refused_by_name(tmp_path: Path, column: Any, code: str) -> None:
    said = refused(parquet(tmp_path, {"姓名": ["张"], "附件": column}))
    assert said.startswith(code) and "附件" in said


def as_it_is(_: object, key: bytes, name: str) -> bytes:
    return key


@pytest.mark.parametrize("plaintext_footer", [False, True])
def test_an_encrypted_file_says_so(tmp_path: Path, plaintext_footer: bool) -> None:
    chosen = encryption.EncryptionConfiguration(
        footer_key="f", column_keys={"c": ["姓名"]}, plaintext_footer=plaintext_footer
    )
    keys = type("Keys", (encryption.KmsClient,), {"wrap_key": as_it_is, "unwrap_key": as_it_is})
    factory = encryption.CryptoFactory(lambda _: keys())
    properties = factory.file_encryption_properties(encryption.KmsConnectionConfig(), chosen)
    assert refused(parquet(tmp_path, {"姓名": ["张"]}, encryption_properties=properties)).startswith("file.encrypted")


@pytest.mark.parametrize("cut", [5, 40, -1])
def test_a_damaged_file_says_so(tmp_path: Path, cut: int) -> None:
    path = parquet(tmp_path, {"姓名": ["张伟明"] * 100})
    path.write_bytes(path.read_bytes()[:cut])
    assert refused(path).startswith("file.broken")


def test_a_damaged_page_says_so(tmp_path: Path) -> None:
    path = parquet(tmp_path, {"姓名": [f"张{at}" for at in range(1000)]}, use_dictionary=False)
    raw = bytearray(path.read_bytes())
    raw[4:60] = bytes(56)
    path.write_bytes(raw)
    assert refused(path).startswith("file.broken")


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "uploaded"
    pq.write_table(pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], ["姓名", "姓名"]), path)
    assert refused(path).startswith("file.duplicate_header")


def test_many_rows_packed_into_few_bytes_are_read_as_a_stream_and_stopped(tmp_path: Path) -> None:
    path = parquet(tmp_path, {"姓名": pa.array(["张"] * 300_000).dictionary_encode()}, compression="zstd")
    assert path.stat().st_size < 10_000
    with reading(FileKind.PARQUET, path, None) as (_, records):
        assert next(records)[1] == ["姓名"] and next(records)[:2] == (2, ["张"])


def test_text_that_unpacks_to_far_too_much_ends_the_reading_and_not_the_house(tmp_path: Path) -> None:
    once = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000, pa.int32()), ["张" * 500_000])
    assert refused(parquet(tmp_path, {"姓名": once}, compression="zstd")).startswith("file.too_demanding")

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from wangge.core.importing.faults import FileRefused
from wangge.core.importing.readers import ReadOptions, Table, open_table


def sheet(folder: Path, *sheets: tuple[str, list[list[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    path = folder / "uploaded"  # no name to go by
    book.save(path)
    return path


def values(read: Table) -> list[list[str]]:
    return [list(row.values.values()) for row in read.rows()]


def test_cells_come_out_as_a_person_would_have_typed_them(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["编码", "名称", "日期", "是否", "数"],
        [320104001001, " 考棚社区 ", date(2024, 5, 6), True, 1.5],
        ["032", None, datetime(2024, 5, 6, 7, 8, 9), False, -3],  # noqa: DTZ001
        [None, None, None, None, None],
        ["x", "y", time(8, 30), None, 0],
    ]
    read = open_table(sheet(tmp_path, ("一", rows)))
    assert values(read) == [
        ["320104001001", "考棚社区", "2024-05-06", "TRUE", "1.5"],
        ["032", "", "2024-05-06 07:08:09", "FALSE", "-3"],
        ["x", "y", "08:30:00", "", "0"],
    ]
    assert [row.number for row in read.rows()] == [2, 3, 5]


def test_a_grid_code_kept_as_a_number_has_lost_its_end_and_says_so(tmp_path: Path) -> None:
    read = open_table(sheet(tmp_path, ("一", [["网格编码"], [32010400100100123]])))
    row = next(read.rows())
    assert [(fault.code, fault.row, fault.column) for fault in row.faults] == [("cell.lossy_number", 2, "网格编码")]


def test_fifteen_digits_survive_as_a_number(tmp_path: Path) -> None:
    read = open_table(sheet(tmp_path, ("一", [["网格编码"], [320104001001001]])))
    row = next(read.rows())
    assert (row.values["网格编码"], row.faults) == ("320104001001001", ())


def test_blank_rows_above_the_header_do_not_shift_the_numbers(tmp_path: Path) -> None:
    read = open_table(sheet(tmp_path, ("一", [[], [], ["编码", "名称"], [1, "甲"]])))
    assert [(row.number, row.values["名称"]) for row in read.rows()] == [(4, "甲")]


def test_the_first_sheet_with_anything_in_it_is_read_and_another_by_name(tmp_path: Path) -> None:
    path = sheet(tmp_path, ("空", []), ("甲", [["编码"], ["1"]]), ("乙", [["编码"], ["2"]]))
    assert values(open_table(path)) == [["1"]]
    assert values(open_table(path, ReadOptions(part="乙"))) == [["2"]]
    with pytest.raises(FileRefused) as raised:
        open_table(path, ReadOptions(part="丙"))
    assert raised.value.fault.code == "file.no_part"
    assert "空、甲、乙" in raised.value.fault.zh


def test_an_empty_book_has_no_header(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as raised:
        open_table(sheet(tmp_path, ("空", [])))
    assert raised.value.fault.code == "file.no_header"


def test_a_cell_in_the_last_corner_does_not_take_the_machine_down(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page["A1"], page["XFD1048576"] = "编码", "x"
    book.save(tmp_path / "wide.xlsx")
    with pytest.raises(FileRefused) as raised:
        open_table(tmp_path / "wide.xlsx")
    assert raised.value.fault.code == "file.too_demanding"


def test_what_only_starts_like_a_spreadsheet_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    with pytest.raises(FileRefused) as raised:
        open_table(path)
    assert raised.value.fault.code == "file.broken"


def test_reading_may_stop_after_one_row(tmp_path: Path) -> None:
    read = open_table(sheet(tmp_path, ("一", [["编码"], *([str(number)] for number in range(20_000))])))
    rows = read.rows()
    assert next(rows).values == {"编码": "0"}
    rows.close()  # type: ignore[attr-defined]
    assert len(list(read.rows())) == 20_000

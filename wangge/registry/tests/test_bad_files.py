"""Files as they really come: encodings, merged cells, formulas, long and rare names, addresses without a number."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from wangge.cases.tests.importing import Outcome, bring_in
from wangge.core.actor import Actor, acting
from wangge.core.importing.readers import open_table
from wangge.registry.models import Building, Dwelling
from wangge.registry.tests.made import number, people
from wangge.registry.tests.test_importers import HOUSES
from wangge.registry.tests.test_search import found
from wangge.testing import town
from wangge.testing.world import World

HEAD = ["姓名", "公民身份号码", "性别", "联系方式", "人口类别", "网格编码"]
MOST_ROWS = 1_048_576  # of a sheet


def line(name: str, order: int, **said: str) -> list[str]:
    row = {"姓名": name, "公民身份号码": number(order), "性别": "男", "联系方式": f"1380000{order:04}"}
    return [(row | {"人口类别": "户籍", "网格编码": town.GRID} | said)[heading] for heading in HEAD]


def text(*rows: list[str]) -> str:
    return "\r\n".join(",".join(row) for row in (HEAD, *rows)) + "\r\n"


def bring(world: World, path: Path, content: bytes, kind: str = "people") -> Outcome:
    path = path / "a.csv"
    path.write_bytes(content)
    return bring_in(kind, path, world["community"].actor)


def sheet(path: Path, rows: list[list[Any]], merged: str = "") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    if merged:
        page.merge_cells(merged)
    book.save(path / "a.xlsx")
    return path / "a.xlsx"


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8-sig", "utf-16"])
def test_a_file_is_read_in_the_encoding_it_comes_in(world: World, tmp_path: Path, encoding: str) -> None:
    outcome = bring(world, tmp_path, text(line("张伟明", 1), line("欧阳慧", 2)).encode(encoding))
    assert outcome.errors == [] and {one.name for one in people()} == {"张伟明", "欧阳慧"}


def test_a_name_of_fifty_with_a_middle_dot_is_a_name_and_one_of_51_is_not(world: World, tmp_path: Path) -> None:
    longest = "阿" * 24 + "·" + "买" * 25
    outcome = bring(world, tmp_path, text(line(longest, 1), line(longest + "提", 2)).encode())
    assert [(fault.row, fault.code) for fault in outcome.errors] == [(3, "registry.wrong_value")]
    assert [one.name for one in people()] == [longest]
    assert found(world, "阿买") == [("person", longest)], "the dot is no part of what is searched"


@pytest.mark.parametrize("dot", ["·", "•", "・", "･", "‧", "．"])
def test_whatever_dot_was_typed_the_name_is_one(world: World, tmp_path: Path, dot: str) -> None:
    bring(world, tmp_path, text(line(f"阿不都{dot}热合曼", 1)).encode())
    assert [one.name for one in people()] == ["阿不都·热合曼"]


@pytest.mark.parametrize("name", ["𠮷野", "王𡈽", "李𪚥", "赵𬭸", "钱𰻞"])  # Extensions B, E, G
def test_rare_characters_come_in_and_are_found(world: World, tmp_path: Path, name: str) -> None:
    outcome = bring(world, tmp_path, text(line(name, 1)).encode("gb18030"))
    assert outcome.errors == [] and found(world, name) == [("person", name)]
    assert found(world, next(sign for sign in name if ord(sign) > 0xFFFF)) == [("person", name)]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1+1", "@SUM(A1)", "-2+3", "\t=1", "张三(已故)"])
def test_a_formula_or_a_remark_is_no_name(world: World, tmp_path: Path, name: str) -> None:
    outcome = bring(world, tmp_path, text(line(name, 1), line("李四", 2)).encode())
    assert [(fault.row, fault.code) for fault in outcome.errors] == [(2, "registry.wrong_value")]
    assert [one.name for one in people()] == ["李四"]


def test_a_formula_elsewhere_is_left_out_and_said(world: World, tmp_path: Path) -> None:
    rows = [",".join([*HEAD, "服务处所"]), ",".join([*line("张伟明", 1), "=cmd|' /C calc'!A0"])]
    outcome = bring(world, tmp_path, "\n".join(rows).encode())
    assert outcome.errors == [] and outcome.codes() == {"registry.left_out"}
    assert [one.employer for one in people()] == [""]


def test_days_that_never_were_are_left_out_by_row(world: World, tmp_path: Path) -> None:
    head = ",".join([*HEAD, "出生日期"])
    rows = [",".join([*line(name, order), day]) for name, order, day in BAD_DAYS]
    outcome = bring(world, tmp_path, "\n".join([head, *rows]).encode())
    assert {fault.row for fault in outcome.faults if fault.column == "出生日期" or fault.column == "birth_date"} == {
        2,
        3,
        4,
    }


BAD_DAYS = (("赵一", 1, "2023-02-29"), ("钱二", 2, "1990-13-01"), ("孙三", 3, "2999-01-01"), ("李四", 4, "1990/3/7"))


def test_merged_cells_are_read_as_the_first_of_them_and_the_empty_ones_said(world: World, tmp_path: Path) -> None:
    path = sheet(tmp_path, [HEAD, line("张伟明", 1), line("", 2), line("李四", 3)], merged="A2:A3")
    outcome = bring_in("people", path, world["community"].actor)
    assert {fault.row for fault in outcome.errors} == {3}
    assert {one.name for one in people()} == {"张伟明", "李四"}


def test_a_title_merged_over_the_headings_is_refused_as_a_header(world: World, tmp_path: Path) -> None:
    """The first row that is written names the columns: the mapping then says which are missing."""
    path = sheet(tmp_path, [["人口信息表", *[None] * 5], HEAD, line("张伟明", 1)], merged="A1:F1")
    assert open_table(path).columns == ("人口信息表",)


def test_numbers_that_a_spreadsheet_has_shortened_are_said_and_not_taken(world: World, tmp_path: Path) -> None:
    shortened: list[Any] = line("张伟明", 1)
    shortened[1] = float(number(1)[:17] + "0")
    outcome = bring_in("people", sheet(tmp_path, [HEAD, shortened]), world["community"].actor)
    assert "cell.lossy_number" in outcome.codes() and people() == []


def test_an_address_without_a_number_stands_and_one_that_is_missing_is_a_fault(world: World, tmp_path: Path) -> None:
    lon, lat = town.point_in(town.GRID)
    rows = [f"老宅门西荷花塘,H1,1,自住,{lon},{lat}", f",H2,1,自住,{lon},{lat}"]
    outcome = bring(world, tmp_path, "\n".join([HOUSES, *rows]).encode(), "dwellings")
    assert [(fault.row, fault.code) for fault in outcome.errors] == [(3, "registry.no_address")]
    with acting(Actor.system("test")):
        assert Building.objects.get().address == "老宅门西荷花塘"
        assert Dwelling.objects.get().house_no == "H1"


def test_two_rows_of_one_person_are_one_person_and_the_second_a_fault(world: World, tmp_path: Path) -> None:
    outcome = bring(world, tmp_path, text(line("张伟明", 1), line("张伟民", 1)).encode())
    assert [(fault.row, fault.code) for fault in outcome.errors] == [(3, "registry.number_twice")]
    assert [one.name for one in people()] == ["张伟明"]


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_full_sheet_is_read_as_a_stream(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet()
    page.append(HEAD)
    for order in range(1, MOST_ROWS):
        page.append(["张伟明", str(order), "男", "", "户籍", town.GRID])
    book.save(tmp_path / "full.xlsx")
    rows = 0
    for row in open_table(tmp_path / "full.xlsx").rows():
        rows, last = rows + 1, row
    assert rows == MOST_ROWS - 1 and last.number == MOST_ROWS

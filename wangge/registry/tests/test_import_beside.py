"""One person in two rows of a file, with a document number and without: said by row, and one where all is equal."""

from importlib import import_module
from pathlib import Path

import pytest

from wangge.cases.tests.importing import Outcome
from wangge.core.actor import acting
from wangge.core.models import JournalEntry
from wangge.registry.importers.beside import Beside
from wangge.registry.models import Change, Person, Residence, Token
from wangge.registry.tests.made import SYSTEM, building, dwelling, number, person
from wangge.registry.tests.test_importers import bring
from wangge.registry.tests.test_search import found
from wangge.testing import town
from wangge.testing.world import World

HEAD = "姓名,公民身份号码,出生日期,联系方式,房屋编码,现住门（楼）详址,服务处所,网格编码"
WITH = f"张伟明,{number(1)},,13800000001,H1,,,{town.GRID}"
BORN = "1990-03-07"


@pytest.fixture(autouse=True, params=[1, 5_000])
def pages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("wangge.registry.importers.chunks"), "CHUNK", request.param)


@pytest.fixture
def house(world: World) -> None:
    dwelling(world, building(world), house_no="H1")


def brought(world: World, path: Path, rows: list[str]) -> Outcome:
    return bring(world, path, rows, head=HEAD)


def said(outcome: Outcome) -> list[tuple[int | None, str, str]]:
    return [(fault.row, fault.code, fault.level.value) for fault in outcome.faults]


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("turned", [False, True])
def test_equal_name_birthday_and_home_are_one_person_whichever_row_comes_first(
    world: World, tmp_path: Path, turned: bool
) -> None:
    without = f"张伟明,,{BORN},,H1,,桃叶超市,{town.GRID}"
    rows = [without, WITH] if turned else [WITH, without]
    row = 2 if turned else 3
    first = brought(world, tmp_path, rows)
    assert said(first) == [(row, "registry.one_person", "warning")]
    assert f"第 {5 - row} 行" in first.faults[0].zh and f"row {5 - row}" in first.faults[0].en
    assert (first.counts.created, first.counts.changed, first.counts.unchanged) == (1, 1, 0)
    with acting(SYSTEM):
        one = Person.objects.get()
        assert (one.employer, bool(one.id_number_hash), one.phone_masked) == ("桃叶超市", True, "138****0001")
        assert Residence.objects.get().person_id == one.pk
        assert set(Token.objects.values_list("record", flat=True)) == {one.pk}
        assert [(line.field, line.new, line.record) for line in Change.objects.all()] == [
            ("employer", "桃叶超市", one.pk)
        ]
        assert JournalEntry.objects.get(kind="registry.imported").data["created"] == 1
    assert found(world, "张伟明") == [("person", "张伟明")]
    again = brought(world, tmp_path, rows)
    assert said(again) == said(first)
    assert (again.counts.created, again.counts.changed, again.counts.unchanged) == (0, 0, 2)


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    "without",
    [
        f"张伟明,,{BORN},,,,,{town.GRID}",
        f"张伟明,,,13800000001,,,,{town.GRID}",
        f"张伟明,,,,H1,,,{town.GRID}",
        f"张伟明,,{BORN},13900000009,H9,,,{town.GRID}",
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_whoever_is_told_by_less_is_a_fault_of_the_row_without_a_number(
    world: World, tmp_path: Path, without: str, turned: bool
) -> None:
    outcome = brought(world, tmp_path, [without, WITH] if turned else [WITH, without])
    errors = [(fault.row, fault.code) for fault in outcome.errors]
    assert errors == [(2 if turned else 3, "registry.person_twice")]
    assert ("第 3 行" if turned else "第 2 行") in outcome.errors[0].zh
    assert outcome.counts.created == 1


@pytest.mark.usefixtures("house")
def test_whoever_differs_in_what_tells_more_is_somebody_else(world: World, tmp_path: Path) -> None:
    rows = [
        WITH,
        f"张伟明,,1960-01-02,13800000001,H1,,,{town.GRID}",
        f"张伟民,,{BORN},13800000001,H1,,,{town.GRID}",
        f"张伟明,,{BORN},13800000001,,,,{town.NEIGHBOUR_GRID}",
    ]
    outcome = brought(world, tmp_path, rows)
    assert (said(outcome), outcome.counts.created) == ([], 4)


@pytest.mark.usefixtures("house")
def test_two_numbers_of_one_name_birthday_and_home_make_nobody_sure(world: World, tmp_path: Path) -> None:
    twin = WITH.replace(number(1), number(2)).replace("13800000001", "13800000002")
    outcome = brought(world, tmp_path, [WITH, twin, f"张伟明,,{BORN},,H1,,,{town.GRID}"])
    assert [(fault.row, fault.code) for fault in outcome.errors] == [(4, "registry.person_twice")]
    assert outcome.counts.created == 2


@pytest.mark.usefixtures("house")
def test_a_file_merges_nobody_who_is_registered_without_a_number(world: World, tmp_path: Path) -> None:
    without = f"张伟明,,{BORN},,H1,,,{town.GRID}"
    brought(world, tmp_path, [without])
    outcome = brought(world, tmp_path, [WITH, without])
    assert [(fault.row, fault.code) for fault in outcome.errors] == [(3, "registry.person_twice")]


@pytest.mark.usefixtures("house")
def test_a_row_that_is_left_out_stands_beside_nobody(world: World, tmp_path: Path) -> None:
    person(world, "李四", order=7)
    outside = WITH.replace(town.GRID, town.OTHER_GRID)
    outcome = brought(world, tmp_path, [outside, f"张伟明,,{BORN},,H1,,,{town.GRID}"])
    assert [(fault.row, fault.code) for fault in outcome.faults] == [
        (2, "registry.row_out_of_area"),
        (2, "registry.no_dwelling"),
    ]
    assert outcome.counts.created == 1


def test_pairs_are_told_in_the_order_of_the_file_by_the_strongest_thing() -> None:
    beside = Beside()
    beside.add(9, {"name": "甲", "phone": "2"}, "g", "")
    beside.add(7, {"name": "甲", "phone": "1", "residence_address": "乙"}, "g", "")
    for row, phone, address in ((3, "2", "乙"), (5, "1", "丙")):
        beside.add(row, {"name": "甲", "id_number": str(row), "phone": phone, "residence_address": address}, "g", "")
    assert [(pair.without, pair.with_number, pair.is_sure) for pair in beside.pairs()] == [(7, 5, False), (9, 3, False)]

"""Households from a file: a row each, its members by document numbers; nobody is made or moved by it, nothing twice."""

from pathlib import Path
from typing import Any

import pytest

from wangge.core.actor import acting
from wangge.core.models import JournalEntry
from wangge.registry.actions import Where
from wangge.registry.models import Household, Member, Person
from wangge.registry.tests.made import SYSTEM, building, dwelling, number, person
from wangge.registry.tests.test_importers import bring
from wangge.testing import town
from wangge.testing.world import World

HEAD = "户号,户别,户主证件号码,家庭成员,房屋地址,网格编码"
ADDRESS = "平江府路12号金陵花园3幢2单元301室"


def bring_households(world: World, path: Path, rows: list[str]) -> Any:
    return bring(world, path, rows, "households", head=HEAD)


def members() -> set[tuple[str, str, str]]:
    """Number of the household, name, relation."""
    with acting(SYSTEM):
        rows = Member.objects.filter(to_date=None)
        return set(rows.values_list("household__number", "person__name", "relation"))


@pytest.fixture
def family(world: World) -> None:
    """Three people of one home, and their neighbour."""
    dwelling(world, building(world))
    for order, name in enumerate(("张父", "张母", "张女", "邻人"), start=1):
        person(world, name, order=order)


@pytest.mark.usefixtures("family")
def test_a_household_comes_once_with_its_head_its_members_and_its_home(world: World, tmp_path: Path) -> None:
    row = f"H001,户籍,{number(1)},{number(2)} 配偶；{number(3)}:女儿,{ADDRESS},"
    outcome = bring_households(world, tmp_path, [row])
    assert (outcome.faults, outcome.counts.created) == ([], 1)
    assert members() == {("H001", "张父", "02"), ("H001", "张母", "10"), ("H001", "张女", "30")}
    with acting(SYSTEM):
        one = Household.objects.select_related("dwelling").get()
        assert (one.registration, one.code, one.source) == ("registered", town.GRID, "import")
        assert one.dwelling is not None and one.dwelling.room_key == "2-301"
        assert set(Member.objects.values_list("code", flat=True)) == {town.GRID}
        assert JournalEntry.objects.get(kind="registry.imported").data["of"] == "household"
        people = Person.objects.count()
    again = bring_households(world, tmp_path, [row])
    assert again.faults == [] and (again.counts.created, again.counts.changed, again.counts.unchanged) == (0, 0, 1)
    assert len(members()) == 3
    with acting(SYSTEM):
        assert (Household.objects.count(), Person.objects.count()) == (1, people)


@pytest.mark.usefixtures("family")
def test_a_later_file_adds_members_and_changes_nothing_that_stands(world: World, tmp_path: Path) -> None:
    bring_households(world, tmp_path, [f"H001,,{number(1)},{number(2)} 配偶,{ADDRESS},"])
    later = bring_households(world, tmp_path, [f"H001,,{number(2)},{number(1)} 配偶；{number(3)} 子女,,{town.GRID}"])
    assert [fault.code for fault in later.faults] == [
        "registry.member_unread",
        "registry.member_stands_otherwise",
        "registry.member_stands_otherwise",
    ]
    assert (later.errors, later.counts.changed) == ([], 0)
    added = bring_households(world, tmp_path, [f"H001,,,{number(3)} 女；{number(4)} 户主,,{town.GRID}"])
    assert [fault.code for fault in added.faults] == ["registry.other_head"]
    assert (added.counts.created, added.counts.changed, added.counts.unchanged) == (0, 1, 0)
    assert members() == {("H001", "张父", "02"), ("H001", "张母", "10"), ("H001", "张女", "30")}


@pytest.mark.usefixtures("family")
def test_nobody_comes_into_a_second_household_by_a_file(world: World, tmp_path: Path) -> None:
    rows = [f"H00{order},,{number(1)},,,{town.GRID}" for order in (1, 2)]
    outcome = bring_households(world, tmp_path, rows)
    assert [(fault.row, fault.code) for fault in outcome.faults] == [(3, "registry.member_of_another")]
    assert members() == {("H001", "张父", "02")}
    third = bring_households(world, tmp_path, [f"H003,,{number(1)},{number(4)} 非亲属,,{town.GRID}"])
    assert [(fault.row, fault.code) for fault in third.faults] == [(2, "registry.member_of_another")]
    assert members() == {("H001", "张父", "02"), ("H003", "邻人", "97")}


@pytest.mark.usefixtures("family")
def test_bad_rows_are_said_and_tell_nobody_s_number(world: World, tmp_path: Path) -> None:
    person(world, "外人", order=9, key="stranger_community", where=Where(code=town.OTHER_GRID))
    wrong = number(2)[:17] + ("0" if number(2)[17] != "0" else "1")
    rows = [
        f",,{number(1)},,,{town.GRID}",  # no number
        f"H2,,{number(1)},{number(2)} 户主,,{town.GRID}",  # two heads
        f"H3,,,{number(1)} 子；{number(1)} 女,,{town.GRID}",  # one person twice
        f"H4,,,{number(1)},,",  # no grid, and a member without relation
        f"H5,,,,,{town.OTHER_GRID}",
        f"H6,,{wrong},,,{town.GRID}",  # of nobody
        f"H7,,{number(9)},,,{town.GRID}",  # of somebody elsewhere: said as the one before
        f"H8,,,{number(4)} 孙女婿,飞来路9号1幢101室,{town.GRID}",  # no such kinship, no such home
        f"H8,,,,,{town.GRID}",
    ]
    outcome = bring_households(world, tmp_path, rows)
    assert {fault.row for fault in outcome.errors} == {2, 3, 4, 5, 6, 10}
    said = {(fault.row, fault.code.removeprefix("registry.")) for fault in outcome.faults}
    assert {(3, "two_heads"), (4, "member_twice"), (5, "member_unread"), (5, "no_grid")} <= said
    assert {(7, "member_unknown"), (8, "member_unknown"), (10, "same_twice")} <= said
    assert {(9, "member_unread"), (9, "household_no_home")} <= said
    texts = "".join(fault.zh + fault.en for fault in outcome.faults)
    assert not any(shown in texts for order in (1, 2, 4, 9) for shown in (number(order), number(order)[:14]))
    assert members() == set() and outcome.counts.created == 3


@pytest.mark.usefixtures("family")
def test_a_household_of_another_area_is_a_fault_and_none_is_moved(world: World, tmp_path: Path) -> None:
    far = f"H001,,,,,{town.OTHER_GRID}"
    bring(world, tmp_path, [far], "households", key="stranger_community", head=HEAD)
    outcome = bring_households(world, tmp_path, [f"H001,,,,,{town.GRID}"])
    assert [fault.code for fault in outcome.errors] == ["registry.record_elsewhere"]
    bring_households(world, tmp_path, [f"H002,,,,,{town.NEIGHBOUR_GRID}"])
    stays = bring_households(world, tmp_path, [f"H002,,,,{ADDRESS},"])
    assert [fault.code for fault in stays.faults] == ["registry.household_home_stays"]
    with acting(SYSTEM):
        assert Household.objects.get(number="H002").code == town.NEIGHBOUR_GRID

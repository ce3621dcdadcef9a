"""People without a document number: told by what else their rows give, in one file as in two."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wangge.core.actor import acting
from wangge.registry.actions import Where
from wangge.registry.importers import unnumbered
from wangge.registry.models import Residence
from wangge.registry.tests.made import SYSTEM, building, dwelling, people, person
from wangge.registry.tests.test_importers import HOUSES, bring
from wangge.testing import town
from wangge.testing.world import World


def test_people_without_a_number_come_once_too(world: World, tmp_path: Path) -> None:
    head = "姓名,出生日期,联系方式,现住址,网格编码"
    rows = [
        f"钱一,1950-02-03,,,{town.GRID}",
        f"钱一,1951-02-03,,,{town.GRID}",
        f"钱一,,13800001111,,{town.GRID}",
        f"孙二,,,桃叶渡5号,{town.GRID}",
        f"李三,,,,{town.GRID}",
        f"孙二,,,桃叶渡5号,{town.GRID}",
    ]
    for created in (4, 0):
        outcome = bring(world, tmp_path, rows, head=head)
        assert [(fault.row, fault.code) for fault in outcome.errors] == [
            (6, "registry.who_is_it"),
            (7, "registry.person_twice"),
        ]
        assert (outcome.counts.created, outcome.counts.changed) == (created, 0)
    person(world, "钱一", values={"id_number": "", "birth_date": "1950-02-03"}, where=Where(code=town.GRID))
    outcome = bring(world, tmp_path, rows[:1], head=head)
    assert [fault.code for fault in outcome.errors] == ["registry.several_like_this"]


def test_a_house_that_is_not_of_the_grid_tells_nobody(world: World, tmp_path: Path) -> None:
    """Whoever is told by a home alone is found again by it, and so only where they were tied to it."""
    lon, lat = town.point_in(town.GRID)
    bring(world, tmp_path, [f"平江府路12号金陵花园3幢2单元101室,F1,1,出租,{lon},{lat}"], "dwellings", head=HOUSES)
    head = "姓名,现住址,网格编码,房屋编码"
    rows = [
        f"钱一,,{town.GRID},F1",
        f"孙二,,{town.GRID},F9",
        f"李三,,{town.NEIGHBOUR_GRID},F1",
        f"周四,桃叶渡5号,{town.NEIGHBOUR_GRID},F1",
    ]
    for created, unchanged in ((2, 0), (0, 2)):
        outcome = bring(world, tmp_path, rows, head=head)
        assert [(fault.row, fault.code) for fault in outcome.errors] == [
            (3, "registry.who_is_it"),
            (4, "registry.who_is_it"),
        ]
        assert [fault.row for fault in outcome.of("registry.no_dwelling")] == [3, 4, 5]
        assert (outcome.counts.created, outcome.counts.unchanged) == (created, unchanged)


def test_whoever_has_no_number_is_looked_for_among_their_namesakes_alone(world: World, tmp_path: Path) -> None:
    head = "姓名,出生日期,网格编码"
    bring(world, tmp_path, [f"钱一,1950-02-03,{town.GRID}", f"孙二,1951-02-03,{town.GRID}"], head=head)
    keys: list[unnumbered.Keys] = [
        ((town.GRID, "钱一", "born", "1950-02-03"),),
        ((town.NEIGHBOUR_GRID, "孙二", "born", "1951-02-03"),),
    ]
    with acting(SYSTEM), CaptureQueriesContext(connection) as queries:
        found_now = unnumbered.standing(keys)
    assert [one.person.name for rows in found_now.values() for one in rows] == ["钱一"]
    assert not any('name_key" IN' in query["sql"] for query in queries), "there is no index of it"


TOLD = "姓名,出生日期,联系方式,房屋编码,现住门（楼）详址,网格编码"


def test_whoever_was_told_by_address_is_known_when_a_later_file_names_the_house(world: World, tmp_path: Path) -> None:
    place = "平江府路12号金陵花园3幢2单元301"
    bring(world, tmp_path, [f"钱一,,,,{place},{town.GRID}"], head=TOLD)
    dwelling(world, building(world), house_no="H1")
    later = bring(world, tmp_path, [f"钱一,1950-02-03,13800000001,H1,{place},{town.GRID}"], head=TOLD)
    assert (later.errors, later.counts.created, later.counts.changed) == ([], 0, 1)
    assert [str(one.birth_date) for one in people()] == ["1950-02-03"]
    with acting(SYSTEM):
        assert Residence.objects.count() == 1
    again = bring(world, tmp_path, [f"钱一,1950-02-03,,,,{town.GRID}"], head=TOLD)
    assert (again.counts.created, again.counts.unchanged) == (0, 1)


@pytest.mark.parametrize(
    ("told", "twice"),
    [
        ((",,,A", "1950-02-03,,,A"), {3: 2}),
        (("1950-02-03,,,A", ",,,A"), {3: 2}),
        ((",13800000001,,A", "1950-02-03,,,A", "1950-02-03,13800000001,,B"), {3: 2, 4: 2}),
        (("1950-02-03,,,A", "1980-05-06,,,A", "1980-05-06,,,B"), {4: 3}),
        (("1950-02-03,,,A", ",13800000001,,B"), {}),
    ],
)
def test_two_rows_of_a_file_are_one_person_as_they_would_be_in_two_files(
    world: World, tmp_path: Path, told: tuple[str, ...], twice: dict[int, int]
) -> None:
    outcome = bring(world, tmp_path, [f"钱一,{one},{town.GRID}" for one in told], head=TOLD)
    assert {fault.row: fault.code for fault in outcome.errors} == dict.fromkeys(twice, "registry.person_twice")
    assert all(f"第 {first} 行" in fault.zh for fault in outcome.errors if (first := twice[fault.row or 0]))
    assert outcome.counts.created == len(told) - len(twice)


def test_a_namesake_who_differs_in_what_tells_more_is_somebody_else(world: World, tmp_path: Path) -> None:
    place = "平江府路12号金陵花园3幢2单元301"
    bring(world, tmp_path, [f"钱一,1950-02-03,,,{place},{town.GRID}"], head=TOLD)
    son = bring(world, tmp_path, [f"钱一,1980-05-06,,,{place},{town.GRID}"], head=TOLD)
    assert son.counts.created == 1 and len(people()) == 2

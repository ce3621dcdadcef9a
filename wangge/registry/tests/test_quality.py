"""How good a grid's records are, counted by the reader of the journal; and who is asked to put them right, once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.grids.models import Division, Grid
from wangge.registry import rollups
from wangge.registry.actions import decide, merge
from wangge.registry.actions.apart import tell_apart
from wangge.registry.actions.cleaning import ask_grids
from wangge.registry.models import Difference, Person, Quality
from wangge.registry.queries.quality import COOL_DOWN, Problem
from wangge.registry.tests.made import DEPARTMENT, OLD_FILE, building, dwelling, moves_in, number, person, write
from wangge.registry.tests.test_importers import bring
from wangge.registry.tests.test_search import ok
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World


def counted(codes: set[str]) -> dict[str, Quality]:
    with acting(Actor.system("test")):
        rollups.count_grids(codes, at=clock.now())
        while rollups.count_doubles():
            pass
        return {row.code: row for row in Quality.objects.all()}


def test_figures_of_a_grid_are_its_rows(world: World) -> None:
    who = person(world)
    moves_in(world, who.pk, dwelling(world, building(world), occupancy="rented").pk)
    person(world, "李四", values={"id_number": "", "birth_date": "1990-01-01"})
    person(world, "李四", values={"id_number": "", "birth_date": "1990-01-01"})
    row = counted({town.GRID})[town.GRID]
    assert (row.people, row.complete, row.tied, row.doubled, row.fresh) == (3, 1, 1, 2, 3)
    assert (row.dwellings, row.rented, row.unchecked) == (1, 1, 1)
    lines = ok(api_as(world["community"]).get("/api/registry/quality", code=town.COMMUNITY))
    assert [(line["code"], line["tied_pct"]) for line in lines["items"]] == [(town.GRID, 33.33)]
    assert lines["tied_urban_pct"] is None
    assert ok(api_as(world["stranger_community"]).get("/api/registry/quality"))["items"] == []


def test_two_of_one_name_in_two_communities_are_not_doubled(world: World) -> None:
    from wangge.registry.actions import Where

    values = {"id_number": "", "birth_date": "1990-01-01"}
    person(world, "李四", values=values)
    person(world, "李四", values=values, key="stranger_community", where=Where(code=town.OTHER_GRID))
    person(world, "王五", values=values)
    person(world, "王五", values=values, where=Where(code=town.NEIGHBOUR_GRID))
    rows = counted({town.GRID, town.NEIGHBOUR_GRID, town.OTHER_GRID})
    assert {code: row.doubled for code, row in rows.items()} == {
        town.GRID: 1,
        town.NEIGHBOUR_GRID: 1,
        town.OTHER_GRID: 0,
    }


def test_namesakes_told_apart_by_right_numbers_are_not_doubled(world: World) -> None:
    """What cleaning can bring to nothing: two right numbers are two people, and never proposed as one."""
    person(world, "李四")
    person(world, "李四", order=2)
    assert counted({town.GRID})[town.GRID].doubled == 0
    mistyped = person(world, "李四", order=3)
    with acting(Actor.system("test")):
        Person.objects.filter(pk=mistyped.pk).update(number_faulty=True)
    assert counted({town.GRID})[town.GRID].doubled == 3


def test_namesakes_told_apart_by_somebody_are_not_doubled(world: World) -> None:
    values = {"id_number": "", "birth_date": "1990-01-01"}
    one, other, third = (person(world, "李四", values=values) for _ in range(3))
    by = world["community"].actor
    with acting(by):
        for pair in ((one, other), (one, third)):
            tell_apart(one_id=pair[0].pk, other_id=pair[1].pk, by=by, at=clock.now())
    assert counted({town.GRID})[town.GRID].doubled == 2  # the first is nobody's double now
    with acting(by):
        tell_apart(one_id=third.pk, other_id=other.pk, by=by, at=clock.now())
    assert counted({town.GRID})[town.GRID].doubled == 0


def test_figure_and_finder_speak_of_the_same_people(world: World) -> None:
    """A mistyped name and a birthday with its digits exchanged are found by telephone, and counted too."""
    person(world, "李小四", values={"id_number": "", "birth_date": "1990-01-12", "phone": "13800000001"})
    person(world, "李晓四", values={"id_number": "", "birth_date": "1990-01-21", "phone": "13800000001"})
    person(world, "王五", values={"id_number": "", "birth_date": "1990-01-12"})
    found = ok(api_as(world["community"]).get("/api/registry/duplicates", code=town.COMMUNITY))
    assert found["count"] == 1 and counted({town.GRID})[town.GRID].doubled == 2


def test_a_change_makes_the_figure_of_its_community_due_again(world: World) -> None:
    values = {"id_number": "", "birth_date": "1990-01-01"}
    one, _ = person(world, "李四", values=values), person(world, "李四", values=values)
    assert counted({town.GRID})[town.GRID].doubled == 2
    write(world, "person", {"birth_date": "1985-05-05"}, id=one.pk, where=None)
    with acting(Actor.system("test")):
        rollups.count_grids({town.GRID}, at=clock.now())
        assert Quality.objects.get().doubles_due
    assert counted({town.GRID})[town.GRID].doubled == 0 and not Quality.objects.get().doubles_due


def test_a_grid_that_has_only_aged_is_not_searched_for_doubles_again(world: World) -> None:
    person(world)
    long_ago = clock.now() - rollups.AGE - timedelta(minutes=1)
    with acting(Actor.system("test")):
        rollups.count_grids({town.GRID}, at=long_ago)
        assert rollups.count_doubles() and not rollups.count_doubles()
        assert not rollups.count_aged()
        aged = Quality.objects.get()
    assert aged.counted_at > long_ago and not aged.doubles_due


def test_doubles_are_searched_in_one_community_at_a_time(world: World) -> None:
    """Whichever waits longest: what shares their lane has its turn in between."""
    at = clock.now()
    with acting(Actor.system("test")):
        rollups.count_grids({town.GRID, town.NEIGHBOUR_GRID}, at=at)
        rollups.count_grids({town.OTHER_GRID}, at=at - timedelta(minutes=1))
        waiting = []
        while rollups.count_doubles():
            waiting.append(set(Quality.objects.filter(doubles_due=True).values_list("code", flat=True)))
    assert waiting == [{town.GRID, town.NEIGHBOUR_GRID}, set()]


def fresh(world: World) -> dict[str, tuple[int, int]]:
    """Of each field how many have it, and how many of them freshly."""
    counted({town.GRID})
    lines = api_as(world["community"]).get("/api/registry/quality/fields", code=town.COMMUNITY).json()
    return {line["field"]: (line["held"], line["fresh"]) for line in lines}


def made_long_ago(world: World, days: int, **values: str) -> Person:
    return person(world, "李四", values=values, at=clock.now() - timedelta(days=days))


def test_each_field_is_fresh_for_the_time_the_dictionary_gives_it(world: World) -> None:
    """A telephone for 180 days, an education for three years; what was said anew is fresh again."""
    one = made_long_ago(world, 200, education="20")
    person(world, "王五", order=2)
    found = fresh(world)
    assert found["phone"] == (2, 1) and found["education"] == (1, 1) and found["email"] == (0, 0)
    assert "sex" not in found
    write(world, "person", {"phone": "13812345678"}, id=one.pk, where=None, why="本人来电")
    assert fresh(world)["phone"] == (2, 2)
    elsewhere = api_as(world["stranger_community"]).get("/api/registry/quality/fields").json()
    assert {line["held"] for line in elsewhere} == {0}


def test_a_correction_makes_nothing_fresh_but_what_it_corrects(world: World) -> None:
    one = made_long_ago(world, 400, employer="桃叶超市", email="a@example.cn")
    write(world, "person", {"employer": "秦淮书店"}, id=one.pk, where=None, why="换了工作")
    found = fresh(world)
    assert (found["employer"], found["email"], found["phone"]) == ((1, 1), (1, 0), (1, 0))


@pytest.mark.parametrize("changed", ["", "秦淮书店"])
def test_what_a_file_says_again_is_fresh_and_nothing_else_of_the_record(
    world: World, tmp_path: Path, changed: str
) -> None:
    """Neither what it does not say, nor what of it somebody refused; whose word it is stays."""
    one = made_long_ago(world, 400, employer="桃叶超市", email="a@example.cn")
    then, by = clock.now() - timedelta(days=390), world["community"].actor
    for source, address in ((DEPARTMENT, "桃叶渡5号"), (OLD_FILE, "桃叶渡6号")):
        said = {"household_address": address}
        write(world, "person", said, id=one.pk, where=None, source=source, at=then)
    with acting(by):
        asked = Difference.objects.get(record=one.pk)
        decide(difference_id=asked.pk, take=False, why="原件核对", by=by, at=then)
    head = "姓名,公民身份号码,联系电话,户籍地址,服务处所,网格编码"
    outcome = bring(world, tmp_path, [f"李四,{number(1)},19900000001,桃叶渡6号,{changed},{town.GRID}"], head=head)
    assert (outcome.counts.changed, outcome.counts.unchanged) == ((1, 0) if changed else (0, 1))
    found = fresh(world)
    assert (found["phone"], found["household_address"], found["email"]) == ((1, 1), (1, 0), (1, 0))
    assert found["employer"] == (1, 1 if changed else 0)
    with acting(Actor.system("test")):
        sources = Person.objects.get(pk=one.pk).sources
    assert (sources["phone"][0], sources["household_address"][0]) == ("", "police")


def test_what_a_record_takes_over_from_its_double_is_no_fresher_for_it(world: World) -> None:
    gone = made_long_ago(world, 400, id_number="", email="a@example.cn")
    kept, by = person(world, "李四", order=2), world["community"].actor
    with acting(by):
        merge(kept_id=kept.pk, gone_id=gone.pk, why="同一人", by=by, at=clock.now())
    assert (fresh(world)["email"], fresh(world)["phone"]) == ((1, 0), (1, 1))


def test_town_and_country_are_told_apart(world: World) -> None:
    Division.objects.filter(code=town.COMMUNITY).update(urban_rural="111")
    moves_in(world, person(world).pk, dwelling(world, building(world)).pk)
    counted({town.GRID})
    lines = ok(api_as(world["district_seat"]).get("/api/registry/quality"))
    assert (lines["tied_urban_pct"], lines["tied_rural_pct"]) == (100.0, None)


def test_the_reader_counts_both_grids_of_whoever_moves(committed_world: World) -> None:
    world = committed_world
    who = person(world)
    rollups.catch_up()
    write(world, "person", {}, id=who.pk, where=_where(town.NEIGHBOUR_GRID))
    rollups.catch_up()
    with acting(Actor.system("test")):
        counts = dict(Quality.objects.values_list("code", "people"))
    assert counts == {town.GRID: 0, town.NEIGHBOUR_GRID: 1}


def test_nobody_is_asked_for_the_same_thing_twice(world: World) -> None:
    who, worker = person(world), api_as(world["grid_worker"])
    [line] = ok(worker.get("/api/registry/cleaning", problem="no_home"))["items"]
    assert (line["id"], line["title"]) == (str(who.pk), "张伟明")
    assert line["place"] == Grid.objects.get(code=line["code"]).name
    body = {"problem": "no_home", "ids": [str(who.pk)]}
    assert [ok(worker.post("/api/registry/cleaning/ask", body))["asked"] for _ in range(2)] == [1, 0]
    assert ok(worker.get("/api/registry/cleaning", problem="no_home"))["items"] == []
    by, later = world["grid_worker"].actor, clock.now() + COOL_DOWN + timedelta(seconds=1)
    with acting(by):
        assert ask_grids(problem=Problem.NO_HOME, ids=[who.pk], by=by, at=later) == 1
    stranger = api_as(world["stranger_grid_worker"])
    assert ok(stranger.post("/api/registry/cleaning/ask", body))["asked"] == 0


def _where(code: str) -> Any:
    from wangge.registry.actions import Where

    return Where(code=code)

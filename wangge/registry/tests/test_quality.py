"""How good a grid's records are, counted by the reader of the journal; and who is asked to put them right, once."""

from datetime import timedelta
from typing import Any

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.grids.models import Division
from wangge.registry import rollups
from wangge.registry.actions.apart import tell_apart
from wangge.registry.actions.cleaning import ask_grids
from wangge.registry.models import Person, Quality
from wangge.registry.queries.quality import COOL_DOWN, Problem
from wangge.registry.tests.made import building, dwelling, moves_in, person, write
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


def test_each_field_is_fresh_for_the_time_the_dictionary_gives_it(world: World) -> None:
    """A telephone for 180 days, an education for three years; what was said anew is fresh again."""
    one, _ = person(world, "李四"), person(world, "王五", order=2, values={"education": "20"})
    at = clock.now()
    with acting(Actor.system("test")):
        Person.objects.update(checked_at=at - timedelta(days=200))
        Person.objects.filter(pk=one.pk).update(sources={"phone": ["", (at - timedelta(days=10)).isoformat()]})
    counted({town.GRID})
    lines = api_as(world["community"]).get("/api/registry/quality/fields", code=town.COMMUNITY).json()
    fresh = {line["field"]: (line["days"], line["held"], line["fresh"]) for line in lines}
    assert fresh["phone"] == (180, 2, 1) and fresh["education"] == (1095, 1, 1) and fresh["email"][1:] == (0, 0)
    assert "sex" not in fresh
    elsewhere = api_as(world["stranger_community"]).get("/api/registry/quality/fields").json()
    assert {line["held"] for line in elsewhere} == {0}


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

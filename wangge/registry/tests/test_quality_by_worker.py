"""How good the records are of the grids that each full-time worker answers for: roll-ups, equal to the rows."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.grids.models import TeamMember
from wangge.registry import rollups
from wangge.registry.actions import Where
from wangge.registry.models import Person
from wangge.registry.tests.made import person
from wangge.registry.tests.test_search import ok
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World


def lines(world: World, key: str = "community", **how: Any) -> dict[str, dict[str, Any]]:
    """By worker's name."""
    with acting(Actor.system("test")):
        rollups.count_grids({town.GRID, town.NEIGHBOUR_GRID, town.OTHER_GRID, town.MICRO_GRID}, at=clock.now())
    found = ok(api_as(world[key]).get("/api/registry/quality/workers", **how))
    return {line["name"]: line for line in found["items"]}


def rows_of(*codes: str) -> tuple[int, int]:
    """People and those without a number, counted from the table itself."""
    with acting(Actor.system("test")):
        rows = Person.objects.filter(code__in=codes, ended_at=None)
        return rows.count(), rows.filter(phone_hash=None).count()


def serves(name: str, grid: str, **how: Any) -> None:
    TeamMember.objects.create(
        **{"grid": grid, "kind": "full_time", "name": name, "valid_from": clock.today() - timedelta(days=30)} | how
    )


def test_figures_of_a_worker_are_the_rows_of_the_grids_they_serve(world: World) -> None:
    serves("顾全", town.GRID, phone="025-1")
    serves("顾全", town.NEIGHBOUR_GRID, phone="025-1")
    serves("顾全", town.NEIGHBOUR_GRID, phone="025-2")  # a namesake with a number of their own
    person(world, order=1)
    person(world, order=2, where=Where(code=town.MICRO_GRID))
    person(world, order=3, where=Where(code=town.NEIGHBOUR_GRID), values={"phone": ""})
    people, without_phone = rows_of(town.GRID, town.MICRO_GRID, town.NEIGHBOUR_GRID)
    found = ok(api_as(world["community"]).get("/api/registry/quality/workers"))["items"]
    assert [line["people"] for line in found if line["name"] == "顾全"] == [0, 0]  # nothing is counted on request
    lines(world)
    found = ok(api_as(world["community"]).get("/api/registry/quality/workers"))["items"]
    both, one = (line for line in found if line["name"] == "顾全")
    assert (both["people"], both["complete"]) == (people, people - without_phone) == (3, 2)
    assert (one["people"], one["complete"]) == (1, 0)
    assert [grid["code"] for grid in both["grids"]] == [town.GRID, town.NEIGHBOUR_GRID]


def test_a_grid_of_two_workers_counts_for_both_and_says_so(world: World) -> None:
    serves("顾全", town.GRID)
    person(world)
    found = lines(world)
    own = world["grid_worker"].user.name
    assert found["顾全"]["people"] == found[own]["people"] == rows_of(town.GRID)[0] == 1
    shared = {grid["code"]: grid["shared"] for grid in found[own]["grids"]}
    assert shared.pop(town.GRID) and not any(shared.values())


def test_only_full_time_workers_of_today_in_the_readers_own_area_have_a_line(world: World) -> None:
    serves("来人", town.OTHER_GRID)
    serves("去人", town.GRID, valid_to=clock.today())
    serves("兼人", town.GRID, kind="part_time")
    assert not {"来人", "去人", "兼人"} & lines(world).keys()
    assert "来人" in lines(world, "stranger_community")
    answer = api_as(world["community"]).get("/api/registry/quality/workers", code=town.OTHER_COMMUNITY)
    assert answer.status_code == 404


def test_a_page_asks_the_database_the_same_number_of_times_however_many_workers(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            found = ok(api_as(world["community"]).get("/api/registry/quality/workers", limit=3, offset=0))
        assert len(found["items"]) <= 3
        return len(queries)

    asked()
    few = asked()
    for order in range(6):
        serves(f"工{order}", town.GRID, phone=f"025-{order}")
    assert asked() == few

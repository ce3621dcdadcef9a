"""Figures of the registry: those of records that the reader may open are exact; of others one to nine are not told."""

from datetime import timedelta
from typing import Any

import pytest

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.registry.models import Person
from wangge.registry.rollups import count_grids
from wangge.registry.rules.care import FEWEST, told, told_of_none, told_together
from wangge.registry.tests.made import person
from wangge.registry.tests.test_search import ok
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World

FIGURES = (
    "/api/registry/quality",
    "/api/registry/quality/workers",
    "/api/registry/quality/fields",
    "/api/registry/quality/retention",
    "/api/registry/reminders",
    f"/api/registry/grids/{town.GRID}",
)


def count() -> None:
    with acting(Actor.system("test")):
        count_grids({town.GRID}, at=clock.now())


def gone(world: World, how_many: int) -> None:
    """People whose records ended, and whose telephones go within the month."""
    with acting(Actor.system("test")):
        Person.objects.update(ended_at=clock.now() - timedelta(days=155))
        assert Person.objects.count() == how_many
    count()


def phones_going(world: World) -> tuple[Any, Any]:
    found = ok(api_as(world["community"]).get("/api/registry/quality/retention", code=town.COMMUNITY))
    [field] = (one for one in found["fields"] if one["field"] == "phone" and one["kind"] == "person")
    return field["soon"], [line["values_soon"] for line in found["items"]]


def test_who_is_to_be_told_of() -> None:
    assert [told(number) for number in (0, 1, FEWEST - 1, FEWEST)] == [None, None, None, FEWEST]
    assert [told_of_none(number) for number in (0, 1, FEWEST - 1, FEWEST)] == [0, None, None, FEWEST]


def test_what_is_few_cannot_be_reckoned_from_the_others() -> None:
    assert told_together([40, 3, 12, 0]) == [40, None, None, 0], "else it is the sum less 52"
    assert told_together([40, 3, 4]) == [40, None, None], "two of them stay unknown"
    assert told_together([3, 0]) == [None, 0]
    assert told_together([40, 12, 0]) == [40, 12, 0]
    assert told_together([]) == []


@pytest.mark.parametrize(("number", "shown"), [(FEWEST - 1, None), (FEWEST, FEWEST)])
def test_few_of_records_that_no_list_opens_are_not_told(world: World, number: int, shown: int | None) -> None:
    assert phones_going(world) == (0, [])
    for order in range(1, number + 1):
        person(world, order=order)
    gone(world, number)
    assert phones_going(world) == (shown, [shown])


def test_figures_of_standing_records_are_exact_and_every_reader_of_them_opens_each(world: World) -> None:
    who = person(world)
    count()
    for key in ("community", "street_seat", "district_seat", "grid_worker"):
        reader = api_as(world[key])
        lines = ok(reader.get("/api/registry/quality"))["items"]
        assert sum(line["people"] for line in lines) == 1
        assert ok(reader.get(f"/api/registry/grids/{town.GRID}"))["counts"]["person"] == 1
        [listed] = ok(reader.get("/api/registry/records/person", code=town.GRID))["items"]
        assert listed["id"] == str(who.pk)
        assert ok(reader.get(f"/api/registry/records/person/{who.pk}"))["title"] == "张伟明"


@pytest.mark.parametrize("path", FIGURES)
def test_who_may_open_no_record_sees_no_figure(world: World, path: str) -> None:
    assert api_as(world["community"]).get(path).status_code == 200
    for key in ("administrator", "auditor"):
        assert api_as(world[key]).get(path).status_code == 403

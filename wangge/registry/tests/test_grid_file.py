"""A grid's file: what stands in it, each figure with its list, and nothing of anywhere else or of care."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.registry import rollups
from wangge.registry.actions import Where
from wangge.registry.tests.made import building, care, dwelling, number, person, write
from wangge.registry.tests.test_search import ok
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World

FILE = f"/api/registry/grids/{town.GRID}"


def lines(world: World, kind: str, **how: Any) -> list[str]:
    found = ok(api_as(world["community"]).get(f"/api/registry/records/{kind}", code=town.GRID, **how))
    return [line["title"] for line in found["items"]]


def test_each_figure_of_a_grid_has_as_many_lines_in_its_list(world: World) -> None:
    inside = building(world)
    dwelling(world, inside, occupancy="rented")
    dwelling(world, inside, room="302", occupancy="owner")
    person(world, "张三")
    person(world, "李四", order=2, values={"registration": "floating"})
    person(world, "外人", order=3, where=Where(code=town.NEIGHBOUR_GRID))
    write(world, "place", {"name": "听雨广场", "kind": "square"})
    file = ok(api_as(world["community"]).get(FILE))
    assert {kind: len(lines(world, kind)) for kind in file["counts"]} == file["counts"]
    assert file["counts"]["person"] == 2 and file["counts"]["place"] == 1 and file["counts"]["facility"] == 0
    assert file["registrations"] == {"registered": 1, "floating": 1}
    assert file["occupancies"] == {"rented": 1, "owner": 1}
    assert lines(world, "person", part="floating") == ["李四"] and len(lines(world, "dwelling", part="rented")) == 1
    assert lines(world, "building", part="rented") == []


def test_a_household_without_a_number_says_so_in_the_language_of_the_reader(world: World) -> None:
    made = write(world, "household", {}).record
    for language, words in (("zh", "未编户号"), ("en", "No household number")):
        reader = api_as(world["community"], language=language)
        [line] = ok(reader.get("/api/registry/records/household", code=town.GRID))["items"]
        assert line["title"] == words
        assert ok(reader.get(f"/api/registry/records/household/{made.pk}"))["title"] == words


def test_a_list_of_people_is_masked_and_says_where_they_stand(world: World) -> None:
    person(world, "张三")
    [line] = ok(api_as(world["community"]).get("/api/registry/records/person", code=town.GRID))["items"]
    assert (line["kind"], line["born"], line["code"]) == ("person", 1990, town.GRID)
    assert "*" in line["number"] and "*" in line["phone"] and line["grid"] not in ("", town.GRID)
    assert number(1) not in str(line) and "19900000001" not in str(line)


def test_quality_of_a_grid_is_what_the_roll_up_says_of_it(world: World) -> None:
    assert ok(api_as(world["community"]).get(FILE))["quality"] is None
    person(world, "张三")
    person(world, "李四", values={"id_number": ""})
    with acting(Actor.system("test")):
        rollups.count_grids({town.GRID, town.NEIGHBOUR_GRID}, at=clock.now())
    quality = ok(api_as(world["community"]).get(FILE))["quality"]
    assert (quality["people"], quality["complete"], quality["code"]) == (2, 1, town.GRID)


def test_who_is_under_care_is_in_no_file_of_a_grid(world: World) -> None:
    person(world, "张三", order=2)
    before = {key: ok(api_as(world[key]).get(FILE)) for key in ("community", "grid_worker")}
    care(world, order=1)  # of one person more
    for key, was in before.items():
        now = ok(api_as(world[key]).get(FILE))
        assert now.keys() == was.keys() and "care" not in now
        assert now["counts"] == was["counts"] | {"person": was["counts"]["person"] + 1}


def test_a_grid_of_elsewhere_is_not_there(world: World) -> None:
    assert api_as(world["stranger_community"]).get(FILE).status_code == 404
    assert api_as(world["administrator"]).get(FILE).status_code == 403


def test_no_place_wider_than_a_community_has_a_file(world: World) -> None:
    district = api_as(world["district_seat"])
    assert district.get(f"/api/registry/grids/{town.COMMUNITY}").status_code == 200
    assert district.get(f"/api/registry/grids/{town.STREET}").status_code == 404


def test_a_file_asks_the_database_the_same_number_of_times_however_much_stands_in_it(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            ok(api_as(world["community"]).get(FILE))
        return len(queries)

    asked()  # what is read once for all
    empty = asked()
    inside = building(world)
    for order in range(1, 6):
        person(world, order=order)
        dwelling(world, inside, room=f"30{order}")
    assert asked() == empty

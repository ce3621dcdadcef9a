"""A new grid with its ground, both or neither; and what stands in the way of an end, told before it is tried."""

from datetime import timedelta
from typing import Any

import pytest

from wangge.core import clock
from wangge.grids import queries
from wangge.grids.models import Boundary, Grid, Redraw
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

CORNER = {
    "type": "Polygon",
    "coordinates": [[[118.79, 32.02], [118.792, 32.02], [118.792, 32.022], [118.79, 32.022], [118.79, 32.02]]],
}
NEW = {"under": town.COMMUNITY, "name": "新小区"}


@pytest.fixture
def seat(world: World) -> Api:
    world.allow("street_seat", "grid.redraw")
    return api_as(world["street_seat"])


@pytest.fixture
def bare(world: World) -> None:
    Boundary.objects.filter(code__startswith=town.GRID, code__gt=town.GRID).delete()
    Grid.objects.filter(code__startswith=town.GRID, code__gt=town.GRID).delete()


@pytest.mark.usefixtures("bare")
def test_a_grid_is_made_with_its_boundary(seat: Api) -> None:
    made = seat.post("/api/grids", NEW | {"shape": CORNER})
    assert made.status_code == 201, made.content.decode()
    assert made.json()["code"] == f"{town.COMMUNITY}004" and made.json()["has_boundary"]
    assert queries.grid_at(118.791, 32.021) == f"{town.COMMUNITY}004"
    assert seat.get("/api/coverage", community=town.COMMUNITY).json()["is_whole"]


@pytest.mark.usefixtures("bare")
def test_a_boundary_that_is_refused_leaves_no_grid_behind(seat: Api) -> None:
    outside = {"type": "Polygon", "coordinates": [[[118.7, 32.02], [118.792, 32.02], [118.792, 32.03], [118.7, 32.02]]]}
    refused = seat.post("/api/grids", NEW | {"shape": outside})
    assert (refused.status_code, refused.json()["code"]) == (422, "grids.leaves_community")
    assert not Grid.objects.filter(name="新小区").exists()


@pytest.mark.usefixtures("bare")
def test_a_preview_of_a_new_grid_writes_nothing(seat: Api) -> None:
    def everything() -> tuple[Any, ...]:
        return (Grid.objects.count(), Boundary.objects.count(), Redraw.objects.count())

    before = everything()
    shown = seat.post("/api/grids/preview", NEW | {"shape": CORNER})
    assert shown.status_code == 200, shown.content.decode()
    assert shown.json()["created"] == [f"{town.COMMUNITY}004"]
    assert set(shown.json()["shapes"]) == {f"{town.COMMUNITY}004", town.GRID}
    assert everything() == before


@pytest.mark.usefixtures("bare")
def test_a_planned_grid_goes_with_its_plan(seat: Api) -> None:
    later = clock.today() + timedelta(days=7)
    code = seat.post("/api/grids", NEW | {"shape": CORNER, "valid_from": later}).json()["code"]
    (planned,) = seat.get(f"/api/grids/{code}").json()["planned"]
    assert seat.post(f"/api/redraws/{planned['id']}/cancel", {"reason": "缓办"}).status_code == 200
    assert not Grid.objects.filter(code=code).exists()
    assert Boundary.objects.get(code=town.GRID).valid_to is None


def test_what_stands_in_the_way_of_an_end_is_told_before(seat: Api) -> None:
    def obstacles(path: str) -> dict[str, list[str]]:
        answer = seat.get(f"/api/{path}/ending")
        assert answer.status_code == 200, answer.content.decode()
        return {one["code"]: one["codes"] for one in answer.json()["obstacles"]}

    assert obstacles(f"grids/{town.GRID}01") == {}
    assert obstacles(f"grids/{town.GRID}") == {
        "grids.still_has_ground": [],
        "grids.still_holds": [f"{town.GRID}01", f"{town.GRID}02"],
    }
    assert town.GRID in obstacles(f"divisions/{town.COMMUNITY}")["grids.still_holds"]
    told = seat.get(f"/api/grids/{town.GRID}/ending").json()
    assert told["team"] == 2 and told["earliest"] == clock.today().isoformat()


def test_an_undrawn_grid_that_holds_micro_grids_does_not_end(seat: Api) -> None:
    code = seat.post("/api/grids", NEW | {"valid_from": "2024-01-01"}).json()["code"]
    micro = seat.post("/api/grids", {"under": code, "type": "micro", "name": "楼栋", "valid_from": "2024-01-01"}).json()
    end = {"valid_to": clock.today()}
    refused = seat.post(f"/api/grids/{code}/end", end)
    assert (refused.status_code, refused.json()["data"]["codes"]) == (409, [micro["code"]])
    assert seat.post(f"/api/grids/{micro['code']}/end", end).status_code == 200
    assert seat.post(f"/api/grids/{code}/end", end).status_code == 200


def test_what_has_ended_does_not_end_again(seat: Api) -> None:
    micro = f"{town.GRID}01"
    today = clock.today()
    assert seat.post(f"/api/grids/{micro}/end", {"valid_to": today}).status_code == 200
    again = seat.post(f"/api/grids/{micro}/end", {"valid_to": today - timedelta(days=30)})
    assert (again.status_code, again.json()["code"]) == (409, "grids.ended_already")
    assert Grid.objects.get(code=micro).valid_to == today


def test_a_division_that_ends_leaves_the_map(seat: Api) -> None:
    code = "320104001003"
    body = {"code": code, "name": "新河社区", "valid_from": "2024-01-01"}
    assert seat.post("/api/divisions", body).status_code == 201
    shape = {"type": "Polygon", "coordinates": [[[118.9, 32], [118.91, 32], [118.91, 32.01], [118.9, 32]]]}
    drawn = seat.post(f"/api/divisions/{code}/draw", {"shape": shape})
    assert drawn.status_code == 200, drawn.content.decode()
    Boundary.objects.filter(code=code).update(valid_from="2024-01-01")
    assert seat.post(f"/api/divisions/{code}/end", {"valid_to": clock.today()}).status_code == 200
    assert Boundary.objects.get(code=code).valid_to == clock.today()
    ended = seat.get("/api/divisions", parent=town.STREET, ended=True).json()["items"]
    assert code in [one["code"] for one in ended]
    assert code not in [one["code"] for one in seat.get("/api/divisions", parent=town.STREET).json()["items"]]


def test_pages_are_told_what_may_be_edited(seat: Api, world: World) -> None:
    here, there = town.STREET, town.OTHER_STREET
    assert seat.get("/api/divisions", parent=here).json()["may_add"]
    assert not seat.get("/api/divisions", parent=there).json()["may_add"]
    assert seat.get(f"/api/divisions/{here}").json()["may_edit"]
    assert not api_as(world["grid_worker"]).get(f"/api/divisions/{here}").json()["may_edit"]


@pytest.mark.usefixtures("bare")
def test_what_a_hand_drew_over_the_border_is_cut_off(seat: Api) -> None:
    over = {
        "type": "Polygon",
        "coordinates": [[[118.78, 32.01], [118.792, 32.01], [118.792, 32.022], [118.78, 32.022], [118.78, 32.01]]],
    }
    made = seat.post("/api/grids", NEW | {"shape": over, "clip": True})
    assert made.status_code == 201, made.content.decode()
    assert made.json()["bounds"] == pytest.approx([118.79, 32.02, 118.792, 32.022])
    nowhere = {"type": "Polygon", "coordinates": [[[118.7, 32.01], [118.71, 32.01], [118.71, 32.02], [118.7, 32.01]]]}
    refused = seat.post("/api/grids", NEW | {"shape": nowhere, "clip": True})
    assert (refused.status_code, refused.json()["code"]) == (422, "grids.would_vanish")


def test_a_micro_grid_drawn_by_hand_stays_in_its_grid_and_beside_the_others(seat: Api) -> None:
    def draw(west: float, east: float) -> Any:
        ring = [[west, 32.02], [east, 32.02], [east, 32.022], [west, 32.022], [west, 32.02]]
        body = {"under": town.NEIGHBOUR_GRID, "type": "micro", "name": "楼栋", "clip": True}
        return seat.post("/api/grids", body | {"shape": {"type": "Polygon", "coordinates": [ring]}})

    assert draw(118.794, 118.797).json()["bounds"] == pytest.approx([118.795, 32.02, 118.797, 32.022])
    assert draw(118.796, 118.798).json()["bounds"] == pytest.approx([118.797, 32.02, 118.798, 32.022])

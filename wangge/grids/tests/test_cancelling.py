"""A planned redrawing is taken back before its day: the map as it was, the record as it happened."""

from datetime import date, timedelta
from typing import Any

import pytest

from wangge.core import clock
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry
from wangge.grids import queries
from wangge.grids.ground import put_boundaries
from wangge.grids.models import Boundary, Grid, Redraw, Succession, TeamMember
from wangge.grids.tasks import take_due_redraw
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

ACROSS = {"type": "LineString", "coordinates": [[118.789, 32.026], [118.7955, 32.026]]}
REASON = {"reason": "街道未批复"}


@pytest.fixture
def seat(world: World) -> Api:
    world.allow("street_seat", "grid.redraw")
    return api_as(world["street_seat"])


def tomorrow() -> date:
    return clock.today() + timedelta(days=1)


def split(api: Api, **more: Any) -> Any:
    answer = api.post(f"/api/grids/{town.GRID}/split", {"line": ACROSS, **more})
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def picture() -> dict[str, Any]:
    """Everything a redrawing touches, as it stands."""
    return {
        "grids": set(Grid.objects.values_list("code", "valid_from", "valid_to")),
        "ground": set(Boundary.objects.values_list("code", "valid_from", "valid_to", "area_m2")),
        "team": set(TeamMember.objects.values_list("grid", "kind", "name", "phone", "valid_from", "valid_to")),
        "successions": Succession.objects.count(),
    }


def test_a_planned_split_is_cancelled_and_nothing_of_it_is_left(seat: Api) -> None:
    until = clock.today() + timedelta(days=400)
    TeamMember.objects.filter(grid=town.GRID, kind="full_time").update(valid_to=until)
    TeamMember.objects.create(
        grid=town.GRID, kind="volunteer", name="下月来", phone="025-1", valid_from=clock.today() + timedelta(days=30)
    )
    before = picture()
    done = split(seat, valid_from=tomorrow())
    assert picture() != before
    cancelled = seat.post(f"/api/redraws/{done['redraw']}/cancel", REASON)
    assert cancelled.status_code == 200, cancelled.content.decode()
    assert picture() == before
    assert queries.index(tomorrow()).locate(118.791, 32.029) == town.GRID
    entry = JournalEntry.objects.get(kind="grid.redraw_cancelled")
    assert entry.subject_id == done["redraw"] and entry.data["reason"] == REASON["reason"]


def test_a_planned_merger_into_a_grid_that_goes_on_is_cancelled_with_its_team(seat: Api) -> None:
    before = picture()
    body = {"codes": [town.GRID, town.NEIGHBOUR_GRID], "into": town.NEIGHBOUR_GRID, "valid_from": tomorrow()}
    done = seat.post("/api/grids/merge", body)
    assert done.status_code == 200, done.content.decode()
    came = {("full_time", "王小格")}
    assert came <= set(TeamMember.objects.filter(grid=town.NEIGHBOUR_GRID).values_list("kind", "name"))
    assert seat.post(f"/api/redraws/{done.json()['redraw']}/cancel", REASON).status_code == 200
    assert picture() == before


def test_the_record_keeps_what_was_planned_and_who_cancelled_it(seat: Api, world: World) -> None:
    done = split(seat, valid_from=tomorrow())
    (planned,) = seat.get("/api/redraws", planned=True).json()["items"]
    assert planned["may_cancel"] and planned["name"] == "柳岸社区"
    assert not api_as(world["grid_worker"]).get("/api/redraws").json()["items"][0]["may_cancel"]
    assert [one["id"] for one in seat.get(f"/api/grids/{town.GRID}").json()["planned"]] == [done["redraw"]]
    seat.post(f"/api/redraws/{done['redraw']}/cancel", REASON)
    assert seat.get("/api/redraws", planned=True).json()["count"] == 0
    (kept,) = seat.get("/api/redraws").json()["items"]
    assert kept["cancel_reason"] == REASON["reason"] and kept["cancelled_by"] == world["street_seat"].user.name
    assert not kept["may_cancel"] and kept["effective_at"] is None
    assert seat.get(f"/api/grids/{town.GRID}").json()["planned"] == []


def test_a_cancelled_plan_never_takes_effect(seat: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    done = split(seat, valid_from=tomorrow())
    seat.post(f"/api/redraws/{done['redraw']}/cancel", REASON)
    later = clock.now() + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert not take_due_redraw()
    assert Redraw.objects.get().effective_at is None


def test_a_reason_is_needed(seat: Api) -> None:
    done = split(seat, valid_from=tomorrow())
    refused = seat.post(f"/api/redraws/{done['redraw']}/cancel", {"reason": "  "})
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["reason"])


def test_what_is_in_force_is_not_cancelled(seat: Api) -> None:
    done = split(seat)
    refused = seat.post(f"/api/redraws/{done['redraw']}/cancel", REASON)
    assert (refused.status_code, refused.json()["code"]) == (409, "grids.in_force")
    assert Grid.objects.get(code=town.GRID).valid_to == clock.today()


def test_two_who_cancel_are_told_of_each_other(seat: Api, world: World) -> None:
    done = split(seat, valid_from=tomorrow())
    assert seat.post(f"/api/redraws/{done['redraw']}/cancel", REASON).status_code == 200
    again = seat.post(f"/api/redraws/{done['redraw']}/cancel", REASON)
    assert (again.status_code, again.json()["code"]) == (409, "grids.cancelled_already")
    assert world["street_seat"].user.name in again.json()["message"]


def test_only_those_who_may_redraw_there_cancel(world: World, seat: Api) -> None:
    path = f"/api/redraws/{split(seat, valid_from=tomorrow())['redraw']}/cancel"
    assert api_as(world["grid_worker"]).post(path, REASON).status_code == 403
    assert api_as(world.stranger("street_seat")).post(path, REASON).status_code == 404
    assert Redraw.objects.get().cancelled_at is None


def test_what_another_plan_builds_on_is_cancelled_after_that(seat: Api) -> None:
    first = split(seat, valid_from=tomorrow())
    north, south = first["created"]
    day = tomorrow() + timedelta(days=5)
    second = seat.post("/api/grids/merge", {"codes": [north, south], "valid_from": day})
    assert second.status_code == 200, second.content.decode()
    refused = seat.post(f"/api/redraws/{first['redraw']}/cancel", REASON)
    assert (refused.status_code, refused.json()["code"]) == (409, "grids.built_on")
    assert seat.post(f"/api/redraws/{second.json()['redraw']}/cancel", REASON).status_code == 200
    assert seat.post(f"/api/redraws/{first['redraw']}/cancel", REASON).status_code == 200


def test_two_plans_for_one_day_and_one_ground_are_not_made(seat: Api) -> None:
    north, south = split(seat, valid_from=tomorrow())["created"]
    refused = seat.post("/api/grids/merge", {"codes": [north, south], "valid_from": tomorrow()})
    assert (refused.status_code, refused.json()["code"]) == (409, "grids.later_change")


def test_a_planned_grid_that_somebody_holds_already_stays(seat: Api, world: World) -> None:
    done = split(seat, valid_from=tomorrow())
    post = world["grid_worker"].post
    post.codes = [done["created"][0]]
    post.save(update_fields=["codes"])
    refused = seat.post(f"/api/redraws/{done['redraw']}/cancel", REASON)
    assert (refused.status_code, refused.json()["code"]) == (409, "grids.planned_grid_used")


def test_a_planned_end_is_cancelled(seat: Api) -> None:
    before = picture()
    micro = f"{town.GRID}01"
    assert seat.post(f"/api/grids/{micro}/end", {"valid_to": tomorrow()}).status_code == 200
    (planned,) = seat.get(f"/api/grids/{micro}").json()["planned"]
    assert planned["kind"] == "end"
    assert seat.post(f"/api/redraws/{planned['id']}/cancel", REASON).status_code == 200
    assert picture() == before


def test_a_planned_import_is_cancelled(seat: Api) -> None:
    before = picture()
    shapes = {town.GRID: town.SHAPES[town.GRID].buffer(-0.0005)}
    put_boundaries(shapes, tomorrow(), source="边界.geojson")
    redraw = Redraw.objects.create(
        id=new_id(), kind="import", community=town.COMMUNITY, date=tomorrow(), changed=[town.GRID], at=clock.now()
    )
    assert picture() != before
    assert seat.post(f"/api/redraws/{redraw.pk}/cancel", REASON).status_code == 200
    assert picture() == before

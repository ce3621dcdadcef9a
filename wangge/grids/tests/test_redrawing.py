"""Grids redrawn through the API: dated, checked, on the record; nothing lost and nothing drawn twice."""

from datetime import timedelta
from typing import Any

import pytest
import shapely
from django.db import connection

from wangge.core import clock
from wangge.core.models import JournalEntry
from wangge.grids import queries
from wangge.grids.models import Boundary, Grid, Redraw, Succession, TeamMember
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

# 001 is the western half of the community: 118.79–118.795, 32.02–32.03
ACROSS = {"type": "LineString", "coordinates": [[118.789, 32.026], [118.7955, 32.026]]}
TODAY = clock.today


@pytest.fixture
def seat(world: World) -> Api:
    world.allow("street_seat", "grid.redraw")
    return api_as(world["street_seat"])


@pytest.fixture
def bare(world: World) -> None:
    """Without micro grids, which would be cut by a line and refuse it."""
    Boundary.objects.filter(code__startswith=town.GRID, code__gt=town.GRID).delete()
    Grid.objects.filter(code__startswith=town.GRID, code__gt=town.GRID).delete()


def split(api: Api, **more: Any) -> Any:
    answer = api.post(f"/api/grids/{town.GRID}/split", {"line": ACROSS, **more})
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def test_a_split_ends_the_grid_and_begins_two_with_new_codes(seat: Api) -> None:
    done = split(seat, names=["北片", "南片"])
    north, south = f"{town.COMMUNITY}004", f"{town.COMMUNITY}005"
    assert done["created"] == [north, south]
    assert done["ended"] == [town.GRID, f"{town.GRID}01", f"{town.GRID}02"]
    assert Grid.objects.get(code=town.GRID).valid_to == TODAY()
    assert Boundary.objects.get(code=town.GRID).valid_to == TODAY()
    assert Grid.objects.get(code=north).name == "北片"
    old_m2 = Boundary.objects.get(code=town.GRID).area_m2
    passed = {row.to_code: row.area_m2 for row in Succession.objects.filter(from_code=town.GRID)}
    assert set(passed) == {north, south}
    assert sum(passed.values()) == pytest.approx(old_m2, rel=1e-6)
    assert passed[south] / old_m2 == pytest.approx(0.6, abs=0.001)
    assert queries.grid_at(118.791, 32.029) == north
    assert queries.index(TODAY() - timedelta(days=1)).locate(118.791, 32.029) == town.GRID
    entry = JournalEntry.objects.get(kind="grid.redrawn")
    assert entry.code == town.COMMUNITY and entry.data["ended"][0] == town.GRID
    assert seat.get("/api/coverage", community=town.COMMUNITY).json()["is_whole"]


def test_those_who_served_on_the_whole_serve_on_the_parts(seat: Api, world: World) -> None:
    created = split(seat)["created"]
    for code in created:
        serving = TeamMember.objects.filter(grid=code).values_list("kind", "name")
        assert set(serving) == {("chief", "李格长"), ("full_time", "王小格")}
    assert set(TeamMember.objects.filter(grid=town.GRID).values_list("valid_to", flat=True)) == {TODAY()}
    world["grid_worker"].post.refresh_from_db()
    assert world["grid_worker"].post.codes == [created[1], created[0]]  # the larger part first
    assert JournalEntry.objects.filter(kind="post.followed_grids").count() == 2


@pytest.mark.usefixtures("bare")
def test_merged_into_a_grid_that_goes_on_the_other_team_comes_along(seat: Api) -> None:
    for grid, kind, name in (
        (town.GRID, "chief", "李格长"),
        (town.NEIGHBOUR_GRID, "chief", "周格长"),
        (town.NEIGHBOUR_GRID, "full_time", "吴小格"),
    ):
        TeamMember.objects.get_or_create(grid=grid, kind=kind, name=name, defaults={"valid_from": "2020-01-01"})
    body = {"codes": [town.GRID, town.NEIGHBOUR_GRID], "into": town.GRID}
    done = seat.post("/api/grids/merge", body)
    assert done.status_code == 200 and done.json()["ended"] == [town.NEIGHBOUR_GRID], done.content.decode()
    serving = TeamMember.objects.filter(grid=town.GRID, valid_to=None).values_list("kind", "name")
    assert ("full_time", "吴小格") in serving
    assert [name for kind, name in serving if kind == "chief"] == ["李格长"]


@pytest.mark.usefixtures("bare")
def test_a_split_may_keep_the_code_for_one_part(seat: Api) -> None:
    new = f"{town.COMMUNITY}020"
    done = split(seat, codes=[new, town.GRID])
    assert (done["created"], done["ended"]) == ([new], [])
    assert Grid.objects.get(code=town.GRID).valid_to is None
    assert Boundary.objects.filter(code=town.GRID).count() == 2
    assert seat.get(f"/api/grids/{town.GRID}").json()["area_m2"] < 400_000


def test_a_preview_writes_nothing(seat: Api) -> None:
    done = split(seat, preview=True)
    assert done["redraw"] is None and len(done["shapes"]) == 2
    assert not Redraw.objects.exists() and Grid.objects.get(code=town.GRID).valid_to is None


def test_sent_twice_it_is_done_once(seat: Api) -> None:
    body, key = {"line": ACROSS}, "0190e6a0-0000-7000-8000-000000000001"
    first = seat.post(f"/api/grids/{town.GRID}/split", body, Idempotency_Key=key)
    again = seat.post(f"/api/grids/{town.GRID}/split", body, Idempotency_Key=key)
    assert first.status_code == 200 and first.json() == again.json()
    assert Redraw.objects.count() == 1


def test_a_line_that_does_not_cut_is_refused(seat: Api) -> None:
    line = {"type": "LineString", "coordinates": [[118.70, 32.0], [118.71, 32.0]]}
    refused = seat.post(f"/api/grids/{town.GRID}/split", {"line": line})
    assert (refused.status_code, refused.json()["code"]) == (422, "grids.line_does_not_cut")


@pytest.mark.usefixtures("bare")
def test_codes_are_never_used_again(seat: Api) -> None:
    refused = seat.post(f"/api/grids/{town.GRID}/split", {"line": ACROSS, "codes": [town.DEDICATED_GRID, town.GRID]})
    assert (refused.status_code, refused.json()["code"]) == (409, "grids.code_used")
    twice = seat.post(f"/api/grids/{town.GRID}/split", {"line": ACROSS, "codes": [town.GRID, town.GRID]})
    assert twice.status_code == 409
    taken = seat.post("/api/grids/merge", {"codes": [town.GRID, town.NEIGHBOUR_GRID], "into": town.DEDICATED_GRID})
    assert (taken.status_code, taken.json()["code"]) == (409, "grids.code_used")
    Grid.objects.create(
        code=f"{town.COMMUNITY}008",
        name="曾经的网格",
        type="general",
        community=town.COMMUNITY,
        valid_from="2020-01-01",
        valid_to="2021-01-01",
    )
    body = {"line": ACROSS, "codes": [f"{town.COMMUNITY}008", town.GRID]}
    refused = seat.post(f"/api/grids/{town.GRID}/split", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "grids.code_used")
    foreign = seat.post(
        f"/api/grids/{town.GRID}/split", body | {"codes": [f"{town.NEIGHBOUR_COMMUNITY}009", town.GRID]}
    )
    assert foreign.status_code == 422
    assert not Redraw.objects.exists()


def test_redrawing_is_for_those_who_may_and_where_they_may(world: World) -> None:
    path, body = f"/api/grids/{town.GRID}/split", {"line": ACROSS}
    assert api_as(world["grid_worker"]).post(path, body).status_code == 403
    assert api_as(world.stranger("street_seat")).post(path, body).status_code == 404
    assert api_as(world["street_seat"]).post("/api/grids/320104001001077/split", body).status_code == 404
    assert not Redraw.objects.exists()


@pytest.mark.usefixtures("bare")
def test_a_merger_joins_neighbours_and_keeps_what_they_were(seat: Api) -> None:
    done = seat.post("/api/grids/merge", {"codes": [town.GRID, town.NEIGHBOUR_GRID], "name": "合并网格"}).json()
    assert done["created"] == [f"{town.COMMUNITY}004"]
    assert done["ended"] == [town.GRID, town.NEIGHBOUR_GRID]
    card = seat.get(f"/api/grids/{town.COMMUNITY}004").json()
    assert card["name"] == "合并网格" and {one["from_code"] for one in card["came_from"]} == set(done["ended"])
    assert seat.get("/api/coverage", community=town.COMMUNITY).json()["is_whole"]


def test_grids_of_two_communities_are_not_merged(seat: Api) -> None:
    refused = seat.post("/api/grids/merge", {"codes": [town.GRID, f"{town.NEIGHBOUR_COMMUNITY}001"]})
    assert (refused.status_code, refused.json()["code"]) == (422, "grids.other_community")


@pytest.mark.usefixtures("bare")
def test_a_moved_border_changes_two_grids_and_no_third(seat: Api) -> None:
    line = {"type": "LineString", "coordinates": [[118.796, 32.019], [118.796, 32.031]]}
    body = {"one": town.GRID, "other": town.NEIGHBOUR_GRID, "line": line}
    done = seat.post("/api/grids/move-border", body).json()
    assert (done["created"], done["ended"]) == ([], [])
    assert set(done["shapes"]) == {town.GRID, town.NEIGHBOUR_GRID}
    gained = Succession.objects.get(from_code=town.NEIGHBOUR_GRID, to_code=town.GRID).area_m2
    assert gained == pytest.approx(94 * 1109, rel=0.02)
    assert queries.grid_at(118.7955, 32.021) == town.GRID


@pytest.mark.usefixtures("bare")
def test_a_drawn_grid_takes_from_its_neighbours(seat: Api) -> None:
    made = seat.post("/api/grids", {"under": town.COMMUNITY, "name": "新小区", "valid_from": "2024-01-01"}).json()[
        "code"
    ]
    shape = {
        "type": "Polygon",
        "coordinates": [[[118.79, 32.02], [118.792, 32.02], [118.792, 32.022], [118.79, 32.022], [118.79, 32.02]]],
    }
    done = seat.post(f"/api/grids/{made}/draw", {"shape": shape})
    assert done.status_code == 200, done.content.decode()
    assert set(done.json()["shapes"]) == {made, town.GRID}
    assert queries.grid_at(118.791, 32.021) == made
    assert seat.get("/api/coverage", community=town.COMMUNITY).json()["is_whole"]


def test_a_drawing_outside_the_community_is_refused(seat: Api) -> None:
    ring = [[118.78, 32.02], [118.795, 32.02], [118.795, 32.03], [118.78, 32.03], [118.78, 32.02]]
    body = {"shape": {"type": "Polygon", "coordinates": [ring]}}
    refused = seat.post(f"/api/grids/{town.GRID}/draw", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "grids.leaves_community")
    open_ring = {"type": "Polygon", "coordinates": [[*ring[:-1], [1, 2]]]}
    assert seat.post(f"/api/grids/{town.GRID}/draw", {"shape": open_ring}).status_code == 422


def test_a_micro_grid_takes_nothing_from_anybody(seat: Api) -> None:
    made = seat.post(
        "/api/grids", {"under": town.NEIGHBOUR_GRID, "type": "micro", "name": "楼栋", "valid_from": "2024-01-01"}
    ).json()["code"]

    def draw(west: float, east: float) -> Any:
        ring = [[west, 32.02], [east, 32.02], [east, 32.022], [west, 32.022], [west, 32.02]]
        return seat.post(f"/api/grids/{made}/draw", {"shape": {"type": "Polygon", "coordinates": [ring]}})

    outside = draw(118.794, 118.797)
    assert (outside.status_code, outside.json()["code"]) == (422, "grids.breaks_net")
    assert outside.json()["data"]["findings"][0]["kind"] == "boundary.micro_outside_grid"
    assert draw(118.796, 118.798).status_code == 200
    assert queries.index().locate_micro(118.797, 32.021) == made


def test_a_later_day_changes_nothing_until_it_comes(seat: Api) -> None:
    tomorrow = TODAY() + timedelta(days=1)
    done = split(seat, valid_from=tomorrow)
    assert queries.grid_at(118.791, 32.029) == town.GRID
    assert queries.index(tomorrow).locate(118.791, 32.029) == done["created"][0]
    redraw = Redraw.objects.get()
    assert redraw.effective_at is None
    assert [one["id"] for one in seat.get("/api/redraws", planned=True).json()["items"]] == [str(redraw.pk)]
    other = seat.post(f"/api/grids/{town.GRID}/split", {"line": ACROSS})
    assert (other.status_code, other.json()["code"]) == (409, "grids.later_change")


def test_a_past_day_needs_its_reason(seat: Api) -> None:
    body = {"line": ACROSS, "valid_from": TODAY() - timedelta(days=10)}
    refused = seat.post(f"/api/grids/{town.GRID}/split", body)
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["reason"])
    done = split(seat, valid_from=TODAY() - timedelta(days=10), reason="补录街道批复")
    assert queries.index(TODAY() - timedelta(days=5)).locate(118.791, 32.029) == done["created"][0]


def test_two_periods_of_one_boundary_never_overlap(seat: Api) -> None:
    split(seat)
    with connection.cursor() as cursor:
        cursor.execute(
            """select count(*) from grids_boundary a join grids_boundary b on a.code = b.code and a.id < b.id
               where daterange(a.valid_from, a.valid_to) && daterange(b.valid_from, b.valid_to)"""
        )
        assert cursor.fetchone() == (0,)


def test_a_community_is_drawn_as_it_is_given(seat: Api) -> None:
    shape = town.SHAPES[town.COMMUNITY]
    ring = [list(point) for point in shapely.get_coordinates(shape.buffer(-0.0001))]
    body = {"shape": {"type": "Polygon", "coordinates": [ring]}}
    assert seat.post(f"/api/divisions/{town.COMMUNITY}/draw", body).status_code == 200
    assert not seat.get("/api/coverage", community=town.COMMUNITY).json()["is_whole"]

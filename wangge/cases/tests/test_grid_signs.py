"""The sign that hangs in a grid: what stands on it is public, and its address opens a report in that grid."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wangge.cases.models import Case
from wangge.core import clock
from wangge.grids.models import Grid, TeamMember
from wangge.testing import town
from wangge.testing.client import anybody, api_as
from wangge.testing.world import World

SIGNS = "/api/grid-signs"


def test_a_sign_says_who_serves_and_leads_to_a_report_in_its_grid(world: World) -> None:
    chief = TeamMember.objects.get(grid=town.GRID, kind="chief")
    chief.phone = "025-8888-0101"
    chief.save(update_fields=["phone"])
    [sign] = api_as(world["community"]).get(SIGNS, under=town.GRID).json()
    assert (sign["code"], sign["community"], sign["street"]) == (town.GRID, "柳岸社区", "桃叶街道")
    assert [(one["kind"], one["name"]) for one in sign["team"]] == [("chief", "李格长"), ("full_time", "王小格")]
    assert sign["team"][0]["phone"] == "025-8888-0101"
    assert sign["address"] == f"http://testserver/public/report?grid={town.GRID}"
    assert sign["svg"].startswith("<svg")

    scanned = anybody().get(f"/api/public/grids/{town.GRID}").json()
    assert scanned == {key: value for key, value in sign.items() if key not in ("address", "svg", "english")}
    made = anybody().post("/api/public/reports", {"title": "楼道灯坏", "code": scanned["code"]})
    assert made.status_code == 201
    assert Case.objects.get(number=made.json()["number"]).current_grid == town.GRID


def test_english_stands_beneath_where_the_house_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = api_as(world["community"])
    assert [one["english"] for one in reader.get(SIGNS, under=town.GRID).json()] == [False]
    monkeypatch.setattr(settings, "SIGNS_IN_ENGLISH", True)
    assert [one["english"] for one in reader.get(SIGNS, under=town.GRID).json()] == [True]


def test_the_signs_of_a_community_come_together_without_its_micro_grids(world: World) -> None:
    seat = api_as(world["street_seat"])
    seat.get(SIGNS, under=town.GRID)  # units are read once for all
    with CaptureQueriesContext(connection) as of_one:
        seat.get(SIGNS, under=town.GRID)
    with CaptureQueriesContext(connection) as of_all:
        signs = seat.get(SIGNS, under=town.COMMUNITY).json()
    assert [sign["code"] for sign in signs] == [town.GRID, town.NEIGHBOUR_GRID, town.DEDICATED_GRID]
    assert len(of_all) == len(of_one)
    assert len({sign["svg"] for sign in signs}) == 3


def test_a_micro_grid_is_served_by_its_grids_people(world: World) -> None:
    Grid.objects.get_or_create(
        code=town.MICRO_GRID,
        defaults={"name": "1栋", "type": "micro", "community": town.COMMUNITY, "valid_from": "2020-01-01"},
    )
    [sign] = api_as(world["community"]).get(SIGNS, under=town.MICRO_GRID).json()
    assert [one["name"] for one in sign["team"]] == ["李格长", "王小格"]


def test_who_served_before_stands_on_no_sign(world: World) -> None:
    TeamMember.objects.filter(grid=town.GRID, kind="chief").update(valid_to=clock.today())
    [sign] = api_as(world["community"]).get(SIGNS, under=town.GRID).json()
    assert [one["kind"] for one in sign["team"]] == ["full_time"]


@pytest.mark.parametrize("period", [{"valid_to": 0}, {"valid_from": 1, "valid_to": None}])
def test_a_grid_that_is_over_or_to_come_is_not_there(world: World, period: dict[str, int | None]) -> None:
    days = {name: None if n is None else clock.today() + timedelta(days=n) for name, n in period.items()}
    Grid.objects.filter(code=town.GRID).update(**days)
    assert anybody().get(f"/api/public/grids/{town.GRID}").status_code == 404
    assert api_as(world["community"]).get(SIGNS, under=town.GRID).status_code == 404
    assert town.GRID not in [
        sign["code"] for sign in api_as(world["community"]).get(SIGNS, under=town.COMMUNITY).json()
    ]


def test_an_unknown_code_is_not_there_and_an_odd_one_is_refused(world: World) -> None:
    seat = api_as(world["community"])
    assert anybody().get("/api/public/grids/999999999999999").status_code == 404
    assert anybody().get("/api/public/grids/12").status_code == 422
    assert seat.get(SIGNS, under="999999999999").status_code == 404
    assert seat.get(SIGNS, under=town.STREET).status_code == 422


def test_where_residents_come_another_way_that_address_is_printed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://wg.example")
    [sign] = api_as(world["community"]).get(SIGNS, under=town.GRID).json()
    assert sign["address"] == f"https://wg.example/public/report?grid={town.GRID}"

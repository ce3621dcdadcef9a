"""A division ends only when nobody works there, nobody looks after it and no case is open in it."""

from datetime import timedelta
from typing import Any

import pytest

from wangge.accounts.models import PartnerSystem, Post, Unit
from wangge.cases.models import Case
from wangge.core import clock
from wangge.grids.models import Division
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

PLACE = f"{town.STREET}003"  # nothing is in it yet


@pytest.fixture
def seat(world: World) -> Api:
    Division.objects.create(code=PLACE, name="新河社区", level=12, valid_from="2020-01-01")
    return api_as(world["street_seat"])


def refusals(api: Api) -> set[str]:
    """Told before, and the first of them again when it is tried."""
    told = [one["code"] for one in api.get(f"/api/divisions/{PLACE}/ending").json()["obstacles"]]
    tried: Any = api.post(f"/api/divisions/{PLACE}/end", {"valid_to": clock.today()})
    assert (tried.status_code, tried.json().get("code")) == ((409, told[0]) if told else (200, PLACE)), tried.content
    return set(told)


def test_a_division_with_a_centre_does_not_end(seat: Api) -> None:
    Unit.objects.create(
        code="C-003", name="新河社区中心", kind="centre", path="C-003/", division=PLACE, valid_from="2020-01-01"
    )
    assert refusals(seat) == {"grids.still_served"}
    Unit.objects.filter(code="C-003").update(valid_to=clock.today())
    assert refusals(seat) == set()


def test_a_division_that_a_post_looks_after_does_not_end(seat: Api, world: World) -> None:
    post = world["community"].post
    Post.objects.filter(pk=post.pk).update(codes=[town.COMMUNITY, PLACE])
    assert refusals(seat) == {"grids.still_looked_after"}
    Post.objects.filter(pk=post.pk).update(codes=[town.COMMUNITY])
    assert refusals(seat) == set()


def test_a_post_may_look_after_it_until_the_day_it_ends(seat: Api, world: World) -> None:
    today, tomorrow = clock.today(), clock.today() + timedelta(days=1)
    Post.objects.filter(pk=world["community"].post.pk).update(codes=[PLACE], valid_to=tomorrow)
    early = seat.post(f"/api/divisions/{PLACE}/end", {"valid_to": today})
    assert (early.status_code, early.json()["code"]) == (409, "grids.still_looked_after")
    assert seat.post(f"/api/divisions/{PLACE}/end", {"valid_to": tomorrow}).status_code == 200


def test_a_division_that_a_partner_reports_from_does_not_end(seat: Api) -> None:
    partner = PartnerSystem.objects.create(
        code="12345", name="热线", key_sealed=b"x", codes=[PLACE], permissions=[], created_at=clock.now()
    )
    assert refusals(seat) == {"grids.still_looked_after"}
    PartnerSystem.objects.filter(pk=partner.pk).update(is_active=False)
    assert refusals(seat) == set()


def test_a_division_with_open_cases_does_not_end(seat: Api) -> None:
    body = {"source": "telephone", "title": "积水", "code": PLACE}
    made = seat.post("/api/cases", body)
    assert made.status_code == 201, made.content.decode()
    assert refusals(seat) == {"grids.still_open_cases"}
    Case.objects.filter(pk=made.json()["id"]).update(current_grid=town.GRID)
    assert refusals(seat) == set()

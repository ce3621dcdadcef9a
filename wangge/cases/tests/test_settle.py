"""自办自结 of a case that nobody has given a category yet: whoever settles it says what it was."""

from typing import Any

import pytest

from wangge.cases.configuration import REVISION
from wangge.cases.models import Case, Category, Step
from wangge.cases.tests import made
from wangge.core import clock
from wangge.core.revisions import bump
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

DONE = {"outcome": "solved", "text": "已清理"}


@pytest.fixture
def case(world: World) -> Case:
    found = made.reported(world, 1, at=clock.now())[0]
    found.category = None
    found.lon, found.lat = town.point_in(town.GRID)
    found.save(update_fields=["category", "lon", "lat"])
    return found


def kind(code: str = "01", *, settle_on_spot: bool = True) -> Category:
    made_now = made.category(code, settle_on_spot=settle_on_spot)
    bump(REVISION)
    return made_now


def needs(api: Api, case: Case, move: str) -> list[str]:
    moves = api.get(f"/api/cases/{case.pk}").json()["moves"]
    found: list[str] = next(one["needs"] for one in moves if one["kind"] == move)
    return found


def settled(api: Api, case: Case, **more: Any) -> Any:
    return api.post(f"/api/cases/{case.pk}/settle", DONE | more)


def test_it_is_asked_only_where_there_is_none(world: World, case: Case) -> None:
    worker, seat = api_as(world["grid_worker"]), api_as(world["street_seat"])
    assert needs(worker, case, "settle") == ["category", "outcome", "text"]
    assert needs(seat, case, "accept") == ["category"]
    Case.objects.filter(pk=case.pk).update(category=kind())
    assert needs(worker, case, "settle") == ["outcome", "text"]
    assert needs(seat, case, "accept") == []


def test_who_settles_says_what_it_was(world: World, case: Case) -> None:
    category = kind()
    worker = api_as(world["grid_worker"])
    answer = settled(worker, case)
    assert (answer.status_code, "category_id" in answer.json()["fields"]) == (422, True)
    assert settled(worker, case, category_id=category.pk).status_code == 200
    case.refresh_from_db()
    assert (case.category_id, case.state, case.self_settled) == (category.pk, "closed", True)
    assert Step.objects.get(case=case, kind="settle").data["before"] == {"category_id": None, "condition_id": None}


def test_a_kind_that_the_centre_must_see_is_not_settled_by_naming_it(world: World, case: Case) -> None:
    answer = settled(api_as(world["grid_worker"]), case, category_id=kind(settle_on_spot=False).pk)
    assert (answer.status_code, "category_id" in answer.json()["fields"]) == (422, True)
    case.refresh_from_db()
    assert (case.category_id, case.state) == (None, "reported")


def test_what_the_centre_chose_stands(world: World, case: Case) -> None:
    chosen, other = kind(), kind("9902")
    Case.objects.filter(pk=case.pk).update(category=chosen)
    worker = api_as(world["grid_worker"])
    assert settled(worker, case, category_id=other.pk).status_code == 422
    assert settled(worker, case, category_id=chosen.pk).status_code == 200


def test_no_such_category_is_said(world: World, case: Case) -> None:
    answer = settled(api_as(world["grid_worker"]), case, category_id=2**40)
    assert (answer.status_code, "category_id" in answer.json()["fields"]) == (422, True)

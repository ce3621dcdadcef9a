"""A unit ends only when nothing of the cases names it any more."""

from datetime import timedelta
from typing import Any

import pytest

from wangge.accounts.models import Post, Unit
from wangge.cases.models import (
    Assignment,
    Case,
    Category,
    Condition,
    Deadline,
    DispatchRule,
    Muster,
    ProcedureStep,
    Whistle,
)
from wangge.cases.tests import made
from wangge.core import clock
from wangge.core.ids import new_id
from wangge.core.revisions import bump
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World

TOMORROW = timedelta(days=1)


@pytest.fixture
def branch(world: World) -> Unit:
    """Nobody holds a post in it."""
    unit = world.unit("D-CG-1")
    Post.objects.filter(unit=unit).update(revoked_at=clock.now())
    return unit


def end(world: World, unit: Unit) -> Any:
    day = str(clock.today() + TOMORROW)
    return api_as(world["administrator"]).patch(f"/api/units/{unit.pk}", {"valid_to": day})


def in_the_way(world: World, unit: Unit) -> dict[str, int]:
    answer = end(world, unit)
    if answer.status_code == 200:
        return {}
    assert (answer.status_code, answer.json()["code"]) == (409, "unit.still_used"), answer.content
    assert Unit.objects.get(pk=unit.pk).valid_to is None
    return {one["kind"]: one["count"] for one in answer.json()["data"]["obstacles"]}


def whistle(case: Case, *, centre: Unit, by: Unit) -> Whistle:
    return Whistle.objects.create(
        id=new_id(),
        number="CS1",
        case=case,
        code=town.GRID,
        by_unit_path=by.path,
        by_name="王网格",
        centre=centre,
        reason="占道",
        called_at=clock.now(),
    )


def test_a_unit_nothing_names_ends(world: World, branch: Unit) -> None:
    assert in_the_way(world, branch) == {}


def test_cases_it_leads_or_assists_in(world: World, branch: Unit) -> None:
    first, second = made.handling(world, 2, at=clock.now(), unit="D-CG-1")
    third = made.handling(world, 1, at=clock.now(), unit="D-SW")[0]
    at = clock.now()
    Assignment.objects.create(
        case=third, unit=branch, unit_path=branch.path, role="assist", reported_at=at, dispatched_at=at
    )
    answer = end(world, branch).json()
    assert answer["data"]["obstacles"] == [
        {"kind": "cases_led", "count": 2, "examples": [first.number, second.number]},
        {"kind": "cases_assisted", "count": 1, "examples": [third.number]},
    ]
    assert "2 件主办案件、1 件协办案件" in answer["message"]
    Assignment.objects.filter(role="assist").update(finished_at=at)
    Assignment.objects.filter(case=first).update(ended_at=at, ended_how="returned")
    Case.objects.filter(pk=second.pk).update(state="closed", outcome="solved", closed_at=at)
    assert in_the_way(world, branch) == {}


def test_cases_a_centre_holds(world: World) -> None:
    street = world.unit(town.OTHER_STREET)
    Unit.objects.filter(parent=street).update(valid_to=clock.today() + TOMORROW)
    Post.objects.filter(unit=street).update(revoked_at=clock.now())
    case = made.reported(world, 1, at=clock.now())[0]
    Case.objects.filter(pk=case.pk).update(holder=street, holder_path=street.path)
    assert in_the_way(world, street) == {"cases_held": 1}
    Case.objects.filter(pk=case.pk).update(state="refused", refused_at=clock.now())
    assert in_the_way(world, street) == {}


@pytest.mark.parametrize("role", ["centre", "caller", "called"])
def test_open_whistles(world: World, branch: Unit, role: str) -> None:
    other = world.unit("D-SW")
    case = made.handling(world, 1, at=clock.now(), unit="D-SW")[0]
    blown = whistle(case, centre=branch if role == "centre" else other, by=branch if role == "caller" else other)
    if role == "called":
        Muster.objects.create(whistle=blown, unit=branch, unit_path=branch.path, called_at=clock.now())
    assert in_the_way(world, branch) == {"whistles": 1}
    Whistle.objects.update(ended_at=clock.now())
    assert in_the_way(world, branch) == {}


def test_dispatch_rules_that_last_longer(world: World, branch: Unit) -> None:
    rule = DispatchRule.objects.create(order=1, code=town.DISTRICT, unit=branch, valid_from="2026-01-01")
    assert in_the_way(world, branch) == {"dispatch_rules": 1}
    rule.valid_to = clock.today() + TOMORROW
    rule.save(update_fields=["valid_to"])
    assert in_the_way(world, branch) == {}


@pytest.mark.parametrize("where", ["first", "condition", "step"])
def test_categories_that_name_it(world: World, branch: Unit, where: str) -> None:
    category = Category.objects.filter(scheme__code="WG", is_leaf=True)[0]
    if where == "first":
        Category.objects.filter(pk=category.pk).update(first_handler=branch.code)
    elif where == "condition":
        Condition.objects.create(category=category, number=90, accept_when="x", unit=branch)
    else:
        ProcedureStep.objects.create(category=category, number=90, name_zh="x", unit=branch)
    assert in_the_way(world, branch) == {"categories": 1}
    Category.objects.filter(pk=category.pk).update(is_active=False)
    assert in_the_way(world, branch) == {}


def test_a_case_reopened_after_its_centre_ended_goes_to_the_centre_there_is_now(world: World) -> None:
    community = world.unit(town.COMMUNITY)
    case = made.reported(world, 1, at=clock.now())[0]
    Case.objects.filter(pk=case.pk).update(
        state="closed",
        outcome="solved",
        closed_at=clock.now(),
        holder=community,
        holder_path=community.path,
    )
    Unit.objects.filter(pk=community.pk).update(valid_to=clock.today(), valid_from="2020-01-01")
    bump("units")
    answer = api_as(world["commander"]).post(f"/api/cases/{case.pk}/reopen", {"reason": "又坏了"})
    assert answer.status_code == 200, answer.content
    again = Case.objects.get(pk=case.pk)
    assert (again.state, again.holder_path) == ("accepted", world.unit(town.STREET).path)
    assert Deadline.objects.get(case=case, stage="dispatch").unit_path == again.holder_path

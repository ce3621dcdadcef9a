"""督办台 through the API: numbers by unit, the cases behind each of them, and what was answered."""

from datetime import timedelta
from typing import Any

import pytest

from wangge.cases.models import Case, Supervision
from wangge.cases.tests import made
from wangge.core import clock
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

VIEWS = ("overdue", "soon", "ordered", "yellow", "red", "owing")


def board(api: Api, **asked: Any) -> Any:
    answer = api.get("/api/supervision", **asked)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def cases(api: Api, **asked: Any) -> Any:
    answer = api.get("/api/supervision/cases", **asked)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def give(case: Case, step: int, *, unit: str = "D-CG-1", world: World, receipt: bool = False) -> Supervision:
    at = clock.now() - timedelta(hours=1)
    Case.objects.filter(pk=case.pk).update(supervision=step)
    return Supervision.objects.create(
        case=case,
        step=step,
        by_rule=False,
        unit_path=world.unit(unit).path,
        text="请立即处置",
        at=at,
        receipt_at=at if receipt else None,
        receipt_by="城管一中队 李明" if receipt else "",
        receipt_text="已到场" if receipt else "",
    )


@pytest.fixture
def late(world: World) -> list[Case]:
    """Three past due with a branch: one has a red card without an answer, one a yellow card with one."""
    found = made.handling(world, 3, at=clock.now() - timedelta(days=30))
    give(found[0], 5, world=world)
    give(found[1], 4, world=world, receipt=True)
    return found


def test_every_number_of_the_board_is_the_number_of_cases_behind_it(world: World, late: list[Case]) -> None:
    made.reported(world, 2, at=clock.now() - timedelta(minutes=1))  # five minutes to answer: soon
    made.handling(world, 1, at=clock.now(), unit="D-GA")
    seat = api_as(world["street_seat"])
    shown = board(seat, hours=4)
    assert shown["totals"] == {"overdue": 3, "soon": 2, "ordered": 2, "yellow": 1, "red": 1, "owing": 1}
    for view in VIEWS:
        assert cases(seat, view=view, hours=4)["count"] == shown["totals"][view], view
    for unit in shown["units"]:
        for view in VIEWS:
            counted = cases(seat, view=view, unit=unit["path"], hours=4)["count"]
            assert counted == unit[view], (unit["name"], view)
    assert [unit["name"] for unit in shown["units"]] == [world.unit("D-CG-1").name, world.unit(town.STREET).name]
    kinds = {unit["kind"] for unit in board(seat, kind="branch")["units"]}
    assert kinds == {"branch"}


def test_looking_further_ahead_finds_more_that_falls_due(world: World) -> None:
    made.handling(world, 1, at=clock.now() - timedelta(hours=1))
    seat = api_as(world["street_seat"])
    [case] = cases(seat, view="all", hours=72)["items"] or [None]
    due = case and case["clock"]["due_at"]
    assert board(seat, hours=1)["totals"]["soon"] == 0
    assert (board(seat, hours=72)["totals"]["soon"] == 1) == (due is not None)


def test_a_case_shows_who_was_told_what_and_who_answered(world: World, late: list[Case]) -> None:
    seat = api_as(world["street_seat"])
    [red] = cases(seat, view="red")["items"]
    assert red["number"] == late[0].number and red["may"] == [], "there is no step above it"
    [step] = red["ladder"]
    assert (step["unit"], step["text"], step["receipt_at"]) == (world.unit("D-CG-1").name, "请立即处置", None)
    [yellow] = cases(seat, view="yellow")["items"]
    assert yellow["may"] == ["supervise"]
    assert yellow["ladder"][0]["receipt_by"] == "城管一中队 李明"
    assert red["clock"]["unit"] == world.unit("D-CG-1").name and red["clock"]["trace"]


def test_a_unit_answers_from_the_board_and_owes_nothing_then(world: World, late: list[Case]) -> None:
    clerk, seat = api_as(world["department_clerk"]), api_as(world["street_seat"])
    [red] = cases(clerk, view="owing")["items"]
    assert red["may"] == ["receipt"]
    answer = clerk.post(f"/api/cases/{red['id']}/receipt", {"text": "中队已到场处置"})
    assert answer.status_code == 200, answer.content.decode()
    assert board(seat)["totals"]["owing"] == 0
    assert cases(seat, view="red")["items"][0]["ladder"][0]["receipt_text"] == "中队已到场处置"


def test_a_department_is_shown_its_own_units_alone(world: World, late: list[Case]) -> None:
    made.handling(world, 1, at=clock.now() - timedelta(days=30), unit="D-GA")
    clerk = api_as(world["department_clerk"])
    assert [unit["path"] for unit in board(clerk)["units"]] == [world.unit("D-CG-1").path]
    assert board(api_as(world["stranger_street_seat"]))["units"] == []
    assert cases(api_as(world["stranger_street_seat"]))["count"] == 0


def test_a_closed_case_leaves_the_board(world: World, late: list[Case]) -> None:
    Case.objects.filter(pk=late[0].pk).update(state="closed", outcome="solved", closed_at=clock.now())
    shown = board(api_as(world["street_seat"]))["totals"]
    assert (shown["red"], shown["overdue"]) == (0, 2)

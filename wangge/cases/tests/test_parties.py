"""Whose a move is: departments answer for their branches, centres for themselves alone."""

from dataclasses import dataclass

import pytest

from wangge.accounts.permissions import Permission as P
from wangge.cases.models import Category
from wangge.cases.rules.moves import Move
from wangge.cases.rules.parties import Standing, acts_for, allowed_moves
from wangge.cases.tests import made
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World

DISTRICT, STREET, COMMUNITY = "320104/", "320104/320104002/", "320104/320104002/320104002001/"
BUREAU, BRANCH = "320104/D-CG/", "320104/D-CG/D-CG-1/"
EVERYTHING = frozenset(set(P) - {P.CASE_COMMAND})


@dataclass
class Held:
    state: str = "handling"
    holder_path: str = STREET
    lead_path: str = COMMUNITY
    current_grid: str = "320104002001001"
    complained_root: str = ""


def actor(path: str, kind: str = "centre", *, commands: bool = False) -> Actor:
    permissions = EVERYTHING | ({P.CASE_COMMAND} if commands else set())
    return Actor(unit_path=path, unit_kind=kind, permissions=permissions, ranges=("320104",))


def moves(case: Held, by: Actor, **standing: object) -> set[str]:
    return {str(rule.move) for rule in allowed_moves(case, by, Standing(**standing))}  # type: ignore[arg-type]


WORK = {Move.FINISH, Move.RETURN, Move.ASK_EXTENSION}


@pytest.mark.parametrize("commands", [False, True])
def test_a_centre_does_not_do_the_work_of_a_centre_under_it(commands: bool) -> None:
    case = Held()
    assert moves(case, actor(COMMUNITY)) >= WORK
    for path in (STREET, DISTRICT):
        assert not moves(case, actor(path, commands=commands)) & WORK


def test_nor_of_a_department_under_it() -> None:
    case = Held(lead_path=BRANCH)
    assert not moves(case, actor(DISTRICT, commands=True)) & WORK
    assert moves(case, actor(BUREAU, "department")) >= WORK
    assert moves(case, actor(BRANCH, "branch")) >= WORK
    assert not moves(Held(lead_path=BUREAU), actor(BRANCH, "branch")) & WORK, "a branch not for its bureau"


def test_what_belongs_to_the_higher_centre_stays_with_it() -> None:
    case = Held()
    assert moves(case, actor(STREET)) >= {Move.TRANSFER, Move.SUSPEND, Move.SUPERVISE}
    assert moves(case, actor(DISTRICT)) >= {Move.SUPERVISE}
    assert Move.TRANSFER not in moves(case, actor(DISTRICT)), "a seat above the holder does not take it over"
    assert moves(case, actor(DISTRICT, commands=True)) >= {Move.TRANSFER, Move.SUSPEND, Move.SUPERVISE}
    assert Move.RECALL in moves(Held(state="dispatched"), actor(STREET))


def test_assisting_and_mustering_are_ones_own_too() -> None:
    waiting = {"assisting": (COMMUNITY, BRANCH), "mustered": (COMMUNITY, BRANCH), "waiting": frozenset({"muster"})}
    own = {Move.ASSIST_DONE, Move.ARRIVE}
    for by in (actor(COMMUNITY), actor(BRANCH, "branch"), actor(BUREAU, "department")):
        assert moves(Held(), by, **waiting) >= own
    for by in (actor(STREET, commands=True), actor(DISTRICT, commands=True)):
        assert not moves(Held(), by, **waiting) & own


def test_a_whistle_is_ended_by_its_caller_and_confirmed_by_the_centre_it_called_or_a_commander() -> None:
    called = {"caller_path": COMMUNITY, "called_path": STREET, "waiting": frozenset({"whistle_called"})}
    assert Move.CONFIRM_WHISTLE in moves(Held(), actor(STREET), **called)
    assert Move.CONFIRM_WHISTLE not in moves(Held(), actor(DISTRICT), **called)
    assert Move.CONFIRM_WHISTLE in moves(Held(), actor(DISTRICT, commands=True), **called)
    confirmed = called | {"waiting": frozenset({"whistle_confirmed"})}
    assert Move.END_WHISTLE in moves(Held(), actor(COMMUNITY), **confirmed)
    assert Move.END_WHISTLE not in moves(Held(), actor(STREET, commands=True), **confirmed)


@pytest.mark.parametrize("kind", ["centre", "department", "branch", ""])
def test_nobody_acts_for_no_unit_and_no_unit_for_anybody(kind: str) -> None:
    assert not acts_for("", actor("", kind)) and not acts_for(BRANCH, actor("", kind))
    assert not acts_for("", actor(BUREAU, kind))


def test_the_street_watches_its_community_work_and_does_not_sign_for_it(world: World) -> None:
    case = made.reported(world, 1, at=clock.now())[0]
    seat, community = api_as(world["street_seat"]), api_as(world["community"])
    category = Category.objects.filter(scheme__code="WG", is_leaf=True).values_list("pk", flat=True)[0]
    assert seat.post(f"/api/cases/{case.pk}/accept", {"category_id": category}).status_code == 200
    lead = {"lead_id": world.unit(town.COMMUNITY).pk}
    assert seat.post(f"/api/cases/{case.pk}/dispatch", lead).status_code == 200
    offered = {move["kind"] for move in seat.get(f"/api/cases/{case.pk}").json()["moves"]}
    assert "sign" not in offered and {"recall", "transfer"} <= offered
    assert seat.post(f"/api/cases/{case.pk}/sign", {}).status_code == 403
    assert community.post(f"/api/cases/{case.pk}/sign", {}).status_code == 200

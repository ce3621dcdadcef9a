"""Before one presses: the due times a dispatch would set, how busy a unit is, and many cases at once."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from wangge.cases import rollups
from wangge.cases.models import Assignment, Case, Deadline, DispatchRule, OpenByUnit, Step
from wangge.cases.tests import made
from wangge.cases.tests.factories import make_case
from wangge.core import clock, journal
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry
from wangge.core.revisions import bump
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

PREVIEW = "/api/cases/moves/preview"


@pytest.fixture
def accepted(world: World) -> Case:
    kind = made.category()
    bump("cases")
    case = made.reported(world, 1, at=clock.now() - timedelta(minutes=3))[0]
    assert (
        api_as(world["street_seat"]).post(f"/api/cases/{case.pk}/accept", {"category_id": kind.pk}).status_code == 200
    )
    return case


def preview(api: Api, move: str, cases: list[Case], **given: Any) -> list[dict[str, Any]]:
    answer = api.post(PREVIEW, {"move": move, "case_ids": [str(case.pk) for case in cases], "given": given})
    assert answer.status_code == 200, answer.content.decode()
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_a_dispatch_sets_the_very_times_that_were_foreseen(world: World, accepted: Case) -> None:
    seat, unit = api_as(world["street_seat"]), world.unit("D-CG-1").pk
    body = {"lead_id": unit, "assist_ids": [world.unit("D-SW").pk], "limit": {"kind": "work_days", "amount": "2"}}
    before = (JournalEntry.objects.count(), Step.objects.count(), Deadline.objects.count())
    foreseen = seat.post(f"/api/cases/{accepted.pk}/dispatch/preview", body).json()["clocks"]
    assert (JournalEntry.objects.count(), Step.objects.count(), Deadline.objects.count()) == before
    assert not Assignment.objects.exists() and Case.objects.get(pk=accepted.pk).state == "accepted"
    assert [(one["stage"], one["unit"]) for one in foreseen] == [
        ("sign", "城管局桃叶中队"),
        ("handle", "城管局桃叶中队"),
    ]
    assert seat.post(f"/api/cases/{accepted.pk}/dispatch", body).status_code == 200
    set_ = [one for one in seat.get(f"/api/cases/{accepted.pk}").json()["clocks"] if one["met_at"] is None]
    assert [one["stage"] for one in set_] == ["sign", "handle"]
    for was, now in zip(foreseen, set_, strict=True):
        apart = datetime.fromisoformat(now["due_at"]) - datetime.fromisoformat(was["due_at"])
        assert abs(apart) < timedelta(minutes=5), "the same limit, started when it was pressed"
        assert was["trace"][0].split("时限")[1] == now["trace"][0].split("时限")[1]


def test_a_dispatch_that_cannot_be_is_refused_in_the_preview_as_it_would_be(world: World, accepted: Case) -> None:
    Case.objects.filter(pk=accepted.pk).update(complained=world.unit("D-CG"), complained_root=world.unit("D-CG").path)
    path = f"/api/cases/{accepted.pk}/dispatch/preview"
    answer = api_as(world["street_seat"]).post(path, {"lead_id": world.unit("D-CG-1").pk})
    assert (answer.status_code, answer.json()["code"]) == (422, "case.complained_of_cannot_lead")
    assert api_as(world["district_seat"]).post(path, {"lead_id": world.unit("D-SW").pk}).status_code == 403


def test_a_suggested_unit_comes_with_its_load_as_of_the_figures(world: World, accepted: Case) -> None:
    DispatchRule.objects.create(order=1, code=town.DISTRICT, unit=world.unit("D-CG"), valid_from="2026-01-01")
    bump("cases")
    led = {"D-CG": (1, 0), "D-CG-1": (2, 1)}
    for code, (count, late) in led.items():
        OpenByUnit.objects.create(unit_path=world.unit(code).path, state="handling", open=count, overdue=late)
    journal.skip_to_now(rollups.READER)
    seat = api_as(world["street_seat"])
    found = seat.get(f"/api/cases/{accepted.pk}/suggestions").json()
    assert found["items"][0]["load"] == {"open": 3, "overdue": 1}, "a department answers for its branches"
    assert found["as_of"]["position"] == 1 and found["as_of"]["at"]
    wanted = [world.unit("D-CG-1").pk, world.unit("D-SW").pk]
    loads = seat.get("/api/cases/unit-loads", ids=wanted).json()
    assert {one["unit_id"]: one["open"] for one in loads["items"]} == {wanted[0]: 2, wanted[1]: 0}


def test_each_of_many_cases_is_told_what_would_happen_or_why_not(world: World, accepted: Case) -> None:
    seat = api_as(world["street_seat"])
    done = make_case(world, "closed")  # type: ignore[arg-type]
    elsewhere = make_case(world, "accepted", code=town.OTHER_GRID, holder=town.OTHER_STREET)  # type: ignore[arg-type]
    items = preview(seat, "dispatch", [accepted, done, elsewhere], lead_id=world.unit("D-CG-1").pk)
    assert [one["number"] for one in items] == [accepted.number, done.number], "out of scope is absent"
    may, may_not = items
    assert may["allowed"] and may["to_state"] == "dispatched" and may["lead"]["name"] == "城管局桃叶中队"
    assert may["due_stage"] == "handle" and may["due_at"]
    assert not may_not["allowed"] and may_not["code"] == "case.not_now" and may_not["why"]
    assert Case.objects.get(pk=accepted.pk).state == "accepted", "nothing was done"


def test_without_a_unit_each_goes_to_the_one_suggested_for_it(world: World, accepted: Case) -> None:
    seat = api_as(world["street_seat"])
    [none] = preview(seat, "dispatch", [accepted])
    assert none["code"] == "case.nothing_suggested"
    DispatchRule.objects.create(order=1, code=town.DISTRICT, unit=world.unit("D-SW"), valid_from="2026-01-01")
    bump("cases")
    [found] = preview(seat, "dispatch", [accepted])
    assert found["allowed"] and found["lead"]["id"] == world.unit("D-SW").pk


def test_a_case_another_seat_is_at_is_named_in_the_preview(world: World, accepted: Case) -> None:
    claimed = api_as(world["commander"]).post(f"/api/cases/{accepted.pk}/claim", {"move": "dispatch"})
    assert claimed.status_code == 200
    [one] = preview(api_as(world["street_seat"]), "dispatch", [accepted], lead_id=world.unit("D-SW").pk)
    assert not one["allowed"] and one["code"] == "case.claimed" and "周指挥" in one["why"]
    assert one["claim"]["by_name"] == "周指挥"


def test_all_that_match_are_taken_up_to_the_stated_limit(world: World) -> None:
    made.reported(world, 203, at=clock.now())
    made.handling(world, 2, at=clock.now())
    answer = api_as(world["street_seat"]).post(PREVIEW, {"move": "accept", "matching": {"queue": "to_accept"}}).json()
    assert (len(answer["items"]), answer["most"], answer["is_cut"]) == (200, 200, True)
    assert {one["state"] for one in answer["items"]} == {"reported"}
    assert all("类别" in one["why"] for one in answer["items"]), "what each lacks is said of each"


def test_either_cases_or_what_they_match_and_only_moves_made_of_many(world: World) -> None:
    seat, one = api_as(world["street_seat"]), str(new_id())
    for body in (
        {"move": "accept"},
        {"move": "accept", "case_ids": [one], "matching": {}},
        {"move": "refuse", "case_ids": [one]},
        {"move": "accept", "case_ids": [one] * 201},
    ):
        assert seat.post(PREVIEW, body).status_code == 422, body


def test_closing_many_asks_how_they_ended_first(world: World) -> None:
    case = make_case(world, "reviewed")  # type: ignore[arg-type]
    seat = api_as(world["street_seat"])
    assert "结果" in preview(seat, "close", [case])[0]["why"]
    assert preview(seat, "close", [case], outcome="solved")[0]["to_state"] == "closed"

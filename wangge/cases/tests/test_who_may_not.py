"""What a unit must not do or answer: a complaint about itself, another's extension, another's red card."""

from typing import Any

import pytest

from wangge.cases.models import Assignment, Case, Extension, Step, Supervision, Whistle
from wangge.cases.tests import made
from wangge.core import clock
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World


def post(api: Api, case: Case, move: str, body: Any = None, status: int = 200) -> Any:
    answer = api.post(f"/api/cases/{case.pk}/{move}", body or {})
    assert answer.status_code == status, f"{move}: {answer.content.decode()}"
    return answer.json()


def offered(api: Api, case: Case) -> set[str]:
    return {move["kind"] for move in api.get(f"/api/cases/{case.pk}").json()["moves"]}


@pytest.fixture
def case(world: World) -> Case:
    category = made.category(settle_on_spot=True)
    found = made.reported(world, 1, at=clock.now())[0]
    found.category = category
    found.lon, found.lat = town.point_in(town.GRID)
    found.save(update_fields=["category", "lon", "lat"])
    return found


def handled_by(world: World, case: Case, unit: str, who: str) -> None:
    seat = api_as(world["street_seat"])
    if Case.objects.get(pk=case.pk).state == "reported":
        post(seat, case, "accept")
        post(seat, case, "dispatch", {"lead_id": world.unit(unit).pk})
    post(api_as(world[who]), case, "sign")


def complain_of(world: World, case: Case, code: str) -> None:
    unit = world.unit(code)
    Case.objects.filter(pk=case.pk).update(complained=unit, complained_root=unit.path)


# -- a complaint about itself --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["community", "grid_worker"])
def test_the_unit_complained_of_does_not_settle_the_complaint(world: World, case: Case, who: str) -> None:
    api, body = api_as(world[who]), {"outcome": "unfounded", "text": "经查不属实"}
    assert "settle" in offered(api, case)
    complain_of(world, case, town.COMMUNITY)
    assert "settle" not in offered(api, case)
    post(api, case, "settle", body, status=403)
    complain_of(world, case, town.NEIGHBOUR_COMMUNITY)
    post(api, case, "settle", body)


@pytest.mark.parametrize("move", ["dispatch", "transfer"])
def test_nor_assists_with_it(world: World, case: Case, move: str) -> None:
    seat = api_as(world["street_seat"])
    complain_of(world, case, "D-CG")
    post(seat, case, "accept")
    body = {"lead_id": world.unit("D-SW").pk, "assist_ids": [world.unit("D-CG-1").pk], "reason": "请配合办理"}
    if move == "transfer":
        post(seat, case, "dispatch", {"lead_id": world.unit("D-GA").pk})
    refused = post(seat, case, move, body, status=422)
    assert refused["code"] == "case.complained_of_cannot_assist" and "城管局桃叶中队" in refused["message"]
    assert not Assignment.objects.filter(case=case, unit=world.unit("D-CG-1")).exists()


def test_nor_is_mustered_to_it(world: World, case: Case) -> None:
    complain_of(world, case, "D-CG")
    post(api_as(world["grid_worker"]), case, "whistle", {"reason": "需要部门到场"})
    units = [world.unit("D-SW").pk, world.unit("D-CG-2").pk]
    refused = post(api_as(world["street_seat"]), case, "confirm-whistle", {"unit_ids": units}, status=422)
    assert refused["code"] == "case.complained_of_cannot_assist"
    assert Whistle.objects.get(case=case).confirmed_at is None
    post(api_as(world["street_seat"]), case, "confirm-whistle", {"unit_ids": units[:1]})


# -- another's extension --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["transfer", "return"])
def test_time_asked_for_by_one_unit_is_not_granted_to_the_next(world: World, case: Case, way: str) -> None:
    seat, clerk = api_as(world["street_seat"]), api_as(world["department_clerk"])
    handled_by(world, case, "D-CG-1", "department_clerk")
    post(clerk, case, "ask-extension", {"limit": {"kind": "work_days", "amount": 2}, "reason": "等待配件"})
    lead = {"lead_id": world.unit("D-SW").pk}
    if way == "transfer":
        post(seat, case, "transfer", lead | {"reason": "改由水务办理"})
    else:
        post(clerk, case, "return", {"reason": "不属于本单位"})
        post(seat, case, "dispatch", lead)
    handled_by(world, case, "D-SW", "stranger_department_clerk")
    assert not offered(seat, case) & {"grant_extension", "deny_extension"}
    post(seat, case, "grant-extension", status=409)
    row = Extension.objects.get(case=case)
    assert row.granted is False and row.decided_at is not None and "失效" in row.decision
    other = api_as(world["stranger_department_clerk"])
    post(other, case, "ask-extension", {"limit": {"kind": "work_days", "amount": 1}, "reason": "等待天晴"})


# -- another's red card -----------------------------------------------------------------------------------------------


def supervised(world: World, case: Case, step: str = "red_card", status: int = 200) -> Any:
    body = {"step": step, "text": "请立即办理"}
    return post(api_as(world["street_seat"]), case, "supervise", body, status=status)


def test_a_receipt_is_given_by_whoever_was_supervised(world: World, case: Case) -> None:
    seat = api_as(world["street_seat"])
    first, second = api_as(world["department_clerk"]), api_as(world["stranger_department_clerk"])
    handled_by(world, case, "D-CG-1", "department_clerk")
    supervised(world, case)
    post(seat, case, "transfer", {"lead_id": world.unit("D-SW").pk, "reason": "改由水务办理"})
    handled_by(world, case, "D-SW", "stranger_department_clerk")
    assert "receipt" not in offered(second, case) and "receipt" in offered(first, case)
    post(second, case, "receipt", {"text": "已经收到，正在办理"}, status=409)
    supervised(world, case, "urge")
    post(second, case, "receipt", {"text": "已经收到，正在办理"})
    rows = list(Supervision.objects.filter(case=case).order_by("id").values_list("step", "receipt_by"))
    assert rows == [(5, ""), (2, "测试区水务局 尤经办")]
    post(first, case, "receipt", {"text": "移交前已安排人员"})
    assert Supervision.objects.get(case=case, step=5).receipt_by == "城管局桃叶中队 吴经办"
    post(first, case, "receipt", {"text": "移交前已安排人员"}, status=403)


def test_a_centre_answers_for_what_it_was_supervised_for_itself(world: World, case: Case) -> None:
    street = world.unit(town.STREET)
    row = Supervision.objects.create(case=case, step=4, by_rule=True, unit_path=street.path, at=clock.now())
    handled_by(world, case, "D-CG-1", "department_clerk")
    assert "receipt" not in offered(api_as(world["department_clerk"]), case)
    post(api_as(world["street_seat"]), case, "receipt", {"text": "坐席已补派"})
    row.refresh_from_db()
    assert row.receipt_by == "桃叶街道分中心 钱街道"


def test_by_hand_too_each_step_is_taken_once_for_a_stage(world: World, case: Case) -> None:
    handled_by(world, case, "D-CG-1", "department_clerk")
    supervised(world, case, "red_card")
    for step in ("red_card", "remind"):
        supervised(world, case, step, status=409)
    api, seat = api_as(world["department_clerk"]), api_as(world["street_seat"])
    post(api, case, "receipt", {"text": "已经收到，正在办理"})
    post(api, case, "finish", {"text": "已经处置完成"})
    post(seat, case, "rework", {"reason": "现场仍有积水"})
    supervised(world, case, "remind")
    supervised(world, case, "remind", status=409)
    supervised(world, case, "urge")
    assert Case.objects.get(pk=case.pk).supervision == 5, "the highest it ever had"


def test_what_the_rule_did_on_this_clock_is_not_repeated_by_hand(world: World, case: Case) -> None:
    handled_by(world, case, "D-CG-1", "department_clerk")
    case.deadlines.filter(stage="handle", met_at__isnull=True).update(ladder_step=2)
    supervised(world, case, "urge", status=409)
    supervised(world, case, "supervise")


# -- what was overwritten ---------------------------------------------------------------------------------------------


def test_what_was_overwritten_while_accepting_stands_in_the_history(world: World, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(title="路面塌陷", address="桃叶路1号")
    seat = api_as(world["street_seat"])
    post(seat, case, "accept", {"title": "井盖缺失", "address": "桃叶路2号"})
    step = Step.objects.get(case=case, kind="accept")
    assert step.data == {"before": {"title": "路面塌陷", "address": "桃叶路1号"}}
    shown = seat.get(f"/api/cases/{case.pk}").json()["steps"][-1]
    assert shown["kind"] == "accept" and "更正：标题、地点" in str(shown)


def test_what_was_accepted_as_it_came_says_nothing_of_it(world: World, case: Case) -> None:
    post(api_as(world["street_seat"]), case, "accept", {"title": case.title})
    assert Step.objects.get(case=case, kind="accept").data == {}


# -- where it lies ----------------------------------------------------------------------------------------------------

NOWHERE = {"lon": 100.0, "lat": 20.0}


@pytest.mark.parametrize("move", ["accept", "correct"])
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({**NOWHERE, "code": "320104001001999"}, "code"),
        ({**NOWHERE, "code": "x"}, "code"),
        (NOWHERE, "lon"),
        ({"lon": 118.7905}, "lon"),
        ({"lat": 32.0205, "code": town.GRID}, "lon"),
    ],
)
def test_a_place_is_checked_as_in_a_report(
    world: World, case: Case, move: str, given: dict[str, Any], field: str
) -> None:
    refused = post(api_as(world["street_seat"]), case, move, given, status=422)
    assert field in refused["fields"]
    assert Case.objects.get(pk=case.pk).current_grid == town.GRID


def test_a_point_outside_every_grid_may_be_given_one(world: World, case: Case) -> None:
    post(api_as(world["street_seat"]), case, "correct", {**NOWHERE, "code": town.NEIGHBOUR_GRID})
    row = Case.objects.get(pk=case.pk)
    assert (row.current_grid, row.lon, row.lat, row.place_by) == (town.NEIGHBOUR_GRID, 100.0, 20.0, "chosen")


# -- whistles ---------------------------------------------------------------------------------------------------------


def test_a_mustered_unit_that_was_then_asked_to_assist_goes_on_assisting(world: World, case: Case) -> None:
    seat, worker, clerk = (api_as(world[key]) for key in ("street_seat", "grid_worker", "department_clerk"))
    post(worker, case, "whistle", {"reason": "需要部门到场"})
    units = [world.unit("D-CG-1").pk, world.unit("D-GA").pk]
    post(seat, case, "confirm-whistle", {"unit_ids": units})
    post(seat, case, "accept")
    post(seat, case, "dispatch", {"lead_id": world.unit("D-SW").pk, "assist_ids": units[:1]})
    post(worker, case, "end-whistle", {"ratings": []})
    rows = Assignment.objects.filter(case=case, ended_at__isnull=True).order_by("id").values_list("unit_id", "role")
    assert list(rows) == [(world.unit("D-SW").pk, "lead"), (units[0], "assist")]
    post(clerk, case, "assist-done", {"text": "已经配合完成"})


def test_a_case_put_away_by_hand_leaves_no_whistle_open(world: World, case: Case) -> None:
    post(api_as(world["grid_worker"]), case, "whistle", {"reason": "需要部门到场"})
    seat = api_as(world["street_seat"])
    post(seat, case, "refuse", {"reason": "不属于受理范围"})
    post(seat, case, "archive")
    whistle = Whistle.objects.get(case=case)
    assert whistle.ended_at == Case.objects.get(pk=case.pk).archived_at

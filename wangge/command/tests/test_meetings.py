"""会商: called, held, decided; each decision a task that is done, confirmed or sent back, and overdue once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wangge.cases.tests import made
from wangge.command.actions.meeting_tasks import say_overdue
from wangge.command.models import Task
from wangge.command.tests.test_notices import kinds, say
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.models import JournalEntry
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def ahead(hours: float) -> str:
    return (clock.now() + timedelta(hours=hours)).isoformat()


def call(world: World, key: str = "street_seat", **values: Any) -> Any:
    body = {
        "kind": "on_site",
        "title": "夜市占道经营联合整治",
        "begins_at": ahead(2),
        "place": "柳岸路夜市入口",
        "units": [world.unit("D-CG-1").pk, world.unit("D-GA").pk],
    }
    return api_as(world[key]).post("/api/meetings", body | values)


@pytest.fixture
def called(world: World) -> dict[str, Any]:
    return dict(ok(call(world), 201))


def hold(world: World, meeting: dict[str, Any], key: str = "street_seat", **values: Any) -> Any:
    body = {
        "minutes": "各单位通报情况，议定两项。",
        "came": [
            {"unit_id": world.unit("D-CG-1").pk, "came": True, "who": "吴经办"},
            {"unit_id": world.unit("D-GA").pk, "came": True},
        ],
        "decisions": [
            {"text": "划定疏导区", "unit_id": world.unit("D-CG-1").pk, "due_at": ahead(24)},
            {"text": "夜间巡逻", "unit_id": world.unit("D-GA").pk, "limit": {"kind": "work_days", "amount": 2}},
        ],
        "version": meeting["version"],
    }
    return api_as(world[key]).post(f"/api/meetings/{meeting['id']}/hold", body | values)


def task_of(held: dict[str, Any], place: int = 1) -> dict[str, Any]:
    return next(task for task in held["decisions"] if task["place"] == place)


def test_a_meeting_keeps_who_was_called_who_came_and_what_was_decided(world: World) -> None:
    called = ok(call(world, units=[world.unit(code).pk for code in ("D-CG-1", "D-GA", town.COMMUNITY)]), 201)
    assert called["number"].startswith("HY320104") and called["may_hold"]
    held = ok(hold(world, called))
    assert held["state"] == "held" and {party["unit"]: party["came"] for party in held["parties"]} == {
        "城管局桃叶中队": True,
        "测试区公安分局": True,
        "柳岸社区工作站": False,
    }
    assert [task["text"] for task in held["decisions"]] == ["划定疏导区", "夜间巡逻"]
    assert (held["decided"], held["settled"]) == (2, 0) and held["came"] == 2
    again = hold(world, held)
    assert again.status_code == 409 and again.json()["code"] == "meeting.over"


def test_only_those_called_or_charged_see_a_meeting_outside_their_codes(world: World, called: dict[str, Any]) -> None:
    path = f"/api/meetings/{called['id']}"
    for key in ("department_clerk", "police_clerk", "district_seat", "department_leader"):
        assert api_as(world[key]).get(path).status_code == 200, key
    for key in ("stranger_department_clerk", "stranger_street_seat", "grid_worker"):
        assert api_as(world[key]).get(path).status_code == 404, key
    assert hold(world, called, "department_clerk").status_code == 403
    assert call(world, "department_clerk").status_code == 403 and call(world, "department_leader").status_code == 201


def test_a_meeting_charges_who_was_there_or_is_below(world: World, called: dict[str, Any]) -> None:
    def charge(unit: str, **values: Any) -> Any:
        decision = {"text": "夜间巡逻", "unit_id": world.unit(unit).pk, "due_at": ahead(24)}
        return hold(world, called, decisions=[decision], **values)

    for unit, came in (("D-SW", []), ("D-GA", [{"unit_id": world.unit("D-GA").pk, "came": False}])):
        refused = charge(unit, came=came)
        assert refused.status_code == 422 and "decisions.0.unit_id" in refused.json()["fields"], unit
    held = ok(charge(town.COMMUNITY, came=[]))
    assert held["decisions"][0]["unit"] == "柳岸社区工作站", "below who holds it"


def test_colleagues_of_who_called_a_meeting_see_it(world: World) -> None:
    meeting = ok(call(world, "department_leader"), 201)
    path, colleague = f"/api/meetings/{meeting['id']}", world["department_clerk"]
    colleague.post.unit = world.unit("D-CG")
    colleague.post.save(update_fields=["unit"])
    assert api_as(colleague).get(path).status_code == 200
    assert api_as(world["stranger_department_leader"]).get(path).status_code == 404


def test_many_decisions_are_read_with_as_many_queries_as_few(world: World) -> None:
    clerk, costs = api_as(world["department_clerk"]), []
    for many in (2, 12):
        due = [{"text": f"第 {n} 项", "unit_id": world.unit("D-CG-1").pk, "due_at": ahead(24)} for n in range(many)]
        meeting = ok(hold(world, ok(call(world), 201), decisions=due))
        with CaptureQueriesContext(connection) as caught:
            assert len(ok(clerk.get(f"/api/meetings/{meeting['id']}"))["decisions"]) == many
        costs.append(len(caught))
    assert costs[0] == costs[1]


def test_work_days_of_a_decision_run_by_the_calendar(world: World, called: dict[str, Any]) -> None:
    from wangge.testing.moments import at_moment

    with at_moment(datetime(2026, 3, 6, 2, tzinfo=UTC)):  # a Friday, ten in Beijing
        meeting = ok(call(world, begins_at="2026-03-06T03:00:00Z"), 201)
        decision = {"text": "夜间巡逻", "unit_id": world.unit("D-GA").pk, "limit": {"kind": "work_days", "amount": 1}}
        held = ok(hold(world, meeting, decisions=[decision]))
    due = clock.local(datetime.fromisoformat(task_of(held)["due_at"]))
    assert due.date().isoformat() == "2026-03-09", "Saturday and Sunday are left out"


def test_a_task_is_done_with_words_and_confirmed_by_who_called(world: World, called: dict[str, Any]) -> None:
    task = task_of(ok(hold(world, called)))
    path, clerk, seat = f"/api/tasks/{task['id']}", api_as(world["department_clerk"]), api_as(world["street_seat"])
    assert [one["text"] for one in ok(clerk.get("/api/tasks"))["items"]] == ["划定疏导区"]
    assert clerk.post(f"{path}/finish", {"text": ""}).status_code == 422
    assert api_as(world["police_clerk"]).post(f"{path}/finish", {"text": "办完了"}).status_code == 403
    assert seat.post(f"{path}/finish", {"text": "办完了"}).status_code == 403
    assert seat.post(f"{path}/confirm", {}).status_code == 409
    done = ok(clerk.post(f"{path}/finish", {"text": "已划定并公示"}))
    assert done["state"] == "done" and not done["may_confirm"]
    assert clerk.post(f"{path}/confirm", {}).status_code == 403
    back = ok(seat.post(f"{path}/return", {"reason": "还缺标识牌"}))
    assert back["state"] == "open" and back["returns"] == 1 and back["due_at"] == task["due_at"]
    ok(clerk.post(f"{path}/finish", {"text": "标识牌已补齐"}))
    confirmed = ok(seat.post(f"{path}/confirm", {}))
    assert confirmed["state"] == "confirmed"
    assert [step["kind"] for step in confirmed["steps"]] == ["set", "done", "returned", "done", "confirmed"]
    assert ok(seat.get(f"/api/meetings/{called['id']}"))["settled"] == 1


def test_a_task_is_said_to_be_overdue_exactly_once_and_a_returned_one_not_again(
    world: World, called: dict[str, Any]
) -> None:
    task = task_of(ok(hold(world, called)))

    def late(hours: float) -> int:
        with acting(Actor.system("tasks")) as by:
            return say_overdue(by=by, at=clock.now() + timedelta(hours=hours), limit=50)

    assert late(0) == 0 and late(25) == 1 and late(26) == 0
    assert JournalEntry.objects.filter(kind="task.overdue", subject_id=task["id"]).count() == 1
    path, seat = f"/api/tasks/{task['id']}", api_as(world["street_seat"])
    ok(api_as(world["department_clerk"]).post(f"{path}/finish", {"text": "已完成"}))
    ok(seat.post(f"{path}/return", {"reason": "没有完成"}))
    assert late(27) == 0 and Task.objects.get(pk=task["id"]).overdue_at is not None
    say()
    assert "task_overdue" in kinds(world["department_clerk"]) and "task_overdue" in kinds(world["street_seat"])


def test_those_concerned_are_told_and_nobody_else(world: World, called: dict[str, Any]) -> None:
    say()
    assert kinds(world["department_clerk"]) == kinds(world["police_clerk"]) == ["meeting"]
    assert kinds(world["stranger_department_clerk"]) == [] and kinds(world["street_seat"]) == []
    held = ok(hold(world, called))
    say()
    assert sorted(kinds(world["police_clerk"])) == ["meeting", "task"]
    ok(api_as(world["department_clerk"]).post(f"/api/tasks/{task_of(held)['id']}/finish", {"text": "已完成"}))
    say()
    assert kinds(world["street_seat"]) == ["task_done"]


def test_a_dropped_task_and_a_cancelled_meeting_say_why(world: World, called: dict[str, Any]) -> None:
    other = ok(call(world), 201)
    held = ok(hold(world, called))
    seat = api_as(world["street_seat"])
    dropped = ok(seat.post(f"/api/tasks/{task_of(held)['id']}/drop", {"reason": "摊贩已迁走"}))
    assert dropped["state"] == "dropped" and dropped["steps"][-1]["text"] == "摊贩已迁走"
    path = f"/api/meetings/{other['id']}/cancel"
    assert seat.post(path, {"reason": "", "version": 1}).status_code == 422
    assert seat.post(path, {"reason": "改为电话会商", "version": 9}).json()["code"] == "meeting.changed"
    assert ok(seat.post(path, {"reason": "改为电话会商", "version": 1}))["why"] == "改为电话会商"


def test_a_case_shows_its_meetings_to_those_who_see_both(world: World) -> None:
    case = made.reported(world, 1, at=clock.now())[0]
    meeting = ok(call(world, case_id=str(case.pk)), 201)
    assert meeting["case"]["number"] == case.number
    path = f"/api/cases/{case.pk}/meetings"
    assert [one["number"] for one in ok(api_as(world["street_seat"]).get(path))] == [meeting["number"]]
    assert ok(api_as(world["grid_worker"]).get(path)) == []
    assert api_as(world["police_clerk"]).get(path).status_code == 404
    told = ok(api_as(world["police_clerk"]).get(f"/api/meetings/{meeting['id']}"))
    assert told["case"] is None, "called to the meeting, not charged with the case"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"place": " "}, "place"),
        ({"units": []}, "units"),
        ({"units": [987654321]}, "units"),
    ],
)
def test_a_meeting_names_what_is_missing(world: World, values: dict[str, Any], field: str) -> None:
    assert call(world, **values).json()["fields"][field]


def test_a_decision_names_what_is_missing_by_its_place(world: World, called: dict[str, Any]) -> None:
    unit = world.unit("D-GA").pk
    for decision, field in (
        ({"text": " ", "unit_id": unit, "due_at": ahead(1)}, "decisions.0.text"),
        ({"text": "巡逻", "unit_id": unit, "due_at": ahead(-1)}, "decisions.0.due_at"),
        ({"text": "巡逻", "unit_id": unit}, "decisions.0.due_at"),
    ):
        assert field in hold(world, called, decisions=[decision]).json()["fields"]
    assert Task.objects.count() == 0


def test_the_minutes_are_a_document_with_a_watermark_on_the_record(world: World, called: dict[str, Any]) -> None:
    seat, path = api_as(world["street_seat"]), f"/api/meetings/{called['id']}/minutes.pdf"
    assert seat.get(path).json()["code"] == "meeting.no_minutes"
    ok(hold(world, called))
    answer = seat.get(path)
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    assert JournalEntry.objects.filter(kind="meeting.exported").count() == 1
    assert api_as(world["stranger_street_seat"]).get(path).status_code == 404


def test_a_list_of_tasks_asks_as_often_for_many_as_for_one(
    world: World, called: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    ok(hold(world, called))
    with django_assert_max_num_queries(20):
        assert ok(api_as(world["street_seat"]).get("/api/tasks", box="set"))["count"] == 2

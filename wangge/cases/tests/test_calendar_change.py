"""The calendar is changed: shown first, then every open clock says what it now stands on."""

from datetime import UTC, datetime, timedelta

from wangge.cases import clocks, tasks
from wangge.cases.actions.recount import stale_clocks
from wangge.cases.configuration import configuration
from wangge.cases.models import Case, Deadline, Step, Supervision, SupervisionRule
from wangge.cases.rules.deadlines import trace_as_json
from wangge.cases.rules.limits import LimitKind
from wangge.cases.tests import made
from wangge.core import clock
from wangge.testing.client import api_as
from wangge.testing.world import World

MONDAY = datetime(2026, 11, 16, 2, tzinfo=UTC)  # 10:00 in Beijing; five working days end on the next Monday
HOLIDAY = {"days": [{"date": "2026-11-18", "is_workday": False, "name": "暴雪停工"}]}


def work_off() -> None:
    recounting = tasks.Recounting()
    while recounting():
        pass


def test_a_preview_shows_the_difference_and_changes_nothing(world: World) -> None:
    case = made.handling(world, 3, at=MONDAY)[0]
    found = api_as(world["commander"]).post("/api/calendar/preview", HOLIDAY).json()
    assert (found["changed"], found["later"], found["earlier"]) == (3, 3, 0)
    assert found["sample"][0]["after"] > found["sample"][0]["before"] and len(found["sample"]) == 3
    assert Case.objects.get(pk=case.pk).due_at == case.due_at
    # An administrator sets the calendar and reads no cases.
    told = api_as(world["administrator"]).post("/api/calendar/preview", HOLIDAY).json()
    assert told["changed"] == 3 and told["sample"] == []


def test_after_a_change_stored_and_explained_due_times_are_equal(world: World) -> None:
    cases = made.handling(world, 4, at=MONDAY)
    before = cases[0].due_at
    assert before is not None
    Deadline.objects.filter(case=cases[1]).update(limit_kind=LimitKind.NATURAL_DAYS)
    answer = api_as(world["administrator"]).post("/api/calendar", HOLIDAY)
    assert answer.status_code == 200 and answer.json()["left"] == 0
    config = configuration()
    for row in Deadline.objects.filter(met_at__isnull=True):
        due = clocks.due_of(row, config)
        assert row.due_at == due.at and row.trace == trace_as_json(due.trace)
        assert row.calendar == config.calendar.version
    after = Case.objects.get(pk=cases[0].pk)
    assert after.due_at == before + timedelta(days=1)
    assert Step.objects.filter(case=after, kind="recount").count() == 1
    shown = api_as(world["grid_worker"]).get("/api/calendar", year=2026).json()
    assert {"date": "2026-11-18", "is_workday": False, "kind": "holiday", "source": "override", "name": "暴雪停工"} in (
        shown["days"]
    )


def test_what_is_no_longer_late_is_not_called_late(world: World) -> None:
    case = made.handling(world, 1, at=MONDAY)[0]
    assert case.due_at is not None
    Deadline.objects.filter(case=case, stage="handle").update(overdue_at=case.due_at)
    Case.objects.filter(pk=case.pk).update(is_overdue=True, was_late=True)
    ahead = [{"date": str((clock.today() + timedelta(days=day)).isoformat()), "is_workday": False} for day in range(9)]
    past = [{"date": f"2026-11-{day}", "is_workday": False} for day in range(17, 28)]
    days = list({day["date"]: day for day in (*past, *ahead)}.values())
    assert api_as(world["administrator"]).post("/api/calendar", {"days": days}).status_code == 200
    row = Case.objects.get(pk=case.pk)
    assert row.due_at is not None and row.due_at > clock.now()
    assert not row.is_overdue and not row.was_late


def test_the_worker_goes_on_where_the_request_left_off(committed_world: World) -> None:
    made.handling(committed_world, 450, at=MONDAY)
    left = api_as(committed_world["administrator"]).post("/api/calendar", HOLIDAY).json()["left"]
    assert left == 250
    work_off()
    assert stale_clocks(configuration()).count() == 0


def test_shifts_are_replaced_and_faults_are_told(world: World) -> None:
    administrator = api_as(world["administrator"])
    winter = {"name": "冬令时", "valid_from": "2026-11-01", "shifts": [["08:30", "12:00"], ["13:30", "17:30"]]}
    assert administrator.post("/api/calendar", {"shifts": [winter]}).status_code == 200
    assert administrator.get("/api/calendar", year=2026).json()["shifts"][0]["name"] == "冬令时"
    overlapping = winter | {"shifts": [["08:30", "12:00"], ["11:30", "17:30"]]}
    answer = administrator.post("/api/calendar", {"shifts": [overlapping]})
    assert answer.status_code == 422 and answer.json()["code"] == "calendar.fault"
    assert api_as(world["street_seat"]).post("/api/calendar", {}).status_code == 403


def test_a_day_that_is_said_twice_in_one_change_is_refused(world: World) -> None:
    """Which of the two holds would be anybody's guess. The two who may say it beside each other are another matter."""
    administrator = api_as(world["administrator"])
    day = HOLIDAY["days"][0]
    for path in ("/api/calendar", "/api/calendar/preview"):
        answer = administrator.post(path, {"days": [day, day | {"is_workday": True}]})
        assert answer.status_code == 422 and "2026-11-18 出现两次" in answer.json()["message"]
    both = [day, day | {"origin": "state_council"}]
    assert administrator.post("/api/calendar", {"days": both}).status_code == 200


def test_a_new_ladder_reaches_the_clocks_that_run(world: World) -> None:
    case = made.handling(world, 1, at=clock.now() - timedelta(days=3))[0]
    rules = {
        "rules": [
            {"step": "remind", "fraction": 0.01},
            {"step": "red_card", "overdue_by": {"kind": "work_days", "amount": 9}},
        ]
    }
    answer = api_as(world["commander"]).put("/api/supervision-rules/handle", rules)
    assert answer.status_code == 200, answer.content.decode()
    listed = api_as(world["grid_worker"]).get("/api/supervision-rules").json()
    assert [(row["stage"], row["step"]) for row in listed] == [("handle", "remind"), ("handle", "red_card")]
    tasks.ladders()
    assert list(Supervision.objects.filter(case=case).values_list("step", "by_rule")) == [(1, True)]
    backwards = {"rules": [{"step": "remind", "fraction": 0.9}, {"step": "urge", "fraction": 0.5}]}
    refused = api_as(world["commander"]).put("/api/supervision-rules/handle", backwards)
    assert refused.status_code == 422 and refused.json()["code"] == "supervision.ladder_fault"
    assert SupervisionRule.objects.filter(stage="handle").count() == 2


def test_every_step_of_the_ladder_is_taken_once(world: World) -> None:
    case = made.handling(world, 1, at=clock.now() - timedelta(days=60))[0]
    while tasks.ladders():
        pass
    assert list(Supervision.objects.filter(case=case).order_by("step").values_list("step", flat=True)) == [
        1,
        2,
        3,
        4,
        5,
    ]
    row = Case.objects.get(pk=case.pk)
    assert row.supervision == 5 and Deadline.objects.get(case=case, stage="handle").ladder_at is None
    assert Step.objects.filter(case=case, kind="supervise").count() == 5


def test_a_step_taken_by_hand_is_not_taken_again_by_rule(world: World) -> None:
    case = made.handling(world, 1, at=clock.now() - timedelta(days=60))[0]
    by_hand = {"step": "yellow_card", "text": "久拖不决"}
    assert api_as(world["commander"]).post(f"/api/cases/{case.pk}/supervise", by_hand).status_code == 200
    while tasks.ladders():
        pass
    taken = Supervision.objects.filter(case=case).order_by("id").values_list("step", "by_rule")
    assert list(taken) == [(4, False), (5, True)]


def test_the_november_alarm(world: World) -> None:
    known = datetime(2025, 12, 1, tzinfo=UTC).date()
    unknown = known.replace(year=2126)
    assert tasks.knows_next_year(known) and not tasks.knows_next_year(unknown)
    assert tasks.knows_next_year(unknown.replace(month=10))

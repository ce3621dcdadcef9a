"""值班: planned by shift, copied by week, swapped on record, and read by those who must reach each other."""

from datetime import date, timedelta
from typing import Any

import pytest

from wangge.command.models import DutyPerson, DutyShift
from wangge.command.queries import on_duty
from wangge.command.rules import duty as rules
from wangge.core import clock
from wangge.core.clock import BEIJING
from wangge.core.models import JournalEntry
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.moments import at_moment
from wangge.testing.world import World

MOBILE = "19900001234"


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def plan(api: Api, world: World, unit: str, day: date, kind: str = "whole", **values: Any) -> Any:
    people = [
        {"role": "leader", "name": "林带班", "phone": "025-52000001", "mobile": MOBILE},
        {"role": "seat", "user_id": world["street_seat"].user.pk},
    ]
    body = {"unit_id": world.unit(unit).pk, "day": day.isoformat(), "kind": kind, "people": people} | values
    return api.post("/api/duty", body)


@pytest.fixture
def planned(world: World) -> dict[str, Any]:
    day = clock.today()
    if rules.span(day, "whole")[0] > clock.now():
        day -= timedelta(days=1)
    return dict(ok(plan(api_as(world["street_seat"]), world, town.STREET, day), 201))


def now_in(api: Api, unit: str) -> list[str]:
    return [
        person["name"] for row in ok(api.get("/api/duty"))["items"] if row["code"] == unit for person in row["people"]
    ]


def test_whoever_works_under_a_centre_or_over_it_sees_who_is_on_duty_there(
    world: World, planned: dict[str, Any]
) -> None:
    for key in ("grid_worker", "community", "district_seat", "department_clerk", "administrator"):
        assert now_in(api_as(world[key]), town.STREET) == ["林带班", "钱街道"], key
    assert now_in(api_as(world.stranger("street_seat")), town.STREET) == []
    assert api_as(world["auditor"]).get("/api/duty").status_code == 403


def test_the_number_of_the_post_is_open_and_an_own_mobile_is_masked_until_its_showing_is_on_record(
    world: World, planned: dict[str, Any]
) -> None:
    leader, seat = planned["people"]
    assert leader["phone"] == "025-52000001" and leader["mobile"] == "199****1234" and seat["mobile"] == ""
    worker = api_as(world["grid_worker"])
    assert worker.post(f"/api/duty/{planned['id']}/reveal", {"purpose": ""}).status_code == 422
    answer = worker.post(f"/api/duty/{planned['id']}/reveal", {"purpose": f"险情报告林带班 {MOBILE}"})
    assert ok(answer) == [{"id": leader["id"], "mobile": MOBILE}] and answer["Cache-Control"] == "no-store"
    entry = JournalEntry.objects.get(kind="duty.revealed")
    assert entry.actor_user == world["grid_worker"].user.pk and entry.data["purpose"].startswith("险情报告")
    assert MOBILE not in entry.data["purpose"] and "林带班" not in entry.data["purpose"]
    assert MOBILE.encode() not in bytes(DutyPerson.objects.get(pk=leader["id"]).mobile_sealed or b"")


def test_a_centre_plans_for_the_centres_in_its_codes_and_a_department_for_itself(world: World) -> None:
    day = clock.today() + timedelta(days=3)
    nobody: dict[str, Any] = {"people": [{"role": "leader", "name": "林带班"}]}
    ok(plan(api_as(world["street_seat"]), world, town.COMMUNITY, day, **nobody), 201)
    ok(plan(api_as(world["department_leader"]), world, "D-CG-1", day, **nobody), 201)
    for key, unit in (
        ("street_seat", "D-CG-1"),
        ("community", town.STREET),
        ("department_leader", town.STREET),
        ("grid_worker", town.COMMUNITY),
    ):
        assert plan(api_as(world[key]), world, unit, day, **nobody).status_code == 403, key


def test_a_shift_is_planned_once_and_not_when_it_is_over(world: World) -> None:
    seat, day = api_as(world["street_seat"]), clock.today() + timedelta(days=2)
    ok(plan(seat, world, town.STREET, day), 201)
    again = plan(seat, world, town.STREET, day)
    assert again.status_code == 409 and again.json()["code"] == "duty.shift_taken"
    past = plan(seat, world, town.STREET, clock.today() - timedelta(days=9))
    assert past.status_code == 409 and past.json()["code"] == "duty.shift_over"
    assert plan(seat, world, town.STREET, day, kind="day", people=[]).json()["fields"]["people"]


def test_somebody_of_another_unit_cannot_be_put_on_the_roster_by_account(world: World) -> None:
    for name in ("", "另写一个姓名"):
        people = [{"role": "seat", "user_id": world["police_clerk"].user.pk, "name": name}]
        day = clock.today() + timedelta(days=1)
        answer = plan(api_as(world["street_seat"]), world, town.STREET, day, people=people)
        assert answer.status_code == 422 and "不在这个单位任职" in answer.json()["fields"]["people"]


def test_a_shift_sent_twice_is_planned_once(world: World) -> None:
    seat, day = api_as(world["street_seat"]), clock.today() + timedelta(days=2)
    body = {
        "unit_id": world.unit(town.STREET).pk,
        "day": day.isoformat(),
        "kind": "day",
        "people": [{"role": "leader", "name": "林带班", "mobile": MOBILE}],
    }
    key = "0193a1d0-0000-7000-8000-000000000002"
    first, second = (ok(seat.post("/api/duty", body, Idempotency_Key=key), 201) for _ in range(2))
    assert first == second and DutyShift.objects.count() == 1


def test_more_units_than_are_shown_are_said_and_found_by_name(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wangge.command.queries.duty.MOST_UNITS", 2)
    seat = api_as(world["district_seat"])
    few = ok(seat.get("/api/duty"))
    assert few["more"] and len(few["items"]) == 2 and few["items"][0]["is_mine"]
    found = ok(seat.get("/api/duty", q="石桥"))
    assert [row["name"] for row in found["items"]] == ["石桥社区工作站"] and not found["more"]


def test_before_it_begins_a_shift_is_changed_and_afterwards_swapped_with_a_reason(
    world: World, planned: dict[str, Any]
) -> None:
    seat = api_as(world["street_seat"])
    path, leader = f"/api/duty/{planned['id']}", planned["people"][0]
    changed = seat.put(path, {"people": [{"role": "leader", "name": "别人"}], "version": planned["version"]})
    assert changed.status_code == 409 and changed.json()["code"] == "duty.shift_begun"
    assert seat.delete(path).status_code == 409
    swap = {"person_id": leader["id"], "with_whom": {"role": "leader", "name": "陈代班"}, "reason": "参加区里会议"}
    assert seat.post(f"{path}/swap", swap | {"reason": " "}).status_code == 422
    after = ok(seat.post(f"{path}/swap", swap))
    assert [person["name"] for person in after["people"]] == ["陈代班", "钱街道"]
    assert [(one["out"], one["into"], one["reason"]) for one in after["swaps"]] == [
        ("林带班", "陈代班", "参加区里会议")
    ]
    assert JournalEntry.objects.filter(kind="duty.swapped", subject_id=planned["id"]).count() == 1


def test_the_second_of_two_who_change_a_shift_is_told(world: World) -> None:
    seat = api_as(world["street_seat"])
    shift = ok(plan(seat, world, town.STREET, clock.today() + timedelta(days=2)), 201)
    body = {"people": [{"id": shift["people"][0]["id"], "role": "leader", "name": "林带班"}], "version": 1}
    kept = ok(seat.put(f"/api/duty/{shift['id']}", body))
    assert kept["people"][0]["mobile"] == "199****1234", "a number that was not given again stays"
    assert seat.put(f"/api/duty/{shift['id']}", body).json()["code"] == "duty.changed"


def test_a_week_is_copied_with_its_people_and_what_is_planned_already_stays(world: World) -> None:
    seat, monday = api_as(world["street_seat"]), rules.monday_of(clock.today()) + timedelta(days=7)
    for step in range(3):
        ok(plan(seat, world, town.STREET, monday + timedelta(days=step)), 201)
    other = [{"role": "leader", "name": "早已排好"}]
    ok(plan(seat, world, town.STREET, monday + timedelta(days=7), people=other), 201)
    body = {
        "unit_id": world.unit(town.STREET).pk,
        "source": monday.isoformat(),
        "target": (monday + timedelta(days=7)).isoformat(),
    }
    assert ok(seat.post("/api/duty/copy-week", body)) == {"copied": 2, "skipped": 1, "left_out": 0}
    week = ok(seat.get("/api/duty/week", unit_id=body["unit_id"], monday=body["target"]))
    assert [shift["people"][0]["name"] for shift in week["shifts"]] == ["早已排好", "林带班", "林带班"]
    copied = week["shifts"][1]
    assert ok(seat.post(f"/api/duty/{copied['id']}/reveal", {"purpose": "核对"}))[0]["mobile"] == MOBILE
    assert seat.post("/api/duty/copy-week", body | {"target": "2026-01-06"}).status_code == 422


def test_who_has_left_the_unit_is_not_copied(world: World) -> None:
    seat, monday = api_as(world["street_seat"]), rules.monday_of(clock.today()) + timedelta(days=7)
    alone: dict[str, Any] = {"people": [{"role": "seat", "user_id": world["street_seat"].user.pk}]}
    ok(plan(seat, world, town.STREET, monday), 201)
    ok(plan(seat, world, town.STREET, monday + timedelta(days=1), **alone), 201)
    world["street_seat"].post.valid_to = monday + timedelta(days=7)
    world["street_seat"].post.save(update_fields=["valid_to"])
    target = monday + timedelta(days=7)
    body = {"unit_id": world.unit(town.STREET).pk, "source": monday.isoformat(), "target": target.isoformat()}
    assert ok(seat.post("/api/duty/copy-week", body)) == {"copied": 1, "skipped": 1, "left_out": 2}
    assert [one.name for one in DutyPerson.objects.filter(duty__day=target)] == ["林带班"]


def test_a_shift_is_not_moved_to_where_it_would_be_over(world: World) -> None:
    with at_moment("2026-03-09T03:00:00Z"):  # eleven in Beijing
        seat = api_as(world["street_seat"])
        shift = ok(plan(seat, world, town.STREET, date(2026, 3, 9), "night"), 201)
        body = {"people": [{"role": "leader", "name": "林带班"}], "version": 1, "begins": "08:00", "ends": "10:00"}
        refused = seat.put(f"/api/duty/{shift['id']}", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "duty.shift_over")


def test_the_wall_asks_who_is_on_duty_in_a_centre_and_below_it(world: World, planned: dict[str, Any]) -> None:
    at = clock.now()
    assert [(one.role, one.name, one.phone) for one in on_duty(code=town.STREET, at=at)] == [
        ("leader", "林带班", "025-52000001"),
        ("seat", "钱街道", ""),
    ]
    assert on_duty(code=town.DISTRICT, at=at) == []
    assert len(on_duty(code=town.DISTRICT, at=at, below=True)) == 2
    shift = DutyShift.objects.get()
    assert on_duty(code=town.STREET, at=shift.ends_at) == [] != on_duty(code=town.STREET, at=shift.begins_at)


@pytest.mark.parametrize(
    ("kind", "begins", "ends"),
    [
        ("day", "03-09 08:30", "03-09 17:30"),
        ("night", "03-09 17:30", "03-10 08:30"),
        ("whole", "03-09 08:30", "03-10 08:30"),
    ],
)
def test_a_shift_runs_by_beijing_time_and_a_night_ends_the_next_day(kind: str, begins: str, ends: str) -> None:
    found = rules.span(date(2026, 3, 9), kind)
    assert [at.astimezone(BEIJING).strftime("%m-%d %H:%M") for at in found] == [begins, ends]
    assert all(at.utcoffset() == timedelta(0) for at in found)

"""Handed up, recalled, and time that was not granted: what each does to state, clocks, queues and journal."""

from decimal import Decimal

import pytest

from wangge.cases.models import Assignment, Case, Deadline, Extension, Step
from wangge.cases.tests import made
from wangge.cases.tests.course import HOUR, TUESDAY, Course
from wangge.core.revisions import bump
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World


@pytest.fixture
def course(world: World) -> Course:
    """Reported by a grid worker, held by the street's centre."""
    kind = made.category("79")
    bump("cases")
    course = Course(world, kind.pk, reported_by="grid_worker")
    Case.objects.filter(pk=course.id).update(holder=world.unit(town.STREET), holder_path=world.unit(town.STREET).path)
    Deadline.objects.filter(case=course.id).update(unit_path=world.unit(town.STREET).path)
    return course


def last_line(course: Course) -> tuple[str, str, str]:
    """kind, text, unit of the newest line of its history."""
    line = Step.objects.filter(case=course.id).order_by("-id")[0]
    return line.kind, line.text, line.by_unit


# -- handed up --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accepted", [False, True])
def test_a_case_handed_up_is_taken_in_afresh_by_the_centre_above(course: Course, accepted: bool) -> None:
    street, district = course.world.unit(town.STREET), course.world.unit(town.DISTRICT)
    if accepted:
        course.go("street_seat", "accept")
    course.now += HOUR / 20
    course.go("street_seat", "hand-up", reason="超出街道职权")
    row = course.row
    assert (row.state, row.holder_id, row.holder_path) == ("reported", district.pk, district.path)
    assert row.answered_at == (TUESDAY if accepted else course.now), "somebody has looked at it: that was the answer"
    assert (row.accepted_at is not None) is accepted, "nothing is cleared"
    # The street's clocks ended, the district has five minutes of its own.
    assert course.running() == [("respond", 0)]
    first, second = course.clocks("respond")
    assert first.met_at == row.answered_at and first.unit_path == street.path
    assert (second.unit_path, second.due_at) == (district.path, course.now + HOUR / 12)
    assert [clock.dropped_at for clock in course.clocks("dispatch")] == ([course.now] if accepted else [])
    assert (row.due_stage, row.due_at) == ("respond", course.now + HOUR / 12)
    assert last_line(course) == ("hand_up", "超出街道职权", street.name)
    told = Step.objects.filter(case=course.id).order_by("-id")[0].data
    assert told == {"from": street.name, "to": district.name}
    entry = course.entries()[-1]
    assert entry.kind == "case.hand_up" and set(entry.unit_paths) >= {street.path, district.path}
    assert {"holder_id", "holder_path"} <= set(entry.changed) and "职权" not in str(entry.data)


def test_a_case_handed_up_changes_desks(course: Course) -> None:
    assert course.is_in("mine", "street_seat") and not course.is_in("mine", "district_seat")
    course.go("street_seat", "hand-up", reason="超出街道职权")
    assert course.is_in("mine", "district_seat") and not course.is_in("mine", "street_seat")
    assert course.is_in("to_accept", "district_seat")
    assert course.is_in("open", "street_seat"), "it still lies in the street, which goes on seeing it"
    assert "accept" in course.moves("district_seat") and "accept" not in course.moves("street_seat")
    assert course.may("street_seat", "accept").status_code == 403
    course.go("district_seat", "accept")
    course.go("district_seat", "dispatch", lead_id=course.world.unit("D-CG-1").pk)
    assert course.row.state == "dispatched"


def test_there_is_nobody_above_the_highest_centre(course: Course) -> None:
    course.go("street_seat", "hand-up", reason="超出街道职权")
    before = course.everything()
    refused = course.may("district_seat", "hand-up", reason="超出本区职权")
    assert refused.status_code == 422 and refused.json()["fields"] == {"reason": "已是最高一级中心。"}
    assert course.everything() == before


def test_a_case_sent_back_by_a_unit_and_handed_up_is_no_longer_among_the_returned(course: Course) -> None:
    course.go("street_seat", "accept")
    course.to_the_unit()
    course.go("department_clerk", "return", reason="不属于本队职责")
    assert course.is_in("returned", "street_seat")
    course.go("street_seat", "hand-up", reason="街道无单位可派")
    assert not course.is_in("returned", "street_seat") and course.row.returns == 1
    assert Assignment.objects.get(case=course.id).ended_how == "returned"


def test_handing_up_too_late_is_late_all_the_same(course: Course) -> None:
    course.now += HOUR
    course.go("street_seat", "hand-up", reason="超出街道职权")
    assert course.row.was_late and not course.row.is_overdue


# -- recalled ---------------------------------------------------------------------------------------------------------


def test_a_recalled_case_is_the_centres_again(course: Course) -> None:
    unit = course.world.unit("D-CG-1")
    course.go("street_seat", "accept")
    course.go("street_seat", "dispatch", lead_id=unit.pk, assist_ids=[course.world.unit("D-SW").pk])
    assert course.is_in("to_sign", "department_clerk") and course.is_in("mine", "department_clerk")
    course.now += HOUR / 2
    course.go("street_seat", "recall", reason="派错了单位")
    row = course.row
    assert (row.state, row.lead_id, row.lead_path) == ("accepted", None, "")
    assert (row.is_returned, row.returns) == (False, 0), "no unit sent it back"
    assert course.running() == [("dispatch", 0)]
    for stage in ("sign", "handle"):
        (clock,) = course.clocks(stage)
        assert (clock.met_at, clock.dropped_at) == (None, course.now)
    first, second = course.clocks("dispatch")
    assert first.met_at == TUESDAY and second.due_at == course.now + HOUR / 2
    assert (row.due_stage, row.due_at) == ("dispatch", second.due_at)
    ended = Assignment.objects.filter(case=course.id).values_list("ended_how", "ended_at")
    assert set(ended) == {("recalled", course.now)} and len(ended) == 2, "who was to assist is let go as well"
    assert last_line(course)[:2] == ("recall", "派错了单位")
    entry = course.entries()[-1]
    assert entry.kind == "case.recall" and entry.data["state"] == "accepted"
    assert unit.path in entry.unit_paths, "or its screen would go on showing it"


def test_a_recalled_case_leaves_the_desk_of_the_unit_and_comes_back_to_the_centres(course: Course) -> None:
    course.go("street_seat", "accept")
    course.go("street_seat", "dispatch", lead_id=course.world.unit("D-CG-1").pk)
    assert not course.is_in("mine", "street_seat")
    course.go("street_seat", "recall", reason="派错了单位")
    assert course.is_in("mine", "street_seat") and course.is_in("to_dispatch", "street_seat")
    for queue in ("to_sign", "mine", "handling"):
        assert not course.is_in(queue, "department_clerk"), queue
    assert not course.moves("department_clerk") & {"sign", "return", "finish"}
    assert course.may("department_clerk", "sign").status_code in (403, 409)
    course.to_the_unit("D-SW", "stranger_department_clerk")
    assert course.row.state == "handling"


def test_what_is_signed_for_is_not_recalled(course: Course) -> None:
    course.go("street_seat", "accept")
    course.to_the_unit()
    before = course.everything()
    refused = course.may("street_seat", "recall", reason="派错了单位")
    assert (refused.status_code, refused.json()["code"]) == (409, "case.not_now")
    assert course.everything() == before


def test_a_recall_washes_no_lateness_away(course: Course) -> None:
    course.go("street_seat", "accept")
    course.go("street_seat", "dispatch", lead_id=course.world.unit("D-CG-1").pk)
    course.now += 30 * HOUR  # the two working hours to sign are long over, and no worker has said so
    course.go("street_seat", "recall", reason="该单位迟迟不签收")
    assert course.row.was_late


# -- more time, not granted -------------------------------------------------------------------------------------------


@pytest.fixture
def asked(course: Course) -> Course:
    course.go("street_seat", "accept")
    course.to_the_unit()
    course.go("department_clerk", "ask-extension", limit={"kind": "work_days", "amount": "2"}, reason="等待配件到货")
    return course


def test_time_that_is_not_granted_leaves_the_clock_as_it_was(asked: Course) -> None:
    (before,) = asked.clocks("handle")
    version = asked.row.version
    asked.now += HOUR
    asked.go("street_seat", "deny-extension", reason="配件本区有库存")
    (after,) = asked.clocks("handle")
    assert (after.due_at, after.extensions, after.trace) == (before.due_at, [], before.trace)
    row = asked.row
    assert (row.state, row.due_at, row.version) == ("handling", before.due_at, version + 1)
    request = Extension.objects.get(case=asked.id)
    assert (request.granted, request.decision, request.decided_at) == (False, "配件本区有库存", asked.now)
    assert (request.limit_kind, request.limit_amount) == ("work_days", Decimal(2)), "what was asked stays on record"
    assert last_line(asked)[:2] == ("deny_extension", "配件本区有库存")
    entry = asked.entries()[-1]
    assert entry.kind == "case.deny_extension"
    paths = {asked.world.unit("D-CG-1").path, asked.world.unit(town.STREET).path}
    assert paths <= set(entry.unit_paths) and "配件" not in str(entry.data)


def test_who_is_asked_for_more_time_has_it_in_a_queue_until_it_is_decided(asked: Course) -> None:
    def counted(who: str) -> int:
        found: int = api_as(asked.world[who]).get("/api/cases/counts").json()["counts"]["to_extend"]
        return found

    assert asked.is_in("to_extend", "street_seat") and counted("street_seat") == 1
    for other in ("department_clerk", "district_seat", "community"):
        assert not asked.is_in("to_extend", other) and counted(other) == 0, other
    asked.go("street_seat", "deny-extension", reason="配件本区有库存")
    assert not asked.is_in("to_extend", "street_seat") and counted("street_seat") == 0


def test_a_request_is_decided_once_and_may_be_made_again(asked: Course) -> None:
    decide = {"grant_extension", "deny_extension"}
    assert decide <= asked.moves("street_seat") and not decide & asked.moves("department_clerk")
    assert "ask_extension" not in asked.moves(), "it is not offered while it waits"
    assert asked.is_in("handling", "department_clerk")
    again = {"limit": {"kind": "work_days", "amount": "1"}, "reason": "仍在等待配件"}
    assert asked.may("department_clerk", "ask-extension", **again).json()["code"] == "case.extension_asked"
    asked.go("street_seat", "deny-extension", reason="配件本区有库存")
    assert not decide & asked.moves("street_seat") and "ask_extension" in asked.moves()
    before = asked.everything()
    for move in ("deny-extension", "grant-extension"):
        assert asked.may("street_seat", move, reason="配件本区有库存").status_code == 409
    assert asked.everything() == before
    assert asked.is_in("handling", "department_clerk") and asked.is_in("mine", "department_clerk")
    asked.go("department_clerk", "ask-extension", **again)
    (before_it,) = asked.clocks("handle")
    asked.go("street_seat", "grant-extension")
    (after,) = asked.clocks("handle")
    assert before_it.due_at and after.due_at and after.due_at > before_it.due_at


def test_a_unit_does_not_grant_time_to_itself(asked: Course) -> None:
    before = asked.everything()
    for move in ("deny-extension", "grant-extension"):
        assert asked.may("department_clerk", move, reason="同意自己的申请").status_code == 403
    assert asked.everything() == before

"""Pauses around the last day of a period counted by law: in the days of rest it is moved over, before and after
closing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wangge.cases.actions import resume_case, suspend_case
from wangge.cases.actions.overdue import announce_overdue
from wangge.cases.clocks import recount
from wangge.cases.configuration import configuration
from wangge.cases.models import Case, Deadline
from wangge.cases.rules.calendar import WorkCalendar
from wangge.cases.rules.deadlines import Extension, Pause, Timer, due, explain, moment, progress
from wangge.cases.rules.limits import LimitKind, TimeLimit
from wangge.cases.tests import made
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.clock import BEIJING
from wangge.testing.moments import at_moment
from wangge.testing.world import World

PLAIN = WorkCalendar()
WEDNESDAY = "2026-11-11 10:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING).astimezone(UTC)


def pause(since: str, until: str | None = None) -> Pause:
    return Pause(at(f"2026-11-{since}"), at(f"2026-11-{until}") if until else None)


def legal(days: int) -> TimeLimit:
    return TimeLimit(LimitKind.LEGAL_DAYS, Decimal(days))


def due_at(days: int, *pauses: Pause) -> str | None:
    found = due(at(WEDNESDAY), legal(days), PLAIN, pauses).at
    return None if found is None else f"{found.astimezone(BEIJING):%m-%d %H:%M}"


# Three days end on Saturday the 14th, and so on Monday; two on Friday the 13th.
@pytest.mark.parametrize("since", ["14 22:00", "15 00:00", "15 12:00", "16 09:00", "16 17:59"])
def test_an_open_pause_before_the_day_it_was_moved_to_is_over_holds_it_off(since: str) -> None:
    found = due(at(WEDNESDAY), legal(3), PLAIN, [pause(since)])
    assert found.at is None
    assert [explain(step) for step in found.trace[-2:]][1] == "暂停中，恢复后再计到期时间。"


@pytest.mark.parametrize("days", [2, 3])
def test_what_is_over_is_not_paused_any_more(days: int) -> None:
    day, expected = {2: ("13", "11-13 18:00"), 3: ("16", "11-16 18:00")}[days]
    for later in (pause(f"{day} 18:00"), pause(f"{day} 19:00"), pause(f"{day} 19:00", f"{day} 20:00")):
        assert due_at(days, later) == expected


def test_a_pause_in_the_days_of_rest_is_added_to_what_was_counted() -> None:
    """A day for each of them would put who had a longer limit before who had a shorter one (test_deadline_laws)."""
    assert due_at(2, pause("13 09:00", "13 11:00")) == "11-16 18:00", "a worked last day: beyond its 24:00"
    assert due_at(3, pause("15 12:00", "15 13:00")) == "11-16 18:00", "an hour into Sunday, so Monday all the same"
    assert due_at(3, pause("16 09:00", "16 11:00")) == "11-16 18:00"
    assert due_at(3, pause("15 12:00", "17 13:00")) == "11-17 18:00", "49 hours after Saturday 24:00"
    assert due_at(3, pause("15 12:00", "16 18:00")) == "11-17 18:00", "Monday's business was over when it went on"
    assert due_at(3, pause("15 12:00", "15 13:00"), pause("16 20:00", "16 21:00")) == "11-16 18:00", "it is over"


def test_a_pause_on_the_day_that_an_earlier_one_won_counts_too() -> None:
    early = pause("12 10:00", "12 11:00")
    assert due_at(1, early) == "11-13 18:00"
    assert due_at(1, early, pause("13 09:00")) is None
    assert due_at(1, early, pause("13 09:00", "13 10:00")) == "11-13 18:00", "two hours into a day they both won"
    assert due_at(1, early, pause("13 09:00", "13 18:00")) == "11-16 18:00"
    assert due_at(1, early, pause("13 19:00")) == "11-13 18:00"


def test_the_trace_tells_the_pause_before_the_last_day() -> None:
    told = [explain(step) for step in due(at(WEDNESDAY), legal(3), PLAIN, [pause("15 12:00", "15 13:00")]).trace]
    assert told[-3] == "2026年11月15日（周日）12:00至13:00暂停计时。" and told[-2].startswith("最后一日遇周末")
    assert told[-1] == "2026年11月16日（周一）18:00到期。"


def test_amber_and_more_time_do_not_mind_a_pause_after_closing() -> None:
    late = pause("13 19:00")
    for share in range(11):
        part = Decimal(share) / 10
        assert moment(part, Timer(at(WEDNESDAY), legal(2), (late,)), PLAIN) == moment(
            part, Timer(at(WEDNESDAY), legal(2)), PLAIN
        )
    more = Extension(legal(4), at("2026-11-12 10:00"))
    assert due(at(WEDNESDAY), legal(2), PLAIN, [late], [more]).at is None, "the time granted was still running"


instants = st.integers(0, 30_000).map(lambda minutes: at(WEDNESDAY) + timedelta(minutes=minutes))


@settings(max_examples=200)
@given(st.integers(0, 15), st.lists(st.tuples(instants, st.integers(1, 4_000)), max_size=4), instants)
def test_a_pause_never_takes_time_and_an_open_one_holds_off_what_is_not_over(
    days: int, stops: list[tuple[datetime, int]], since: datetime
) -> None:
    closed = [Pause(start, start + timedelta(minutes=minutes)) for start, minutes in stops]
    start, limit = at(WEDNESDAY), legal(days)
    without, found = due(start, limit, PLAIN).at, due(start, limit, PLAIN, closed).at
    assert without is not None and found is not None and found >= without
    one = due(start, limit, PLAIN, [Pause(since)]).at
    assert one == (None if since < without else without)
    before = due(start, limit, PLAIN, [stop for stop in closed if stop.start < found]).at
    assert before == found, "what begins when it is over changes nothing"
    timer = Timer(start, limit, tuple(closed))
    used = progress(found, timer, PLAIN)
    assert used.used == used.total


def handling_by_law(world: World, days: int) -> Case:
    case = made.handling(world, 1, at=clock.now())[0]
    row = Deadline.objects.get(case=case, stage="handle")
    row.limit_kind, row.limit_amount = LimitKind.LEGAL_DAYS, Decimal(days)
    row.save(update_fields=["limit_kind", "limit_amount"])
    recount(row, config=configuration(), at=clock.now())
    return case


def announced() -> int:
    by = Actor.system("deadlines")
    with acting(by):
        return announce_overdue(by=by, at=clock.now())


def move(action: Any, world: World, case: Case, **words: str) -> None:
    by = world["street_seat"].actor
    with acting(by):
        action(case_id=case.pk, by=by, at=clock.now(), **words)


def test_a_case_suspended_over_the_weekend_is_not_overdue_on_monday(world: World) -> None:
    with at_moment(at(WEDNESDAY)) as now:
        case = handling_by_law(world, 3)
        now.move_to(at("2026-11-15 12:00"))
        move(suspend_case, world, case, reason="等待材料")
        row = Deadline.objects.get(case=case, stage="handle")
        assert row.due_at is None and row.ladder_at is not None
        assert row.ladder_at < clock.now(), "the reminder of Saturday, nothing after it"
        now.move_to(at("2026-11-16 19:00"))
        assert announced() == 0


def test_a_case_suspended_after_it_was_overdue_stays_overdue(world: World) -> None:
    with at_moment(at(WEDNESDAY)) as now:
        case = handling_by_law(world, 2)
        now.move_to(at("2026-11-13 19:00"))
        assert announced() == 1
        move(suspend_case, world, case, reason="等待材料")
        now.move_to(at("2026-11-13 20:00"))
        move(resume_case, world, case)
        row = Deadline.objects.get(case=case, stage="handle")
        assert row.due_at == at("2026-11-13 18:00") and row.overdue_at == at("2026-11-13 19:00")
        assert Case.objects.get(pk=case.pk).is_overdue

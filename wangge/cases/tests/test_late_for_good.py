"""The calendar is changed: what was late stays late, unless counting again shows that it never was."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from wangge.cases import clocks
from wangge.cases.actions.calendar import CalendarChange, DayChange, change_calendar, preview_calendar
from wangge.cases.actions.overdue import announce_overdue
from wangge.cases.configuration import configuration
from wangge.cases.models import Case, Deadline, Step
from wangge.cases.rules.limits import LimitKind
from wangge.cases.tests import made
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.models import JournalEntry
from wangge.testing.moments import at_moment
from wangge.testing.world import World

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)  # 10:00 in Beijing: five working days end on Monday the 9th at 18:00
AFTER = "2026-03-09T12:00:00Z"
SYSTEM = Actor.system("test")


def snow(*days: int) -> CalendarChange:
    return CalendarChange(
        days=tuple(DayChange(date=date(2026, 3, day), is_workday=False, name="大雪停工") for day in days)
    )


def announced() -> None:
    with acting(SYSTEM):
        while announce_overdue(by=SYSTEM, at=clock.now()):
            pass


def changed(world: World, change: CalendarChange) -> None:
    by = world["administrator"].actor
    with acting(by):
        assert change_calendar(change, by=by, at=clock.now()) == 0


def standing(case: Case) -> tuple[bool, bool]:
    """Is overdue, was late."""
    return Case.objects.values_list("is_overdue", "was_late").get(pk=case.pk)


def overdue(world: World) -> Case:
    case = made.handling(world, 1, at=MONDAY)[0]
    announced()
    assert standing(case) == (True, True)
    return case


def entry_of(case: Case) -> Any:
    return JournalEntry.objects.filter(kind="case.recount", subject_id=str(case.pk)).latest("id")


@at_moment(AFTER)
def test_what_counting_again_shows_to_be_in_time_was_never_late(world: World) -> None:
    case = overdue(world)
    changed(world, snow(9))
    assert standing(case) == (False, False)
    entry = entry_of(case)
    assert entry.changed == ["due_at", "is_overdue", "was_late"] and entry.data["was_late"] is False
    assert entry.data["clocks"][0]["no_longer_overdue"] is True


@at_moment(AFTER)
def test_what_is_overdue_all_the_same_stays_late(world: World) -> None:
    case = overdue(world)
    changed(world, snow(27))
    assert standing(case) == (True, True)


@at_moment(AFTER)
def test_a_stage_finished_late_counts_for_good(world: World) -> None:
    case = overdue(world)
    Deadline.objects.filter(case=case, stage="respond").update(met_at=MONDAY + timedelta(hours=2))
    changed(world, snow(9))
    assert standing(case) == (False, True)
    assert "was_late" not in entry_of(case).changed


@at_moment(AFTER)
def test_a_charge_dropped_late_counts_for_good(world: World) -> None:
    case = overdue(world)
    Deadline.objects.filter(case=case, stage="respond").update(met_at=None, dropped_at=MONDAY + timedelta(hours=2))
    changed(world, snow(9))
    assert standing(case) == (False, True)


def test_late_before_more_time_was_granted_stays_late(world: World) -> None:
    """The extension took the overdue mark away, and nothing in the calendar did."""
    with at_moment(AFTER) as now:
        case = overdue(world)
        row = Deadline.objects.get(case=case, stage="handle")
        row.extensions = [{"kind": "work_days", "amount": "1", "at": clock.now().isoformat()}]
        clocks.recount(row, config=configuration(), at=clock.now())
        clocks.show(case, [row])
        case.save(update_fields=["is_overdue", "due_at"])
        changed(world, snow(12))
        assert standing(case) == (False, True)
        now.move_to("2026-03-10T12:00:00Z")
        announced()
        changed(world, snow(10))
        assert standing(case) == (False, True), "the second time is undone, the first is not"


def test_two_changes_may_undo_two_times(world: World) -> None:
    with at_moment(AFTER) as now:
        case = overdue(world)
        changed(world, snow(9))
        now.move_to("2026-03-10T12:00:00Z")
        announced()
        assert standing(case) == (True, True)
        changed(world, snow(10))
        assert standing(case) == (False, False) and Step.objects.filter(case=case, kind="overdue").count() == 2


@at_moment(AFTER)
def test_late_over_there_stays_late_here(world: World) -> None:
    case = overdue(world)
    Step.objects.bulk_create([Step(case=case, kind="report", at=MONDAY, state="reported", data={"late": True})])
    changed(world, snow(9))
    assert standing(case) == (False, True)


@at_moment("2026-03-05T02:00:00Z")
@pytest.mark.parametrize("kind", [LimitKind.LEGAL_DAYS, LimitKind.NATURAL_DAYS])
def test_calendar_days_of_the_law_are_counted_again_and_shown_before(world: World, kind: LimitKind) -> None:
    case = made.handling(world, 1, at=MONDAY)[0]
    row = Deadline.objects.get(case=case, stage="handle")
    row.limit_kind = kind
    row.save(update_fields=["limit_kind"])
    clocks.recount(row, config=configuration(), at=clock.now())
    by = world["administrator"].actor
    is_legal = kind is LimitKind.LEGAL_DAYS
    with acting(by):  # Saturday the 7th is its last day, so the law says Monday the 9th
        found = preview_calendar(snow(9), by=by, at=clock.now())
    assert (found.changed, found.later) == ((1, 1) if is_legal else (0, 0))
    changed(world, snow(9))
    row.refresh_from_db()
    assert row.due_at == (datetime(2026, 3, 10, 10, tzinfo=UTC) if is_legal else datetime(2026, 3, 7, 16, tzinfo=UTC))

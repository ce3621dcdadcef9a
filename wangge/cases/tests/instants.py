"""Calendars and Beijing wall-clock times, for tests of limits."""

from datetime import UTC, datetime, time, timedelta

from wangge.cases.rules.calendar import DayConvention, Shift, WorkCalendar
from wangge.cases.rules.deadlines import (
    Pause,
    due,
)
from wangge.cases.rules.limits import parse_limit
from wangge.core.clock import BEIJING

PLAIN = WorkCalendar()
NIGHTS = WorkCalendar(shifts=(Shift(time(8), time(12)), Shift(time(20), time(4))))
SAME_TIME = WorkCalendar(day_convention=DayConvention.SAME_TIME)


def at(text: str) -> datetime:
    """A Beijing wall-clock time as the database gives it: aware, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING).astimezone(UTC)


def due_text(start: str, limit: str, calendar: WorkCalendar = PLAIN, *pauses: Pause) -> str:
    found = due(at(start), parse_limit(limit), calendar, pauses).at
    assert found is not None
    assert found.utcoffset() == timedelta(0)
    return f"{found.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}".removesuffix(":00")

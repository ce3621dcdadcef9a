"""The last day of a period counted in days by law, and when it ends.

民法典 第二百零三条: where the last day is a day of rest, the first working day after it is the last; it ends at 24:00
or, where there are business hours, when business stops (here: when its last shift ends). calendar.DayConvention
changes nothing here; and a pause that ends it within a day ends it with that day, or whoever got another hour on a
Sunday night would be due before whoever did not.

What is over is not paused any more: a pause counts if it begins before the period ends without it. So one that begins
after business closed on the last day changes nothing; one that begins in the days of rest which follow, or on the
working day that took their place, moves that day's 24:00, as one on any other last day does.
"""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from wangge.cases.rules.calendar import ONE_DAY, CalendarFault, Day, DayKind, WorkCalendar
from wangge.cases.rules.counting import MAX_IDLE_DAYS, MICROSECOND, Begin, Pause, run
from wangge.cases.rules.limits import LimitKind
from wangge.cases.rules.traces import Step, StepCode
from wangge.core.clock import day_of, day_start


def run_by_law(
    begin: Begin,
    amount: Fraction,
    start: datetime,
    calendar: WorkCalendar,
    pauses: Sequence[Pause],
    trace: list[Step],
) -> datetime | None:
    """The end of so many LEGAL_DAYS that start at `start`; None while an open pause holds it off. `pauses` are joined
    ones."""
    counting: list[Pause] = []
    for pause in pauses:
        end = _end(begin, amount, start, calendar, counting, [])
        if end is None or pause.start >= end:
            break
        counting.append(pause)
    return _end(begin, amount, start, calendar, counting, trace)


def _end(
    begin: Begin,
    amount: Fraction,
    start: datetime,
    calendar: WorkCalendar,
    pauses: Sequence[Pause],
    trace: list[Step],
) -> datetime | None:
    at = run(begin, LimitKind.LEGAL_DAYS, amount, calendar, pauses, trace)
    later = [pause for pause in pauses if at is not None and pause.start >= at]
    while at is not None:
        last, end = _end_of_last_day(at, start, calendar, trace)
        if not later or later[0].start >= end:
            return end
        at = _moved(max(end, day_start(last.date + ONE_DAY)), later, trace)
    return None


def _moved(at: datetime, later: list[Pause], trace: list[Step]) -> datetime | None:
    """Where `at` comes to lie for the pauses that begin before it, which are taken from `later`."""
    while later and later[0].start < at:
        pause = later.pop(0)
        trace.append(Step(StepCode.PAUSED, pause.start, pause.end))
        if pause.end is None:
            return None
        at += pause.end - pause.start
    return at


def _end_of_last_day(at: datetime, start: datetime, calendar: WorkCalendar, trace: list[Step]) -> tuple[Day, datetime]:
    """`at`: where counting alone would end. A period that starts after business closed is not over before it began."""
    last = calendar.day(day_of(at - MICROSECOND))
    if last.spans:
        return last, _at_closing(last, at, start, trace)
    rested = [last]
    while len(rested) <= MAX_IDLE_DAYS:
        day = calendar.day(rested[-1].date + ONE_DAY)
        if day.spans:
            name = "、".join(dict.fromkeys(_name(one) for one in rested))
            trace.append(Step(StepCode.ROLLED, last.date, rested[-1].date, name=name))
            return day, day.spans[-1][1]
        rested.append(day)
    raise CalendarFault(
        problem_zh=f"{last.date} 之后一年没有工作日。",
        problem_en=f"there is no working day in the year after {last.date}.",
    )


def _at_closing(last: Day, at: datetime, start: datetime, trace: list[Step]) -> datetime:
    closing = last.spans[-1][1]
    if closing <= start or closing == at:
        return at
    trace.append(Step(StepCode.CLOSES, closing))
    return closing


def _name(day: Day) -> str:
    return day.name or ("周末" if day.kind is DayKind.WEEKEND else "节假日")

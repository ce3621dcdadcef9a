"""The last day of a period counted in days by law, and when it ends.

民法典 第二百零三条: where the last day is a day of rest, the first working day after it is the last; it ends at 24:00
or, where there are business hours, when business stops (here: when its last shift ends). calendar.DayConvention
changes nothing here; and a pause that ends it within a day ends it with that day, or whoever got another hour on a
Sunday night would be due before whoever did not.

What is over is not paused any more: a pause counts if it begins before the period ends without it. So one that begins
after business closed on the last day changes nothing; one that begins before, also in the days of rest by which the
period was longer, is added to what was counted, and the last day is found anew. One without an end holds it off.
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
    if at is None:
        return None
    for pause in [pause for pause in pauses if pause.start >= at]:  # the others were counted on the way
        trace.append(Step(StepCode.PAUSED, pause.start, pause.end))
        if pause.end is None:
            return None
        at += pause.end - pause.start
    return _in_the_open(at, start, calendar, pauses, trace)


def _in_the_open(
    at: datetime, start: datetime, calendar: WorkCalendar, pauses: Sequence[Pause], trace: list[Step]
) -> datetime:
    """Never in a pause: who takes up the work again finds some of a working day left."""
    told: list[Step] = []
    end = _end_of_last_day(at, start, calendar, told)
    for pause in pauses:
        if pause.end is None or not pause.start < end <= pause.end:
            continue
        next_day = day_start(day_of(pause.end) + ONE_DAY) + MICROSECOND
        for again in (pause.end, next_day):  # the day it goes on, unless its business has closed by then
            told = []
            end = _end_of_last_day(again, start, calendar, told)
            if end > pause.end:
                break
    trace.extend(told)
    return end


def _end_of_last_day(at: datetime, start: datetime, calendar: WorkCalendar, trace: list[Step]) -> datetime:
    """`at`: where counting alone would end. A period that starts after business closed is not over before it began."""
    last = calendar.day(day_of(at - MICROSECOND))
    if last.spans:
        return _at_closing(last, at, start, trace)
    rested = [last]
    while len(rested) <= MAX_IDLE_DAYS:
        day = calendar.day(rested[-1].date + ONE_DAY)
        if day.spans:
            name = "、".join(dict.fromkeys(_name(one) for one in rested))
            trace.append(Step(StepCode.ROLLED, last.date, rested[-1].date, name=name))
            return day.spans[-1][1]
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

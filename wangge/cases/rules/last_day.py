"""The last day of a period counted in days by law, and when it ends.

民法典 第二百零三条: where the last day is a day of rest, the first working day after it is the last; it ends at 24:00
or, where there are business hours, when business stops (here: when its last shift ends). calendar.DayConvention
changes nothing here; and a pause that ends it within a day ends it with that day, or whoever got another hour on a
Sunday night would be due before whoever did not.
"""

from datetime import datetime

from wangge.cases.rules.calendar import ONE_DAY, CalendarFault, Day, DayKind, WorkCalendar
from wangge.cases.rules.counting import MAX_IDLE_DAYS, MICROSECOND
from wangge.cases.rules.traces import Step, StepCode
from wangge.core.clock import day_of


def end_of_last_day(at: datetime, start: datetime, calendar: WorkCalendar, trace: list[Step]) -> datetime:
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

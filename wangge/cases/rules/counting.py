"""Counting one stretch of time in one unit, forwards to its end or between two instants, around pauses.

It goes from day to day (working kinds) or from pause to pause (the others), never from minute to minute. Amounts are
exact fractions of a unit: a working day is one unit however long its shifts are, spread evenly over them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil

from wangge.cases.rules.calendar import ONE_DAY, CalendarFault, Day, DayKind, WorkCalendar
from wangge.cases.rules.limits import LimitKind
from wangge.cases.rules.traces import SKIPS, Step, StepCode
from wangge.core.clock import day_of, day_start
from wangge.core.errors import Invalid

MICROSECOND = timedelta(microseconds=1)
NOTHING = timedelta()
HOUR = timedelta(hours=1)
# A year without one working day is a mistake in the calendar, not a limit to wait for.
MAX_IDLE_DAYS = 366

Span = tuple[datetime, datetime]


class InstantNotAware(Invalid):
    code = "deadline.instant_not_aware"
    zh = "时刻缺少时区。"
    en = "An instant has no time zone."


class PauseBackwards(Invalid):
    code = "deadline.pause_backwards"
    zh = "暂停的结束早于开始。"
    en = "A pause ends before it begins."


@dataclass(frozen=True, slots=True)
class Pause:
    """`[start, end)`, without an end while it lasts."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Begin:
    """Counting begins at this instant; spans of days before `first_day` do not count, even if they last beyond it."""

    at: datetime
    first_day: date
    day_left_out: date | None = None  # 开始的当日不计入


def join_pauses(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """In order, apart, none empty. Raises `PauseBackwards`."""
    joined: list[Pause] = []
    for pause in sorted((_checked(pause) for pause in pauses), key=lambda pause: pause.start):
        latest = joined[-1] if joined else None
        if pause.start == pause.end:
            continue
        if latest is None or (latest.end is not None and latest.end < pause.start):
            joined.append(pause)
        elif latest.end is not None:
            joined[-1] = Pause(latest.start, None if pause.end is None else max(latest.end, pause.end))
    return tuple(joined)


def run(
    begin: Begin, kind: LimitKind, amount: Fraction, calendar: WorkCalendar, pauses: Sequence[Pause], trace: list[Step]
) -> datetime | None:
    """The first instant at which the amount is used; None if an open pause comes first. `pauses` are joined ones."""
    if kind.works:
        return _WorkingRun(begin, kind, amount, calendar, pauses, trace).run()
    return _run_continuous(begin.at, kind, amount, pauses, trace)


def measure(begin: Begin, end: datetime, kind: LimitKind, calendar: WorkCalendar, pauses: Sequence[Pause]) -> Fraction:
    """Units used in `[begin, end)`. `pauses` are joined ones."""
    if not kind.works:
        return Fraction(_length(_free((begin.at, end), pauses)) // MICROSECOND, kind.seconds * 1_000_000)
    used, day, final = Fraction(0), begin.first_day, day_of(end)
    while day <= final:
        today = calendar.day(day)
        free = [piece for span in today.spans for piece in _free(_clip(span, begin.at, end), pauses)]
        if free:
            used += Fraction(_length(free) // MICROSECOND, _unit(kind, today) // MICROSECOND)
        day += ONE_DAY
    return used


def utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise InstantNotAware()
    return at.astimezone(UTC)


def decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _checked(pause: Pause) -> Pause:
    start, end = utc(pause.start), None if pause.end is None else utc(pause.end)
    if end is not None and end < start:
        raise PauseBackwards()
    return Pause(start, end)


def _unit(kind: LimitKind, day: Day) -> timedelta:
    return day.length if kind is LimitKind.WORK_DAYS else HOUR


def _clip(span: Span, since: datetime, until: datetime | None = None) -> Span:
    start, end = span
    return max(start, since), end if until is None else min(end, until)


def _free(span: Span, pauses: Sequence[Pause]) -> list[Span]:
    start, end = span
    free: list[Span] = []
    for pause in pauses:
        if pause.start >= end or start >= end:
            break
        if pause.end is not None and pause.end <= start:
            continue
        if start < pause.start:
            free.append((start, pause.start))
        start = end if pause.end is None else pause.end
    if start < end:
        free.append((start, end))
    return free


def _length(pieces: Iterable[Span]) -> timedelta:
    return sum((end - start for start, end in pieces), NOTHING)


def _run_continuous(
    at: datetime, kind: LimitKind, amount: Fraction, pauses: Sequence[Pause], trace: list[Step]
) -> datetime | None:
    left = ceil(amount * kind.seconds * 1_000_000) * MICROSECOND
    for pause in pauses:
        if pause.end is not None and pause.end <= at:
            continue
        if pause.start - at >= left:
            break
        if pause.start > at:
            left -= pause.start - at
            trace.append(_counted((at, pause.start), kind, timedelta(seconds=kind.seconds)))
        trace.append(Step(StepCode.PAUSED, pause.start, pause.end))
        if pause.end is None:
            return None
        at = pause.end
    if left:
        trace.append(_counted((at, at + left), kind, timedelta(seconds=kind.seconds)))
    return at + left


def _counted(span: Span, kind: LimitKind, unit: timedelta) -> Step:
    used = round(decimal(Fraction((span[1] - span[0]) // MICROSECOND, unit // MICROSECOND)), 4)
    return Step(StepCode.COUNTED, *span, used, kind)


class _WorkingRun:
    """One walk over days; the state is what is still needed, and how far the trace has told the story."""

    def __init__(
        self,
        begin: Begin,
        kind: LimitKind,
        amount: Fraction,
        calendar: WorkCalendar,
        pauses: Sequence[Pause],
        trace: list[Step],
    ) -> None:
        self.begin, self.kind, self.calendar = begin, kind, calendar
        self.need = amount
        self.pauses, self.trace = pauses, trace
        self.untold = [pause for pause in pauses if pause.end is None or pause.end > begin.at]
        self.stop = next((pause.start for pause in pauses if pause.end is None), None)
        self.told_to = begin.at

    def run(self) -> datetime | None:
        if self.need <= 0:
            return self.begin.at
        day, idle = self.begin.first_day, 0
        while idle <= MAX_IDLE_DAYS:
            if self.stop is not None and self.stop <= day_start(day):
                self._tell_pauses(self.stop + MICROSECOND)
                return None
            today = self.calendar.day(day)
            if not today.spans:
                self._rest(today)
            elif (at := self._work(today)) is not None:
                return at
            idle = 0 if today.spans else idle + 1
            day += ONE_DAY
        raise CalendarFault(
            problem_zh=f"{self.begin.first_day} 之后一年没有工作日。",
            problem_en=f"there is no working day in the year after {self.begin.first_day}.",
        )

    def _rest(self, today: Day) -> None:
        midnight, end = day_start(today.date), day_start(today.date + ONE_DAY)
        if end <= self.begin.at or not _free((midnight, end), self.pauses):
            return
        self._tell_pauses(midnight)
        code = StepCode.WEEKEND if today.kind is DayKind.WEEKEND else StepCode.HOLIDAY
        self._tell_days(code, today.date, None, today.name)
        self.told_to = max(self.told_to, end)

    def _work(self, today: Day) -> datetime | None:
        unit = _unit(self.kind, today)
        if not self.pauses and self.begin.at <= today.spans[0][0]:
            pieces, free = list(today.spans), today.length
        else:
            pieces = [piece for span in today.spans for piece in _free(_clip(span, self.begin.at), self.pauses)]
            free = _length(pieces)
        needed = ceil(self.need * (unit // MICROSECOND)) * MICROSECOND
        if free < needed:
            self._tell(today, pieces, free, unit)
            self.need -= 1 if free == unit else Fraction(free // MICROSECOND, unit // MICROSECOND)
            return None
        used = _first(pieces, needed)
        self._tell(today, used, needed, unit)
        return used[-1][1]

    def _tell(self, today: Day, pieces: list[Span], free: timedelta, unit: timedelta) -> None:
        if free == today.length:
            self._tell_pauses(pieces[0][0])
            name = (today.name or "调休") if today.kind is DayKind.MAKE_UP else ""
            self._tell_days(
                StepCode.DAYS, today.date, decimal(Fraction(free // MICROSECOND, unit // MICROSECOND)), name
            )
            self.told_to = pieces[-1][1]
            return
        for piece in pieces:
            self._tell_pauses(piece[0])
            if self.told_to < piece[0] and self.trace and self.trace[-1].code not in SKIPS:
                self.trace.append(Step(StepCode.OUTSIDE, self.told_to, piece[0]))
            self.trace.append(_counted(piece, self.kind, unit))
            self.told_to = piece[1]

    def _tell_pauses(self, before: datetime) -> None:
        while self.untold and self.untold[0].start < before:
            pause = self.untold.pop(0)
            self.trace.append(Step(StepCode.PAUSED, pause.start, pause.end))
            if pause.end is not None:
                self.told_to = max(self.told_to, pause.end)

    def _tell_days(self, code: StepCode, day: date, used: Decimal | None, name: str) -> None:
        """One step for a run of days of which the same is to be said."""
        kind = None if used is None else self.kind
        latest = self.trace[-1] if self.trace else None
        if latest and (latest.code, latest.name, latest.kind, latest.until) == (code, name, kind, day - ONE_DAY):
            total = None if used is None or latest.amount is None else latest.amount + used
            self.trace[-1] = Step(code, latest.since, day, total, kind, name)
        else:
            self.trace.append(Step(code, day, day, used, kind, name))


def _first(pieces: list[Span], needed: timedelta) -> list[Span]:
    """The pieces from the start that make up the length needed, the final one cut short."""
    used: list[Span] = []
    for start, end in pieces:
        used.append((start, min(end, start + needed)))
        needed -= end - start
        if needed <= NOTHING:
            break
    return used

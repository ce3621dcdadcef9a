"""When a limit runs out, how much of it is used, and why. Pure: calendar, pauses and extensions are passed in.

Pauses are half-open, `[start, end)`; one without an end means that nothing falls due while it lasts. A pause gives back
exactly the time it took, so the end of a limit counted in days may then lie within a day: rounding it up would
let one minute's pause win a day. A limit is over at its due instant, not after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from wangge.cases.rules.calendar import ONE_DAY, DayConvention, WorkCalendar
from wangge.cases.rules.counting import (
    MICROSECOND,
    Begin,
    InstantNotAware,
    Pause,
    PauseBackwards,
    decimal,
    join_pauses,
    measure,
    run,
    utc,
)
from wangge.cases.rules.last_day import run_by_law
from wangge.cases.rules.limits import LimitKind, TimeLimit
from wangge.cases.rules.traces import Step, StepCode, explain, trace_as_json, trace_from_json
from wangge.core.clock import day_of, day_start

__all__ = [
    "Difference",
    "Due",
    "Extension",
    "InstantNotAware",
    "Light",
    "Pause",
    "PauseBackwards",
    "Progress",
    "Step",
    "StepCode",
    "Timer",
    "difference",
    "due",
    "due_after",
    "elapsed",
    "explain",
    "join_pauses",
    "moment",
    "progress",
    "trace_as_json",
    "trace_from_json",
]

AMBER_LEFT = Decimal("0.3")


class Light(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Extension:
    """Runs on from where the limit would have ended, whenever it was granted."""

    limit: TimeLimit
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class Timer:
    """Everything a due time is made of, except the calendar."""

    start: datetime
    limit: TimeLimit
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """`at` and `amber_at` are None while an open pause holds them off."""

    at: datetime | None
    amber_at: datetime | None
    trace: tuple[Step, ...]
    calendar_version: str
    pauses: tuple[Pause, ...] = ()  # joined

    def light(self, now: datetime) -> Light:
        if self.at is not None and now >= self.at:
            return Light.RED
        if any(pause.start <= now and (pause.end is None or now < pause.end) for pause in self.pauses):
            return Light.PAUSED
        return Light.AMBER if self.amber_at is not None and now >= self.amber_at else Light.GREEN


@dataclass(frozen=True, slots=True)
class Progress:
    """In units of the limit's own kind; extensions of another kind are turned into it by their nominal hours."""

    total: Decimal
    used: Decimal

    @property
    def remaining(self) -> Decimal:
        return self.total - self.used


@dataclass(frozen=True, slots=True)
class Difference:
    before: datetime | None
    after: datetime | None
    removed: tuple[Step, ...]
    added: tuple[Step, ...]

    @property
    def shift(self) -> timedelta | None:
        return None if self.before is None or self.after is None else self.after - self.before


def due(
    start: datetime,
    limit: TimeLimit,
    calendar: WorkCalendar,
    pauses: Iterable[Pause] = (),
    extensions: Iterable[Extension] = (),
    *,
    amber_left: Decimal = AMBER_LEFT,
) -> Due:
    timer = Timer(start, limit, join_pauses(pauses), tuple(extensions))
    trace = [Step(StepCode.STARTED, utc(start), None, limit.amount, limit.kind)]
    at = _run_legs(timer, calendar, _legs(timer), trace)
    trace.append(Step(StepCode.WAITING) if at is None else Step(StepCode.REACHED, at))
    amber_at = moment(1 - amber_left, timer, calendar)
    return Due(at, amber_at, tuple(trace), calendar.version, timer.pauses)


def moment(share: Decimal, timer: Timer, calendar: WorkCalendar) -> datetime | None:
    """The instant at which this share (0 to 1) of the limit and its extensions is used; None behind an open pause."""
    if share == 0:
        return utc(timer.start)
    legs = _legs(timer)
    left = Fraction(share) * sum(leg.weight for leg in legs)
    some: list[_Leg] = []
    for leg in legs:
        part = min(left, leg.weight)
        some.append(leg if part == leg.weight else leg.part(part / leg.weight))
        left -= part
        if left <= 0:
            break
    at = _run_legs(timer, calendar, some, [])
    if some[-1].is_whole or some[-1].kind is not LimitKind.LEGAL_DAYS:
        return at
    # Business may close before a last share of the last day is used, and before a pause that holds this share off.
    end = _run_legs(timer, calendar, legs, [])
    return min((one for one in (at, end) if one is not None), default=None)


def due_after(at: datetime, limit: TimeLimit, calendar: WorkCalendar, pauses: Iterable[Pause] = ()) -> datetime | None:
    """The end of a limit that runs on from the end of another one, as in "1 工作日 after it fell due"."""
    leg = _Leg(limit.kind, Fraction(limit.amount), utc(at))
    return _run_leg(leg, utc(at), None, calendar, join_pauses(pauses), [])


def elapsed(
    start: datetime, end: datetime, kind: LimitKind, calendar: WorkCalendar, pauses: Iterable[Pause] = ()
) -> Decimal:
    """Units of this kind used between two instants, by the calendar's convention for days, so that it is exactly
    the limit between a start and its due time. For a plain duration ask for WORK_HOURS or NATURAL_HOURS."""
    begin = _begin(utc(start), kind, calendar)
    return decimal(measure(begin, utc(end), kind, calendar, join_pauses(pauses)))


def progress(now: datetime, timer: Timer, calendar: WorkCalendar) -> Progress:
    now, pauses, legs = utc(now), join_pauses(timer.pauses), _legs(timer)
    used, previous = Fraction(0), None
    position: datetime | None = utc(timer.start)
    for leg in legs:
        if position is None or position >= now:
            break
        begin = _leg_begin(leg, position, previous, calendar)
        position = _run_leg(leg, position, previous, calendar, pauses, [])
        ended = position is not None and position <= now
        part = leg.amount if ended else min(leg.amount, measure(begin, now, leg.kind, calendar, pauses))
        used += part * leg.kind.seconds
        previous = leg.kind
    unit = timer.limit.kind.seconds
    return Progress(decimal(sum((leg.weight for leg in legs), Fraction(0)) / unit), decimal(used / unit))


def difference(before: datetime | None, trace: Sequence[Step], after: Due) -> Difference | None:
    """What a recomputation changes against the stored instant and trace; None when the instant stands."""
    if before == after.at:
        return None
    removed = tuple(step for step in trace if step not in after.trace)
    return Difference(before, after.at, removed, tuple(step for step in after.trace if step not in trace))


@dataclass(frozen=True, slots=True)
class _Leg:
    kind: LimitKind
    amount: Fraction
    granted_at: datetime | None = None  # of an extension
    is_whole: bool = True  # not a share of it

    def part(self, share: Fraction) -> "_Leg":
        return _Leg(self.kind, self.amount * share, self.granted_at, is_whole=False)

    @property
    def weight(self) -> Fraction:
        return self.amount * self.kind.seconds


def _legs(timer: Timer) -> list[_Leg]:
    granted = sorted(timer.extensions, key=lambda extension: extension.granted_at)
    return [
        _Leg(timer.limit.kind, Fraction(timer.limit.amount)),
        *(_Leg(e.limit.kind, Fraction(e.limit.amount), utc(e.granted_at)) for e in granted),
    ]


def _run_legs(timer: Timer, calendar: WorkCalendar, legs: Iterable[_Leg], trace: list[Step]) -> datetime | None:
    position: datetime | None = utc(timer.start)
    pauses, previous = join_pauses(timer.pauses), None
    for leg in legs:
        if leg.granted_at is not None:
            trace.append(Step(StepCode.EXTENDED, leg.granted_at, None, decimal(leg.amount), leg.kind))
        if position is not None:
            position = _run_leg(leg, position, previous, calendar, pauses, trace)
        previous = leg.kind
    return position


def _run_leg(
    leg: _Leg,
    position: datetime,
    previous: LimitKind | None,
    calendar: WorkCalendar,
    pauses: tuple[Pause, ...],
    trace: list[Step],
) -> datetime | None:
    begin = _leg_begin(leg, position, previous, calendar)
    if begin.day_left_out is not None:
        trace.append(Step(StepCode.NOT_COUNTED, begin.day_left_out))
    if leg.kind is LimitKind.LEGAL_DAYS and leg.is_whole:
        return run_by_law(begin, leg.amount, position, calendar, pauses, trace)
    return run(begin, leg.kind, leg.amount, calendar, pauses, trace)


def _leg_begin(leg: _Leg, position: datetime, previous: LimitKind | None, calendar: WorkCalendar) -> Begin:
    """An extension in the unit of what it extends just runs on. In another unit it begins like a limit, except that
    midnight is the end of the day before and not the start of a new one."""
    if leg.granted_at is None:
        return _begin(position, leg.kind, calendar, same_day=leg.amount == 0)
    if previous is leg.kind:
        return _from_instant(position)
    return _begin(position - MICROSECOND, leg.kind, calendar, instant=position)


def _begin(
    at: datetime, kind: LimitKind, calendar: WorkCalendar, *, same_day: bool = False, instant: datetime | None = None
) -> Begin:
    # 当日 (no further day) ends at 24:00 under either convention; at the same time of day it would be over at once.
    whole_days = same_day or kind is LimitKind.LEGAL_DAYS or calendar.day_convention is DayConvention.CLOSE_OF_DAY
    if not kind.by_days or not whole_days:
        return _from_instant(instant or at)
    left_out = day_of(at)
    midnight = day_start(left_out + ONE_DAY)
    return Begin(midnight, left_out + ONE_DAY, None if midnight == instant else left_out)


def _from_instant(at: datetime) -> Begin:
    # The night shift of the day before may still be on.
    return Begin(at, day_of(at) - ONE_DAY)

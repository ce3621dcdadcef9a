"""How a due time was reached, step by step: short enough to store with the case, clear enough to read out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from wangge.cases.rules.limits import LimitKind, TimeLimit, in_units, plain
from wangge.core.clock import local

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class StepCode(StrEnum):
    STARTED = "started"
    NOT_COUNTED = "not_counted"  # 开始的当日不计入
    COUNTED = "counted"  # a span of time
    DAYS = "days"  # whole working days, `name` when they are make-up days
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    OUTSIDE = "outside"  # between shifts
    PAUSED = "paused"
    EXTENDED = "extended"
    ROLLED = "rolled"  # the last day was a day of rest: days, `name` what they are
    CLOSES = "closes"  # the last day ends with its last shift
    REACHED = "reached"
    WAITING = "waiting"  # paused with no end known: nothing is due


SKIPS = frozenset({StepCode.NOT_COUNTED, StepCode.WEEKEND, StepCode.HOLIDAY})


@dataclass(frozen=True, slots=True)
class Step:
    """Instants (UTC, `[since, until)`) for spans; Beijing dates, both included, for days."""

    code: StepCode
    since: datetime | date | None = None
    until: datetime | date | None = None
    amount: Decimal | None = None
    kind: LimitKind | None = None  # the unit of `amount`
    name: str = ""


def trace_as_json(trace: Iterable[Step]) -> list[list[Any]]:
    return [_step_as_json(step) for step in trace]


def trace_from_json(rows: Iterable[list[Any]]) -> tuple[Step, ...]:
    return tuple(_step_from_json(row) for row in rows)


def explain(step: Step, language: str = "zh") -> str:
    """One sentence. Midnight at the end of something is told as 24:00 of the day before, as people say it."""
    english = language == "en"
    sentence = _sentence(step)[english]
    name = step.name or ("节假日", "holiday")[english]
    return sentence.format(
        since=_moment(step.since, english, closing=False),
        at=_moment(step.since, english, closing=True),
        until=_moment(step.until, english, closing=True),
        range=_range(step, english),
        amount=_amount(step, language),
        name=", ".join(_NAMES.get(part, part) for part in name.split("、")) if english else name,
    )


_SENTENCES = {
    StepCode.STARTED: ("自{since}起算，时限{amount}。", "Started {since}; the limit is {amount}."),
    StepCode.NOT_COUNTED: ("{range}为起始当日，不计入。", "{range}: the day it starts on is not counted."),
    StepCode.COUNTED: ("{range}，计{amount}。", "{range}: {amount} counted."),
    StepCode.DAYS: ("{range}，计{amount}。", "{range}: {amount} counted."),
    StepCode.WEEKEND: ("{range}为周末，不计。", "{range}: weekend, not counted."),
    StepCode.HOLIDAY: ("{range}为{name}，不计。", "{range}: {name}, not counted."),
    StepCode.OUTSIDE: ("{range}不在班次内，不计。", "{range}: outside the shifts, not counted."),
    StepCode.PAUSED: ("{range}暂停计时。", "{range}: the clock was stopped."),
    StepCode.EXTENDED: ("{since}批准延期{amount}。", "Extended by {amount}, granted {since}."),
    StepCode.ROLLED: (
        "最后一日遇{name}（{range}），依《民法典》第二百零三条顺延至其后第一个工作日，以该日班次结束为准。",
        "The last day falls on {name} ({range}); by article 203 of the Civil Code it moves to the next working day, "
        "and ends with its last shift.",
    ),
    StepCode.CLOSES: (
        "最后一日以班次结束（{at}）为准（《民法典》第二百零三条）。",
        "The last day ends with its last shift, {at} (article 203 of the Civil Code).",
    ),
    StepCode.REACHED: ("{at}到期。", "Due {at}."),
    StepCode.WAITING: ("暂停中，恢复后再计到期时间。", "The clock is stopped; it is due only after it runs again."),
}
_MAKE_UP = ("{range}为调休上班（{name}），计{amount}。", "{range}: make-up working day ({name}), {amount} counted.")
_PAUSED_OPEN = ("自{since}起暂停计时。", "The clock has been stopped since {since}.")
_NAMES = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Tomb-sweeping Day",
    "清明": "Tomb-sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "国庆节": "National Day",
    "中秋节": "Mid-autumn Festival",
    "中秋": "Mid-autumn Festival",
    "调休": "exchanged for a weekday",
    "周末": "a weekend",
    "节假日": "a holiday",
}
_WEEKDAYS = ("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _sentence(step: Step) -> tuple[str, str]:
    if step.code is StepCode.DAYS and step.name:
        return _MAKE_UP
    if step.code is StepCode.PAUSED and step.until is None:
        return _PAUSED_OPEN
    return _SENTENCES[step.code]


def _amount(step: Step, language: str) -> str:
    if step.amount is None or step.kind is None:
        return ""
    if step.code in (StepCode.STARTED, StepCode.EXTENDED):
        return TimeLimit(step.kind, step.amount).in_words(language)
    # What was used up need not have the few decimals of a limit.
    return in_units(round(step.amount, 3), step.kind, language)


def _range(step: Step, english: bool) -> str:
    if step.until is None or step.until == step.since:
        return _moment(step.since, english, closing=False)
    since, until = _moment(step.since, english, closing=False), _moment(step.until, english, closing=True)
    if isinstance(step.since, datetime):
        until = until.removeprefix(since[: since.rindex(" " if english else "）") + 1])
    return f"{since}{' to ' if english else '至'}{until}"


def _moment(at: datetime | date | None, english: bool, *, closing: bool) -> str:
    if at is None:
        return ""
    if not isinstance(at, datetime):
        return _day(at, english)
    clock = local(at)
    if closing and (clock.hour, clock.minute, clock.second, clock.microsecond) == (0, 0, 0, 0):
        return f"{_day(clock.date() - timedelta(days=1), english)}{' ' if english else ''}24:00"
    return f"{_day(clock.date(), english)}{' ' if english else ''}{clock:%H:%M:%S}".removesuffix(":00")


def _day(day: date, english: bool) -> str:
    weekday = _WEEKDAYS[english][day.weekday()]
    if english:
        return f"{weekday} {day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日（周{weekday}）"


def _step_as_json(step: Step) -> list[Any]:
    """`[code, since, until, amount, kind, name]` without the empty end; instants as seconds, dates as text."""
    row: list[Any] = [
        step.code.value,
        _pack(step.since),
        _pack(step.until),
        None if step.amount is None else plain(step.amount),
        None if step.kind is None else step.kind.value,
        step.name or None,
    ]
    while row[-1] is None:
        row.pop()
    return row


def _step_from_json(row: list[Any]) -> Step:
    code, since, until, amount, kind, name = row + [None] * (6 - len(row))
    return Step(
        StepCode(code),
        _unpack(since),
        _unpack(until),
        None if amount is None else Decimal(amount),
        None if kind is None else LimitKind(kind),
        name or "",
    )


def _pack(at: datetime | date | None) -> int | float | str | None:
    """Seconds since 1970; a double holds microseconds exactly until the year 2255."""
    if not isinstance(at, datetime):
        return None if at is None else at.isoformat()
    micros = (at - EPOCH) // timedelta(microseconds=1)
    return micros / 1_000_000 if micros % 1_000_000 else micros // 1_000_000


def _unpack(value: int | float | str | None) -> datetime | date | None:
    if value is None:
        return None
    if isinstance(value, str):
        return date.fromisoformat(value)
    return EPOCH + timedelta(microseconds=round(value * 1_000_000))

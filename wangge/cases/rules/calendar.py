"""Which Beijing days are worked, and between which instants. Values only: rows and shifts are passed in.

Order of truth for a day: administrator's override > State Council table > `chinesecalendar` > Monday to Friday.
A shift that crosses midnight belongs to the day on which it starts, whatever the next day is.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from importlib.metadata import version as installed_version
from typing import Any, NamedTuple

import chinese_calendar

from wangge.core.clock import BEIJING
from wangge.core.errors import Invalid

ONE_DAY = timedelta(days=1)
LIBRARY_VERSION = installed_version("chinesecalendar")
# Raised when the same rows would give other instants than before; it is part of every calendar's version.
ENGINE = 3


class CalendarFault(Invalid):
    code = "calendar.fault"
    zh = "工作日历有误：{problem_zh}"
    en = "The working calendar is not right: {problem_en}"


def there_twice(day: date) -> CalendarFault:
    return CalendarFault(problem_zh=f"{day} 出现两次。", problem_en=f"{day} is there twice.")


class DaySource(StrEnum):
    """Who says so, strongest first."""

    OVERRIDE = "override"
    STATE_COUNCIL = "state_council"
    LIBRARY = "library"
    WEEKDAY = "weekday"


class DayKind(StrEnum):
    WORKDAY = "workday"
    MAKE_UP = "make_up"  # 调休上班: a Saturday or Sunday that is worked
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


class DayConvention(StrEnum):
    """When a limit counted in working or natural days ends.

    Close of the Nth day is the default: 民法典 第二百零一条 (a period counted in days leaves out the day it starts on)
    and 第二百零三条 (it ends at 24:00 of its last day or, where there are business hours, when business stops). So
    "3 工作日" received on Monday, at whatever hour, is due on Thursday when the last shift ends.
    第二百零四条 lets parties agree otherwise, which some districts' standards do: the same time of day, N days later.
    """

    CLOSE_OF_DAY = "close_of_day"
    SAME_TIME = "same_time"


class MonthDay(NamedTuple):
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Shift:
    """Beijing wall-clock times. An end not after the start is on the next day (00:00 to 00:00 is a whole day)."""

    start: time
    end: time

    @property
    def length(self) -> timedelta:
        return self._offset(self.end) - self._offset(self.start) + (ONE_DAY if self.end <= self.start else timedelta())

    @property
    def begins(self) -> timedelta:
        """From the midnight that opens the day."""
        return self._offset(self.start)

    @staticmethod
    def _offset(at: time) -> timedelta:
        return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


DEFAULT_SHIFTS = (Shift(time(8), time(12)), Shift(time(14), time(18)))


@dataclass(frozen=True, slots=True)
class Season:
    """Shifts for `[since, until)`: two dates, or two month-days of every year (10-01 to 05-01 passes the new year)."""

    shifts: tuple[Shift, ...]
    since: date | MonthDay
    until: date | MonthDay
    name: str = ""

    def covers(self, day: date) -> bool:
        if isinstance(self.since, date) and isinstance(self.until, date):
            return self.since <= day < self.until
        at, since, until = (day.month, day.day), _month_day(self.since), _month_day(self.until)
        return since <= at < until if since < until else at >= since or at < until


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day as a table or an administrator states it. `name` is what people are told: 春节, 大雪停工."""

    date: date
    works: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    works: bool
    source: DaySource
    kind: DayKind
    name: str
    spans: tuple[tuple[datetime, datetime], ...]  # UTC, in order, apart
    length: timedelta  # of all spans


class Saying(NamedTuple):
    works: bool
    source: DaySource
    name: str


@dataclass(frozen=True)
class WorkCalendar:
    shifts: tuple[Shift, ...] = DEFAULT_SHIFTS
    seasons: tuple[Season, ...] = ()  # the first that covers a day gives its shifts
    overrides: tuple[DayRow, ...] = ()
    state_council: tuple[DayRow, ...] = ()
    day_convention: DayConvention = DayConvention.CLOSE_OF_DAY

    def __post_init__(self) -> None:
        _check_shifts(self.shifts)
        for season in self.seasons:
            _check_season(season)
        for rows in (self.overrides, self.state_council):
            _check_rows(rows)

    def is_workday(self, day: date) -> tuple[bool, DaySource]:
        works, source, _ = self._saying(day)
        return works, source

    def work_intervals(self, day: date) -> list[tuple[datetime, datetime]]:
        """The spans worked by the shifts of this day, as UTC instants; empty on a day of rest."""
        return list(self.day(day).spans)

    def day(self, day: date) -> Day:
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = self._make_day(day)
        return found

    @cached_property
    def version(self) -> str:
        """The same for calendars that give the same instants; it changes with any row, and with the library."""
        rows = [
            [_plain(self.shifts), str(self.day_convention)],
            [[_plain(s.shifts), str(s.since), str(s.until)] for s in self.seasons],
            *([sorted([str(r.date), r.works] for r in rows)] for rows in (self.overrides, self.state_council)),
        ]
        digest = hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:12]
        return f"{ENGINE}/{LIBRARY_VERSION}/{digest}"

    @cached_property
    def _days(self) -> dict[date, Day]:
        return {}

    @cached_property
    def _tables(self) -> tuple[tuple[DaySource, dict[date, DayRow]], ...]:
        return (
            (DaySource.OVERRIDE, {row.date: row for row in self.overrides}),
            (DaySource.STATE_COUNCIL, {row.date: row for row in self.state_council}),
        )

    def _saying(self, day: date) -> Saying:
        for source, rows in self._tables:
            row = rows.get(day)
            if row is not None:
                return Saying(row.works, source, row.name)
        return _library(day) or Saying(day.weekday() < 5, DaySource.WEEKDAY, "")

    def _make_day(self, day: date) -> Day:
        works, source, name = self._saying(day)
        spans = self._spans(day) if works else ()
        length = sum((end - start for start, end in spans), timedelta())
        return Day(day, works, source, _kind(day, works, name), name, spans, length)

    def _spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        # A night shift of the day before may run into this day's first shift where a season changes; count it once.
        before = day - ONE_DAY
        taken = self._raw_spans(before)[-1:] if self._saying(before).works else []
        floor = taken[0][1] if taken else None
        clipped = ((start if floor is None else max(start, floor), end) for start, end in self._raw_spans(day))
        return tuple((start, end) for start, end in clipped if start < end)

    def _raw_spans(self, day: date) -> list[tuple[datetime, datetime]]:
        midnight = datetime(day.year, day.month, day.day, tzinfo=BEIJING).astimezone(UTC)
        shifts = next((season.shifts for season in self.seasons if season.covers(day)), self.shifts)
        return [(midnight + shift.begins, midnight + shift.begins + shift.length) for shift in shifts]


def knows_year(calendar: WorkCalendar, year: int) -> bool:
    """Whether anybody has said which days of a year are worked, beyond Monday to Friday."""
    return calendar.is_workday(date(year, 1, 1))[1] is not DaySource.WEEKDAY


@lru_cache(maxsize=20_000)
def _library(day: date) -> Saying | None:
    """None outside the years the library holds. Kept, because each call of the library scans its whole table."""
    try:
        works = bool(chinese_calendar.is_workday(day))
        name = chinese_calendar.get_holiday_detail(day)[1]
    except NotImplementedError:
        return None
    return Saying(works, DaySource.LIBRARY, chinese_calendar.Holiday(name).chinese if name else "")


def _kind(day: date, works: bool, name: str) -> DayKind:
    weekend = day.weekday() >= 5
    if works:
        return DayKind.MAKE_UP if weekend else DayKind.WORKDAY
    return DayKind.WEEKEND if weekend and not name else DayKind.HOLIDAY


def _month_day(value: date | MonthDay) -> tuple[int, int]:
    return value.month, value.day


def _plain(shifts: Iterable[Shift]) -> list[Any]:
    return [[shift.start.isoformat(), shift.end.isoformat()] for shift in shifts]


def _check_shifts(shifts: tuple[Shift, ...]) -> None:
    if not shifts:
        raise CalendarFault(problem_zh="没有班次。", problem_en="there are no shifts.")
    if any(at.tzinfo is not None for shift in shifts for at in (shift.start, shift.end)):
        raise CalendarFault(
            problem_zh="班次用北京时间，不带时区。", problem_en="shifts are Beijing times, without a zone."
        )
    ends = [shift.begins + shift.length for shift in shifts]
    begins = [shift.begins for shift in shifts]
    if any(end > begin for end, begin in zip(ends, [*begins[1:], begins[0] + ONE_DAY], strict=True)):
        raise CalendarFault(
            problem_zh="班次须按先后排列，互不重叠。", problem_en="shifts must be in order and must not overlap."
        )


def _check_season(season: Season) -> None:
    _check_shifts(season.shifts)
    if isinstance(season.since, date) != isinstance(season.until, date):
        raise CalendarFault(
            problem_zh="一个时段的起止须同为日期，或同为月日。",
            problem_en="a season runs between two dates or between two month-days.",
        )
    if isinstance(season.since, date) and isinstance(season.until, date):
        empty = season.until <= season.since
    else:
        empty = season.since == season.until
        for value in (season.since, season.until):
            _check_month_day(_month_day(value))
    if empty:
        raise CalendarFault(
            problem_zh=f"时段“{season.name}”没有一天。", problem_en=f"season “{season.name}” has no day."
        )


def _check_month_day(value: tuple[int, int]) -> None:
    try:
        date(2000, *value)  # a leap year, so that 29 February may be named
    except ValueError:
        raise CalendarFault(problem_zh=f"没有 {value[0]} 月 {value[1]} 日。", problem_en=f"no day {value}.") from None


def _check_rows(rows: tuple[DayRow, ...]) -> None:
    seen: set[date] = set()
    for row in rows:
        if row.date in seen:
            raise there_twice(row.date)
        seen.add(row.date)

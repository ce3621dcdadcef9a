"""What is asked of an analysis: from which side, in which period, beside which, narrowed to what."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from wangge.cases.configuration import units_by_path
from wangge.cases.queries.breakdown.units import may_know
from wangge.cases.queries.figures import COUNTS, OUTCOME_COUNTS, UNIT_COUNTS, Period
from wangge.core.actor import Actor
from wangge.core.errors import NotAllowed, invalid


class By(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    HOUR = "hour"
    PLACE = "place"
    CATEGORY = "category"
    SOURCE = "source"
    OUTCOME = "outcome"
    UNIT = "unit"


class Beside(StrEnum):
    """What a period is compared with."""

    NOTHING = "nothing"
    BEFORE = "before"  # 环比: as many days, right before
    YEAR_BEFORE = "year_before"  # 同比: the same days of the year before


TIMES = (By.DAY, By.WEEK, By.MONTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """At most one of category, source, outcome and unit narrows; category and unit are paths."""

    by: By
    period: Period
    beside: Beside = Beside.NOTHING
    code: str = ""
    scheme: int | None = None
    category: str = ""
    source: str = ""
    outcome: str = ""
    unit: str = ""

    @property
    def narrowed_by(self) -> By | None:
        given = {By.CATEGORY: self.category, By.SOURCE: self.source, By.OUTCOME: self.outcome, By.UNIT: self.unit}
        return next((kind for kind, value in given.items() if value), None)


@dataclass(frozen=True, slots=True)
class Measure:
    """A count of a row, and what finds its cases beside the row's own filters: the moment that is in the period, and
    conditions."""

    moment: str
    filters: dict[str, Any]


MEASURES: dict[str, Measure] = {
    "reported": Measure("reported", {}),
    "answered": Measure("reported", {"is_answered": True}),
    "answered_in_5": Measure("reported", {"answered_in_5": True}),
    "dispatched": Measure("dispatched", {}),
    "closed": Measure("closed", {}),
    "closed_in_time": Measure("closed", {"is_late": False}),
    "self_settled": Measure("closed", {"self_settled": True}),
    "rated": Measure("closed", {"satisfaction": [1, 2, 3, 4, 5]}),
    "satisfied": Measure("closed", {"satisfaction": [4, 5]}),
}


def check(by: Actor, asked: Asked) -> None:
    narrowed = asked.narrowed_by
    kept: dict[By | None, tuple[By, ...]] = {
        None: tuple(By),
        By.CATEGORY: (*TIMES, By.PLACE, By.CATEGORY),
        By.SOURCE: (*TIMES, By.PLACE, By.SOURCE),
        By.OUTCOME: (*TIMES, By.PLACE, By.OUTCOME),
        By.UNIT: (*TIMES, By.UNIT),
    }
    if asked.by not in kept[narrowed]:
        raise invalid("by", "这两个角度不能同时分析。", "These two are not counted together.")
    if asked.code and By.UNIT in (asked.by, narrowed):
        raise invalid("code", "按单位分析时不分区划。", "Figures of a unit are not counted by place.")
    if asked.unit and not may_know(by, asked.unit, units_by_path()):
        raise NotAllowed(unit=asked.unit)


def earlier(asked: Asked) -> Period | None:
    length = asked.period.until - asked.period.since
    if asked.beside is Beside.BEFORE:
        return Period(asked.period.since - length, asked.period.since)
    if asked.beside is Beside.YEAR_BEFORE:
        since = _year_before(asked.period.since)
        return Period(since, since + length)
    return None


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def measures_of(asked: Asked) -> tuple[str, ...]:
    if asked.by is By.HOUR:
        return ("reported",)
    if asked.by is By.UNIT or asked.unit:
        return UNIT_COUNTS
    return OUTCOME_COUNTS if By.OUTCOME in (asked.by, asked.narrowed_by) else COUNTS

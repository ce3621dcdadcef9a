"""Figures of chosen categories alone, and of what is open everywhere at once: for a theme and its map.

What came in and what was closed comes from the roll-up by category; what is open is few, and counted from its grains.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from wangge.cases.models import DayByCategory, DayByPlace, Grain, OpenByPlace
from wangge.cases.queries.figures.asked import COUNTS, OPEN, Period, at_one_position, places_of, sums, zeros
from wangge.cases.queries.figures.grains import of_grains
from wangge.core.actor import Actor
from wangge.core.codes import Level
from wangge.core.ranges import within

Row = dict[str, Any]


def days_of(by: Actor, period: Period, *, code: str = "", categories: Collection[int] | None = None) -> Row:
    """Every day of the period. `categories` None: all, as on the desk's dashboard."""
    places = places_of(by, code)
    days = [period.since + timedelta(days=index) for index in range((period.until - period.since).days)]

    def read() -> Row:
        found: dict[date, Row] = {}
        for place in places:
            for row in _days(place, period, categories):
                into = found.setdefault(row["day"], dict.fromkeys(COUNTS, 0))
                for name in COUNTS:
                    into[name] += row[name] or 0
        return {"days": [{"day": day, **zeros(found.get(day), COUNTS)} for day in days]}

    return at_one_position(read)


def open_of(by: Actor, *, code: str = "", categories: Collection[int] | None = None) -> Row:
    places = places_of(by, code)

    def read() -> Row:
        if categories is None:
            rows = sums(OpenByPlace.objects.filter(code__in=places).values(), OPEN)
            return {name: sum(row[name] or 0 for row in rows) for name in OPEN}
        return _counted(_open_grains(places, categories))[0]

    return at_one_position(read)


def open_by_place(by: Actor, *, code: str = "", categories: Collection[int] | None = None) -> Row:
    """Of every division and grid in which something is open, from the sub-district down."""
    places = places_of(by, code)

    def read() -> Row:
        if categories is None:
            rows = OpenByPlace.objects.filter(within("code", places), code__gt="", open__gt=0).values("code")
            found = {row["code"]: row for row in sums(rows, OPEN) if len(row["code"]) >= Level.STREET}
        else:
            found = _added_upwards(_counted(_open_grains(places, categories), "current_grid"))
        return {"places": [{"code": place, **zeros(row, OPEN)} for place, row in sorted(found.items())]}

    return at_one_position(read)


def _days(place: str, period: Period, categories: Collection[int] | None) -> list[Row]:
    if categories is None:
        return sums(DayByPlace.objects.filter(period.days, code=place).values("day"), COUNTS)
    if len(place) <= Level.STREET:
        kept = DayByCategory.objects.filter(period.days, code=place, category__in=categories)
        return sums(kept.values("day"), COUNTS)
    found = of_grains((place,), period, "day", Q(category__in=categories))
    return [{"day": day, **zeros(row, COUNTS)} for day, row in found.items()]


def _open_grains(places: tuple[str, ...], categories: Collection[int]) -> "QuerySet[Grain]":
    return Grain.objects.filter(within("current_grid", places), is_open=True, category__in=categories)


def _counted(grains: "QuerySet[Grain]", *keys: str) -> list[Row]:
    counts = {
        "open": Count("case"),
        "overdue": Count("case", Q(is_overdue=True)),
        "returned": Count("case", Q(is_returned=True)),
        "supervised": Count("case", Q(is_supervised=True)),
    }
    return list(grains.values(*keys).annotate(**counts)) if keys else [grains.aggregate(**counts)]


def _added_upwards(rows: list[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        for level in Level:
            if Level.STREET <= level <= len(row["current_grid"]):
                into = found.setdefault(row["current_grid"][: int(level)], dict.fromkeys(OPEN, 0))
                for name in OPEN:
                    into[name] += row[name]
    return found

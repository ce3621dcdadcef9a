"""Figures of the dashboard: by days, by places below, by units."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from wangge.cases.configuration import units_by_path
from wangge.cases.models import DayByPlace, DayByUnit, OpenByPlace, OpenByUnit
from wangge.cases.queries.figures.asked import (
    COUNTS,
    OPEN,
    UNIT_COUNTS,
    Period,
    at_one_position,
    may_read,
    places_of,
    sums,
    zeros,
)
from wangge.core.actor import Actor
from wangge.core.codes import END, Level
from wangge.core.errors import NotAllowed
from wangge.grids.models import Division, Grid, open_on

LEVELS = tuple(int(level) for level in Level)


def dashboard(by: Actor, *, today: date, code: str = "") -> dict[str, Any]:
    """Today, with the day before to compare, and what is open. Five small queries."""
    subject = _subject(by, code)
    yesterday = today - timedelta(days=1)

    def read() -> dict[str, Any]:
        days = {row["day"]: row for row in subject.by_day(Period(yesterday, today + timedelta(days=1)))}
        return {
            "basis": subject.basis,
            "codes": list(subject.codes),
            "today": _filled(days.get(today, {}), today),
            "yesterday": _filled(days.get(yesterday, {}), yesterday),
            "open": subject.open_now(),
        }

    return at_one_position(read)


def by_days(by: Actor, period: Period, *, code: str = "") -> dict[str, Any]:
    """Every day of the period, also those without a case."""
    subject = _subject(by, code)
    days = [period.since + timedelta(days=index) for index in range((period.until - period.since).days)]

    def read() -> dict[str, Any]:
        found = {row["day"]: row for row in subject.by_day(period)}
        return {"basis": subject.basis, "days": [_filled(found.get(day, {}), day) for day in days]}

    return at_one_position(read)


def by_place(by: Actor, period: Period, *, code: str = "") -> dict[str, Any]:
    """The divisions or grids one level below `code`, or below the post's own: those that stood on the last day of the
    period, also without a case, and those that had ended by then where they have figures."""
    may_read(by)
    children = _children(by, code)
    standing = _standing(children, period.until - timedelta(days=1))
    came = DayByPlace.objects.filter(period.days, code__in=children).values("code")
    still = OpenByPlace.objects.filter(code__in=children).values("code")

    def read() -> dict[str, Any]:
        counted = {row.pop("code"): row for row in sums(came, COUNTS)}
        waiting = {row.pop("code"): row for row in sums(still, OPEN)}
        return {
            "items": [
                {"code": child, "name": name, **_counts(counted.get(child)), **_open(waiting.get(child))}
                for child, name in children.items()
                if child in standing or any(counted.get(child, {}).values()) or any(waiting.get(child, {}).values())
            ]
        }

    return at_one_position(read)


def by_unit(by: Actor, period: Period, *, unit: str = "") -> dict[str, Any]:
    """Units that led cases, at or below `unit` (a path), within the post's own unit; most work first."""
    may_read(by)
    root = unit or by.unit_path
    if not by.is_system and "" not in by.ranges and not (by.unit_path and root.startswith(by.unit_path)):
        raise NotAllowed(unit=root)
    below = Q(unit_path__gte=root, unit_path__lt=root + END)
    led = DayByUnit.objects.filter(below, period.days).values("unit_path")
    still = OpenByUnit.objects.filter(below).values("unit_path")

    def read() -> dict[str, Any]:
        counted = {row.pop("unit_path"): row for row in sums(led, UNIT_COUNTS)}
        waiting = {row.pop("unit_path"): row for row in sums(still, OPEN)}
        return {"items": _by_work(counted, waiting)}

    return at_one_position(read)


def _by_work(counted: dict[str, dict[str, Any]], waiting: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    known = units_by_path()
    items = [
        {
            "path": path,
            "id": known[path].id if path in known else None,
            "name": known[path].name if path in known else path,
            **zeros(counted.get(path), UNIT_COUNTS),
            **_open(waiting.get(path)),
        }
        for path in sorted({*counted, *waiting})
    ]
    items = [item for item in items if any(item[name] for name in (*UNIT_COUNTS, *OPEN))]
    return sorted(items, key=lambda item: (-item["open"], -item["dispatched"], item["path"]))


@dataclass(frozen=True, slots=True)
class _Places:
    codes: tuple[str, ...]
    basis: str = "place"

    def by_day(self, period: Period) -> list[dict[str, Any]]:
        return sums(DayByPlace.objects.filter(period.days, code__in=self.codes).values("day"), COUNTS)

    def open_now(self) -> dict[str, Any]:
        return _by_state(sums(OpenByPlace.objects.filter(code__in=self.codes).values("state"), OPEN))


@dataclass(frozen=True, slots=True)
class _Unit:
    path: str
    basis: str = "unit"
    codes: tuple[str, ...] = ()

    def by_day(self, period: Period) -> list[dict[str, Any]]:
        rows = DayByUnit.objects.filter(period.days, unit_path__gte=self.path, unit_path__lt=self.path + END)
        return sums(rows.values("day"), UNIT_COUNTS)

    def open_now(self) -> dict[str, Any]:
        rows = OpenByUnit.objects.filter(unit_path__gte=self.path, unit_path__lt=self.path + END)
        return _by_state(sums(rows.values("state"), OPEN))


def _subject(by: Actor, code: str) -> _Places | _Unit:
    may_read(by)
    if not code and not by.ranges:
        return _Unit(by.unit_path) if by.unit_path else _Places(())
    return _Places(places_of(by, code))


def _children(by: Actor, code: str) -> dict[str, str]:
    """code -> name of what lies one level below, in scope."""
    places = places_of(by, code)
    found: dict[str, str] = {}
    for place in places:
        if code and place != code:
            found |= _named(Q(code=place))  # asked for a place above one's own: one's own parts of it
            continue
        deeper = next((level for level in LEVELS if level > len(place)), None)
        found |= _below(place) if deeper else _named(Q(code=place))
    return dict(sorted(found.items()))


def _standing(codes: Collection[str], day: date) -> set[str]:
    rows = (model.objects.filter(open_on(day), code__in=codes) for model in (Division, Grid))
    return {code for found in rows for code in found.values_list("code", flat=True)}


def _below(place: str) -> dict[str, str]:
    inside = Q(code__gt=place, code__lt=place + END)
    if len(place) >= Level.COMMUNITY:
        size = Level.GRID if len(place) == Level.COMMUNITY else Level.MICRO
        shape = Q(code__regex=rf"^\d{{{int(size)}}}$")
        return dict(Grid.objects.filter(inside & shape).values_list("code", "name"))
    level = Division.objects.filter(inside).order_by("level").values_list("level", flat=True).first()
    return dict(Division.objects.filter(inside, level=level).values_list("code", "name")) if level else {}


def _named(where: Q) -> dict[str, str]:
    return dict(Division.objects.filter(where).values_list("code", "name")) | dict(
        Grid.objects.filter(where).values_list("code", "name")
    )


def _by_state(rows: list[dict[str, Any]]) -> dict[str, Any]:
    states = {row["state"]: row["open"] for row in rows if row["open"]}
    return {"states": states, **{name: sum(row[name] for row in rows) for name in OPEN}}


def _filled(row: dict[str, Any], day: date) -> dict[str, Any]:
    return {"day": day, "dispatched": row.get("dispatched", 0), **zeros(row, COUNTS)}


def _counts(row: dict[str, Any] | None) -> dict[str, int]:
    return zeros(row, COUNTS)


def _open(row: dict[str, Any] | None) -> dict[str, int]:
    return zeros(row, OPEN)

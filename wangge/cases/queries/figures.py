"""Figures of the dashboard, from roll-ups alone: one row for each place and day, so an answer sums days, never grids.

A post with codes is shown its places, one without its unit. Every answer says as of which position of the journal; two
answers at one position agree to the unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, Sum

from wangge.accounts.permissions import Permission
from wangge.cases.configuration import REVISION, UNITS_REVISION, configuration, units
from wangge.cases.models import DayByCategory, DayByPlace, DayByUnit, OpenByPlace, OpenByUnit
from wangge.cases.queries.scope import ranges_of
from wangge.core.actor import Actor
from wangge.core.codes import END, Level
from wangge.core.errors import DomainError, NotAllowed
from wangge.core.models import ReaderState
from wangge.core.revisions import revisions
from wangge.grids.models import Division, Grid

READER = "rollups"
COUNTS = (
    "reported",
    "answered",
    "answered_in_5",
    "closed",
    "closed_in_time",
    "self_settled",
    "rated",
    "satisfied",
)
UNIT_COUNTS = ("dispatched", "closed", "closed_in_time", "rated", "satisfied")
OPEN = ("open", "overdue", "returned", "supervised")
LONGEST = 366  # days
LEVELS = tuple(int(level) for level in Level)


class TooManyDays(DomainError):
    code = "figures.too_many_days"
    status = 422
    zh = "时间段最长 {days} 天，开始须早于结束。"
    en = "A period is at most {days} days, and begins before it ends."


@dataclass(frozen=True, slots=True)
class Period:
    """Beijing days `[since, until)`."""

    since: date
    until: date

    def __post_init__(self) -> None:
        """Raises TooManyDays."""
        if not 0 < (self.until - self.since).days <= LONGEST:
            raise TooManyDays(days=LONGEST)

    @property
    def days(self) -> Q:
        return Q(day__gte=self.since, day__lt=self.until)


def dashboard(by: Actor, *, today: date, code: str = "") -> dict[str, Any]:
    """Today, with the day before to compare, and what is open. Five small queries."""
    subject = _subject(by, code)
    yesterday = today - timedelta(days=1)
    days = {row["day"]: row for row in subject.by_day(Period(yesterday, today + timedelta(days=1)))}
    return {
        "basis": subject.basis,
        "codes": list(subject.codes),
        "today": _filled(days.get(today, {}), today),
        "yesterday": _filled(days.get(yesterday, {}), yesterday),
        "open": subject.open_now(),
        "as_of": as_of(),
    }


def by_days(by: Actor, period: Period, *, code: str = "") -> dict[str, Any]:
    """Every day of the period, also those without a case."""
    subject = _subject(by, code)
    found = {row["day"]: row for row in subject.by_day(period)}
    days = [period.since + timedelta(days=index) for index in range((period.until - period.since).days)]
    return {"basis": subject.basis, "days": [_filled(found.get(day, {}), day) for day in days], "as_of": as_of()}


def by_place(by: Actor, period: Period, *, code: str = "") -> dict[str, Any]:
    """The divisions or grids one level below `code`, or below the post's own; also those without a case."""
    _may_read(by)
    children = _children(by, code)
    sums = _sums(DayByPlace.objects.filter(period.days, code__in=children).values("code"), COUNTS)
    counted = {row.pop("code"): row for row in sums}
    waiting = {
        row.pop("code"): row for row in _sums(OpenByPlace.objects.filter(code__in=children).values("code"), OPEN)
    }
    return {
        "items": [
            {"code": child, "name": name, **_counts(counted.get(child)), **_open(waiting.get(child))}
            for child, name in children.items()
        ],
        "as_of": as_of(),
    }


def by_category(by: Actor, period: Period, *, code: str = "") -> dict[str, Any]:
    """Whole categories of the first level with their parts; what has none stands under id 0."""
    _may_read(by)
    rows: dict[int, dict[str, int]] = {}
    for place in _places(by, code):
        for row in _categories_of(place, period):
            into = rows.setdefault(row["category"], dict.fromkeys(COUNTS, 0))
            for name in COUNTS:
                into[name] += row[name] or 0
    config = configuration(revisions(REVISION)[0])
    items: list[dict[str, Any]] = []
    for category_id, found in rows.items():
        category = config.categories.get(category_id)
        english = by.language == "en"
        items.append(
            {
                "id": category_id,
                "path": category.path if category else "",
                "name": "" if category is None else category.name_en if english else category.name_zh,
                "full_name": "" if category is None else category.full_name_en if english else category.full_name_zh,
                **found,
            }
        )
    items.sort(key=lambda item: (-item["reported"], item["id"]))
    return {"items": items, "as_of": as_of()}


def by_unit(by: Actor, period: Period, *, unit: str = "") -> dict[str, Any]:
    """Units that led cases, at or below `unit` (a path), within the post's own unit; most work first."""
    _may_read(by)
    root = unit or by.unit_path
    if not by.is_system and "" not in by.ranges and not (by.unit_path and root.startswith(by.unit_path)):
        raise NotAllowed(unit=root)
    below = Q(unit_path__gte=root, unit_path__lt=root + END)
    led = DayByUnit.objects.filter(below, period.days).values("unit_path")
    counted = {row.pop("unit_path"): row for row in _sums(led, UNIT_COUNTS)}
    waiting = {row.pop("unit_path"): row for row in _sums(OpenByUnit.objects.filter(below).values("unit_path"), OPEN)}
    known = {info.path: info for info in units(revisions(UNITS_REVISION)[0]).by_id.values()}
    items = [
        {
            "path": path,
            "id": known[path].id if path in known else None,
            "name": known[path].name if path in known else path,
            **_zeros(counted.get(path), UNIT_COUNTS),
            **_open(waiting.get(path)),
        }
        for path in sorted({*counted, *waiting})
    ]
    items = [item for item in items if any(item[name] for name in (*UNIT_COUNTS, *OPEN))]
    items.sort(key=lambda item: (-item["open"], -item["dispatched"], item["path"]))
    return {"items": items, "as_of": as_of()}


def as_of() -> dict[str, Any]:
    state = ReaderState.objects.filter(name=READER).values("position", "as_of").first()
    return {"position": state["position"] if state else 0, "at": state["as_of"] if state else None}


@dataclass(frozen=True, slots=True)
class _Places:
    codes: tuple[str, ...]
    basis: str = "place"

    def by_day(self, period: Period) -> list[dict[str, Any]]:
        return _sums(DayByPlace.objects.filter(period.days, code__in=self.codes).values("day"), COUNTS)

    def open_now(self) -> dict[str, Any]:
        return _by_state(_sums(OpenByPlace.objects.filter(code__in=self.codes).values("state"), OPEN))


@dataclass(frozen=True, slots=True)
class _Unit:
    path: str
    basis: str = "unit"
    codes: tuple[str, ...] = ()

    def by_day(self, period: Period) -> list[dict[str, Any]]:
        rows = DayByUnit.objects.filter(period.days, unit_path__gte=self.path, unit_path__lt=self.path + END)
        return _sums(rows.values("day"), UNIT_COUNTS)

    def open_now(self) -> dict[str, Any]:
        rows = OpenByUnit.objects.filter(unit_path__gte=self.path, unit_path__lt=self.path + END)
        return _by_state(_sums(rows.values("state"), OPEN))


def _subject(by: Actor, code: str) -> _Places | _Unit:
    _may_read(by)
    if not code and not by.ranges:
        return _Unit(by.unit_path) if by.unit_path else _Places(())
    return _Places(_places(by, code))


def _places(by: Actor, code: str) -> tuple[str, ...]:
    """The codes whose rows make up what was asked, none inside another. Raises NotAllowed outside the post's codes."""
    own = tuple(ranges_of(by))
    if not code:
        return own
    if by.covers(code):
        return (code,)
    inside = tuple(prefix for prefix in own if prefix.startswith(code))
    if not inside:
        raise NotAllowed(code=code)
    return inside


def _may_read(by: Actor) -> None:
    by.require(Permission.DASHBOARD_READ)


def _children(by: Actor, code: str) -> dict[str, str]:
    """code -> name of what lies one level below, in scope."""
    places = _places(by, code)
    found: dict[str, str] = {}
    for place in places:
        if code and place != code:
            found |= _named(Q(code=place))  # asked for a place above one's own: one's own parts of it
            continue
        deeper = next((level for level in LEVELS if level > len(place)), None)
        found |= _below(place) if deeper else _named(Q(code=place))
    return dict(sorted(found.items()))


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


CATEGORIES_OF_GRAINS = """
select category, count(*) filter (where came), count(*) filter (where came and is_answered),
       count(*) filter (where came and answered_in_5), count(*) filter (where went),
       count(*) filter (where went and in_time), count(*) filter (where went and self_settled),
       count(*) filter (where went and satisfaction is not null), count(*) filter (where went and satisfaction >= 4)
  from (
    select *, reported_day >= %(since)s and reported_day < %(until)s as came,
           coalesce(closed_day >= %(since)s and closed_day < %(until)s, false) as went
      from cases_grain where reported_grid >= %(code)s and reported_grid < %(code)s || '~'
  ) g where came or went group by category
"""


def _categories_of(place: str, period: Period) -> Sequence[dict[str, Any]]:
    if len(place) <= Level.STREET:
        rows = DayByCategory.objects.filter(period.days, code=place).values("category")
        return _sums(rows, COUNTS)
    # A community or a grid has a few thousand cases: they are counted from their grains, at the same position.
    with connection.cursor() as cursor:
        cursor.execute(CATEGORIES_OF_GRAINS, {"code": place, "since": period.since, "until": period.until})
        return [dict(zip(("category", *COUNTS), row, strict=True)) for row in cursor.fetchall()]


def _sums(rows: Any, names: Sequence[str]) -> list[dict[str, Any]]:
    """`rows` grouped by what `.values()` named."""
    summed = rows.annotate(**{f"sum_{name}": Sum(name) for name in names}).order_by()
    return [{key.removeprefix("sum_"): value for key, value in row.items()} for row in summed]


def _by_state(rows: list[dict[str, Any]]) -> dict[str, Any]:
    states = {row["state"]: row["open"] for row in rows if row["open"]}
    return {"states": states, **{name: sum(row[name] for row in rows) for name in OPEN}}


def _filled(row: dict[str, Any], day: date) -> dict[str, Any]:
    return {"day": day, "dispatched": row.get("dispatched", 0), **_zeros(row, COUNTS)}


def _counts(row: dict[str, Any] | None) -> dict[str, int]:
    return _zeros(row, COUNTS)


def _open(row: dict[str, Any] | None) -> dict[str, int]:
    return _zeros(row, OPEN)


def _zeros(row: dict[str, Any] | None, names: Sequence[str]) -> dict[str, int]:
    return {name: (row or {}).get(name) or 0 for name in names}

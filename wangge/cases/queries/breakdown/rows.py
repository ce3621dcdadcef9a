"""The rows of an analysis, one maker for each side it may be looked at from."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from wangge.cases.configuration import Configuration, units_by_path
from wangge.cases.models import DayByHour, DayByUnit
from wangge.cases.models.figures import HOURS
from wangge.cases.queries.breakdown.asked import Asked, By, measures_of
from wangge.cases.queries.breakdown.counted import Row, counted
from wangge.cases.queries.breakdown.units import group_of
from wangge.cases.queries.figures import UNIT_COUNTS, Period, by_place, places_of
from wangge.cases.queries.figures.asked import sums
from wangge.cases.queries.figures.grains import of_grains
from wangge.cases.words import OUTCOMES, SOURCES, said
from wangge.core.actor import Actor
from wangge.core.codes import END, Level


def rows_of(by: Actor, asked: Asked, config: Configuration) -> list[Row]:
    makers: dict[By, Callable[[], list[Row]]] = {
        By.HOUR: lambda: _hours(by, asked),
        By.PLACE: lambda: _places(by, asked, config),
        By.CATEGORY: lambda: _categories(by, asked, config),
        By.SOURCE: lambda: _kinds(by, asked, config, "source", lambda key: said(SOURCES, key, by.language)),
        By.OUTCOME: lambda: _kinds(by, asked, config, "outcome", lambda key: said(OUTCOMES, key, by.language)),
        By.UNIT: lambda: _units(by, asked),
    }
    return makers[asked.by]() if asked.by in makers else _times(by, asked, config)


def _row(
    asked: Asked, key: Any, label: str, counts: Row, narrow: Row | None = None, period: Period | None = None
) -> Row:
    names, own = measures_of(asked), period or asked.period
    return {
        "key": str(key),
        "label": label,
        "below": False,
        "since": own.since,
        "until": own.until,
        "narrow": _narrow(asked) | (narrow or {}),
        "counts": {name: counts.get(name) or 0 for name in names},
    }


def _narrow(asked: Asked) -> Row:
    """As the case list takes it. Where it was reported, not where it lies now: so are these cases counted."""
    given = {
        "reported_code": asked.code,
        "scheme": asked.scheme if asked.category else None,
        "category": asked.category,
        "source": [asked.source] if asked.source else None,
        "outcome": [asked.outcome] if asked.outcome else None,
        "lead": asked.unit,
    }
    return {name: value for name, value in given.items() if value}


def _times(by: Actor, asked: Asked, config: Configuration) -> list[Row]:
    found: dict[Period, Row] = {}
    days = _by_day(by, asked, config)
    for index in range((asked.period.until - asked.period.since).days):
        day = asked.period.since + timedelta(days=index)
        into = found.setdefault(_span(day, asked), {})
        for name, value in days.get(day, {}).items():
            into[name] = into.get(name, 0) + (value or 0)
    return [_row(asked, span.since, _said_span(span, asked.by), counts, period=span) for span, counts in found.items()]


def _span(day: date, asked: Asked) -> Period:
    """The day, week (from Monday) or month it lies in, as far as it is in the period."""
    since, until = day, day + timedelta(days=1)
    if asked.by is By.WEEK:
        since = day - timedelta(days=day.weekday())
        until = since + timedelta(days=7)
    elif asked.by is By.MONTH:
        since = day.replace(day=1)
        until = (since + timedelta(days=32)).replace(day=1)
    return Period(max(since, asked.period.since), min(until, asked.period.until))


def _said_span(span: Period, by: By) -> str:
    if by is By.MONTH:
        return f"{span.since:%Y-%m}"
    return f"{span.since:%m-%d}" if by is By.DAY else f"{span.since:%m-%d} – {span.until - timedelta(days=1):%m-%d}"


def _by_day(by: Actor, asked: Asked, config: Configuration) -> dict[date, Row]:
    if asked.unit:
        rows = DayByUnit.objects.filter(asked.period.days, unit_path__gte=asked.unit, unit_path__lt=asked.unit + END)
        return {row.pop("day"): row for row in sums(rows.values("day"), UNIT_COUNTS)}
    return counted(places_of(by, asked.code), asked, config, "day")


def _places(by: Actor, asked: Asked, config: Configuration) -> list[Row]:
    """One level below, also those without a case."""
    children = {item["code"]: item for item in by_place(by, asked.period, code=asked.code)["items"]}
    if asked.narrowed_by is None:
        counts: dict[Any, Row] = children
    else:
        counts = counted(list(children), asked, config, "code")
    return [
        _row(asked, code, item["name"], counts.get(code, {}), {"reported_code": code})
        | {"below": len(code) < Level.GRID and code != asked.code}
        for code, item in children.items()
    ]


def _categories(by: Actor, asked: Asked, config: Configuration) -> list[Row]:
    """The level below the category asked for; what has none stands alone."""
    depth = asked.category.count("/") + 1
    found: dict[tuple[int | None, str], Row] = {}
    for category_id, counts in counted(places_of(by, asked.code), asked, config, "category").items():
        category = config.categories.get(category_id)
        path = "/".join(category.path.split("/")[:depth]).rstrip("/") + "/" if category else ""
        into = found.setdefault((category.scheme_id if category else None, path), {})
        for name, value in counts.items():
            into[name] = into.get(name, 0) + (value or 0)
    known = {(one.scheme_id, one.path): one for one in config.categories.values()}
    parents = {(one.scheme_id, one.parent_id) for one in config.categories.values()}
    rows = []
    for (scheme, path), counts in found.items():
        own = known.get((scheme, path)) if scheme else None
        label = "" if own is None else own.name_en if by.language == "en" else own.name_zh
        narrow = {"category": path, "scheme": scheme} if own else {"no_category": True}
        if own and path == asked.category:
            narrow["category_alone"] = True
        row = _row(asked, f"{scheme}:{path}" if own else "", label, counts, narrow)
        rows.append(row | {"below": own is not None and (scheme, own.id) in parents and path != asked.category})
    return sorted(rows, key=lambda row: (-row["counts"].get("reported", 0), row["key"]))


def _kinds(by: Actor, asked: Asked, config: Configuration, kind: str, label: Callable[[str], str]) -> list[Row]:
    found = counted(places_of(by, asked.code), asked, config, kind)
    rows = [_row(asked, key, label(key), counts, {kind: [key]}) for key, counts in found.items()]
    return sorted(rows, key=lambda row: (-max(row["counts"].values()), row["key"]))


def _hours(by: Actor, asked: Asked) -> list[Row]:
    found = [0] * len(HOURS)
    for place in places_of(by, asked.code):
        if len(place) <= Level.STREET:
            [row] = sums(DayByHour.objects.filter(asked.period.days, code=place).values("code"), HOURS) or [{}]
            counts = {hour: row.get(name) or 0 for hour, name in enumerate(HOURS)}
        else:
            counts = {
                hour: row.get("reported", 0) for hour, row in of_grains((place,), asked.period, "reported_hour").items()
            }
        for hour, number in counts.items():
            found[hour] += number
    return [
        _row(asked, hour, f"{hour:02d}:00", {"reported": number}, {"reported_hour": hour})
        for hour, number in enumerate(found)
    ]


def _units(by: Actor, asked: Asked) -> list[Row]:
    """One level below the unit asked for, each with what is below it; the unit itself where it led cases."""
    root, known = asked.unit, units_by_path()
    rows = DayByUnit.objects.filter(asked.period.days, unit_path__gte=root, unit_path__lt=root + END)
    found: dict[str, Row] = {}
    deeper = set()
    for row in sums(rows.values("unit_path"), UNIT_COUNTS):
        path = row.pop("unit_path")
        group = group_of(by, path, root, known)
        if group is None:
            continue
        if path != group:
            deeper.add(group)
        into = found.setdefault(group, {})
        for name, value in row.items():
            into[name] = into.get(name, 0) + (value or 0)
    shown = []
    for path, counts in found.items():
        narrow = {"lead": path} | ({"lead_alone": True} if path == root else {})
        label = known[path].name if path in known else path
        shown.append(_row(asked, path, label, counts, narrow) | {"below": path in deeper and path != root})
    return sorted(shown, key=lambda row: (-row["counts"]["dispatched"], row["key"]))

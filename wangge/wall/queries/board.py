"""The numbers of one theme, all of one position of the journal: those of the desk, by the desk's own queries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, assert_never

from wangge.accounts.permissions import Permission
from wangge.cases.configuration import REVISION, Configuration, configuration
from wangge.cases.queries import figures
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.codes import Level
from wangge.core.revisions import revisions
from wangge.wall.definition import (
    OF_NOW,
    ChartPanel,
    Definition,
    HotPanel,
    MapPanel,
    Metric,
    NumbersPanel,
    PlainPanel,
    Span,
    WallTile,
    read,
)
from wangge.wall.queries.alerts import alerts
from wangge.wall.queries.themes import categories_of, theme, weather
from wangge.wall.tiles import from_other_rooms

Row = dict[str, Any]

# A share: of what it is a part.
SHARES = {
    Metric.ANSWERED_IN_5: "reported",
    Metric.CLOSED_IN_TIME: "closed",
    Metric.SELF_SETTLED: "closed",
    Metric.SATISFIED: "rated",
    Metric.ARRIVED_IN_10: "called",
}
MOST_BARS, MOST_HOT = 10, 8


def board(code: str, by: Actor, *, at: datetime) -> Row:
    """Raises NotFound, NotAllowed."""
    by.require(Permission.WALL_READ)
    shown = theme(code, by, at=at)
    definition = read(shown.definition)
    asked = _Asked(by=by, at=at, categories=categories_of(definition), config=configuration(revisions(REVISION)[0]))
    answer = figures.at_one_position(lambda: {"panels": _panels(definition, asked)})
    return answer | {"code": shown.code, "number": shown.number, "day": asked.today, "at": at}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    by: Actor
    at: datetime
    categories: frozenset[int] | None
    config: Configuration

    @property
    def today(self) -> date:
        return clock.day_of(self.at)

    def period(self, span: Span) -> figures.Period:
        until = self.today + timedelta(days=1)
        return figures.Period(until - timedelta(days=span.days), until)


def _panels(definition: Definition, asked: _Asked) -> list[Row]:
    return [{"id": panel.id, "kind": panel.kind, **_content(panel, asked)} for panel in definition.panels]


def _content(panel: Any, asked: _Asked) -> Row:
    match panel:
        case NumbersPanel():
            return {"numbers": _numbers(panel.tiles, asked)}
        case ChartPanel():
            return {"chart": CHARTS[panel.of](asked, panel.span)}
        case HotPanel():
            return {"hot": _hot(panel.of, asked)}
        case MapPanel():
            return {}
        case PlainPanel(kind="alerts"):
            return {"cases": alerts(asked.by, asked.categories)}
        case PlainPanel(kind="weather"):
            return {"weather": weather(asked.by, at=asked.at)}
        case PlainPanel(kind="feed"):
            return {}
        case PlainPanel():
            lines = from_other_rooms(panel.kind, asked.by, asked.at)
            return {"lines": lines}
        case _:
            assert_never(panel)


def _numbers(tiles: list[WallTile], asked: _Asked) -> list[Row]:
    spans = {tile.span for tile in tiles if tile.metric not in OF_NOW}
    flows = _flows(spans, asked) if spans else {}
    still: Row = {}
    if any(tile.metric in OF_NOW for tile in tiles):
        still = figures.open_of(asked.by, categories=asked.categories)
    return [_number(tile, flows.get(tile.span, still), asked) for tile in tiles]


def _flows(spans: set[Span], asked: _Asked) -> dict[Span, Row]:
    """Read once for the longest span; the others are its last days."""
    period = asked.period(max(spans, key=lambda span: span.days))
    days = figures.days_of(asked.by, period, categories=asked.categories)["days"]
    called = figures.arrivals(asked.by, period)["days"] if asked.categories is None else []
    return {span: _added_up([*days[-span.days :], *called[-span.days :]]) for span in spans}


def _added_up(days: list[Row]) -> Row:
    total: Row = {}
    for row in days:
        for name, number in row.items():
            if name != "day":
                total[name] = total.get(name, 0) + number
    return total


def _number(tile: WallTile, counted: Row, asked: _Asked) -> Row:
    period = None if tile.metric in OF_NOW else asked.period(tile.span)
    shared = SHARES.get(tile.metric)
    return {
        "metric": tile.metric,
        "span": tile.span,
        "since": period.since if period else None,
        "until": period.until if period else None,
        "value": counted.get(tile.metric, 0),
        "total": counted.get(shared, 0) if shared else None,
    }


def _hot(of: str, asked: _Asked) -> Row | None:
    """None for a post below what is kept by hour: the sub-district itself, and by place what has sub-districts."""
    deepest = Level.STREET if of == "category" else Level.DISTRICT
    if any(len(code) > deepest for code in asked.by.ranges):
        return None
    if of == "category":
        keys = None if asked.categories is None else asked.categories
        rows = figures.same_hours(asked.by, asked.at, of="category", keys=keys)
        names: dict[Any, str] = {id_: _name(id_, asked) for id_ in asked.config.categories}
    else:
        places = figures.by_place(asked.by, asked.period(Span.TODAY))["items"]
        names = {row["code"]: row["name"] for row in places}
        rows = figures.same_hours(asked.by, asked.at, of="code", keys=list(names))
    until = clock.local(asked.at).replace(minute=0, second=0, microsecond=0)
    shown = [row for row in rows if row.now or any(row.before)][:MOST_HOT]
    return {
        "since": until - timedelta(hours=figures.SAME_HOURS),
        "until": until,
        "items": [
            {
                "key": str(row.key),
                "name": names.get(row.key, ""),
                "path": _path(row.key, asked) if of == "category" else "",
                "now": row.now,
                "before": row.before,
            }
            for row in shown
        ],
    }


def _days(asked: _Asked, span: Span) -> Row:
    days = figures.days_of(asked.by, asked.period(span), categories=asked.categories)["days"]
    return {"labels": [row["day"].isoformat() for row in days], "series": _series(days, "reported", "closed")}


def _hours(asked: _Asked, span: Span) -> Row:
    """Today by the hour, beside the mean of the same weekday in the four weeks before."""
    days = [asked.today - timedelta(weeks=week) for week in range(5)]
    counted = figures.hours_of(asked.by, days, categories=asked.categories)
    found = [counted[day] for day in days]
    usual = [sum(hours) / 4 for hours in zip(*found[1:], strict=True)]
    until = clock.local(asked.at).hour
    return {
        "labels": [f"{hour:02d}" for hour in range(24)],
        "series": [
            {"name": "today", "values": [n if hour <= until else None for hour, n in enumerate(found[0])]},
            {"name": "usual", "values": usual},
        ],
    }


def _categories(asked: _Asked, span: Span) -> Row:
    rows = figures.by_category(asked.by, asked.period(span))["items"]
    if asked.categories is not None:
        rows = [row for row in rows if row["id"] in asked.categories]
    return _bars(rows, lambda row: row["name"], lambda row: row["path"], "reported", "closed")


def _places(asked: _Asked, span: Span) -> Row:
    rows = figures.by_place(asked.by, asked.period(span))["items"]
    if asked.categories is not None:
        chosen = figures.open_by_place(asked.by, categories=asked.categories)["places"]
        still = {row["code"]: row for row in chosen}
        nothing = {"open": 0, "overdue": 0}
        rows = [row | still.get(row["code"], nothing) | {"code": row["code"]} for row in rows]
    for row in rows:
        row["in_time"] = row["open"] - row["overdue"]
    rows.sort(key=lambda row: -row["open"])
    return _bars(rows, lambda row: row["name"], lambda row: row["code"], "in_time", "overdue")


def _sources(asked: _Asked, span: Span) -> Row:
    rows = figures.by_source(asked.by, asked.period(span))["items"]
    return _bars(rows, lambda row: row["source"], lambda row: row["source"], "reported")


def _outcomes(asked: _Asked, span: Span) -> Row:
    rows = figures.by_outcome(asked.by, asked.period(span))["items"]
    return _bars(rows, lambda row: row["outcome"], lambda row: row["outcome"], "closed")


CHARTS: dict[str, Callable[[_Asked, Span], Row]] = {
    "days": _days,
    "hours": _hours,
    "categories": _categories,
    "places": _places,
    "sources": _sources,
    "outcomes": _outcomes,
}


def _bars(rows: list[Row], name: Callable[[Row], str], key: Callable[[Row], str], *numbers: str) -> Row:
    shown = rows[:MOST_BARS]
    return {
        "labels": [name(row) for row in shown],
        "keys": [key(row) for row in shown],
        "series": _series(shown, *numbers),
    }


def _series(rows: list[Row], *numbers: str) -> list[Row]:
    return [{"name": number, "values": [row[number] for row in rows]} for number in numbers]


def _name(category_id: int, asked: _Asked) -> str:
    category = asked.config.categories[category_id]
    return category.name_en if asked.by.language == "en" else category.name_zh


def _path(key: int | str, asked: _Asked) -> str:
    category = asked.config.categories.get(int(key))
    return category.path if category else ""

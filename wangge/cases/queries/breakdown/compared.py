"""Figures broken down for analysis, beside an earlier period, at one position of the journal."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from wangge.cases.configuration import REVISION, configuration
from wangge.cases.queries.breakdown.asked import MEASURES, TIMES, Asked, By, check, earlier, measures_of
from wangge.cases.queries.breakdown.counted import Row
from wangge.cases.queries.breakdown.rows import rows_of
from wangge.cases.queries.figures import Period, at_one_position
from wangge.cases.queries.figures.asked import may_read
from wangge.core.actor import Actor
from wangge.core.revisions import revisions


def breakdown(by: Actor, asked: Asked) -> dict[str, Any]:
    """Raises NotAllowed, Invalid (what no roll-up keeps together), TooManyDays, FiguresMoving."""
    may_read(by)
    if not asked.unit and not by.ranges:
        asked = replace(asked, unit=by.unit_path)  # a post without codes is shown its unit
    check(by, asked)
    before = earlier(asked)
    config = configuration(revisions(REVISION)[0])

    def read() -> dict[str, Any]:
        now = rows_of(by, asked, config)
        then = rows_of(by, _asked_of(asked, before), config) if before else []
        return _beside(asked, now, then, before)

    names = measures_of(asked)
    told = [{"name": name, "moment": MEASURES[name].moment, "filters": MEASURES[name].filters} for name in names]
    return at_one_position(read) | {"by": asked.by, "measures": told}


def _asked_of(asked: Asked, before: Period) -> Asked:
    """Of days whatever the span: a week or month cut off by the period lies on other days before."""
    return replace(asked, period=before, by=By.DAY if asked.by in TIMES else asked.by)


def _beside(asked: Asked, now: list[Row], then: list[Row], earlier: Period | None) -> Row:
    names = measures_of(asked)
    if earlier is None:
        before: dict[Any, Row] = {}
    elif asked.by in TIMES:
        before = {row["key"]: _same_days(row, asked.period, then, earlier, names) for row in now}
    else:
        before = {row["key"]: row for row in then}
        now += [_nothing(row, asked.period, names) for row in then if row["key"] not in {one["key"] for one in now}]
    items = [row | {"before": _side(before.get(row["key"]), earlier, names)} for row in now]
    return {
        "items": items,
        "totals": _total(now, names),
        "before": _total(then, names) if earlier else None,
        "since": asked.period.since,
        "until": asked.period.until,
        "before_since": earlier.since if earlier else None,
        "before_until": earlier.until if earlier else None,
    }


def _same_days(row: Row, period: Period, days: list[Row], earlier: Period, names: Sequence[str]) -> Row:
    """As many days as the row has, as far into the earlier period: the first day beside the first day."""
    since, until = (earlier.since + (row[end] - period.since) for end in ("since", "until"))
    inside = [day for day in days if since <= day["since"] < until]
    return {"since": since, "until": until, "counts": _total(inside, names)}


def _nothing(row: Row, period: Period, names: Sequence[str]) -> Row:
    return row | {"since": period.since, "until": period.until, "counts": dict.fromkeys(names, 0)}


def _side(row: Row | None, earlier: Period | None, names: Sequence[str]) -> Row | None:
    if earlier is None:
        return None
    if row is None:
        return {"since": earlier.since, "until": earlier.until, "counts": dict.fromkeys(names, 0)}
    return {name: row[name] for name in ("since", "until", "counts")}


def _total(rows: Iterable[Row], names: Sequence[str]) -> dict[str, int]:
    found = dict.fromkeys(names, 0)
    for row in rows:
        for name in names:
            found[name] += row["counts"][name]
    return found

"""Figures broken down for analysis, beside an earlier period, at one position of the journal."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from wangge.cases.configuration import REVISION, configuration
from wangge.cases.queries.breakdown.asked import MEASURES, TIMES, Asked, check, earlier, measures_of
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
        then = rows_of(by, replace(asked, period=before), config) if before else []
        return _beside(asked, now, then, before)

    names = measures_of(asked)
    told = [{"name": name, "moment": MEASURES[name].moment, "filters": MEASURES[name].filters} for name in names]
    return at_one_position(read) | {"by": asked.by, "measures": told}


def _beside(asked: Asked, now: list[Row], then: list[Row], earlier: Period | None) -> Row:
    names = measures_of(asked)
    if asked.by in TIMES:  # the first day beside the first day
        before: dict[Any, Row] = {row["key"]: old for row, old in zip(now, then, strict=False)}
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

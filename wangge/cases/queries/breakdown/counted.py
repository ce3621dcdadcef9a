"""Counts by one key, from the roll-up that keeps it, or below the sub-district from the grains of that place."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, Q

from wangge.cases.configuration import Configuration
from wangge.cases.models import DayByCategory, DayByOutcome, DayByPlace, DayBySource
from wangge.cases.queries.breakdown.asked import Asked, By
from wangge.cases.queries.figures import COUNTS, OUTCOME_COUNTS
from wangge.cases.queries.figures.asked import sums
from wangge.cases.queries.figures.grains import of_grains
from wangge.core.codes import Level

Row = dict[str, Any]

TABLES: dict[By | None, type[Model]] = {
    None: DayByPlace,
    By.CATEGORY: DayByCategory,
    By.SOURCE: DayBySource,
    By.OUTCOME: DayByOutcome,
}


def counted(places: Sequence[str], asked: Asked, config: Configuration, key: str) -> dict[Any, Row]:
    """Counts by `key` (day, code, category, source, outcome) of all these places together, none inside another.

    Three queries at most.
    """
    table = By(key) if key in ("category", "source", "outcome") else asked.narrowed_by
    names = OUTCOME_COUNTS if table is By.OUTCOME else COUNTS
    kinds = _kinds_asked(asked, config)
    kept = [place for place in places if table is None or len(place) <= Level.STREET]
    rows = TABLES[table]._default_manager.filter(asked.period.days, kinds, code__in=kept)
    parts = [{row[key]: row for row in sums(rows.values(key), names)}]
    if below := [place for place in places if place not in kept]:
        parts.append(of_grains(below, asked.period, key, kinds))
    found: dict[Any, Row] = {}
    for part in parts:
        for value, counts in part.items():
            into = found.setdefault(value, dict.fromkeys(names, 0))
            for name in names:
                into[name] += counts.get(name) or 0
    return {value: row for value, row in found.items() if any(row.values())}


def _kinds_asked(asked: Asked, config: Configuration) -> Q:
    """The same on a roll-up and on a grain: both name these columns alike."""
    if asked.category:
        below = [
            one.id
            for one in config.categories.values()
            if one.path.startswith(asked.category) and asked.scheme in (None, one.scheme_id)
        ]
        return Q(category__in=below)
    return Q(source=asked.source) if asked.source else Q(outcome=asked.outcome) if asked.outcome else Q()

"""Counts by one key, from the roll-up that keeps it, or below the sub-district from the grains of that place."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Model, Q, QuerySet, Value

from wangge.cases.configuration import Configuration
from wangge.cases.models import DayByCategory, DayByOutcome, DayByPlace, DayBySource, Grain
from wangge.cases.queries.breakdown.asked import OUTCOME_COUNTS, Asked, By
from wangge.cases.queries.figures import COUNTS, Period
from wangge.cases.queries.figures.asked import sums
from wangge.core.codes import Level
from wangge.core.ranges import within

Row = dict[str, Any]

TABLES: dict[By | None, type[Model]] = {
    None: DayByPlace,
    By.CATEGORY: DayByCategory,
    By.SOURCE: DayBySource,
    By.OUTCOME: DayByOutcome,
}
# As rollups_facts.py counts them.
CAME = {
    "reported": Count("pk"),
    "answered": Count("pk", filter=Q(is_answered=True)),
    "answered_in_5": Count("pk", filter=Q(answered_in_5=True)),
}
WENT = {
    "closed": Count("pk"),
    "closed_in_time": Count("pk", filter=Q(in_time=True)),
    "self_settled": Count("pk", filter=Q(self_settled=True)),
    "rated": Count("pk", filter=Q(satisfaction__isnull=False)),
    "satisfied": Count("pk", filter=Q(satisfaction__gte=4)),
}


def counted(places: Sequence[str], asked: Asked, config: Configuration, key: str) -> dict[Any, Row]:
    """Counts by `key` (day, code, category, source, outcome) of all these places together."""
    table = By(key) if key in ("category", "source", "outcome") else asked.narrowed_by
    names = OUTCOME_COUNTS if table is By.OUTCOME else COUNTS
    kinds = _kinds_asked(asked, config)
    found: dict[Any, Row] = {}
    for place in places:
        if table is None or len(place) <= Level.STREET:
            rows = TABLES[table]._default_manager.filter(asked.period.days, kinds, code=place)
            parts = {row[key]: row for row in sums(rows.values(key), names)}
        else:
            parts = of_grains(place, asked.period, key, kinds)
        for value, counts in parts.items():
            into = found.setdefault(value, dict.fromkeys(names, 0))
            for name in names:
                into[name] += counts.get(name) or 0
    return {value: row for value, row in found.items() if any(row.values())}


def of_grains(place: str, period: Period, key: str, kinds: Q) -> dict[Any, Row]:
    """`key`: a column of the grain, `day`, or `code` for the place as a whole."""
    inside = Grain.objects.filter(within("reported_grid", (place,)), kinds)
    came = inside.filter(reported_day__gte=period.since, reported_day__lt=period.until)
    went = inside.filter(closed_day__gte=period.since, closed_day__lt=period.until)
    found: dict[Any, Row] = {}
    for rows, day, numbers in ((came, "reported_day", CAME), (went, "closed_day", WENT)):
        for row in _by(rows, place, key, day).annotate(**numbers).order_by():
            found.setdefault(row.pop("of"), {}).update(row)
    return found


def _by(rows: "QuerySet[Grain]", place: str, key: str, day: str) -> "QuerySet[Any, Any]":
    of = Value(place) if key == "code" else F(day if key == "day" else key)
    return rows.annotate(of=of).values("of")


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

"""Figures by what a case is: its category, the channel it came by, how it ended.

Roll-ups go down to the sub-district. A community or a grid has a few thousand cases: they are counted from their
grains, at the same position.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, models

from wangge.cases.configuration import REVISION, configuration
from wangge.cases.models import DayByCategory, DayByOutcome, DayBySource
from wangge.cases.queries.figures.asked import COUNTS, Period, at_one_position, places_of, sums
from wangge.core.actor import Actor
from wangge.core.codes import Level
from wangge.core.revisions import revisions

OUTCOME_COUNTS = ("closed", "closed_in_time", "self_settled", "rated", "satisfied")

Row = dict[str, Any]


def by_category(by: Actor, period: Period, *, code: str = "") -> Row:
    """Whole categories with their parts; what has none stands under id 0."""
    places = places_of(by, code)
    config = configuration(revisions(REVISION)[0])
    english = by.language == "en"

    def named(row: Row) -> Row:
        category = config.categories.get(row["category"])
        return {
            "id": row.pop("category"),
            "path": category.path if category else "",
            "name": "" if category is None else category.name_en if english else category.name_zh,
            "full_name": "" if category is None else category.full_name_en if english else category.full_name_zh,
            **row,
        }

    def read() -> Row:
        rows = _added_up(places, period, DayByCategory, "category", COUNTS)
        return {"items": sorted(map(named, rows), key=lambda item: (-item["reported"], item["id"]))}

    return at_one_position(read)


def by_source(by: Actor, period: Period, *, code: str = "") -> Row:
    places = places_of(by, code)
    return at_one_position(_sorted(places, period, DayBySource, "source", COUNTS, most="reported"))


def by_outcome(by: Actor, period: Period, *, code: str = "") -> Row:
    """Of what was closed in the period."""
    places = places_of(by, code)
    return at_one_position(_sorted(places, period, DayByOutcome, "outcome", OUTCOME_COUNTS, most="closed"))


def _sorted(
    places: Sequence[str], period: Period, model: type[models.Model], key: str, names: Sequence[str], *, most: str
) -> Callable[[], Row]:
    def read() -> Row:
        rows = _added_up(places, period, model, key, names)
        return {"items": sorted(rows, key=lambda row: (-row[most], row[key]))}

    return read


def _added_up(
    places: Sequence[str], period: Period, model: type[models.Model], key: str, names: Sequence[str]
) -> list[Row]:
    """One row for each kind that counts anything."""
    found: dict[Any, Row] = {}
    for place in places:
        if len(place) <= Level.STREET:
            rows = sums(model._default_manager.filter(period.days, code=place).values(key), names)
        else:
            rows = _from_grains(place, period, key, names)
        for row in rows:
            into = found.setdefault(row[key], {key: row[key], **dict.fromkeys(names, 0)})
            for name in names:
                into[name] += row[name] or 0
    return [row for row in found.values() if any(row[name] for name in names)]


_COUNTED = {
    "reported": "came",
    "answered": "came and is_answered",
    "answered_in_5": "came and answered_in_5",
    "closed": "went",
    "closed_in_time": "went and in_time",
    "self_settled": "went and self_settled",
    "rated": "went and satisfaction is not null",
    "satisfied": "went and satisfaction >= 4",
}


def _from_grains(place: str, period: Period, key: str, names: Sequence[str]) -> list[Row]:
    counts = ", ".join(f"count(*) filter (where {_COUNTED[name]})" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select {key}, {counts} from (
              select *, reported_day >= %(since)s and reported_day < %(until)s as came,
                     coalesce(closed_day >= %(since)s and closed_day < %(until)s, false) as went
                from cases_grain where reported_grid >= %(code)s and reported_grid < %(code)s || '~'
            ) g where came or went group by {key}
            """,  # noqa: S608 - names are ours
            {"code": place, "since": period.since, "until": period.until},
        )
        return [dict(zip((key, *names), row, strict=True)) for row in cursor.fetchall()]

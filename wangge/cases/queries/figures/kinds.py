"""Figures by what a case is: its category, the channel it came by, how it ended.

Roll-ups go down to the sub-district. A community or a grid has a few thousand cases: they are counted from their
grains, at the same position.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import models

from wangge.cases.configuration import REVISION, configuration
from wangge.cases.models import DayByCategory, DayByOutcome, DayBySource
from wangge.cases.queries.figures.asked import COUNTS, OUTCOME_COUNTS, Period, at_one_position, places_of, sums, zeros
from wangge.cases.queries.figures.grains import of_grains
from wangge.core.actor import Actor
from wangge.core.codes import Level
from wangge.core.revisions import revisions

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
            rows = [{key: value, **zeros(row, names)} for value, row in of_grains((place,), period, key).items()]
        for row in rows:
            into = found.setdefault(row[key], {key: row[key], **dict.fromkeys(names, 0)})
            for name in names:
                into[name] += row[name] or 0
    return [row for row in found.values() if any(row[name] for name in names)]

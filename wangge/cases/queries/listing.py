"""The queue of a seat: one page of cases, as lines."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from wangge.accounts.permissions import Permission
from wangge.cases.configuration import REVISION, UNITS_REVISION, Configuration, Units, configuration, units
from wangge.cases.queries.claims import OF_LINE, claim_of_line
from wangge.cases.queries.filters import CaseFilters, condition, reach_of
from wangge.cases.queries.order import Found, Place, Sort
from wangge.cases.queries.plain import Confided, plain_texts, shown_hits
from wangge.cases.queries.scope import visible
from wangge.cases.queries.text import text_ids
from wangge.cases.queries.walk import page_ids
from wangge.cases.search import Question, looks_like_number, question
from wangge.core.actor import Actor
from wangge.core.paging import DEFAULT_SIZE, LARGEST_SIZE
from wangge.core.revisions import revisions
from wangge.grids.models import Division, Grid

# What a line shows: nothing of who reported, and nothing of the unit complained of.
SHOWN = (
    "id",
    "number",
    "title",
    "state",
    "outcome",
    "urgency",
    "category_id",
    "address",
    "current_grid",
    "holder_id",
    "lead_id",
    "source",
    "reported_at",
    "closed_at",
    "due_at",
    "amber_at",
    "due_stage",
    "is_overdue",
    "is_returned",
    "supervision",
    "returns",
    "reworks",
    "satisfaction",
    "lon",
    "lat",
    "version",
)


@dataclass(frozen=True, slots=True)
class CasePage:
    items: list[dict[str, Any]]
    next: str | None


def list_cases(
    by: Actor,
    filters: CaseFilters,
    *,
    at: datetime,
    sort: Sort = Sort.NEWEST,
    cursor: str | None = None,
    limit: int = DEFAULT_SIZE,
) -> CasePage:
    """Raises NotAllowed, Invalid (cursor). A constant number of queries, whatever the page holds."""
    by.require(Permission.CASE_READ)
    limit = min(max(limit, 1), LARGEST_SIZE)
    place = Place.begin(sort, cursor)
    found, asked = find(by, filters, place, at=at, limit=limit + 1)
    page = found[:limit]
    items = rows_of(by, [one.case_id for one in page], asked)
    return CasePage(items, place.cursor_at(page[-1]) if len(found) > limit else None)


class Hits(NamedTuple):
    found: list[Found]
    asked: Question | None = None  # the text they were found by


def find(by: Actor, filters: CaseFilters, place: Place, *, at: datetime, limit: int) -> Hits:
    """Ids in their order; `q` is a case number where one begins so, otherwise text."""
    where = condition(filters, by=by, at=at)
    reach = reach_of(filters)
    if not filters.q.strip():
        return Hits(page_ids(by, where, place, reach=reach, limit=limit))
    if number := looks_like_number(filters.q):
        numbered = condition(CaseFilters(number=number), by=by, at=at)
        if found := page_ids(by, where & numbered, place, reach=reach, limit=limit):
            return Hits(found)
    asked = question(filters.q)
    if asked is None:
        return Hits([])
    return Hits(text_ids(by, asked, where, place, reach=reach, limit=limit), asked)


def rows_of(by: Actor, ids: Collection[uuid.UUID], asked: Question | None = None) -> list[dict[str, Any]]:
    """In the order of `ids`; two queries, three for who may not know reporters. Within scope once more, to be sure.

    `asked`: left out is what was found only by words that this reader does not get to read.
    """
    if asked is not None:
        shown = shown_hits(by, asked, ids)
        ids = [case_id for case_id in ids if case_id in shown]
    config_revision, units_revision = revisions(REVISION, UNITS_REVISION)
    config, all_units = configuration(config_revision), units(units_revision)
    wanted = visible(by).filter(pk__in=list(ids)).annotate(grid_name=_grid_name())
    rows = list(wanted.values(*SHOWN, *OF_LINE, "complained_root", "grid_name"))
    plain = plain_texts(by, [Confided(row["id"], row["current_grid"], row["complained_root"]) for row in rows])
    for row in rows:
        row["claim"] = claim_of_line(row, by)
        row["title"], row["address"] = plain[row["id"]](row["title"]), plain[row["id"]](row["address"])
    found = {row["id"]: line(row, config, all_units, by.language) for row in rows}
    return [found[case_id] for case_id in ids if case_id in found]


def line(row: dict[str, Any], config: Configuration, all_units: Units, language: str) -> dict[str, Any]:
    category = config.categories.get(row["category_id"] or 0)
    holder, lead = all_units.by_id.get(row["holder_id"]), all_units.by_id.get(row["lead_id"] or 0)
    return row | {
        "grid": {"code": row["current_grid"], "name": row["grid_name"]},
        "holder": {"id": row["holder_id"], "name": holder.name if holder else ""},
        "lead": {"id": lead.id, "name": lead.name} if lead else None,
        "category": None
        if category is None
        else {
            "id": category.id,
            "path": category.path,
            "name": category.name_en if language == "en" else category.name_zh,
            "full_name": category.full_name_en if language == "en" else category.full_name_zh,
        },
    }


def _grid_name() -> Coalesce:
    here = {"code": OuterRef("current_grid")}
    return Coalesce(
        Subquery(Grid.objects.filter(**here).values("name")[:1]),
        Subquery(Division.objects.filter(**here).values("name")[:1]),
        Value("", output_field=TextField()),
    )

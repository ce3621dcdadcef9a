"""One's views and those shared with one, which of them are tabs, and how many cases each holds."""

from datetime import datetime
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.cases.queries.filters import CaseFilters
from wangge.cases.queries.listing import find
from wangge.cases.queries.order import Place, Sort
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import NotFound
from wangge.desk.actions.views import may_end
from wangge.desk.models import Pin, View
from wangge.desk.schemas.views import ViewFilters

MOST_COUNTED = 200  # a tab that holds more says so; counting on would read the whole list


def views(*, by: Actor) -> list[dict[str, Any]]:
    """The tabs first, in their order. Raises NotAllowed."""
    if not by.may(Permission.ACCOUNT_EDIT):
        by.require(Permission.CASE_READ)
    pins = _pins(by)
    rows = sorted(View.objects.visible_to(by), key=lambda view: (pins.get(view.pk, len(pins)), view.name, view.pk))
    return [_line(view, by, pins) for view in rows]


def view(view_id: int, *, by: Actor) -> dict[str, Any]:
    """Raises NotFound."""
    found = View.objects.visible_to(by).filter(pk=view_id).first()
    if found is None:
        raise NotFound()
    return _line(found, by, _pins(by))


def view_counts(*, by: Actor, at: datetime, quick: bool = False) -> list[dict[str, Any]]:
    """Of the tabs, exact up to MOST_COUNTED. `quick`: those alone that read open cases and no texts, for MOST_COUNTED
    bounds what is found and not what is looked through. Raises NotAllowed."""
    by.require(Permission.CASE_READ)
    pins = _pins(by)
    rows = sorted(View.objects.visible_to(by).filter(pk__in=pins), key=lambda row: pins[row.pk])
    asked = [(row, ViewFilters(**row.filters).as_filters(clock.day_of(at))) for row in rows]
    return [_counted(row, filters, by, at) for row, filters in asked if not quick or _is_quick(filters)]


def _is_quick(filters: CaseFilters) -> bool:
    return filters.only_open and not filters.q.strip()


def _counted(row: View, filters: CaseFilters, by: Actor, at: datetime) -> dict[str, Any]:
    hits = find(by, filters, Place(sort=Sort.NEWEST), at=at, limit=MOST_COUNTED + 1)
    count = len(hits.found)
    return {"id": row.pk, "count": min(count, MOST_COUNTED), "more": count > MOST_COUNTED}


def _pins(by: Actor) -> dict[int, int]:
    """Without the gaps that views no longer shared have left."""
    seen = View.objects.visible_to(by)
    rows = Pin.objects.filter(by_post=by.post_id or 0, view__in=seen).order_by("order", "pk")
    return {view_id: place for place, view_id in enumerate(rows.values_list("view", flat=True))}


def _line(row: View, by: Actor, pins: dict[int, int]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "filters": row.filters,
        "is_shared": row.is_shared,
        "by_name": row.by_name,
        "changed_at": row.changed_at,
        "pinned": pins.get(row.pk),
        "is_mine": row.by_post == by.post_id,
        "may_end": may_end(row, by),
    }

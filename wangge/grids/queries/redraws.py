"""How grids were redrawn, what is planned, and what was cancelled before its day."""

from datetime import date
from typing import Any

from django.db.models import Q

from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.paging import table_page
from wangge.core.ranges import within
from wangge.grids.access import may_read
from wangge.grids.models import WAITING, Redraw
from wangge.grids.queries.divisions import names_of

FIELDS = ("id", "kind", "community", "date", "reason", "changed", "ended", "by_name", "at", "effective_at")
CANCELLED = ("cancelled_at", "cancelled_by", "cancel_reason")


def redraws_under(under: str, *, by: Actor, planned: bool | None = None, offset: int = 0, limit: int = 50) -> Any:
    may_read(by)
    rows = Redraw.objects.filter(within("community", (under,)) if under else Q())
    if planned is not None:
        rows = rows.filter(WAITING if planned else ~WAITING)
    page = table_page(rows.order_by("-date", "-id"), offset=offset, limit=limit)
    return {"items": _shown(page["items"], by), "count": page["count"]}


def planned_for(code: str, *, by: Actor) -> list[dict[str, Any]]:
    """What is planned for one grid, the next first."""
    rows = Redraw.objects.filter(WAITING, Q(changed__contains=[code]) | Q(ended__contains=[code]))
    return _shown(list(rows.order_by("date", "id")), by)


def _shown(rows: list[Redraw], by: Actor) -> list[dict[str, Any]]:
    names = names_of(row.community for row in rows)
    today = clock.today()
    return [
        {
            **{name: getattr(row, name) for name in (*FIELDS, *CANCELLED)},
            "name": names.get(row.community, ""),
            "may_cancel": _may_cancel(row, by, today),
        }
        for row in rows
    ]


def _may_cancel(row: Redraw, by: Actor, today: date) -> bool:
    waits = row.effective_at is None and row.cancelled_at is None and row.date > today
    return waits and by.may("grid.edit") and row.covered_by(by)

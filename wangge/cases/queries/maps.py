"""Cases in a viewport: each by itself while they are few, gathered in cells of the map when they are many."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from wangge.accounts.permissions import Permission
from wangge.cases.queries.filters import CaseFilters, condition
from wangge.cases.queries.plain import searchable
from wangge.cases.queries.scope import open_cover, visible
from wangge.cases.queries.text import holding_text
from wangge.cases.queries.walk import compiled
from wangge.cases.search import question
from wangge.core.actor import Actor
from wangge.core.errors import DomainError

POINTS = 800  # more are gathered; as JSON they take about 160 kB
CELL_PX = 64
MOST_CELLS_ACROSS = 40
# Cases looked at for one picture of what is not only open: the newest of them.
LOOKED_AT = 20_000
COLUMNS = ("id", "lon", "lat", "state", "urgency", "is_overdue", "due_at", "amber_at")


class NoViewport(DomainError):
    code = "map.no_viewport"
    status = 422
    zh = "地图范围不对：西须小于东，南须小于北。"
    en = "The viewport is not right: west must be less than east, south less than north."


@dataclass(frozen=True, slots=True)
class Box:
    """WGS-84 degrees."""

    west: float
    south: float
    east: float
    north: float


def map_cases(by: Actor, box: Box, *, zoom: float, filters: CaseFilters, at: datetime) -> dict[str, Any]:
    """Raises NotAllowed, NoViewport. One query, two where cases are gathered."""
    by.require(Permission.CASE_READ)
    if box.west >= box.east or box.south >= box.north:
        raise NoViewport()
    within = Q(lat__gte=box.south, lat__lte=box.north, lon__gte=box.west, lon__lte=box.east)
    where = within & condition(filters, by=by, at=at)
    if filters.q.strip():
        asked, seen = question(filters.q), searchable(by, filters.q)
        where &= holding_text(asked) & seen if asked and seen is not None else Q(pk__in=[])
    if filters.only_open:
        where &= open_cover(by)
    rows = visible(by).filter(where).order_by()
    if not filters.only_open:
        rows = rows.order_by("-reported_at", "-pk")
    points = list(rows.values(*COLUMNS)[: POINTS + 1])
    if len(points) <= POINTS:
        return {"points": points, "clusters": [], "count": len(points), "is_cut": False}
    sql, values = compiled(rows.values_list("lon", "lat", "is_overdue")[:LOOKED_AT])
    clusters = _gathered(sql, values, box, zoom)
    count = sum(one["count"] for one in clusters)
    return {"points": [], "clusters": clusters, "count": count, "is_cut": count >= LOOKED_AT}


def _gathered(sql: str, values: list[Any], box: Box, zoom: float) -> list[dict[str, Any]]:
    width = max(360 / 2**zoom / 256 * CELL_PX, (box.east - box.west) / MOST_CELLS_ACROSS)
    middle = math.radians((box.south + box.north) / 2)
    height = max(width * math.cos(middle), (box.north - box.south) / MOST_CELLS_ACROSS, 1e-9)
    # Cells begin at 0°, not at the edge of the viewport, so that they stay where they are while one pans.
    gather = f"""
    select avg(lon), avg(lat), count(*), count(*) filter (where is_overdue)
      from ({sql}) found(lon, lat, is_overdue) group by floor(lon / %s), floor(lat / %s)
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(gather, [*values, width, height])
        return [
            {"lon": round(lon, 6), "lat": round(lat, 6), "count": count, "overdue": overdue}
            for lon, lat, count, overdue in cursor.fetchall()
        ]

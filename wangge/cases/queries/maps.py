"""Cases in a viewport: each by itself while they are few, gathered in cells of the map when they are many."""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from wangge.accounts.permissions import Permission
from wangge.cases.models import Case
from wangge.cases.queries.filters import CaseFilters, condition, reach_of
from wangge.cases.queries.order import Place, Sort
from wangge.cases.queries.plain import searchable, shown_hits, uncertain
from wangge.cases.queries.scope import visible
from wangge.cases.queries.text import holding_text
from wangge.cases.queries.walk import Walk, compiled, fetch
from wangge.cases.search import Question, question
from wangge.core.actor import Actor
from wangge.core.errors import DomainError

POINTS = 800  # more are gathered; as JSON they take about 160 kB
CELL_PX = 64
HEAT_PX = 32
FEWEST_TOLD = 10  # of a place where fewer were reported, who reported could be guessed
MOST_CELLS_ACROSS = 40
READ_AT_MOST = 5_000  # texts
LOOKED_AT = 100_000  # cases for one picture
# Of what is not only open, so many days: a year of a city is no picture.
DAYS, LONGEST = timedelta(days=7), timedelta(days=31)
COLUMNS = ("id", "lon", "lat", "state", "urgency", "is_overdue", "reported_at", "due_at", "amber_at")


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
    """Raises NotAllowed, NoViewport. Of what is not only open: a few days, those asked for or the last ones."""
    by.require(Permission.CASE_READ)
    if box.west >= box.east or box.south >= box.north:
        raise NoViewport()
    if not filters.only_open:
        filters = _few_days(filters, at)
    where = condition(filters, by=by, at=at) & _text(by, filters.q)
    where &= Q(lat__gte=box.south, lat__lte=box.north, lon__gte=box.west, lon__lte=box.east)
    since = None if filters.only_open else filters.reported_from
    rows = _rows(by, filters, where)
    is_cut = False
    if rows is not None and (asked := question(filters.q)):
        rows, is_cut = _readable(by, rows, asked)
    points = list(rows.values(*COLUMNS)[: POINTS + 1]) if rows is not None else []
    if rows is None or len(points) <= POINTS:
        return {"points": points, "clusters": [], "count": len(points), "is_cut": is_cut, "since": since}
    clusters = _clusters(rows, box, zoom)
    count = sum(one["count"] for one in clusters)
    return {"points": [], "clusters": clusters, "count": count, "is_cut": is_cut or count >= LOOKED_AT, "since": since}


def _readable(by: Actor, rows: "QuerySet[Case]", asked: Question) -> "tuple[QuerySet[Case], bool]":
    """Without those found by words that this reader does not get to read; and whether there were too many to look."""
    doubtful = list(rows.filter(uncertain(by)).values_list("pk", flat=True)[: READ_AT_MOST + 1])
    shown = shown_hits(by, asked, doubtful[:READ_AT_MOST])
    return rows.filter(~uncertain(by) | Q(pk__in=shown)), len(doubtful) > READ_AT_MOST


def _few_days(filters: CaseFilters, at: datetime) -> CaseFilters:
    until = filters.reported_to or at
    since = filters.reported_from or until - DAYS
    return replace(filters, reported_from=max(since, until - LONGEST))


def _text(by: Actor, q: str) -> Q:
    if not q.strip():
        return Q()
    asked = question(q)
    return holding_text(asked) & searchable(by) if asked else Q(pk__in=[])


def _rows(by: Actor, filters: CaseFilters, where: Q) -> "QuerySet[Case] | None":
    """By the scope's one way as it stands; where there are several, they hold few cases, and are found first."""
    walk = Walk.of(by, where, reach_of(filters))
    if len(walk.parts) == 1 and not walk.parts[0].unit_paths:
        return visible(by).filter(walk.parts[0].where & where).order_by()
    ids = [found.case_id for found in fetch(walk, Place(sort=Sort.NEWEST), LOOKED_AT)]
    return visible(by).filter(pk__in=ids).order_by() if ids else None


def heat(by: Actor, box: Box, *, zoom: float, days: int, at: datetime) -> dict[str, Any]:
    """Where cases were reported in the last days, as cells of the map; a cell of fewer than ten is not told.

    Raises NotAllowed, NoViewport.
    """
    by.require(Permission.CASE_READ)
    if box.west >= box.east or box.south >= box.north:
        raise NoViewport()
    since = at - timedelta(days=days)
    filters = CaseFilters(reported_from=since)
    where = condition(filters, by=by, at=at)
    where &= Q(lat__gte=box.south, lat__lte=box.north, lon__gte=box.west, lon__lte=box.east)
    rows = _rows(by, filters, where)
    width, height = _cell(box, zoom, HEAT_PX)
    found = gathered(rows[:LOOKED_AT], width, height) if rows is not None else []
    cells = [
        {"west": cell.west, "south": cell.south, "count": cell.count} for cell in found if cell.count >= FEWEST_TOLD
    ]
    is_cut = sum(cell.count for cell in found) >= LOOKED_AT
    return {"cells": cells, "width": width, "height": height, "since": since, "is_cut": is_cut}


@dataclass(frozen=True, slots=True)
class Cell:
    """Its south-west corner in WGS-84 degrees, and how many cases lie in it."""

    west: float
    south: float
    count: int
    overdue: int


def gathered(rows: "QuerySet[Case]", width: float, height: float) -> list[Cell]:
    """The fullest first. Cells begin at 0°, not at the edge of a viewport: they stay where they are while one pans."""
    sql, values = compiled(rows.values_list("lon", "lat", "is_overdue"))
    gather = f"""
    select floor(lon / %s), floor(lat / %s), count(*), count(*) filter (where is_overdue)
      from ({sql}) found(lon, lat, is_overdue) group by 1, 2 order by 3 desc, 1, 2
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(gather, [width, height, *values])
        return [Cell(column * width, row * height, count, overdue) for column, row, count, overdue in cursor.fetchall()]


def _cell(box: Box, zoom: float, pixels: int) -> tuple[float, float]:
    """Width and height of a cell in degrees."""
    width = max(360 / 2**zoom / 256 * pixels, (box.east - box.west) / MOST_CELLS_ACROSS)
    middle = math.radians((box.south + box.north) / 2)
    return width, max(width * math.cos(middle), (box.north - box.south) / MOST_CELLS_ACROSS, 1e-9)


def _clusters(rows: "QuerySet[Case]", box: Box, zoom: float) -> list[dict[str, Any]]:
    sql, values = compiled(rows.values_list("lon", "lat", "is_overdue")[:LOOKED_AT])
    width, height = _cell(box, zoom, CELL_PX)
    # Cells as `gathered` has them; here each is shown at the middle of what lies in it.
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

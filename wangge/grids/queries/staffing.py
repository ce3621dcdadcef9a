"""What stands on the map beside the areas: who serves each grid of a view, and the places known by name."""

from typing import Any

from django.db import connection

from wangge.core.actor import Actor
from wangge.core.codes import GRID_LENGTH, Level
from wangge.grids.access import may_read
from wangge.grids.models import Place
from wangge.grids.queries.map import MapView, level_of

MOST_PLACES = 300

# A grid's name is written in the middle of its box; so is how it is served. Ended services count no more.
STAFFING = """
with grids as (
  select g.code, (b.west + b.east) / 2 lon, (b.south + b.north) / 2 lat
    from grids_boundary b join grids_grid g on g.code = b.code
   where b.valid_from <= %(day)s and (b.valid_to is null or b.valid_to > %(day)s)
     and g.valid_from <= %(day)s and (g.valid_to is null or g.valid_to > %(day)s)
     and b.west <= %(east)s and b.east >= %(west)s and b.south <= %(north)s and b.north >= %(south)s
     and g.type = 'general'
), served as (
  select grids.code, lon, lat,
         max(m.name) filter (where m.kind = 'chief') chief,
         count(*) filter (where m.kind = 'full_time') workers
    from grids left join grids_teammember m on m.grid = grids.code
         and m.valid_from <= %(day)s and (m.valid_to is null or m.valid_to > %(day)s)
   group by 1, 2, 3
)
select left(code, %(level)s) place, avg(lon), avg(lat), count(*), count(*) filter (where chief is null),
       count(*) filter (where workers = 0), sum(workers), min(chief)
  from served group by 1 order by 1
"""


def staffing(view: MapView, *, by: Actor) -> dict[str, Any]:
    """For each area that the map draws there: its general grids, and how many want a chief or a full-time worker.

    Names are posted at the grid and shown where one grid is meant.
    """
    may_read(by)
    level = min(level_of(view), GRID_LENGTH)
    if not level:
        return {"level": 0, "items": []}
    values: dict[str, Any] = {
        "day": view.day,
        "west": view.west,
        "south": view.south,
        "east": view.east,
        "north": view.north,
        "level": level,
    }
    with connection.cursor() as cursor:
        cursor.execute(STAFFING, values)
        rows = cursor.fetchall()
    names = ("code", "lon", "lat", "grids", "without_chief", "without_worker", "workers", "chief")
    items = [dict(zip(names, row, strict=True)) for row in rows]
    for item in items:
        item["chief"] = (item["chief"] or "") if level == Level.GRID else ""
    return {"level": level, "items": items}


def places_in(view: MapView, *, by: Actor) -> dict[str, Any]:
    may_read(by)
    rows = Place.objects.filter(
        lon__gte=view.west, lon__lte=view.east, lat__gte=view.south, lat__lte=view.north
    ).order_by("id")
    found = list(rows.values("id", "name", "kind", "lon", "lat", "grid")[: MOST_PLACES + 1])
    return {"items": found[:MOST_PLACES], "is_partial": len(found) > MOST_PLACES}

"""What the map draws: divisions from afar, grids from near, simplified to the pixel and never over 500 kB.

Read from the table for each new view; browsers keep the answer by its revision (`MapView.tag`).
"""

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from django.db import connection

from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.codes import Level
from wangge.core.errors import invalid
from wangge.core.revisions import revisions
from wangge.grids.access import may_read
from wangge.grids.entries import REVISION

# The finest level drawn from this zoom on (Web Mercator, 512-pixel tiles as MapLibre counts them).
FINEST = ((0.0, Level.CITY), (7.0, Level.DISTRICT), (9.0, Level.STREET), (11.0, Level.COMMUNITY), (12.5, Level.GRID))
MICRO_FROM = 15.5
BORDERS = 2  # levels of divisions drawn over the areas, the nearest ones above them
MOST_FEATURES = 1_500
MOST_BYTES = 500_000
Shapes = npt.NDArray[np.object_]
ROUNDS = 6  # each doubles what is simplified away

COUNT = """
select length(code), count(*) from grids_boundary
 where valid_from <= %(day)s and (valid_to is null or valid_to > %(day)s)
   and west <= %(east)s and east >= %(west)s and south <= %(north)s and north >= %(south)s
   and length(code) = any(%(levels)s)
 group by 1
"""
READ = """
select b.code, b.geometry, coalesce(g.name, d.name, ''), coalesce(g.type, '')
  from grids_boundary b
  left join grids_grid g on g.code = b.code and length(b.code) >= 15
       and g.valid_from <= %(day)s and (g.valid_to is null or g.valid_to > %(day)s)
  left join grids_division d on d.code = b.code and length(b.code) < 15
 where b.valid_from <= %(day)s and (b.valid_to is null or b.valid_to > %(day)s)
   and b.west <= %(east)s and b.east >= %(west)s and b.south <= %(north)s and b.north >= %(south)s
   and length(b.code) = any(%(levels)s) and (g.code is not null or d.code is not null)
 order by b.code
 limit %(most)s
"""


class Layer(StrEnum):
    AREAS = "areas"  # the finest level for the zoom
    BORDERS = "borders"  # of the divisions that those areas stand in


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView:
    """West, south, east, north in degrees; `zoom` as MapLibre counts."""

    west: float
    south: float
    east: float
    north: float
    zoom: float
    day: date
    layer: Layer = Layer.AREAS

    def tag(self) -> str:
        """Changes whenever the answer may; one small query."""
        return f'"{REVISION}-{revisions(REVISION)[0]}-{self.day.isoformat()}"'


def view_of(bbox: str, zoom: float, day: date | None, layer: Layer = Layer.AREAS) -> MapView:
    """Raises Invalid. `bbox`: "west,south,east,north"."""
    try:
        west, south, east, north = (float(part) for part in bbox.split(","))
    except ValueError:
        west = south = east = north = float("nan")
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise invalid("bbox", "范围应为“西,南,东,北”的经纬度。", "West, south, east, north in degrees.")
    return MapView(west=west, south=south, east=east, north=north, zoom=zoom, day=day or clock.today(), layer=layer)


def map_layers(view: MapView, *, by: Actor) -> bytes:
    """A GeoJSON FeatureCollection; `level` says what is drawn, `is_partial` when a view holds more than fits."""
    may_read(by)
    levels, count = _levels(view)
    with connection.cursor() as cursor:
        cursor.execute(READ, _values(view, levels) | {"most": MOST_FEATURES})
        rows = cursor.fetchall()
    shapes = np.asarray(shapely.from_wkb([bytes(row[1]) for row in rows]), dtype=object)
    properties = [{"code": code, "name": name, "type": kind, "level": len(code)} for code, _, name, kind in rows]
    head = {"level": max(levels, default=0), "is_partial": count > len(rows)}
    pixel = 360 / 512 / 2**view.zoom
    for step in range(ROUNDS):
        found = _encoded(_simplified(shapes, pixel * 2**step / 2), properties, head, pixel)
        if len(found) <= MOST_BYTES:
            return found
    while len(found) > MOST_BYTES:  # thousands of points in one line of a coast: fewer of them, and say so
        shapes, properties = shapes[: len(shapes) * 3 // 4], properties[: len(properties) * 3 // 4]
        found = _encoded(_simplified(shapes, pixel * 2**ROUNDS), properties, head | {"is_partial": True}, pixel)
    return found


def level_of(view: MapView) -> int:
    """The level of the areas that the map draws in a view (micro grids aside), 0 where nothing is drawn."""
    levels, _ = _levels(view)
    return levels[0] if levels else 0


def _levels(view: MapView) -> tuple[list[int], int]:
    """The finest level for the zoom that is drawn here and is not too much; with micro grids from near."""
    counted = _counted(view)
    wanted = [int(level) for zoom, level in reversed(FINEST) if zoom <= view.zoom]
    coarser = [int(level) for level in Level if level < Level.MICRO]  # from afar, what there is at all
    level = next((level for level in wanted if 0 < counted.get(level, 0) <= MOST_FEATURES), 0)
    level = level or next((level for level in coarser if level in counted), 0)
    if not level:
        return [], 0
    near = level == Level.GRID and view.zoom >= MICRO_FROM
    levels = [level, int(Level.MICRO)] if near else [level]
    if view.layer is Layer.BORDERS:
        levels = [one for one in sorted(counted) if one < level][-BORDERS:]
    return levels, sum(counted.get(one, 0) for one in levels)


def _counted(view: MapView) -> dict[int, int]:
    """How many there are of each level in the view."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, _values(view, [int(level) for level in Level]))
        return dict(cursor.fetchall())


def _values(view: MapView, levels: list[int]) -> dict[str, Any]:
    return {
        "day": view.day,
        "west": view.west,
        "south": view.south,
        "east": view.east,
        "north": view.north,
        "levels": levels,
    }


def _simplified(shapes: Shapes, degrees: float) -> Shapes:
    """Neighbours keep their common borders: each line is simplified once, not once for each side.

    Where a border was redrawn, a corner of one may lie on a straight line of the other. To GEOS that is no coverage,
    and it would answer shapes that cross themselves; then each is simplified alone, by less than a pixel.
    """
    if not len(shapes):
        return shapes
    if _is_coverage(shapes):
        return np.asarray(shapely.coverage_simplify(shapes, degrees), dtype=object)
    return np.asarray(shapely.simplify(shapes, degrees, preserve_topology=True), dtype=object)


def _is_coverage(shapes: Shapes) -> bool:
    try:
        return bool(shapely.coverage_is_valid(shapes))
    except shapely.errors.GEOSException:  # an imported ring that crosses itself
        return False


def _encoded(
    shapes: Shapes,
    properties: list[dict[str, Any]],
    head: dict[str, Any],
    pixel: float,
) -> bytes:
    decimals = int(np.clip(np.ceil(-np.log10(pixel)) + 1, 3, 7))
    rounded = shapely.transform(shapes, lambda points: points.round(decimals)) if len(shapes) else shapes
    features = ",".join(
        f'{{"type":"Feature","properties":{json.dumps(own, ensure_ascii=False)},"geometry":{shape}}}'
        for own, shape in zip(properties, shapely.to_geojson(rounded), strict=True)
    )
    start = json.dumps({"type": "FeatureCollection", **head}, ensure_ascii=False)
    return f'{start[:-1]}, "features":[{features}]}}'.encode()

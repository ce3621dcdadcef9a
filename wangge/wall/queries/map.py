"""What lies on the map of a theme: open cases of each place as counts, and where ten or more lie close together."""

import json
import math
from collections.abc import Collection
from datetime import datetime
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.cases.models import Case
from wangge.cases.queries import figures
from wangge.cases.queries.maps import gathered
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.codes import Level
from wangge.core.errors import NotFound
from wangge.grids import queries as grids
from wangge.wall.definition import read
from wangge.wall.queries.themes import categories_of, theme

EMPTY: dict[str, Any] = {"type": "FeatureCollection", "features": []}
ZOOMS = {"grids": 12.5, "streets": 9.0}  # at which the grids' own map draws each of them
CELL_M = 500.0
FEWEST = 10  # cases in a cell that is shown: where fewer lie, a cell would point at somebody
MOST_CELLS = 500
DEGREE_M = 111_320.0  # of latitude


def on_map(code: str, by: Actor, *, at: datetime) -> dict[str, Any]:
    """Raises NotFound, NotAllowed."""
    by.require(Permission.WALL_READ)
    chosen = categories_of(read(theme(code, by, at=at).definition))
    places = figures.open_by_place(by, categories=chosen)
    return {**places, "cells": _cells(by, chosen), "cell_m": CELL_M}


def ground(by: Actor, *, at: datetime) -> dict[str, Any]:
    """Borders are published; who leads a grid is not on a wall. Raises NotAllowed."""
    by.require(Permission.WALL_READ)
    house = Actor.system("wall")
    bounds = _home(by, house)
    if bounds is None:
        return {"bounds": None, "grids": EMPTY, "streets": EMPTY}
    west, south, east, north = bounds
    box: dict[str, Any] = {"west": west, "south": south, "east": east, "north": north, "day": clock.day_of(at)}
    drawn = {
        name: json.loads(grids.map_layers(grids.MapView(**box, zoom=zoom), by=house)) for name, zoom in ZOOMS.items()
    }
    return {"bounds": bounds, **{name: _inside(shapes, by) for name, shapes in drawn.items()}}


def _inside(shapes: dict[str, Any], by: Actor) -> dict[str, Any]:
    found = [shape for shape in shapes["features"] if by.covers(shape["properties"]["code"])]
    return {"type": "FeatureCollection", "features": found}


def _home(by: Actor, house: Actor) -> list[float] | None:
    """Where the post's first area lies; what has no border of its own lies in something that has."""
    own = by.ranges[0] if by.ranges else ""
    for level in sorted((level for level in Level if level <= min(len(own), Level.COMMUNITY)), reverse=True):
        try:
            bounds: list[float] | None = grids.division_card(own[: int(level)], by=house)["bounds"]
        except NotFound:
            continue
        if bounds:
            return bounds
    area = grids.served_area()
    return list(area) if area else None


def _cells(by: Actor, categories: Collection[int] | None) -> list[dict[str, Any]]:
    """WGS-84 degrees, the middle of each cell. Where cells lie hangs on the house's area alone, never on the cases."""
    rows = Case.objects.visible_to(by).open().filter(lon__isnull=False).order_by()
    if categories is not None:
        rows = rows.filter(category__in=categories)
    height = CELL_M / DEGREE_M
    width = height / math.cos(math.radians(_latitude()))
    full = [cell for cell in gathered(rows, width, height) if cell.count >= FEWEST]
    return [
        {
            "lon": round(cell.west + width / 2, 6),
            "lat": round(cell.south + height / 2, 6),
            "open": cell.count,
            "overdue": cell.overdue,
        }
        for cell in full[:MOST_CELLS]
    ]


def _latitude() -> float:
    area = grids.served_area()
    return (area[1] + area[3]) / 2 if area else 0.0

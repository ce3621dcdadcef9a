"""Where something is: point → grid, code → known, address text → place. Other rooms ask these."""

import math
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models.functions import Length

from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.codes import GROUPS, is_grid
from wangge.core.revisions import Kept, revisions
from wangge.grids.access import may_read
from wangge.grids.entries import REVISION
from wangge.grids.location import LocationIndex, LocationIndexes
from wangge.grids.models import Boundary, Division, Grid, Place, open_on
from wangge.grids.queries.divisions import lineage
from wangge.grids.rules.geometry import metres_per_degree
from wangge.grids.rules.places import key_of


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place that a text names; lon, lat WGS-84."""

    name: str
    code: str
    lon: float
    lat: float


def grid_at(lon: float, lat: float, *, revision: int | None = None) -> str | None:
    """The general or dedicated grid of a point, at today's boundaries."""
    return index(revision=revision).locate(lon, lat)


def codes_around(lon: float, lat: float, metres: float) -> list[str]:
    """Where a case this near may lie: the grids around, micro grids, and the divisions they are in."""
    grids = index().within(lon, lat, metres)
    return sorted({*grids, *(code[:length] for code in grids for length in GROUPS)})


def nearest(lon: float, lat: float) -> dict[str, object] | None:
    """The nearest grid of a point that lies in none, with the distance in metres."""
    found = index().nearest_grid(lon, lat)
    return None if found is None else {"code": found.code, "distance_m": round(found.distance_m)}


def locate(*, lon: float, lat: float, day: date | None, by: Actor) -> dict[str, Any]:
    """The grid and micro grid of a point on a day; outside every grid, the nearest one and how far it is."""
    may_read(by)
    found = index(day)
    code = found.locate(lon, lat)
    if code is None:
        near = found.nearest_grid(lon, lat)
        return {"code": None, "nearest": near and {"code": near.code, "distance_m": round(near.distance_m)}}
    return {"code": code, "micro": found.locate_micro(lon, lat), "lineage": lineage(code)}


def index(day: date | None = None, *, revision: int | None = None) -> LocationIndex:
    """The index of a day's boundaries, kept in this process until the grids' revision moves."""
    number = revisions(REVISION)[0] if revision is None else revision
    return _indexes.get(number).on(day or clock.today())


def exists(code: str) -> bool:
    today = clock.today()
    if is_grid(code):
        return Grid.objects.filter(open_on(today), code=code).exists()
    return Division.objects.filter(open_on(today), code=code).exists()


def place_named_in(address: str) -> NamedPlace | None:
    """The longest known place whose name the address holds."""
    found = (
        Place.objects.exclude(grid="")
        .exclude(key="")
        .extra(where=["strpos(%s, key) > 0"], params=[key_of(address)])
        .order_by(Length("key").desc(), "key", "id")
        .first()
    )
    return None if found is None else NamedPlace(found.name, found.grid, found.lon, found.lat)


def places_near(lon: float, lat: float, *, within_m: float, most: int) -> list[dict[str, Any]]:
    """Known places around a point, nearest first, with their distance in metres."""
    x, y = (float(one) for one in metres_per_degree(lat))
    wide, high = within_m / max(x, 1.0), within_m / y
    rows = Place.objects.filter(lon__gte=lon - wide, lon__lte=lon + wide, lat__gte=lat - high, lat__lte=lat + high)
    found = [(math.hypot((row.lon - lon) * x, (row.lat - lat) * y), row.pk, row) for row in rows]
    near = sorted(one for one in found if one[0] <= within_m)[:most]
    return [{"name": row.name, "kind": row.kind, "distance_m": round(apart)} for apart, _, row in near]


def _load() -> LocationIndexes:
    """Days between two changes share one index, so that midnight does not build one anew."""
    fields = [(model, field) for model in (Boundary, Grid) for field in ("valid_from", "valid_to")]
    days: list[date | None] = [
        day for model, field in fields for day in model.objects.order_by().values_list(field, flat=True).distinct()
    ]
    changes = sorted({day for day in days if day is not None})
    return LocationIndexes(_rows, lambda day: bisect_right(changes, day))


def _rows(day: date) -> list[tuple[str, bytes]]:
    open_grids = Grid.objects.filter(open_on(day)).values("code")
    shapes = Boundary.objects.filter(open_on(day), code__in=open_grids).values_list("code", "geometry")
    return [(code, bytes(shape)) for code, shape in shapes]


_indexes: Kept[LocationIndexes] = Kept(REVISION, _load)

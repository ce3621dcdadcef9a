"""Reads of the map that other rooms ask for."""

from dataclasses import dataclass
from datetime import date

from wangge.core import clock
from wangge.core.codes import is_grid
from wangge.core.revisions import Kept, revisions
from wangge.grids.location import LocationIndex, LocationIndexes
from wangge.grids.models import Boundary, Division, Grid, Place, open_on

REVISION = "grids"


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


def nearest(lon: float, lat: float) -> dict[str, object] | None:
    """The nearest grid of a point that lies in none, with the distance in metres."""
    found = index().nearest_grid(lon, lat)
    return None if found is None else {"code": found.code, "distance_m": round(found.distance_m)}


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
    key = address.replace(" ", "")
    found = (
        Place.objects.exclude(grid="")
        .extra(where=["strpos(%s, key) > 0"], params=[key])
        .order_by("-key")
    )
    best = max(found[:50], key=lambda place: len(place.key), default=None)
    return None if best is None else NamedPlace(best.name, best.grid, best.lon, best.lat)


def _load() -> LocationIndexes:
    return LocationIndexes(_rows, lambda day: day)


def _rows(day: date) -> list[tuple[str, bytes]]:
    open_grids = Grid.objects.filter(open_on(day)).values("code")
    shapes = Boundary.objects.filter(open_on(day), code__in=open_grids).values_list("code", "geometry")
    return [(code, bytes(shape)) for code, shape in shapes]


_indexes: Kept[LocationIndexes] = Kept(REVISION, _load)

"""Point → grid, in the process: an R-tree over the grids of one day. Coordinates are lon, lat degrees (WGS-84).

General and dedicated grids answer `locate`; micro grids stand outside the partition and are asked for by their own
call. A point on a common border belongs to the grid with the lower code, on every machine and in every call.
An index never changes once built, and everything GEOS would build on first use is built in the constructor,
so threads may read it together. `LocationIndexes` keeps the indexes of the days in use.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely import Point, STRtree

from wangge.core.codes import GRID_LENGTH, MICRO_LENGTH
from wangge.grids.rules.geometry import degrees_for, in_metres, metres_per_degree

Row = tuple[str, bytes]  # code, boundary as WKB

# Neighbours that pass the rule may stand a hair apart; a point in that hair is not outside every grid.
HAIR_M = 0.5
FURTHEST_M = 50_000.0
GEOD = pyproj.Geod(ellps="GRS80")  # the ellipsoid of CGCS2000 to 0.1 mm


@dataclass(frozen=True, slots=True)
class Nearest:
    code: str
    distance_m: float


class LocationIndex:
    def __init__(self, rows: Iterable[Row]) -> None:
        grids: list[Row] = []
        micros: list[Row] = []
        for code, boundary in rows:
            (micros if len(code) == MICRO_LENGTH else grids).append((code, boundary))
        self._grids = _Layer(grids)
        self._micros = _Layer(micros)

    def __len__(self) -> int:
        return len(self._grids.codes)

    def locate(self, lon: float, lat: float) -> str | None:
        """The general or dedicated grid at a point, or None outside every grid."""
        index = self._grids.first(lon, lat)
        if index < 0:
            index = self._grids.first_within_a_hair(lon, lat)
        return self._grids.codes[index] if index >= 0 else None

    def locate_micro(self, lon: float, lat: float) -> str | None:
        """The micro grid at a point, if the grid there is divided."""
        grid = self.locate(lon, lat)
        index = self._micros.first(lon, lat) if grid else -1
        code = self._micros.codes[index] if index >= 0 else None
        return code if code is not None and code[:GRID_LENGTH] == grid else None

    def locate_many(
        self, lons: Sequence[float] | npt.NDArray[np.float64], lats: Sequence[float] | npt.NDArray[np.float64]
    ) -> npt.NDArray[np.object_]:
        """For each point what `locate` answers (codes or None)."""
        x, y = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
        found = self._grids.first_of_many(x, y)
        return self._grids.codes_or_none[found]

    def within(self, lon: float, lat: float, metres: float) -> list[str]:
        """Every grid, micro grids too, any part of which is at most so far from a point; in order of codes."""
        return [*self._grids.within(lon, lat, metres), *self._micros.within(lon, lat, metres)]

    def nearest_grid(self, lon: float, lat: float, *, within_m: float = FURTHEST_M) -> Nearest | None:
        """The nearest general or dedicated grid and how far it is (0 inside one)."""
        return self._grids.nearest(lon, lat, within_m)

    def near(self, lon: float, lat: float, *, within_m: float, most: int) -> list[Nearest]:
        """General and dedicated grids around a point, the one it lies in first (0 m), then by distance."""
        return self._grids.near(lon, lat, within_m, most)


class _Layer:
    """Grids in the order of their codes: the lowest index is the lowest code."""

    def __init__(self, rows: list[Row]) -> None:
        rows.sort(key=lambda row: row[0])
        self.codes = [code for code, _ in rows]
        self.codes_or_none = np.array([*self.codes, None], dtype=object)  # index -1 is nobody
        self.geometries = np.asarray(shapely.from_wkb([wkb for _, wkb in rows]), dtype=object)
        self.tree = STRtree(self.geometries)
        self._warm()

    def first(self, lon: float, lat: float) -> int:
        if not _is_place(lon, lat):
            return -1
        near = self.tree.query(Point(lon, lat))
        hits = near[shapely.intersects_xy(self.geometries[near], lon, lat)]
        return int(hits.min()) if len(hits) else -1

    def first_of_many(self, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        found = np.full(len(x), -1, dtype=np.int64)
        sound = np.flatnonzero((np.abs(x) <= 180) & (np.abs(y) <= 90))  # false for nan too
        point, grid = self.tree.query(shapely.points(x[sound], y[sound]))
        point = sound[point]
        inside = shapely.intersects_xy(self.geometries[grid], x[point], y[point])
        _take_lowest(found, point[inside], grid[inside])
        lost = sound[found[sound] < 0]
        reach = _hair_degrees(y[lost])
        point, grid = self.tree.query(shapely.points(x[lost], y[lost]), predicate="dwithin", distance=reach)
        _take_lowest(found, lost[point], grid)
        return found

    def first_within_a_hair(self, lon: float, lat: float) -> int:
        if not _is_place(lon, lat):
            return -1
        near = self.tree.query(Point(lon, lat), predicate="dwithin", distance=degrees_for(HAIR_M, lat))
        return int(near.min()) if len(near) else -1

    def within(self, lon: float, lat: float, metres: float) -> list[str]:
        if not _is_place(lon, lat):
            return []
        near = self.tree.query(Point(lon, lat), predicate="dwithin", distance=degrees_for(metres, lat))
        return [self.codes[index] for index in np.sort(near)]

    def nearest(self, lon: float, lat: float, within_m: float) -> Nearest | None:
        if not _is_place(lon, lat) or not self.codes:
            return None
        point = Point(lon, lat)
        closest = self.tree.query_nearest(point, max_distance=degrees_for(within_m, lat), return_distance=True)[1]
        if not len(closest):
            return None
        # Nearest in degrees is not nearest in metres: everything in the ring between the two is measured.
        x, y = metres_per_degree(lat)
        ring = float(closest[0]) * float(max(x, y) / min(x, y)) * 1.01 + 1e-9
        near = np.sort(self.tree.query(point, predicate="dwithin", distance=ring))
        flat = in_metres(self.geometries[near], (lon, lat))
        index = int(near[np.argmin(shapely.distance(flat, Point(0, 0)))])
        distance = self._distance_m(index, point)
        return Nearest(self.codes[index], distance) if distance <= within_m else None

    def near(self, lon: float, lat: float, within_m: float, most: int) -> list[Nearest]:
        if not _is_place(lon, lat) or not self.codes:
            return []
        found = self.tree.query(Point(lon, lat), predicate="dwithin", distance=degrees_for(within_m, lat))
        apart = shapely.distance(in_metres(self.geometries[found], (lon, lat)), Point(0, 0))
        order = np.lexsort((found, apart))  # of those equally far, the lower code first
        nearest = [Nearest(self.codes[int(found[at])], float(apart[at])) for at in order if apart[at] <= within_m]
        return nearest[:most]

    def _distance_m(self, index: int, point: Point) -> float:
        flat = in_metres(self.geometries[index], (point.x, point.y))
        foot = shapely.get_coordinates(shapely.shortest_line(flat, Point(0, 0)))[0]
        x, y = metres_per_degree(point.y)
        return float(GEOD.inv(point.x, point.y, point.x + foot[0] / float(x), point.y + foot[1] / float(y))[2])

    def _warm(self) -> None:
        shapely.prepare(self.geometries)
        if self.codes:  # one query each, so that no thread is the first to build GEOS' own indexes
            inside = shapely.get_coordinates(shapely.point_on_surface(self.geometries))
            shapely.intersects_xy(self.geometries, inside[:, 0], inside[:, 1])
        self.tree.query(Point(0, 0))


class LocationIndexes:
    """The indexes of the days in use. Thread-safe.

    `load(day)` gives the rows in force on a day. `version(day)` changes whenever those rows do; days with one version
    share one index, so a year in which nothing was redrawn is one index. `version` is asked on every call: keep it
    cheap. A changed version is loaded by the first caller while the others wait: an answer from boundaries that no
    longer hold would be written into a case.
    """

    def __init__(
        self, load: Callable[[date], Iterable[Row]], version: Callable[[date], Hashable], *, keep: int = 4
    ) -> None:
        self._load = load
        self._version = version
        self._keep = keep
        self._indexes: OrderedDict[Hashable, LocationIndex] = OrderedDict()
        self._lock = Lock()

    def on(self, day: date) -> LocationIndex:
        version = self._version(day)
        with self._lock:
            index = self._indexes.get(version)
            if index is None:
                index = self._indexes[version] = LocationIndex(self._load(day))
            self._indexes.move_to_end(version)
            while len(self._indexes) > self._keep:
                self._indexes.popitem(last=False)
            return index


def _take_lowest(found: npt.NDArray[np.int64], point: npt.NDArray[np.int64], grid: npt.NDArray[np.int64]) -> None:
    order = np.lexsort((-grid, point))  # the last write for a point is its lowest grid
    found[point[order]] = grid[order]


def _hair_degrees(latitudes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    x, y = metres_per_degree(latitudes)
    return np.asarray(HAIR_M / np.maximum(np.minimum(x, y), 1.0), dtype=np.float64)


def _is_place(lon: float, lat: float) -> bool:
    return -180 <= lon <= 180 and -90 <= lat <= 90  # false for nan too

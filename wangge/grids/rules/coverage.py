"""The rule of 一张网: a community's general and dedicated grids cover it, without gap and without overlap.

Stated in m²: the community less the union of its grids, every pairwise overlap, and what each grid has outside the
community are at most a tolerance. A dedicated grid is a hole in its neighbours, so it needs no rule of its own. Micro
grids divide a general grid and stand outside the partition: each must lie within its grid, and they may not overlap.
(GEOS' own `coverage_is_valid` passes an empty hole and fails a gapless T-junction, so it is not asked.)
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from shapely import Point, STRtree
from shapely.geometry.base import BaseGeometry

from wangge.core.codes import GRID_LENGTH, MICRO_LENGTH
from wangge.grids.rules.geometry import Area, area_m2, areas_m2, is_lonlat, place_of, polygonal, polygons_of

# m². Six decimals of a degree are 0.1 m: where neighbours meet in a T, a rounded vertex opens 0.05 m × half its edge.
TOLERANCE_M2 = 10.0
# Two grids are "for one place" when they share this part of everything they hold together; else they overlap.
SAME_PLACE_SHARE = 0.9


class FindingKind(StrEnum):
    NO_AREA = "boundary.no_area"
    NOT_LONLAT = "boundary.not_lonlat"
    INVALID_RING = "boundary.invalid_ring"
    GAP = "boundary.gap"
    OVERLAP = "boundary.overlap"
    SAME_PLACE = "boundary.same_place"
    OUTSIDE = "boundary.outside_community"
    MICRO_WITHOUT_GRID = "boundary.micro_without_grid"
    MICRO_OUTSIDE = "boundary.micro_outside_grid"
    MICRO_OVERLAP = "boundary.micro_overlap"


@dataclass(frozen=True, slots=True)
class Cell:
    """A grid and its shape. Micro grids are told by the length of their code."""

    code: str
    geometry: BaseGeometry

    @property
    def is_micro(self) -> bool:
        return len(self.code) == MICRO_LENGTH


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of the rule. `codes` are the grids concerned (none for a gap), `shape` is what to draw."""

    kind: FindingKind
    codes: tuple[str, ...]
    area_m2: float
    place: tuple[float, float]  # lon, lat
    shape: BaseGeometry
    reason: str = ""  # GEOS' words, for an invalid ring


def check_coverage(
    boundary: BaseGeometry, cells: Sequence[Cell], *, tolerance_m2: float = TOLERANCE_M2
) -> list[Finding]:
    """Every breach within one community, largest first within each kind. Geometries are lon, lat degrees."""
    findings = list(check_shape("", boundary))
    findings += [finding for cell in cells for finding in check_shape(cell.code, cell.geometry)]
    sound = _repaired(cells)
    partition = [cell for cell in sound if not cell.is_micro]
    if is_lonlat(boundary):
        findings += check_partition(_repair(boundary), partition, tolerance_m2=tolerance_m2)
    findings += check_micros(sound, tolerance_m2=tolerance_m2)
    return findings


def check_shape(code: str, geometry: BaseGeometry) -> Iterator[Finding]:
    """What is wrong with one geometry by itself; an empty code is the community's own boundary."""
    codes = (code,) if code else ()
    if not is_lonlat(geometry):
        yield Finding(FindingKind.NOT_LONLAT, codes, 0.0, (0.0, 0.0), geometry)
    elif _repair(geometry).area == 0:  # repaired first: the two wings of a bow tie cancel out
        yield Finding(FindingKind.NO_AREA, codes, 0.0, place_of(geometry), geometry)
    elif not shapely.is_valid(geometry):
        reason = shapely.is_valid_reason(geometry)
        at = _place_in(reason) or place_of(shapely.make_valid(geometry))
        yield Finding(FindingKind.INVALID_RING, codes, area_m2(geometry), at, geometry, reason)


def check_partition(boundary: BaseGeometry, cells: Sequence[Cell], *, tolerance_m2: float) -> Iterator[Finding]:
    """Gaps, overlaps and crossings among cells that should divide `boundary`; all geometries valid.

    The same rule serves any level: sub-districts of a district, communities of a sub-district.
    """
    union = shapely.union_all([cell.geometry for cell in cells])
    yield from _over(tolerance_m2, FindingKind.GAP, (), shapely.difference(boundary, union))
    yield from _overlaps(cells, tolerance_m2, FindingKind.OVERLAP)
    if cells:
        outside = shapely.difference(np.array([cell.geometry for cell in cells], dtype=object), boundary)
        for cell, shape in zip(cells, outside, strict=True):
            yield from _over(tolerance_m2, FindingKind.OUTSIDE, (cell.code,), shape)


def check_micros(cells: Sequence[Cell], *, tolerance_m2: float) -> Iterator[Finding]:
    grids = {cell.code: cell for cell in cells if not cell.is_micro}
    micros = [cell for cell in cells if cell.is_micro]
    for micro in micros:
        grid = grids.get(micro.code[:GRID_LENGTH])
        if grid is None:
            area, place = area_m2(micro.geometry), place_of(micro.geometry)
            yield Finding(FindingKind.MICRO_WITHOUT_GRID, (micro.code,), area, place, micro.geometry)
        else:
            outside = shapely.difference(micro.geometry, grid.geometry)
            yield from _over(tolerance_m2, FindingKind.MICRO_OUTSIDE, (micro.code,), outside)
    yield from _overlaps(micros, tolerance_m2, FindingKind.MICRO_OVERLAP)


def _overlaps(cells: Sequence[Cell], tolerance_m2: float, kind: FindingKind) -> Iterator[Finding]:
    if len(cells) < 2:
        return
    geometries = np.array([cell.geometry for cell in cells], dtype=object)
    left, right = STRtree(geometries).query(geometries)
    left, right = left[left < right], right[left < right]
    shared = shapely.intersection(geometries[left], geometries[right])
    area = areas_m2(shared)
    for index in np.flatnonzero(area > tolerance_m2):
        one, other = cells[left[index]], cells[right[index]]
        codes = (one.code, other.code) if one.code < other.code else (other.code, one.code)
        together = area_m2(one.geometry) + area_m2(other.geometry) - area[index]
        same = kind is FindingKind.OVERLAP and area[index] >= SAME_PLACE_SHARE * together
        yield from _over(tolerance_m2, FindingKind.SAME_PLACE if same else kind, codes, shared[index])


def _over(tolerance_m2: float, kind: FindingKind, codes: tuple[str, ...], shape: BaseGeometry) -> Iterator[Finding]:
    """One finding for each part above the tolerance, and one for the rest together when that is above it too."""
    parts = np.array(polygons_of(shape), dtype=object)
    if not len(parts):
        return
    area = areas_m2(parts)
    if area.sum() <= tolerance_m2:
        return
    large = area > tolerance_m2
    for index in np.argsort(-area):
        if large[index]:
            yield Finding(kind, codes, float(area[index]), place_of(parts[index]), parts[index])
    crumbs_m2 = float(area[~large].sum())
    if crumbs_m2 > tolerance_m2:
        crumbs = parts[~large]
        place = place_of(crumbs[int(np.argmax(area[~large]))])
        yield Finding(kind, codes, crumbs_m2, place, shapely.multipolygons(list(crumbs)))


def _repaired(cells: Iterable[Cell]) -> list[Cell]:
    """The cells as far as they can be read, so that one bad ring does not hide every other fault, nor invent gaps."""
    readable = [cell for cell in cells if is_lonlat(cell.geometry)]
    repaired = [Cell(cell.code, _repair(cell.geometry)) for cell in readable]
    return [cell for cell in repaired if not cell.geometry.is_empty]


def _repair(geometry: BaseGeometry) -> Area:
    if shapely.is_valid(geometry):
        return polygonal(geometry)
    return polygonal(shapely.make_valid(geometry, method="structure", keep_collapsed=False))


def _place_in(reason: str) -> tuple[float, float] | None:
    """GEOS says "Self-intersection[118.79 32.03]"."""
    _, bracket, rest = reason.partition("[")
    try:
        x, y = (float(number) for number in rest.rstrip("]").split())
    except ValueError:
        return None
    return (round(x, 7), round(y, 7)) if bracket and Point(x, y).is_valid else None

"""Cutting a real polygon into cells that pass the rule of 一张网 exactly: for tests and the demonstration district.

Cells are Voronoi cells of relaxed random seeds. All lines are noded together on one grid of 1e-7° (1 cm) and the cells
are the faces between them, so neighbours share every vertex, and keep doing so when written with seven decimals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely import LineString, MultiPoint, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from wangge.grids.rules.geometry import Area, areas_m2, as_area, in_degrees, in_metres, polygons_of

PRECISION_DEG = 1e-7
RELAXATIONS = 3  # rounds of Lloyd's: cells come out near in size, without looking ruled
HOLE_SHARE = 0.2  # of the general grid a dedicated one is cut from
HOLE_CORNERS = 6


@dataclass(frozen=True, slots=True)
class CommunityCells:
    boundary: Area
    general: tuple[Polygon, ...]
    dedicated: tuple[Polygon, ...]


@dataclass(frozen=True, slots=True)
class StreetCells:
    boundary: Area
    communities: tuple[CommunityCells, ...]


def partition(polygon: Area, n: int, rng: np.random.Generator) -> list[Polygon]:
    """Exactly `n` polygons that cover `polygon` (lon, lat), west to east. Raises ValueError when `n` is under 1."""
    if n < 1:
        raise ValueError("a partition has at least one cell")
    origin = (polygon.centroid.x, polygon.centroid.y)
    seeds = _relaxed(in_metres(polygon, origin), n, rng)
    lines = in_degrees(_voronoi_lines(seeds), origin)
    faces = _faces([polygon.boundary, shapely.intersection(lines, polygon)], polygon)
    while len(faces) < n:  # fewer only where seeds fell together: cut the largest again
        largest = faces.pop(int(np.argmax(areas_m2(faces))))
        faces += partition(largest, 2, rng)
    return sorted(_joined_to(faces, n), key=lambda cell: (cell.centroid.x, cell.centroid.y))


def partition_district(
    district: Area, plan: Sequence[Sequence[tuple[int, int]]], rng: np.random.Generator
) -> list[StreetCells]:
    """A district cut into streets, communities and grids, in the order of `plan`.

    `plan` holds for each street its communities as (general grids, dedicated grids), at least one general each.
    Boundaries above the grid are unions of grids, so the whole district is one exact coverage.
    """
    leaves: list[Polygon] = []
    owners: list[tuple[int, int, bool]] = []  # street, community, dedicated
    for s, (street, communities) in enumerate(zip(_by_weight(district, plan, rng), plan, strict=True)):
        cells = _by_weight(street, [[one] for one in communities], rng)
        for c, (community, (general, dedicated)) in enumerate(zip(cells, communities, strict=True)):
            for grid, is_dedicated in _grids(community, general, dedicated, rng):
                leaves.append(grid)
                owners.append((s, c, is_dedicated))
    return _assemble(_renoded(leaves), owners, plan)


def _by_weight(polygon: Area, plan: Sequence[Sequence[tuple[int, int]]], rng: np.random.Generator) -> list[Polygon]:
    """Cells for each entry of `plan`, the larger ones for those that hold more grids."""
    cells = partition(polygon, len(plan), rng)
    ascending = sorted(cells, key=lambda cell: cell.area)
    order = sorted(range(len(plan)), key=lambda index: sum(general for general, _ in plan[index]))
    placed = dict(zip(order, ascending, strict=True))
    return [placed[index] for index in range(len(plan))]


def _grids(community: Polygon, general: int, dedicated: int, rng: np.random.Generator) -> list[tuple[Polygon, bool]]:
    """The dedicated grids are holes cut from the largest general ones, one from each before a second from any."""
    cells = partition(community, general, rng)
    holes: list[Polygon] = []
    for _ in range(dedicated):
        index = int(np.argmax([cell.area * (1 - 0.6 * len(cell.interiors)) for cell in cells]))
        hole = _hole_in(cells[index], rng)
        cells[index] = _largest(shapely.difference(cells[index], hole))
        holes.append(hole)
    return [(cell, False) for cell in cells] + [(hole, True) for hole in holes]


def _hole_in(cell: Polygon, rng: np.random.Generator) -> Polygon:
    """A compound (hospital, campus, mall) inside the cell, clear of its border and of the holes it has."""
    circle = shapely.maximum_inscribed_circle(cell, tolerance=np.sqrt(cell.area) / 50)
    centre, radius = shapely.get_coordinates(circle)[0], shapely.length(circle)
    radius = min(0.8 * radius, np.sqrt(HOLE_SHARE * cell.area / np.pi))
    turns = (np.arange(HOLE_CORNERS) + rng.uniform(-0.25, 0.25, HOLE_CORNERS)) * 2 * np.pi / HOLE_CORNERS
    reach = radius * rng.uniform(0.8, 1.0, HOLE_CORNERS)
    corners = centre + np.column_stack([np.cos(turns), np.sin(turns)]) * reach[:, None]
    return Polygon(np.round(corners / PRECISION_DEG) * PRECISION_DEG)


def _renoded(leaves: Sequence[Polygon]) -> list[Polygon]:
    """The same leaves with every vertex shared: cuts on one side of a border become vertices on the other."""
    faces = _all_faces([leaf.boundary for leaf in leaves])
    points = shapely.point_on_surface(np.array(faces, dtype=object))
    face, leaf = STRtree(list(leaves)).query(points, predicate="within")
    parts: list[list[Polygon]] = [[] for _ in leaves]
    owners = {int(index): int(leaf[first]) for index, first in zip(*np.unique(face, return_index=True), strict=True)}
    owners |= _of_lost(faces, owners)
    for index, owner in owners.items():
        parts[owner].append(faces[index])
    return [_largest(shapely.coverage_union_all(part)) for part in parts]


def _of_lost(faces: Sequence[Polygon], owners: Mapping[int, int]) -> dict[int, int]:
    """Slivers that noding left between two leaves and in neither, each to the leaf that it has the longest border with:
    as holes they would be drawn as lines."""
    lost = [
        index for index, face in enumerate(faces) if index not in owners and face.area < PRECISION_DEG * face.length
    ]
    found, tree = dict[int, int](), STRtree(list(faces))
    for index in lost:
        near = [one for one in tree.query(faces[index]).tolist() if one in owners]
        common = [faces[one].boundary.intersection(faces[index].boundary).length for one in near]
        found[index] = owners[near[int(np.argmax(common))]]
    return found


def _assemble(
    leaves: Sequence[Polygon], owners: Sequence[tuple[int, int, bool]], plan: Sequence[Sequence[tuple[int, int]]]
) -> list[StreetCells]:
    held: dict[tuple[int, int, bool], list[Polygon]] = {}
    for leaf, owner in zip(leaves, owners, strict=True):
        held.setdefault(owner, []).append(leaf)
    streets = []
    for s, communities in enumerate(plan):
        cells = []
        for c in range(len(communities)):
            general, dedicated = held.get((s, c, False), []), held.get((s, c, True), [])
            boundary = _union(general + dedicated)
            cells.append(CommunityCells(boundary, tuple(general), tuple(dedicated)))
        streets.append(StreetCells(_union([one.boundary for one in cells]), tuple(cells)))
    return streets


def _relaxed(polygon: Area, n: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    seeds = _random_points(polygon, n, rng)
    for _ in range(RELAXATIONS):
        cells = _voronoi_cells(seeds, polygon)
        if len(cells) != n:
            break
        seeds = shapely.get_coordinates(shapely.point_on_surface(np.array(cells, dtype=object)))
    return seeds


def _random_points(polygon: Area, n: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    shapely.prepare(polygon)
    low_x, low_y, high_x, high_y = polygon.bounds
    found = np.empty((0, 2))
    while len(found) < n:
        tries = rng.uniform((low_x, low_y), (high_x, high_y), (4 * n + 16, 2))
        found = np.vstack([found, tries[shapely.contains_xy(polygon, tries[:, 0], tries[:, 1])]])
    return found[:n]


def _voronoi_cells(seeds: npt.NDArray[np.float64], polygon: Area) -> list[BaseGeometry]:
    if len(seeds) < 2:
        return [polygon]
    cells = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(seeds), extend_to=polygon.envelope))
    clipped = shapely.intersection(cells, polygon)
    return [cell for cell in clipped if not cell.is_empty]


def _voronoi_lines(seeds: npt.NDArray[np.float64]) -> BaseGeometry:
    if len(seeds) < 2:
        return LineString()
    reach = MultiPoint(seeds).envelope.buffer(10 * max(np.ptp(seeds, axis=0).max(), 1.0), join_style="mitre")
    return shapely.voronoi_polygons(MultiPoint(seeds), extend_to=reach, only_edges=True)


def _faces(lines: Sequence[BaseGeometry], within: Area) -> list[Polygon]:
    faces = _all_faces(lines)
    points = shapely.point_on_surface(np.array(faces, dtype=object))
    shapely.prepare(within)
    return [face for face, inside in zip(faces, shapely.contains(within, points), strict=True) if inside]


def _all_faces(lines: Sequence[BaseGeometry]) -> list[Polygon]:
    noded = shapely.union_all(list(lines), grid_size=PRECISION_DEG)
    return polygons_of(shapely.polygonize([noded]))


def _joined_to(faces: list[Polygon], n: int) -> list[Polygon]:
    """Faces joined, smallest first, to the neighbour with the longest common border, until `n` are left.

    A concave outline cuts a Voronoi cell into several faces; joining keeps every cell in one piece.
    """
    faces = list(faces)
    while len(faces) > n:
        small = faces.pop(int(np.argmin(shapely.area(np.array(faces, dtype=object)))))
        common = shapely.length(shapely.intersection(shapely.boundary(np.array(faces, dtype=object)), small.boundary))
        host = int(np.argmax(common))
        if common[host] == 0:  # an island of the outline: it keeps its own cell, and others join instead
            raise ValueError("the polygon has more separate parts than cells")
        faces[host] = _largest(shapely.coverage_union(faces[host], small))
    return faces


def _union(cells: Sequence[BaseGeometry]) -> Area:
    return as_area(shapely.coverage_union_all(list(cells)))


def _largest(geometry: BaseGeometry) -> Polygon:
    return max(polygons_of(geometry), key=lambda part: part.area)

"""Redrawing grids of one community: split, merge, move a shared border. Pure: shapes in, shapes and successors out.

Geometries are lon, lat degrees. Grids whose area does not change keep the shape they have: a new vertex on a straight
border is no new boundary. Successions say how many m² of each old grid went to each new one, so that figures kept for
the old grids stay comparable.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

from wangge.core.codes import GRID_LENGTH
from wangge.core.errors import Invalid
from wangge.grids.rules.coverage import TOLERANCE_M2, Cell, Finding, check_coverage
from wangge.grids.rules.geometry import Area, area_m2, areas_m2, as_area, degrees_for, metres_per_degree, polygons_of

SNAP_M = 1.0  # drawn by hand: nearer than this to an existing vertex or border means on it
ROUNDING = 1e-9  # degrees, a tenth of a millimetre: what overlays compute lies no further from where it should
SLIT_M = 0.5  # neighbours of imported files may stand this far apart and still be neighbours


class LineDoesNotCut(Invalid):
    code = "grids.line_does_not_cut"
    zh = "这条线没有把网格分开，请从边界外画到边界外。"
    en = "The line does not divide the grid; draw it from outside the border to outside the border."


class WrongNumberOfPieces(Invalid):
    code = "grids.wrong_number_of_pieces"
    zh = "这条线把网格分成了 {pieces} 块，但给出了 {codes} 个编码。"
    en = "The line makes {pieces} pieces, but {codes} codes were given."


class OtherCommunity(Invalid):
    code = "grids.other_community"
    zh = "网格不跨社区：{codes} 不在同一社区（或微网格不在同一网格）。"
    en = "Grids do not cross communities: {codes_en} are not in one community (or micro grids not in one grid)."


class NotNeighbours(Invalid):
    code = "grids.not_neighbours"
    zh = "这些网格不相邻，不能合并或移动共同边界。"
    en = "These grids do not share a border."


class GridWouldVanish(Invalid):
    code = "grids.would_vanish"
    zh = "这样画，网格 {grid} 就没有面积了。"
    en = "Grid {grid} would have no area left."


class LeavesCommunity(Invalid):
    code = "grids.leaves_community"
    zh = "新边界超出社区 {area_m2:.0f} 平方米。"
    en = "The new border leaves the community by {area_m2:.0f} m²."


class NobodyToTakeOver(Invalid):
    code = "grids.nobody_to_take_over"
    zh = "让出的 {area_m2:.0f} 平方米没有相邻的综合网格接手。"
    en = "No neighbouring general grid can take over the {area_m2:.0f} m² given up."


@dataclass(frozen=True, slots=True)
class Succession:
    old: str
    new: str
    area_m2: float


@dataclass(frozen=True, slots=True)
class Redrawing:
    shapes: Mapping[str, Area]  # of the grids that begin, or whose boundary changes
    ended: tuple[str, ...]  # micro grids of an ended grid among them
    successions: tuple[Succession, ...]
    findings: tuple[Finding, ...]  # what breaks the rule of 一张网 afterwards


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """What is redrawn: the boundary and every grid in it today, micro grids too."""

    boundary: Area
    grids: Mapping[str, Area]
    dedicated: frozenset[str] = frozenset()
    tolerance_m2: float = TOLERANCE_M2


def check_together(codes: Sequence[str]) -> None:
    """Grids of one community, or micro grids of one grid. Raises OtherCommunity."""
    if len({(len(code), code[: 12 if len(code) == GRID_LENGTH else GRID_LENGTH]) for code in codes}) > 1:
        raise OtherCommunity(codes="、".join(codes), codes_en=", ".join(codes))


def split_grid(community: Community, code: str, line: LineString, codes: Sequence[str]) -> Redrawing:
    """Cut `code` along `line`; the pieces, west to east then north to south, get `codes` (which may hold `code`)."""
    grid = community.grids[code]
    pieces = sorted(_cut(grid, line, community.tolerance_m2), key=_west_to_east)
    if len(pieces) < 2:
        raise LineDoesNotCut()
    if len(pieces) != len(codes):
        raise WrongNumberOfPieces(pieces=len(pieces), codes=len(codes))
    return _redrawing(community, (code,), dict(zip(codes, pieces, strict=True)))


def merge_grids(community: Community, codes: Sequence[str], into: str) -> Redrawing:
    """Join neighbouring grids; `into` is one of `codes`, or a code never used before."""
    return _redrawing(community, tuple(codes), {into: _joined(community, codes)})


def move_border(community: Community, one: str, other: str, line: LineString) -> Redrawing:
    """Give two neighbours a new common border; nobody else is touched. Each keeps the side it holds more of."""
    pieces = _cut(_joined(community, (one, other)), line, community.tolerance_m2)
    if len(pieces) < 2:
        raise LineDoesNotCut()
    held = np.array([[piece.intersection(community.grids[code]).area for code in (one, other)] for piece in pieces])
    owners = [one if mine >= yours else other for mine, yours in held]
    if len(pieces) == 2:  # decided together, else a border moved far would give both pieces to one
        owners = [one, other] if held[0, 0] + held[1, 1] >= held[0, 1] + held[1, 0] else [other, one]
    shapes = {}
    for code in (one, other):
        mine = [piece for piece, owner in zip(pieces, owners, strict=True) if owner == code]
        if not mine:
            raise GridWouldVanish(grid=code)
        shapes[code] = as_area(shapely.union_all(mine))
    return _redrawing(community, (one, other), shapes)


def reshape_grid(community: Community, code: str, shape: Area) -> Redrawing:
    """Give one grid a new shape; its neighbours follow: they give up what it takes and get what it leaves.

    A general grid takes nothing from a dedicated one. What is left goes, part by part, to the general neighbour with
    the longest border along it.
    """
    drawn = _snapped(shapely.make_valid(shape), community)
    outside_m2 = area_m2(shapely.difference(drawn, community.boundary))
    if outside_m2 > community.tolerance_m2:
        raise LeavesCommunity(area_m2=outside_m2)
    others = {other: grid for other, grid in _partition(community).items() if other != code}
    fixed = [grid for other, grid in others.items() if other in community.dedicated and code not in community.dedicated]
    new = solid(shapely.difference(drawn.intersection(community.boundary), shapely.union_all(fixed)))
    if area_m2(new) <= community.tolerance_m2:
        raise GridWouldVanish(grid=code)
    shapes = {code: new}
    for other, grid in others.items():
        if grid.intersection(new).area > 0:
            shapes[other] = solid(shapely.difference(_meeting(grid, new), new))
            if area_m2(shapes[other]) <= community.tolerance_m2:
                raise GridWouldVanish(grid=other)
    _hand_over(community, code, others, shapes)
    shapes = {key: grid for key, grid in shapes.items() if key == code or _differs(community.grids[key], grid)}
    return _redrawing(community, tuple(shapes), shapes)


def draw_micro(community: Community, code: str, shape: Area) -> Redrawing:
    """A micro grid takes nothing from anybody: it must lie in its grid and beside the others."""
    shape = as_area(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    before = community.grids.get(code, Polygon())
    after = {**community.grids, code: shape}
    findings = check_coverage(community.boundary, [Cell(*pair) for pair in after.items()])
    passed = area_m2(before.intersection(shape))
    kept = (Succession(code, code, passed),) if passed >= 1 else ()
    return Redrawing({code: shape}, (), kept, tuple(findings))


def within_its_room(community: Community, code: str, shape: Area) -> Area:
    """What lies in the community (for a micro grid: in its grid, beside the others): a hand draws over the border.

    Raises GridWouldVanish.
    """
    room: BaseGeometry = community.boundary
    if len(code) > GRID_LENGTH:
        room = community.grids.get(code[:GRID_LENGTH], Polygon())
        beside = [
            grid
            for other, grid in community.grids.items()
            if other != code and len(other) > GRID_LENGTH and other.startswith(code[:GRID_LENGTH])
        ]
        room = shapely.difference(room, shapely.union_all(beside))
    parts = polygons_of(shapely.intersection(shapely.make_valid(shape), room))
    kept = [part for part in parts if area_m2(part) > community.tolerance_m2]
    if not kept:
        raise GridWouldVanish(grid=code)
    return solid(shapely.union_all(kept))


def _west_to_east(piece: Polygon) -> tuple[float, float]:
    """Centres one above the other differ in their last digits only: to the decimetre they are one above the other."""
    return round(piece.centroid.x, 6), -piece.centroid.y


def _hand_over(community: Community, code: str, others: Mapping[str, Area], shapes: dict[str, Area]) -> None:
    takers = [other for other in others if other not in community.dedicated]
    left = shapely.difference(_meeting(community.grids[code], shapes[code]), shapes[code])
    for part in polygons_of(left):
        border = [shapely.length(shapely.intersection(part.boundary, others[taker].boundary)) for taker in takers]
        if not takers or max(border) == 0:
            if area_m2(part) > community.tolerance_m2:
                raise NobodyToTakeOver(area_m2=area_m2(part))
            continue
        taker = takers[int(np.argmax(border))]
        shapes[taker] = solid(shapely.union(_meeting(shapes.get(taker, others[taker]), part), part))


def _redrawing(community: Community, old: Sequence[str], shapes: Mapping[str, Area]) -> Redrawing:
    gone = {code for code in old if code not in shapes}
    micros = {code for code in community.grids if len(code) > GRID_LENGTH and code[:GRID_LENGTH] in gone}
    after = {code: grid for code, grid in community.grids.items() if code not in gone | micros} | dict(shapes)
    findings = check_coverage(
        community.boundary, [Cell(code, grid) for code, grid in after.items()], tolerance_m2=community.tolerance_m2
    )
    passed = successions({code: community.grids[code] for code in old}, shapes)
    return Redrawing(shapes, tuple(sorted(gone | micros)), passed, tuple(findings))


def successions(before: Mapping[str, Area], after: Mapping[str, Area]) -> tuple[Succession, ...]:
    """How much ground passed from each of the old to each of the new."""
    pairs = [(old, new) for old in before for new in after]
    if not pairs:
        return ()
    left = np.array([before[old] for old, _ in pairs], dtype=object)
    shared = shapely.intersection(left, np.array([after[new] for _, new in pairs], dtype=object))
    return tuple(
        Succession(old, new, float(area))
        for (old, new), area in zip(pairs, areas_m2(shared), strict=True)
        if area >= 1.0  # less than a square metre is noise of the overlay, and nobody lives on it
    )


def _cut(grid: Area, line: LineString, tolerance_m2: float) -> list[Polygon]:
    """The pieces of `grid`; a crumb the line cuts off along the border stays with the piece beside it."""
    # The whole line, not its part inside: the ends of that part, rounded, would stop a hair short of a slanting border.
    faces = polygons_of(shapely.polygonize([shapely.union_all([grid.boundary, _reaching(line, grid)])]))
    points = shapely.point_on_surface(np.array(faces, dtype=object))
    pieces = [face for face, ours in zip(faces, shapely.contains(grid, points), strict=True) if ours]
    while len(pieces) > 1 and float(areas_m2(pieces).min()) <= tolerance_m2:
        crumb = pieces.pop(int(np.argmin(areas_m2(pieces))))
        border = [shapely.length(shapely.intersection(piece.boundary, crumb.boundary)) for piece in pieces]
        host = int(np.argmax(border))
        joined = polygons_of(shapely.union(pieces[host], crumb))
        pieces[host] = max(joined, key=lambda part: part.area)
    return pieces


def _reaching(line: LineString, grid: Area) -> LineString:
    """The line with ends that stop just short of the border drawn through it."""
    points = [tuple(point[:2]) for point in line.coords]
    near = degrees_for(SNAP_M, grid.centroid.y)
    for end, place in ((points[0], 0), (points[-1], len(points))):
        tip = Point(end)
        gap = shapely.shortest_line(tip, grid.boundary)
        if grid.contains(tip) and gap.length <= near:
            x, y = gap.coords[-1]
            points.insert(place if place == 0 else len(points), (2 * x - end[0], 2 * y - end[1]))
    return LineString(points)


def _joined(community: Community, codes: Sequence[str]) -> Area:
    grids = [community.grids[code] for code in codes]
    union = solid(shapely.union_all(grids))
    expected = sum(len(polygons_of(grid)) for grid in grids) - (len(grids) - 1)
    if len(polygons_of(union)) > expected or _has_slit(union, community.tolerance_m2):
        union = _closed(union, [grid for code, grid in _partition(community).items() if code not in codes], community)
    if len(polygons_of(union)) > expected:
        raise NotNeighbours()
    return union


def _has_slit(union: Area, tolerance_m2: float) -> bool:
    holes = [Polygon(ring) for part in polygons_of(union) for ring in part.interiors]
    return bool(holes) and bool((areas_m2(holes) <= tolerance_m2).any())


def _closed(union: Area, others: Sequence[Area], community: Community) -> Area:
    """The union with hairline slits between its parts filled, taking nothing from anybody."""
    reach = degrees_for(SLIT_M / 2, union.centroid.y)
    closed = union.buffer(reach, join_style="mitre").buffer(-reach, join_style="mitre")
    fill = shapely.difference(closed.intersection(community.boundary), shapely.union_all([union, *others]))
    return solid(shapely.union(union, fill))


def _snapped(shape: BaseGeometry, community: Community) -> BaseGeometry:
    """What a page sends back has been rounded: vertices near existing ones are those, or slivers would remain."""
    vertices = MultiPoint(shapely.get_coordinates([community.boundary, *community.grids.values()]))
    x, _ = metres_per_degree(community.boundary.centroid.y)
    return shapely.make_valid(shapely.snap(shape, vertices, SNAP_M / float(x)))


def _partition(community: Community) -> dict[str, Area]:
    return {code: grid for code, grid in community.grids.items() if len(code) == GRID_LENGTH}


def _meeting(grid: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """`grid` with a corner of its own where `other` has one on its border.

    A corner computed on a slanting border lies a rounding error beside it: without this, what is cut off there keeps a
    spike without width along that border, and what is joined a slit.
    """
    return shapely.make_valid(shapely.snap(grid, MultiPoint(shapely.get_coordinates(other)), ROUNDING))


def solid(geometry: BaseGeometry) -> Area:
    """Without the lines, points and threads (under 1 cm²) that overlays leave."""
    parts: Iterable[Polygon] = polygons_of(geometry)
    return as_area(shapely.union_all([part for part in parts if area_m2(part) > 1e-4]))


def _differs(old: Area, new: Area) -> bool:
    return area_m2(shapely.symmetric_difference(old, new)) > 1e-4

"""The ground of a community on one day, as rows and as shapes, and how new shapes are written into periods."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import shapely
from django.db.models import Q

from wangge.core.errors import Invalid
from wangge.core.ranges import within
from wangge.grids.models import Boundary, Grid, open_on
from wangge.grids.rules.geometry import Area, areas_m2, as_area
from wangge.grids.rules.redraw import Community


class CommunityNotDrawn(Invalid):
    code = "grids.community_not_drawn"
    zh = "社区 {community} 还没有边界，请先导入或绘制。"
    en = "The community {community} has no boundary yet; import or draw it first."


@dataclass(frozen=True, slots=True)
class Ground:
    community: Community
    grids: Mapping[str, Grid]  # in force on the day, drawn or not


def ground_of(community: str, day: date) -> Ground:
    """Two queries. Raises CommunityNotDrawn."""
    shapes = shapes_under(community, day)
    boundary = shapes.pop(community, None)
    if boundary is None:
        raise CommunityNotDrawn(community=community)
    grids = {grid.code: grid for grid in Grid.objects.filter(open_on(day), within("code", (community,)))}
    dedicated = frozenset(code for code, grid in grids.items() if grid.type == Grid.Type.DEDICATED)
    drawn = {code: shape for code, shape in shapes.items() if code in grids}
    return Ground(Community(boundary=boundary, grids=drawn, dedicated=dedicated), grids)


def shapes_under(code: str, day: date) -> dict[str, Area]:
    rows = Boundary.objects.filter(open_on(day), within("code", (code,))).values_list("code", "geometry")
    return {found: as_area(shapely.from_wkb(bytes(wkb))) for found, wkb in rows}


def put_boundaries(shapes: Mapping[str, Area], day: date, *, source: str) -> None:
    """Each shape holds from `day` until the next one already known; what held before ends. Four statements in all."""
    rows = list(Boundary.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), code__in=shapes))
    standing = {row.code: row for row in rows if row.valid_from <= day}
    later: dict[str, date] = {}
    for row in rows:
        if row.valid_from > day:
            later[row.code] = min(row.valid_from, later.get(row.code, row.valid_from))
    areas = dict(zip(shapes, areas_m2(list(shapes.values())), strict=True)) if shapes else {}
    corrected, ending, beginning = [], [], []
    for code, shape in shapes.items():
        before = standing.get(code)
        until = before.valid_to if before else later.get(code)
        row = _row(code, shape, float(areas[code]), day, until, source)
        if before is not None and before.valid_from == day:
            row.pk = before.pk
            corrected.append(row)
            continue
        if before is not None:
            before.valid_to = day
            ending.append(before)
        beginning.append(row)
    Boundary.objects.bulk_update(
        corrected, ["geometry", "west", "south", "east", "north", "area_m2", "source"], batch_size=500
    )
    Boundary.objects.bulk_update(ending, ["valid_to"], batch_size=500)
    Boundary.objects.bulk_create(beginning, batch_size=500)


def end_boundaries(codes: Iterable[str], day: date) -> None:
    held = Boundary.objects.filter(code__in=list(codes))
    held.filter(open_on(day), valid_from__lt=day).update(valid_to=day)
    held.filter(valid_from__gte=day).delete()


def _row(code: str, shape: Area, area_m2: float, day: date, until: date | None, source: str) -> Boundary:
    west, south, east, north = shape.bounds
    return Boundary(
        code=code,
        geometry=shapely.to_wkb(shape),
        west=west,
        south=south,
        east=east,
        north=north,
        area_m2=area_m2,
        source=source,
        valid_from=day,
        valid_to=until,
    )

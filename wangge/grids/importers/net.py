"""The net that a file of boundaries would make, together with what is drawn already: what `coverage` finds, by row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import shapely

from wangge.core import codes
from wangge.core.codes import GRID_LENGTH
from wangge.core.importing.faults import Fault, FaultKind, FaultLevel
from wangge.core.ranges import within
from wangge.grids.ground import shapes_under
from wangge.grids.models import Boundary, Division, Grid, open_on
from wangge.grids.numbering import parent_division
from wangge.grids.rules.coverage import TOLERANCE_M2, Cell, Finding, FindingKind, check_coverage, check_partition
from wangge.grids.rules.geometry import Area, polygonal
from wangge.grids.rules.wording import fault_of

COMMUNITY_NOT_DRAWN = FaultKind(
    "boundary.community_not_drawn",
    "社区 {community} 没有边界，无法检查空白和越界。",
    "The community {community} has no boundary, so gaps and crossings cannot be checked.",
    FaultLevel.WARNING,
)
NOT_ALL_DRAWN = FaultKind(
    "boundary.not_all_drawn",
    "社区 {community} 还有 {count} 个网格没有边界（如 {example}），空白可能因此而来。",
    "{count} grids of the community {community} are not drawn ({example}, …); gaps may come from that.",
    FaultLevel.WARNING,
)


# Lines of divisions come from elsewhere and cannot be mended here: they warn.
DIVISIONS = {
    kind: FaultKind(code, zh, en, FaultLevel.WARNING)
    for kind, code, zh, en in (
        (
            FindingKind.GAP,
            "division.gap",
            "{parent} 内有 {area} 平方米不属于任何下级区划。",
            "{area} m² of {parent} belong to none of its divisions.",
        ),
        (FindingKind.OVERLAP, "division.overlap", "{codes} 重叠 {area} 平方米。", "{codes_en} overlap by {area} m²."),
        (
            FindingKind.SAME_PLACE,
            "division.same_place",
            "{codes} 画的是同一块地方（{area} 平方米）。",
            "{codes_en} are drawn for one place ({area} m²).",
        ),
        (
            FindingKind.OUTSIDE,
            "division.outside",
            "{codes} 有 {area} 平方米越出 {parent} 的边界。",
            "{codes_en} leaves {parent} by {area} m².",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Drawn:
    row: int
    geometry: bytes  # WKB
    day: date


def net_faults(drawn: Mapping[str, Drawn], level: FaultLevel) -> Iterator[Fault]:
    """Communities one after the other, at `level`; then the divisions above, as warnings. Shapes are valid."""
    communities = sorted({code[:12] for code in drawn if len(code) >= codes.Level.COMMUNITY})
    for community in communities:
        yield from _in_community(community, drawn, level)
    parents = {parent for code in drawn if len(code) <= 12 and (parent := parent_division(code)) is not None}
    for parent in sorted(parents):
        yield from _in_division(parent, drawn)


def with_shape(fault: Fault, finding: Finding) -> Fault:
    return replace(fault, shape=shapely.to_wkb(finding.shape))


def _in_community(community: str, drawn: Mapping[str, Drawn], level: FaultLevel) -> Iterator[Fault]:
    own = {code: one for code, one in drawn.items() if code.startswith(community)}
    day = max(one.day for one in own.values())
    shapes = shapes_under(community, day) | _shapes(own)
    boundary = shapes.pop(community, None)
    standing = set(Grid.objects.filter(open_on(day), within("code", (community,))).values_list("code", flat=True))
    cells = [Cell(code, shape) for code, shape in shapes.items() if code in standing]
    if not cells:
        return
    if boundary is None:
        yield COMMUNITY_NOT_DRAWN(subject=community, community=community)
        boundary = polygonal(shapely.union_all([cell.geometry for cell in cells if not cell.is_micro]))
    missing = sorted(code for code in standing - set(shapes) if len(code) == GRID_LENGTH)
    if missing:
        yield NOT_ALL_DRAWN(subject=community, community=community, count=len(missing), example=missing[0])
    yield from _told(check_coverage(boundary, cells), community, own, level)


def _in_division(parent: str, drawn: Mapping[str, Drawn]) -> Iterator[Fault]:
    """Siblings are compared; with their parent only when all of them are drawn, or gaps would be told of strangers."""
    level = next(one for one in codes.Level if one > len(parent))
    own = {code: one for code, one in drawn.items() if len(code) == level and code.startswith(parent)}
    day = max(one.day for one in own.values())
    siblings = set(
        Division.objects.filter(open_on(day), within("code", (parent,)), level=level).values_list("code", flat=True)
    )
    standing = Boundary.objects.filter(open_on(day), code__in=siblings).values_list("code", "geometry")
    shapes = {code: polygonal(shapely.from_wkb(bytes(wkb))) for code, wkb in standing} | _shapes(own)
    cells = [Cell(code, shape) for code, shape in shapes.items()]
    above = drawn.get(parent)
    row = Boundary.objects.filter(open_on(day), code=parent).values_list("geometry", flat=True).first()
    wkb = above.geometry if above else bytes(row) if row is not None else None
    if wkb is None or siblings - set(shapes):
        boundary: Area = polygonal(shapely.union_all([cell.geometry for cell in cells]))
    else:
        boundary = polygonal(shapely.from_wkb(wkb))
    for finding in check_partition(boundary, cells, tolerance_m2=TOLERANCE_M2):
        told_at = next((own[code].row for code in finding.codes if code in own), None)
        if told_at is not None or not finding.codes:
            yield with_shape(_of_divisions(finding, told_at, parent), finding)


def _of_divisions(finding: Finding, row: int | None, parent: str) -> Fault:
    return DIVISIONS[finding.kind](
        row=row,
        subject=finding.codes[0] if finding.codes else parent,
        place=finding.place,
        area_m2=round(finding.area_m2, 1),
        codes="、".join(finding.codes),
        codes_en=", ".join(finding.codes),
        parent=parent,
        area=f"{finding.area_m2:,.0f}",
    )


def _told(findings: list[Finding], subject: str, own: Mapping[str, Drawn], level: FaultLevel) -> Iterator[Fault]:
    """Each breach at the first row that has a part in it; those among others stand as they stood."""
    for finding in findings:
        concerned = [code for code in finding.codes if code in own]
        if finding.codes and not concerned:
            continue
        row = own[concerned[0]].row if concerned else None
        yield replace(with_shape(fault_of(finding, row=row, subject=subject), finding), level=level)


def _shapes(own: Mapping[str, Drawn]) -> dict[str, Area]:
    return {code: polygonal(shapely.from_wkb(one.geometry)) for code, one in own.items()}

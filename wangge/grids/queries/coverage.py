"""Where the rule of 一张网 fails: one community for the map, many as a table. Kept until the grids' revision moves."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely

from wangge.core import clock, codes
from wangge.core.actor import Actor
from wangge.core.errors import NotFound
from wangge.core.paging import table_page
from wangge.core.ranges import within
from wangge.core.revisions import Kept, revisions
from wangge.grids.access import may_read
from wangge.grids.entries import REVISION
from wangge.grids.geojson import feature, feature_collection
from wangge.grids.ground import CommunityNotDrawn, ground_of
from wangge.grids.models import Division, open_on
from wangge.grids.rules.coverage import TOLERANCE_M2, Cell, Finding, FindingKind, check_coverage
from wangge.grids.rules.wording import fault_of

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Checked:
    is_drawn: bool
    grids: int
    not_drawn: tuple[str, ...]
    findings: tuple[Finding, ...]


def community_coverage(community: str, *, by: Actor, day: date | None = None) -> dict[str, Any]:
    """Every breach with its place, shape and m². Raises NotFound."""
    may_read(by)
    day = day or clock.today()
    if not Division.objects.filter(open_on(day), code=community, level=codes.Level.COMMUNITY).exists():
        raise NotFound()
    checked = _checked(community, day, revisions(REVISION)[0])
    return {
        **_summary(community, checked),
        "not_drawn": list(checked.not_drawn),
        "faults": feature_collection([_feature(one, by.language) for one in checked.findings[:MOST_SHOWN]]),
    }


def coverage_under(under: str, *, by: Actor, offset: int = 0, limit: int = 50) -> dict[str, Any]:
    """One line for each community, in the order of their codes."""
    may_read(by)
    day = clock.today()
    rows = Division.objects.filter(open_on(day), within("code", (under,)), level=codes.Level.COMMUNITY)
    page = table_page(rows.order_by("code"), offset=offset, limit=limit)
    revision = revisions(REVISION)[0]
    items = [{"name": row.name, **_summary(row.code, _checked(row.code, day, revision))} for row in page["items"]]
    return {"items": items, "count": page["count"]}


def _checked(community: str, day: date, revision: int) -> Checked:
    held = _kept.get(revision)
    key = (community, day)
    if key not in held:
        held[key] = _check(community, day)
    return held[key]


def _check(community: str, day: date) -> Checked:
    try:
        ground = ground_of(community, day)
    except CommunityNotDrawn:
        return Checked(False, 0, (), ())
    cells = [Cell(code, shape) for code, shape in ground.community.grids.items()]
    findings = check_coverage(ground.community.boundary, cells)
    not_drawn = sorted(code for code in ground.grids if code not in ground.community.grids)
    return Checked(True, len(ground.grids), tuple(not_drawn), tuple(findings))


def _summary(community: str, checked: Checked) -> dict[str, Any]:
    return {
        "community": community,
        "is_drawn": checked.is_drawn,
        "is_whole": checked.is_drawn and not checked.findings and not checked.not_drawn,
        "grids": checked.grids,
        "grids_not_drawn": len(checked.not_drawn),
        "breaches": len(checked.findings),
        "gap_m2": _total(checked, FindingKind.GAP),
        "overlap_m2": _total(checked, FindingKind.OVERLAP, FindingKind.SAME_PLACE),
        "outside_m2": _total(checked, FindingKind.OUTSIDE),
        "tolerance_m2": TOLERANCE_M2,
    }


def _total(checked: Checked, *kinds: FindingKind) -> float:
    return round(sum(one.area_m2 for one in checked.findings if one.kind in kinds), 1)


def _feature(finding: Finding, language: str) -> dict[str, Any]:
    return feature(
        shapely.make_valid(finding.shape) if not shapely.is_valid(finding.shape) else finding.shape,
        kind=str(finding.kind),
        codes=list(finding.codes),
        area_m2=round(finding.area_m2, 1),
        lon=finding.place[0],
        lat=finding.place[1],
        message=fault_of(finding).message(language),
    )


_kept: Kept[dict[tuple[str, date], Checked]] = Kept(REVISION, dict)

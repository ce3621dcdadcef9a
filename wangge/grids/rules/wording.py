"""What a breach of 一张网 is called: for the check report of an import and for the map."""

from wangge.core.importing.faults import Fault, FaultKind
from wangge.grids.rules.coverage import Finding, FindingKind

KINDS = {
    kind.value: FaultKind(kind.value, zh, en)
    for kind, zh, en in (
        (FindingKind.NO_AREA, "边界没有面积。", "The boundary has no area."),
        (
            FindingKind.NOT_LONLAT,
            "坐标不是经纬度，请检查坐标系。",
            "The coordinates are not degrees; check the reference system.",
        ),
        (FindingKind.INVALID_RING, "边界环有误：{reason_zh}。", "The boundary ring is not valid: {reason_en}."),
        (FindingKind.GAP, "有 {area} 平方米不属于任何网格。", "{area} m² belong to no grid."),
        (
            FindingKind.OVERLAP,
            "网格 {grids} 重叠 {area} 平方米。",
            "Grids {grids_en} overlap by {area} m².",
        ),
        (
            FindingKind.SAME_PLACE,
            "网格 {grids} 画的是同一块地方（{area} 平方米）。",
            "Grids {grids_en} are drawn for one place ({area} m²).",
        ),
        (
            FindingKind.OUTSIDE,
            "网格 {grids} 有 {area} 平方米越出社区边界。",
            "Grid {grids_en} crosses the border of its community by {area} m².",
        ),
        (
            FindingKind.MICRO_WITHOUT_GRID,
            "微网格 {grids} 没有所属的综合网格。",
            "Micro grid {grids_en} has no general grid.",
        ),
        (
            FindingKind.MICRO_OUTSIDE,
            "微网格 {grids} 有 {area} 平方米越出所属网格。",
            "Micro grid {grids_en} leaves its grid by {area} m².",
        ),
        (
            FindingKind.MICRO_OVERLAP,
            "微网格 {grids} 重叠 {area} 平方米。",
            "Micro grids {grids_en} overlap by {area} m².",
        ),
    )
}

# What GEOS calls it, in small letters.
REASONS = {
    "self-intersection": "边界线自相交",
    "ring self-intersection": "边界线在一点自相接触",
    "hole lies outside shell": "洞在外圈之外",
    "holes are nested": "洞中有洞",
    "nested holes": "洞中有洞",
    "nested shells": "外圈互相套叠",
    "duplicate rings": "同一圈画了两次",
    "interior is disconnected": "内部被边界线隔断",
    "too few points in geometry component": "点太少，围不成面",
    "invalid coordinate": "坐标无效",
    "ring is not closed": "边界线没有首尾相接",
}


def fault_of(finding: Finding, *, row: int | None = None, subject: str = "") -> Fault:
    """`subject` is the community for what concerns no grid, a gap for one."""
    return KINDS[finding.kind](
        row=row,
        subject=finding.codes[0] if finding.codes else subject,
        place=finding.place,
        area_m2=round(finding.area_m2, 1),
        grids="、".join(finding.codes),
        grids_en=", ".join(finding.codes),
        area=f"{finding.area_m2:,.1f}",
        reason_zh=_reason(finding.reason)[0],
        reason_en=_reason(finding.reason)[1],
    )


def _reason(told: str) -> tuple[str, str]:
    """GEOS says `Self-intersection[118.8 32.0]`; the place is told apart."""
    english = told.split("[")[0].strip()
    return REASONS.get(english.lower(), english), english.lower()

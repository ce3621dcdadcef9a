"""Redrawing: draw, split, merge, move a border. Each from a Beijing day on and checked by the rule of 一张网.

Geometries are lon, lat degrees (WGS-84/CGCS2000). Nothing may make the net of a community worse than it is: gaps and
overlaps that were there may stay, but not grow.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import shapely
from django.db.models import Q
from shapely import LineString

from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.codes import GRID_LENGTH
from wangge.core.errors import Conflict, Invalid, NotAllowed, NotFound, invalid
from wangge.core.ids import new_id
from wangge.grids.access import may_edit
from wangge.grids.actions.divisions import CodeUsed, locked_division
from wangge.grids.actions.writing import DRAWN, Drawing, Order, parent_of, save_redraw, write
from wangge.grids.entries import bump
from wangge.grids.following import take_effect
from wangge.grids.ground import Ground, ground_of, put_boundaries
from wangge.grids.models import Boundary, Division, Grid, Redraw, open_on
from wangge.grids.numbering import check_code, next_code
from wangge.grids.rules import redraw as rules
from wangge.grids.rules.coverage import TOLERANCE_M2, Cell, Finding, FindingKind, check_coverage, check_shape
from wangge.grids.rules.geometry import Area, area_m2
from wangge.grids.rules.plan import Newcomer
from wangge.grids.rules.wording import fault_of

MOST_PIECES = 20


class NotDrawn(Invalid):
    code = "grids.not_drawn"
    zh = "网格 {grid} 还没有边界，请先绘制。"
    en = "Grid {grid} has no boundary yet; draw it first."


class BreaksNet(Invalid):
    code = "grids.breaks_net"
    zh = "这样画不符合“一张网”：{summary}"
    en = "This breaks the rule of one net: {summary_en}"


class LaterChange(Conflict):
    code = "grids.later_change"
    zh = "{grid} 在 {date} 已另有边界变动，请选更晚的日期，或先取消那次变动。"
    en = "{grid} already has another change on {date}; choose a later day, or cancel that one first."


class NeedsProposal(NotAllowed):
    code = "grids.needs_proposal"
    zh = "已画定的边界要先提划界方案，由另一位审批人批准；您的岗位不能直接变更。"
    en = "Drawn borders change by a proposal that another person approves; your post does not change them at once."


def split_grid(
    *, code: str, line: LineString, order: Order, codes: Sequence[str] = (), names: Sequence[str] = ()
) -> Drawing:
    """The pieces, west to east then north to south, get `codes`, or new ones when none are given.

    Raises NotAllowed, NotFound, NotDrawn, LaterChange, BreaksNet, CodeUsed, and what rules.redraw raises.
    """
    ground = _take([code], order)
    chosen = list(codes)
    _check_targets(chosen, [code], ground)
    if chosen:
        redrawing = rules.split_grid(ground.community, code, line, chosen)
    else:
        redrawing, chosen = _split_with_new_codes(ground, code, line)
    titles = dict(zip(chosen, names, strict=False))
    return _carry_out(Redraw.Kind.SPLIT, ground, redrawing, order, named=titles, like=code)


def merge_grids(*, codes: Sequence[str], order: Order, into: str = "", name: str = "") -> Drawing:
    """`into`: one of `codes`, or a new code; empty takes the next free one."""
    codes = list(dict.fromkeys(codes))
    if len(codes) < 2:
        raise invalid("codes", "至少选两个网格。", "Choose at least two grids.")
    ground = _take(codes, order)
    into = into or next_code(parent_of(codes[0]))
    _check_targets([into], codes, ground)
    redrawing = rules.merge_grids(ground.community, codes, into)
    largest = max(codes, key=lambda code: area_m2(ground.community.grids[code]))
    return _carry_out(Redraw.Kind.MERGE, ground, redrawing, order, named={into: name}, like=largest)


def move_border(*, one: str, other: str, line: LineString, order: Order) -> Drawing:
    """A new common border of two neighbours; nobody else is touched."""
    if one == other:
        raise invalid("other", "请选两个不同的网格。", "Choose two different grids.")
    ground = _take([one, other], order)
    return _carry_out(Redraw.Kind.MOVE, ground, rules.move_border(ground.community, one, other, line), order)


def draw_boundary(*, code: str, shape: Area, order: Order, clip: bool = False) -> Drawing:
    """The boundary of a division, or of a grid, whose neighbours then follow (rules.reshape_grid).

    `clip`: what a hand drew over the border of the community is cut off instead of refused.
    """
    if len(code) < GRID_LENGTH:
        return _draw_division(code, shape, order)
    ground = _take([code], order, drawn=False)
    if clip:
        shape = rules.within_its_room(ground.community, code, shape)
    if len(code) > GRID_LENGTH:
        redrawing = rules.draw_micro(ground.community, code, shape)
    else:
        empty = {code: shapely.Polygon(), **ground.community.grids}
        community = rules.Community(
            boundary=ground.community.boundary, grids=empty, dedicated=ground.community.dedicated
        )
        redrawing = rules.reshape_grid(community, code, shape)
    return _carry_out(Redraw.Kind.DRAW, ground, redrawing, order)


def _take(codes: Sequence[str], order: Order, *, drawn: bool = True) -> Ground:
    """The ground of their community on the day, held against other redrawings."""
    may_edit(order.by, *codes, permission=order.permission)
    if order.day < clock.day_of(order.at) and not order.reason.strip():
        raise invalid("reason", "改动已过去的日子，请写明理由。", "A change of the past needs its reason.")
    rules.check_together(codes)
    locked_division(codes[0][:12])
    ground = ground_of(codes[0][:12], order.day)
    for code in codes:
        if code not in ground.grids:
            raise NotFound()
        if drawn and code not in ground.community.grids:
            raise NotDrawn(grid=code)
    return ground


def _check_targets(targets: Sequence[str], sources: Sequence[str], ground: Ground) -> None:
    """Each result has a code of its own: one of those redrawn, or a new one. Raises CodeUsed."""
    for number, code in enumerate(targets):
        if code in targets[:number] or (code in ground.grids and code not in sources):
            raise CodeUsed(used=code)


def _split_with_new_codes(ground: Ground, code: str, line: LineString) -> tuple[rules.Redrawing, list[str]]:
    first = next_code(parent_of(code))
    codes = [first, _after(first, 1)]
    try:
        return rules.split_grid(ground.community, code, line, codes), codes
    except rules.WrongNumberOfPieces as wrong:
        pieces = int(wrong.data["pieces"])
        if pieces > MOST_PIECES:
            raise
        codes = [_after(first, number) for number in range(pieces)]
        return rules.split_grid(ground.community, code, line, codes), codes


def _after(code: str, number: int) -> str:
    return str(int(code) + number).zfill(len(code))


def _carry_out(
    kind: str,
    ground: Ground,
    redrawing: rules.Redrawing,
    order: Order,
    *,
    named: dict[str, str] | None = None,
    like: str = "",
) -> Drawing:
    # Neighbours give ground and get it, and nobody hands out what another post looks after.
    may_edit(order.by, *redrawing.shapes, *redrawing.ended, permission=order.permission)
    drawn = {code for code in ground.community.grids if len(code) == GRID_LENGTH}
    _check_at_once(order, drawn.intersection([*redrawing.shapes, *redrawing.ended]))
    created = tuple(sorted(code for code in redrawing.shapes if code not in ground.grids))
    check_codes(created, like)
    _check_net(ground, redrawing)
    drawing = Drawing(
        redraw=None if order.preview else new_id(),
        kind=str(kind),
        community=next(iter(redrawing.shapes))[:12],
        date=order.day,
        shapes=dict(redrawing.shapes),
        created=created,
        ended=redrawing.ended,
        successions=redrawing.successions,
        findings=redrawing.findings,
    )
    check_nothing_later(drawing, order)
    if not order.preview:
        newcomers = [Newcomer(one, like, (named or {}).get(one, "")) for one in created]
        write(drawing, ground.grids, order, newcomers)
    return drawing


def _check_at_once(order: Order, drawn: Iterable[str]) -> None:
    """What is drawn already is redrawn by who may do so at once; a preview shows everybody what would come of it."""
    at_once = order.permission == Permission.GRID_EDIT and not order.preview
    if at_once and not order.by.may(Permission.GRID_REDRAW) and any(drawn):
        raise NeedsProposal()


def check_codes(created: Sequence[str], like: str) -> None:
    for code in created:
        check_code(code, Grid.Type.MICRO if len(like) > GRID_LENGTH else Grid.Type.GENERAL, parent_of(like))
    used = Grid.objects.filter(code__in=created).values_list("code", flat=True).first()
    if used is not None:
        raise CodeUsed(used=used)


def _check_net(ground: Ground, redrawing: rules.Redrawing) -> None:
    cells = [Cell(*pair) for pair in ground.community.grids.items()]
    check_not_worse(check_coverage(ground.community.boundary, cells), redrawing.findings)


def check_not_worse(before: Sequence[Finding], after: Sequence[Finding]) -> None:
    """Raises BreaksNet."""
    if worse := worse_than(before, after):
        raise BreaksNet(**told(worse))


def worse_than(before: Sequence[Finding], after: Sequence[Finding]) -> list[Finding]:
    """What is wrong afterwards of a kind of which there was less before."""
    was, now = _breach_m2(before), _breach_m2(after)
    kinds = {kind for kind, area in now.items() if area > was.get(kind, 0.0) + TOLERANCE_M2}
    return [finding for finding in after if finding.kind in kinds]


def told(found: Sequence[Finding]) -> dict[str, Any]:
    return {
        "summary": "".join(fault_of(finding).zh for finding in found[:5]),
        "summary_en": " ".join(fault_of(finding).en for finding in found[:5]),
        "findings": [
            {
                "kind": str(finding.kind),
                "codes": list(finding.codes),
                "area_m2": round(finding.area_m2, 1),
                "lon": finding.place[0],
                "lat": finding.place[1],
            }
            for finding in found[:50]
        ],
    }


def _breach_m2(findings: Sequence[Finding]) -> dict[FindingKind, float]:
    total: dict[FindingKind, float] = {}
    for finding in findings:
        # A broken ring has no honest area; each counts, so that one more is always worse.
        area = finding.area_m2 if finding.area_m2 > 0 else 1e6
        total[finding.kind] = total.get(finding.kind, 0.0) + area
    return total


def check_nothing_later(drawing: Drawing, order: Order) -> None:
    touched = [*drawing.shapes, *drawing.ended]
    if order.day > clock.day_of(order.at):
        # Two for one coming day on the same ground could not be taken back one by one.
        same = Q(changed__overlap=touched) | Q(ended__overlap=touched)
        if Redraw.objects.filter(same, date=order.day, cancelled_at__isnull=True).exists():
            raise LaterChange(grid=touched[0], date=order.day)
    later = Q(valid_from__gt=drawing.date) | Q(valid_to__gt=drawing.date)
    row = Boundary.objects.filter(later, code__in=touched).order_by("code", "valid_from").first()
    if row is not None:
        raise LaterChange(grid=row.code, date=row.valid_to or row.valid_from)


def _draw_division(code: str, shape: Area, order: Order) -> Drawing:
    """A line of a division is given from outside: it is taken as it is, and what it does to the net is told."""
    may_edit(order.by, code, permission=order.permission)
    division = locked_division(code)
    if not Division.objects.filter(open_on(order.day), pk=division.pk).exists():
        raise NotFound()
    _check_at_once(order, Boundary.objects.filter(open_on(order.day), code=code).values_list("code", flat=True))
    findings = list(check_shape("", shape))
    if findings:
        raise BreaksNet(**told(findings))
    redraw = None if order.preview else new_id()
    drawing = Drawing(
        redraw=redraw,
        kind=str(Redraw.Kind.DRAW),
        community=code,
        date=order.day,
        shapes={code: shape},
        created=(),
        ended=(),
        successions=(),
        findings=(),
    )
    check_nothing_later(drawing, order)
    if redraw is not None:
        put_boundaries({code: shape}, order.day, source=DRAWN)
        saved = save_redraw(
            id=redraw, kind=drawing.kind, where=code, day=order.day, changed=[code], ended=[], order=order
        )
        bump()
        take_effect(saved, at=order.at)
    return drawing

"""Grids as such: made, described, ended. Their ground is drawn and passed on in redraw.py."""

from datetime import date, datetime
from typing import Any

from wangge.core import clock, codes
from wangge.core.actor import Actor
from wangge.core.codes import GRID_LENGTH
from wangge.core.errors import Conflict, Invalid, NotFound, invalid
from wangge.core.ids import new_id
from wangge.grids.access import may_edit
from wangge.grids.actions.divisions import CodeUsed, UnknownParent, locked_division, needed
from wangge.grids.entries import bump, record
from wangge.grids.following import take_effect
from wangge.grids.models import Boundary, Grid, Redraw, TeamMember, open_on
from wangge.grids.numbering import check_code, next_code


class StillHasGround(Conflict):
    code = "grids.still_has_ground"
    zh = "网格 {grid} 还有边界，撤销会留下空白；请把它并入相邻网格。"
    en = "Grid {grid} still has its ground; merge it into a neighbour, or a gap would be left."


class GridTooYoung(Invalid):
    code = "grids.too_young"
    zh = "网格 {grid} 自 {since} 起生效，不能在当天或之前结束。"
    en = "Grid {grid} begins on {since} and cannot end on or before that day."


def create_grid(
    *,
    type: str,
    under: str,
    name: str,
    by: Actor,
    at: datetime,
    code: str | None = None,
    valid_from: date | None = None,
    details: dict[str, Any] | None = None,
) -> Grid:
    """`under`: the community, or for a micro grid its grid. Without a code the next free one is taken.

    Raises NotAllowed, NotFound, Invalid, UnknownParent, CodeUsed, NoCodeLeft.
    """
    day = valid_from or clock.day_of(at)
    check_under(type, under)
    may_edit(by, under)
    _lock_parent(under, day)
    code = code or next_code(under)
    check_code(code, type, under)
    if Grid.objects.filter(code=code).exists():
        raise CodeUsed(used=code)
    grid = Grid.objects.create(
        code=code, name=needed(name), type=type, community=code[:12], valid_from=day, **(details or {})
    )
    record("grid.created", ("grid", code), code=code, by=by, at=at, data={"type": type, "valid_from": day})
    bump()
    return grid


def change_grid(*, code: str, changes: dict[str, Any], by: Actor, at: datetime) -> Grid:
    """`changes`: any of name, type, address, households, residents, supervision_phone."""
    may_edit(by, code)
    grid = locked_grid(code)
    if "name" in changes:
        changes = changes | {"name": needed(changes["name"])}
    if "type" in changes and (grid.type == Grid.Type.MICRO or changes["type"] == Grid.Type.MICRO):
        raise invalid("type", "微网格不能改成别的类型，反之亦然。", "A micro grid cannot become another type.")
    for field, value in changes.items():
        setattr(grid, field, value)
    if changes:
        grid.save(update_fields=sorted(changes))
        record("grid.changed", ("grid", code), code=code, by=by, at=at, changed=changes)
        bump()
    return grid


def end_grid(*, code: str, valid_to: date, reason: str, by: Actor, at: datetime) -> Grid:
    """A micro grid, or a grid that was never drawn; what lies in it goes to what it stood in.

    Raises NotAllowed, NotFound, GridTooYoung, StillHasGround.
    """
    may_edit(by, code)
    locked_division(code[:12])
    grid = locked_grid(code)
    if valid_to <= grid.valid_from:
        raise GridTooYoung(grid=code, since=grid.valid_from)
    drawn = Boundary.objects.filter(code=code, valid_to__isnull=True)
    if grid.type != Grid.Type.MICRO and drawn.exists():
        raise StillHasGround(grid=code)
    drawn.filter(valid_from__lt=valid_to).update(valid_to=valid_to)
    drawn.filter(valid_from__gte=valid_to).delete()
    end_grids([grid], valid_to)
    redraw = Redraw.objects.create(
        id=new_id(),
        kind=Redraw.Kind.END,
        community=grid.community,
        date=valid_to,
        reason=reason,
        ended=[code],
        by_user=by.user_id,
        by_name=by.name,
        at=at,
    )
    record("grid.ended", ("grid", code), code=code, by=by, at=at, changed=["valid_to"], data={"valid_to": valid_to})
    bump()
    take_effect(redraw, at=at)
    return grid


def end_grids(grids: list[Grid], day: date) -> None:
    """With the service of those who served there. Raises GridTooYoung."""
    for grid in grids:
        if grid.valid_from >= day:
            raise GridTooYoung(grid=grid.code, since=grid.valid_from)
        grid.valid_to = day
    Grid.objects.bulk_update(grids, ["valid_to"])
    serving = TeamMember.objects.filter(grid__in=[grid.code for grid in grids])
    serving.filter(open_on(day), valid_from__lt=day).update(valid_to=day)
    serving.filter(valid_from__gte=day).delete()


def locked_grid(code: str) -> Grid:
    grid = Grid.objects.select_for_update(no_key=True).filter(code=code).first()
    if grid is None:
        raise NotFound()
    return grid


def check_under(type: str, under: str) -> None:
    wanted = GRID_LENGTH if type == Grid.Type.MICRO else int(codes.Level.COMMUNITY)
    if len(under) != wanted:
        raise invalid(
            "under",
            "微网格设在网格（15 位）下，其他网格设在社区（12 位）下。",
            "A micro grid stands under a grid (15 digits), the others under a community (12 digits).",
        )


def _lock_parent(under: str, day: date) -> None:
    division = locked_division(under[:12])
    ended = division.valid_to is not None and division.valid_to <= day
    if ended or division.valid_from > day:
        raise UnknownParent(parent=division.code)
    if len(under) == GRID_LENGTH and not Grid.objects.filter(open_on(day), code=under).exists():
        raise UnknownParent(parent=under)

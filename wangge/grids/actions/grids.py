"""Grids as such: made and described. Their ground is drawn and passed on in redraw.py; they end in ending.py."""

from datetime import date, datetime
from typing import Any

from wangge.core import clock, codes, marks
from wangge.core.actor import Actor
from wangge.core.codes import GRID_LENGTH
from wangge.core.errors import NotFound, invalid
from wangge.grids.access import may_edit
from wangge.grids.actions.divisions import CodeUsed, UnknownParent, locked_division, needed
from wangge.grids.entries import bump, record
from wangge.grids.models import Grid, open_on
from wangge.grids.numbering import check_code, next_code


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


def change_grid(*, code: str, changes: dict[str, Any], by: Actor, at: datetime, seen: str | None = None) -> Grid:
    """`changes`: any of name, type, address, households, residents, supervision_phone.

    Raises NotAllowed, NotFound, Invalid, ChangedMeanwhile.
    """
    may_edit(by, code)
    grid = locked_grid(code)
    marks.check(seen, grid.edited)
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

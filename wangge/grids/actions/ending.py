"""Grids and divisions ended, unless something stands in the way (obstacles.py). Their boundaries end with them."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q

from wangge.core.actor import Actor
from wangge.core.errors import Invalid, NotFound
from wangge.core.ids import new_id
from wangge.grids.access import may_edit
from wangge.grids.actions.divisions import locked_division
from wangge.grids.entries import bump, record
from wangge.grids.following import take_effect
from wangge.grids.ground import end_boundaries
from wangge.grids.models import Division, Grid, Redraw, TeamMember, open_on
from wangge.grids.obstacles import in_the_way
from wangge.grids.undo import Service, Undo


class GridTooYoung(Invalid):
    code = "grids.too_young"
    zh = "{grid} 自 {since} 起生效，不能在当天或之前结束。"
    en = "{grid} begins on {since} and cannot end on or before that day."


def end_grid(*, code: str, valid_to: date, reason: str, by: Actor, at: datetime) -> Grid:
    """A micro grid, or a grid that was never drawn; what lies in it goes to what it stood in.

    Raises NotAllowed, NotFound, GridTooYoung, and what `in_the_way` finds.
    """
    may_edit(by, code)
    locked_division(code[:12])
    grid = Grid.objects.select_for_update(no_key=True).filter(code=code).first()
    if grid is None:
        raise NotFound()
    _check_young(code, grid.valid_from, valid_to)
    for obstacle in in_the_way(grid, day=valid_to):
        raise obstacle
    end_boundaries([code], valid_to)
    services = end_grids([grid], valid_to)
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
        undo=Undo(services=services).as_json(),
    )
    record("grid.ended", ("grid", code), code=code, by=by, at=at, changed=["valid_to"], data={"valid_to": valid_to})
    bump()
    take_effect(redraw, at=at)
    return grid


def end_division(*, code: str, valid_to: date, by: Actor, at: datetime, reason: str = "") -> Division:
    """With its boundary. Raises NotAllowed, NotFound, GridTooYoung, and what `in_the_way` finds."""
    may_edit(by, code)
    division = locked_division(code)
    _check_young(code, division.valid_from, valid_to)
    for obstacle in in_the_way(division, day=valid_to):
        raise obstacle
    end_boundaries([code], valid_to)
    division.valid_to = valid_to
    division.save(update_fields=["valid_to"])
    redraw = Redraw.objects.create(
        id=new_id(),
        kind=Redraw.Kind.END,
        community=code,
        date=valid_to,
        reason=reason,
        ended=[code],
        by_user=by.user_id,
        by_name=by.name,
        at=at,
    )
    record(
        "division.ended", ("division", code), code=code, by=by, at=at, changed=["valid_to"], data={"valid_to": valid_to}
    )
    bump()
    take_effect(redraw, at=at)
    return division


def end_grids(grids: list[Grid], day: date) -> list[Service]:
    """With the service of those who served there, which is answered as it stood. Raises GridTooYoung."""
    for grid in grids:
        _check_young(grid.code, grid.valid_from, day)
        grid.valid_to = day
    Grid.objects.bulk_update(grids, ["valid_to"])
    serving = TeamMember.objects.filter(grid__in=[grid.code for grid in grids])
    cut_short = serving.filter(open_on(day) | Q(valid_from__gte=day)).order_by("id")
    before = [Service.of(member) for member in cut_short]
    serving.filter(open_on(day), valid_from__lt=day).update(valid_to=day)
    serving.filter(valid_from__gte=day).delete()
    return before


def end_divisions(codes: Sequence[str], day: date) -> None:
    """Whose ground and everything in it others took over. Raises GridTooYoung."""
    for division in Division.objects.filter(code__in=codes):
        _check_young(division.code, division.valid_from, day)
    Division.objects.filter(code__in=codes).update(valid_to=day)


def _check_young(code: str, since: date, day: date) -> None:
    if since >= day:
        raise GridTooYoung(grid=code, since=since)

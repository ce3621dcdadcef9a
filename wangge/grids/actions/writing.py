"""A redrawing that has passed its checks, written: grids, periods of boundaries, successors, teams, one entry."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.codes import GRID_LENGTH
from wangge.grids.actions.ending import end_grids
from wangge.grids.entries import bump, record
from wangge.grids.following import take_effect
from wangge.grids.ground import Ground, end_boundaries, put_boundaries
from wangge.grids.models import Grid, Redraw, Succession, TeamMember, open_on
from wangge.grids.rules import redraw as rules
from wangge.grids.rules.coverage import Finding
from wangge.grids.rules.geometry import Area
from wangge.grids.undo import Undo

DRAWN = "drawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What a redrawing does, or would do when `redraw` is None (a preview)."""

    redraw: UUID | None
    kind: str
    community: str
    date: date
    shapes: dict[str, Area]
    created: tuple[str, ...]
    ended: tuple[str, ...]
    successions: tuple[rules.Succession, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Common to every redrawing: from when, why, by whom; a preview is worked out and not written."""

    by: Actor
    at: datetime
    valid_from: date | None = None
    reason: str = ""
    preview: bool = False
    begins: tuple[str, ...] = ()  # the grid made together with its first boundary: cancelled, it goes with it

    @property
    def day(self) -> date:
        return self.valid_from or clock.day_of(self.at)


def write(drawing: Drawing, ground: Ground, order: Order, named: dict[str, str], like: str) -> None:
    assert drawing.redraw is not None  # noqa: S101 (for the type checker)
    _new_grids(drawing, ground, named, like)
    joined = _teams_follow(drawing, like)
    services = end_grids([ground.grids[code] for code in drawing.ended], drawing.date)
    end_boundaries(drawing.ended, drawing.date)
    put_boundaries(drawing.shapes, drawing.date, source=DRAWN)
    Succession.objects.bulk_create(
        Succession(
            kind=drawing.kind,
            from_code=one.old,
            to_code=one.new,
            date=drawing.date,
            area_m2=one.area_m2,
            redraw=drawing.redraw,
        )
        for one in drawing.successions
    )
    redraw = save_redraw(
        id=drawing.redraw,
        kind=drawing.kind,
        where=drawing.community,
        day=drawing.date,
        changed=sorted(drawing.shapes),
        ended=sorted(drawing.ended),
        order=order,
        undo=Undo(created=[*drawing.created, *order.begins], services=services, joined=joined),
    )
    bump()
    take_effect(redraw, at=order.at)


def save_redraw(
    *,
    id: UUID,
    kind: str,
    where: str,
    day: date,
    changed: list[str],
    ended: list[str],
    order: Order,
    undo: Undo | None = None,
) -> Redraw:
    """With its one journal entry."""
    redraw = Redraw.objects.create(
        id=id,
        kind=kind,
        community=where,
        date=day,
        reason=order.reason,
        changed=changed,
        ended=ended,
        by_user=order.by.user_id,
        by_name=order.by.name,
        at=order.at,
        undo=undo.as_json() if undo else {},
    )
    data = {"kind": kind, "date": day, "changed": changed[:200], "ended": ended[:200]}
    record("grid.redrawn", ("redraw", str(id)), code=where, by=order.by, at=order.at, changed=["boundary"], data=data)
    return redraw


def _new_grids(drawing: Drawing, ground: Ground, named: dict[str, str], like: str) -> None:
    if not drawing.created:
        return
    model = ground.grids[like]
    # A mixed merger (a compound given back to its neighbourhood) is an ordinary grid.
    sources = {ground.grids[code].type for code in drawing.ended if parent_of(code) == parent_of(like)} or {model.type}
    kind = model.type if len(sources) == 1 else Grid.Type.GENERAL
    Grid.objects.bulk_create(
        Grid(
            code=code,
            name=named.get(code, "").strip() or _name_after(model, number, len(drawing.created)),
            type=kind,
            community=drawing.community,
            supervision_phone=model.supervision_phone,
            valid_from=drawing.date,
        )
        for number, code in enumerate(drawing.created, 1)
    )


def _name_after(model: Grid, number: int, of: int) -> str:
    return model.name if of == 1 else f"{model.name}（{number}）"


def _teams_follow(drawing: Drawing, like: str) -> list[int]:
    """Who served on an ended grid serves on what took over; of several chiefs, the one of the largest part.

    Returns the services begun on grids that go on (their own chief stays), for the planned change to be taken back.
    """
    serving = list(
        TeamMember.objects.filter(open_on(drawing.date), grid__in=[*drawing.ended, *drawing.shapes]).order_by("id")
    )
    there = {_service(member, member.grid) for member in serving}
    followed: dict[tuple[str, str, str, int | None], TeamMember] = {}
    for member in serving:
        for one in drawing.successions:
            if one.old != member.grid or one.old not in drawing.ended or one.new == one.old:
                continue
            is_new = one.new in drawing.created
            if member.kind == TeamMember.Kind.CHIEF and (member.grid != like or not is_new):
                continue
            if (key := _service(member, one.new)) not in there:
                followed[key] = _serving_on(member, one.new, drawing.date)
    TeamMember.objects.bulk_create(followed.values())
    return [member.pk for member in followed.values() if member.grid not in drawing.created]


def _service(member: TeamMember, grid: str) -> tuple[str, str, str, int | None]:
    return grid, member.kind, member.name, member.user_id


def _serving_on(member: TeamMember, grid: str, day: date) -> TeamMember:
    return TeamMember(
        grid=grid,
        kind=member.kind,
        profession=member.profession,
        name=member.name,
        user_id=member.user_id,
        phone=member.phone,
        valid_from=day,
        valid_to=member.valid_to,
    )


def parent_of(code: str) -> str:
    """What a grid is numbered under: its community, or its grid for a micro grid."""
    return code[:12] if len(code) == GRID_LENGTH else code[:GRID_LENGTH]

"""A redrawing that has passed its checks, written: grids, periods of boundaries, successors, teams, one entry."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.codes import GRID_LENGTH
from wangge.grids.actions.ending import end_divisions, end_grids
from wangge.grids.entries import bump, record
from wangge.grids.following import take_effect
from wangge.grids.ground import end_boundaries, put_boundaries
from wangge.grids.models import Grid, Redraw, Succession, TeamMember, open_on
from wangge.grids.rules import redraw as rules
from wangge.grids.rules.coverage import Finding
from wangge.grids.rules.geometry import Area
from wangge.grids.rules.plan import Newcomer
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
    permission: Permission = Permission.GRID_EDIT  # that it is done by: a proposal is carried out by who approves it
    begins: tuple[str, ...] = ()  # the grid made together with its first boundary: cancelled, it goes with it

    @property
    def day(self) -> date:
        return self.valid_from or clock.day_of(self.at)


def write(drawing: Drawing, grids: Mapping[str, Grid], order: Order, newcomers: Sequence[Newcomer]) -> Redraw:
    """`grids`: those in force on the day where it happens."""
    assert drawing.redraw is not None  # noqa: S101 (for the type checker)
    _new_grids(drawing, grids, newcomers)
    joined = _teams_follow(drawing, {one.code: one.like for one in newcomers})
    services = end_grids([grids[code] for code in drawing.ended if code in grids], drawing.date)
    end_divisions([code for code in drawing.ended if code not in grids], drawing.date)
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
    return redraw


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
    record(
        "grid.redrawn",
        ("redraw", str(id)),
        code=where,
        by=order.by,
        at=order.at,
        permission=order.permission,
        changed=["boundary"],
        data=data,
    )
    return redraw


def _new_grids(drawing: Drawing, grids: Mapping[str, Grid], newcomers: Sequence[Newcomer]) -> None:
    after = Counter(one.like for one in newcomers)
    seen: Counter[str] = Counter()
    made = []
    for one in newcomers:
        seen[one.like] += 1
        model = grids.get(one.like)
        made.append(
            Grid(
                code=one.code,
                name=one.name.strip() or (_name_after(model, seen[one.like], after[one.like]) if model else one.code),
                type=one.type or _type_of(one, model, drawing, grids),
                community=one.code[:12],
                supervision_phone=model.supervision_phone if model else "",
                valid_from=drawing.date,
            )
        )
    Grid.objects.bulk_create(made)


def _type_of(one: Newcomer, model: Grid | None, drawing: Drawing, grids: Mapping[str, Grid]) -> str:
    """As what it is made from; a mixed merger (a compound given back to its neighbourhood) is an ordinary grid."""
    if model is None or model.type == Grid.Type.MICRO:
        return model.type if model else Grid.Type.GENERAL
    ended = {old.old for old in drawing.successions if old.new == one.code and old.old in drawing.ended}
    sources = {grids[code].type for code in ended if code in grids} or {model.type}
    return model.type if len(sources) == 1 else Grid.Type.GENERAL


def _name_after(model: Grid, number: int, of: int) -> str:
    return model.name if of == 1 else f"{model.name}（{number}）"


def _teams_follow(drawing: Drawing, like: Mapping[str, str]) -> list[int]:
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
            if member.kind == TeamMember.Kind.CHIEF and (not is_new or like.get(one.new) != member.grid):
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

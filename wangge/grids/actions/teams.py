"""Who serves on which grid, from–to. A chief and at least one full-time worker on each general grid (queries/teams)."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q

from wangge.accounts.models import User
from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, NotFound, invalid
from wangge.grids.access import may_edit
from wangge.grids.actions.divisions import needed
from wangge.grids.entries import record
from wangge.grids.models import Grid, TeamMember, open_on

CHIEF = TeamMember.Kind.CHIEF


class ChiefAlready(Conflict):
    code = "grids.chief_already"
    zh = "网格 {grid} 在这段时间已有网格长 {chief}，请先结束其任职。"
    en = "Grid {grid} already has the chief {chief} in that period; end that service first."


def add_member(
    *,
    grid: str,
    kind: str,
    name: str,
    by: Actor,
    at: datetime,
    profession: str = "",
    username: str = "",
    phone: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> TeamMember:
    """Raises NotAllowed, NotFound, Invalid, ChiefAlready."""
    may_edit(by, grid, permission=Permission.TEAM_EDIT)
    day = valid_from or clock.day_of(at)
    # The grid's row is held, so that two chiefs appointed at once meet here and not in a constraint.
    if not Grid.objects.select_for_update(no_key=True).filter(open_on(day), code=grid):
        raise NotFound()
    check_profession(kind, profession)
    if valid_to is not None and valid_to <= day:
        raise invalid("valid_to", "结束日应在开始日之后。", "It must end after it began.")
    if kind == CHIEF:
        _check_no_chief(grid, day, valid_to)
    member = TeamMember.objects.create(
        grid=grid,
        kind=kind,
        profession=profession.strip(),
        name=needed(name),
        user=_account(username),
        phone=phone,
        valid_from=day,
        valid_to=valid_to,
    )
    _record("team.added", member, by, at, data={"kind": kind, "valid_from": day})
    return member


def change_member(*, member_id: int, changes: dict[str, Any], by: Actor, at: datetime) -> TeamMember:
    """`changes`: any of name, phone, username, profession, valid_to. Another kind of service is another service."""
    member = _locked(member_id, by)
    changes = dict(changes)
    if "username" in changes:
        member.user = _account(changes.pop("username"))
        changes["user"] = member.user
    if "name" in changes:
        changes["name"] = needed(changes["name"])
    if "profession" in changes:
        check_profession(member.kind, changes["profession"])
    if changes.get("valid_to") is not None and changes["valid_to"] <= member.valid_from:
        raise invalid("valid_to", "结束日应在开始日之后。", "It must end after it began.")
    if "valid_to" in changes and member.kind == CHIEF:
        Grid.objects.select_for_update(no_key=True).filter(code=member.grid).first()
        _check_no_chief(member.grid, member.valid_from, changes["valid_to"], but=member.pk)
    for field, value in changes.items():
        setattr(member, field, value)
    if changes:
        member.save(update_fields=sorted(changes))
        _record("team.changed", member, by, at, changed=sorted(changes))
    return member


def end_member(*, member_id: int, by: Actor, at: datetime, valid_to: date | None = None) -> None:
    """Service that never began is taken back whole."""
    member = _locked(member_id, by)
    day = valid_to or clock.day_of(at)
    if member.valid_from >= day:
        member.delete()
    else:
        member.valid_to = day
        member.save(update_fields=["valid_to"])
    _record("team.ended", member, by, at, changed=["valid_to"], data={"valid_to": day}, subject=member_id)


def check_profession(kind: str, profession: str) -> None:
    if (kind == TeamMember.Kind.PROFESSIONAL) != bool(profession.strip()):
        raise invalid(
            "profession",
            "专业力量要写明专业（公安、城管、市场监管、应急……），其他类别不写。",
            "Professionals state their profession (police, city management…), and nobody else does.",
        )


def _check_no_chief(grid: str, day: date, until: date | None, but: int | None = None) -> None:
    period = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    if until is not None:
        period &= Q(valid_from__lt=until)
    chief = TeamMember.objects.filter(period, ~Q(pk=but or 0), grid=grid, kind=CHIEF).first()
    if chief is not None:
        raise ChiefAlready(grid=grid, chief=chief.name)


def _account(username: str) -> User | None:
    if not username:
        return None
    user: User | None = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise invalid("username", "没有这个账号。", "There is no such account.")
    return user


def _locked(member_id: int, by: Actor) -> TeamMember:
    by.require(Permission.TEAM_EDIT)
    member = TeamMember.objects.visible_to(by).select_for_update(no_key=True).filter(pk=member_id).first()
    if member is None:
        raise NotFound()
    return member


def _record(
    kind: str,
    member: TeamMember,
    by: Actor,
    at: datetime,
    *,
    changed: list[str] | None = None,
    data: dict[str, Any] | None = None,
    subject: int | None = None,
) -> None:
    record(
        kind,
        ("member", str(subject or member.pk)),
        code=member.grid,
        by=by,
        at=at,
        permission=Permission.TEAM_EDIT,
        changed=changed or [],
        data={"grid": member.grid, **(data or {})},
    )

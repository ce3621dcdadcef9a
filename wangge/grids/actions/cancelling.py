"""A planned redrawing taken back before its day: the map is as if it had never been entered, the record says it was.

Boundaries that were to begin go, those that were to end stay; so with grids, successors and services. Nobody gets a
code that was planned: it never came into use and is free again.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from wangge.accounts.actions.ground import ranges_in_use
from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, NotFound, invalid
from wangge.core.ranges import within
from wangge.grids.entries import bump, record
from wangge.grids.models import Alias, Boundary, Division, Grid, Redraw, Succession, TeamMember
from wangge.grids.undo import Service, Undo


class InForce(Conflict):
    code = "grids.in_force"
    zh = "这次变动自 {date} 起已经生效，不能取消；请再作一次变动。"
    en = "This redrawing has been in force since {date} and cannot be cancelled; redraw again."


class CancelledAlready(Conflict):
    code = "grids.cancelled_already"
    zh = "{name} 已取消了这次变动。"
    en = "{name} has cancelled this redrawing already."


class BuiltOn(Conflict):
    code = "grids.built_on"
    zh = "{date} 的另一次变动建立在这次之上，请先取消那一次。"
    en = "Another redrawing of {date} builds on this one; cancel that one first."


class PlannedGridUsed(Conflict):
    code = "grids.planned_grid_used"
    zh = "计划新设的网格已有微网格或岗位使用（{codes}），请先改派。"
    en = "A grid planned by it is used already, by micro grids or posts ({codes_en}); move them first."


def cancel_redraw(*, redraw_id: UUID, reason: str, by: Actor, at: datetime) -> Redraw:
    """Raises NotAllowed, NotFound, Invalid, InForce, CancelledAlready, BuiltOn, PlannedGridUsed."""
    by.require(Permission.GRID_EDIT)
    redraw = _locked(redraw_id)
    if redraw is None or not redraw.covered_by(by):
        raise NotFound()
    if redraw.cancelled_at is not None:
        raise CancelledAlready(name=redraw.cancelled_by, at=redraw.cancelled_at)
    if redraw.effective_at is not None or redraw.date <= clock.day_of(at):
        raise InForce(date=redraw.date)
    if not reason.strip():
        raise invalid("reason", "请写明取消的理由。", "Say why it is cancelled.")
    _check_nothing_built_on(redraw)
    _take_back(redraw)
    redraw.cancelled_at, redraw.cancelled_by, redraw.cancel_reason = at, by.name, reason.strip()
    redraw.undo = {}
    redraw.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason", "undo"])
    _record(redraw, by, at)
    bump()
    return redraw


def _locked(redraw_id: UUID) -> Redraw | None:
    """After its communities, as whoever redraws takes them: two who wait for each other would never end."""
    planned = Redraw.objects.filter(pk=redraw_id).first()
    if planned is not None:
        touched = {code[:12] for code in (planned.community, *planned.changed, *planned.ended)}
        list(Division.objects.select_for_update(no_key=True).filter(code__in=touched).order_by("code"))
    return Redraw.objects.select_for_update(no_key=True).filter(pk=redraw_id).first()


def _check_nothing_built_on(redraw: Redraw) -> None:
    touched = [*redraw.changed, *redraw.ended]
    shared = Q(changed__overlap=touched) | Q(ended__overlap=touched)
    others = Redraw.objects.filter(shared, date__gte=redraw.date, cancelled_at__isnull=True).exclude(pk=redraw.pk)
    other = others.order_by("date", "id").first()
    if other is not None:
        raise BuiltOn(date=other.date)
    created = list(Undo.read(redraw.undo).created)
    if not created:
        return
    below = Grid.objects.filter(within("code", tuple(created))).exclude(code__in=created).values_list("code", flat=True)
    used = sorted({*below, *ranges_in_use(created)})
    if used:
        raise PlannedGridUsed(codes="、".join(used[:5]), codes_en=", ".join(used[:5]))


def _take_back(redraw: Redraw) -> None:
    day, undo = redraw.date, Undo.read(redraw.undo)
    Boundary.objects.filter(code__in=redraw.changed, valid_from=day).delete()
    Boundary.objects.filter(code__in=[*redraw.changed, *redraw.ended], valid_to=day).update(valid_to=None)
    Succession.objects.filter(redraw=redraw.pk).delete()
    for kind in (Division, Grid):
        kind.objects.filter(code__in=redraw.ended, valid_to=day).update(valid_to=None)
    created = list(undo.created)
    TeamMember.objects.filter(Q(grid__in=created) | Q(pk__in=undo.joined)).delete()
    Alias.objects.filter(code__in=created).delete()
    Grid.objects.filter(code__in=created).delete()
    _services_stay(undo.services, day)


def _services_stay(services: Sequence[Service], day: date) -> None:
    """Each as it stood, unless somebody has changed it since, or appointed another chief."""
    for one in services:
        chief_since = one.rest["kind"] == TeamMember.Kind.CHIEF and _another_chief(one, day)
        if chief_since:
            continue
        if one.valid_from < day:
            TeamMember.objects.filter(pk=one.id, valid_to=day).update(valid_to=one.valid_to)
        else:
            TeamMember.objects.create(**one.rest, valid_from=one.valid_from, valid_to=one.valid_to)


def _another_chief(one: Service, day: date) -> bool:
    later = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    chiefs = TeamMember.objects.filter(later, grid=one.rest["grid"], kind=TeamMember.Kind.CHIEF)
    return chiefs.exclude(pk=one.id).exists()


def _record(redraw: Redraw, by: Actor, at: datetime) -> None:
    record(
        "grid.redraw_cancelled",
        ("redraw", str(redraw.pk)),
        code=redraw.community,
        by=by,
        at=at,
        changed=["cancelled_at"],
        data={
            "kind": redraw.kind,
            "date": redraw.date,
            "reason": redraw.cancel_reason,
            "changed": redraw.changed[:200],
            "ended": redraw.ended[:200],
        },
    )

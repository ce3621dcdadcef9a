"""Who is on duty: now and here, and by the week."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case as Choice
from django.db.models import IntegerField, Q, QuerySet, Value, When

from wangge.accounts.models import Post, Unit
from wangge.accounts.permissions import Permission
from wangge.command.models import DutyPerson, DutyShift
from wangge.command.models.duty import roster_of
from wangge.command.rules import duty as rules
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.codes import Level, code_range
from wangge.core.errors import NotFound

MOST_UNITS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """One person standing in a shift; `mobile` is masked."""

    unit_id: int
    unit: str
    code: str
    role: str
    name: str
    title: str
    phone: str
    mobile: str
    begins_at: datetime
    ends_at: datetime


def on_duty(*, code: str, at: datetime, below: bool = False) -> list[OnDuty]:
    """Of the centre of a division, leaders first; with `below` of everybody under it. One query.

    The caller answers for the reader's scope: a wall shows the names of the centre it hangs in.
    """
    low, high = code_range(code)
    where = Q(duty__code__gte=low, duty__code__lt=high) if below else Q(duty__code=code, duty__unit__kind="centre")
    rows = DutyPerson.objects.filter(where, duty__begins_at__lte=at, duty__ends_at__gt=at)
    found = rows.select_related("duty__unit").order_by("duty__unit_path", "duty__begins_at", "duty_id", "place")
    return sorted((_standing(row) for row in found), key=lambda one: (one.code, _RANK[one.role]))


def find_on_duty(q: str, *, by: Actor, at: datetime, limit: int) -> list[OnDuty]:
    """Who stands in a shift now, by part of a name, on the rosters one may read. Raises NotAllowed."""
    by.require(Permission.GRID_READ)
    shifts = DutyShift.objects.visible_to(by).filter(begins_at__lte=at, ends_at__gt=at)
    rows = DutyPerson.objects.filter(duty__in=shifts, name__icontains=q.strip()).select_related("duty__unit")
    return [_standing(row) for row in rows.order_by("duty__unit_path", "place", "pk")[:limit]]


def rosters(*, by: Actor, at: datetime, under: str = "", q: str = "") -> dict[str, Any]:
    """Units whose roster one may read, one's own first, with who stands there now; `more`: of the others there are
    more than MOST_UNITS. Two queries."""
    by.require(Permission.GRID_READ)
    today = clock.day_of(at)
    units = Unit.objects.filter(roster_of(by, division="division", path="path")).filter(
        Q(valid_to=None) | Q(valid_to__gt=today), valid_from__lte=today
    )
    planned = DutyShift.objects.visible_to(by).filter(ends_at__gt=at - timedelta(days=35))
    own = Q(path=by.unit_path) | Q(pk__in=planned.values("unit_id"))
    if by.may(Permission.DUTY_EDIT) and by.unit_kind == rules.CENTRE:
        own |= Q(kind=rules.CENTRE)
    units = units.filter(own)
    if under:
        low, high = code_range(under)
        units = units.filter(division__gte=low, division__lt=high)
    if q:
        units = units.filter(Q(name__icontains=q) | Q(short_name__icontains=q))
    is_mine = Choice(When(path=by.unit_path or "-", then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = list(units.order_by(is_mine, "path")[: MOST_UNITS + 1])
    more, rows = len(rows) > MOST_UNITS, rows[:MOST_UNITS]
    now = DutyShift.objects.filter(unit__in=rows, begins_at__lte=at, ends_at__gt=at).prefetch_related("people")
    standing: dict[int, list[DutyPerson]] = defaultdict(list)
    for shift in now:
        standing[shift.unit_id] += shift.people.all()
    return {"items": [_roster(unit, standing[unit.pk], by) for unit in rows], "more": more}


def week(*, unit_id: int, monday: date, by: Actor, at: datetime) -> dict[str, Any]:
    """Raises NotFound, NotAllowed, Invalid."""
    by.require(Permission.GRID_READ)
    rules.check_week(monday, "monday")
    unit = Unit.objects.filter(roster_of(by, division="division", path="path")).filter(pk=unit_id).first()
    if unit is None:
        raise NotFound()
    rows = whole().filter(unit=unit, day__gte=monday, day__lt=monday + rules.WEEK)
    may_edit = by.may(Permission.DUTY_EDIT) and rules.may_plan(by, unit)
    return {
        "unit": {"id": unit.pk, "name": unit.name, "phone": unit.phone},
        "monday": monday,
        "may_edit": may_edit,
        "shifts": [shown(shift, at) for shift in rows],
        "candidates": _candidates(unit, at) if may_edit else [],
    }


def one(shift_id: Any, at: datetime) -> dict[str, Any]:
    return shown(whole().get(pk=shift_id), at)


def whole() -> QuerySet[DutyShift]:
    return DutyShift.objects.prefetch_related("people", "swaps").order_by("day", "begins_at", "ends_at", "id")


def shown(shift: DutyShift, at: datetime) -> dict[str, Any]:
    return {
        "id": shift.pk,
        "day": shift.day,
        "kind": shift.kind,
        "begins_at": shift.begins_at,
        "ends_at": shift.ends_at,
        "note": shift.note,
        "version": shift.version,
        "standing": "over" if shift.ends_at <= at else "running" if shift.begins_at <= at else "planned",
        "people": [person_shown(person) for person in shift.people.all()],
        "swaps": [
            {"role": one.role, "out": one.out_name, "into": one.in_name, "reason": one.reason, "by": one.by_name}
            | {"at": one.at}
            for one in shift.swaps.all()
        ],
    }


def person_shown(person: DutyPerson) -> dict[str, Any]:
    return {
        "id": person.pk,
        "role": person.role,
        "user_id": person.user_id,
        "name": person.name,
        "title": person.title,
        "phone": person.phone,
        "mobile": person.mobile_masked,
    }


_RANK = {role: place for place, role in enumerate(DutyPerson.Role.values)}


def _roster(unit: Unit, people: Iterable[DutyPerson], by: Actor) -> dict[str, Any]:
    standing = sorted(people, key=lambda person: (_RANK[person.role], person.place))
    return {
        "id": unit.pk,
        "name": unit.name,
        "short_name": unit.short_name,
        "kind": unit.kind,
        "code": unit.division,
        "level": _level(unit),
        "phone": unit.phone,
        "is_mine": unit.path == by.unit_path,
        "people": [person_shown(person) for person in standing],
    }


def _level(unit: Unit) -> str:
    if unit.kind != rules.CENTRE:
        return "department"
    return {Level.STREET: "street", Level.COMMUNITY: "community"}.get(Level(len(unit.division)), "district")


def _candidates(unit: Unit, at: datetime) -> list[dict[str, Any]]:
    rows = Post.objects.filter(unit=unit, revoked_at=None, user__is_active=True).open_on(clock.day_of(at))
    found = rows.order_by("role_id", "pk").values_list("user_id", "user__name", "title", "role__name_zh")
    seen: dict[int, dict[str, Any]] = {}
    for user_id, name, title, role in found:
        seen.setdefault(user_id, {"user_id": user_id, "name": name, "title": title or role})
    return list(seen.values())


def _standing(row: DutyPerson) -> OnDuty:
    shift = row.duty
    return OnDuty(
        unit_id=shift.unit_id,
        unit=shift.unit.name,
        code=shift.code,
        role=row.role,
        name=row.name,
        title=row.title,
        phone=row.phone,
        mobile=row.mobile_masked,
        begins_at=shift.begins_at,
        ends_at=shift.ends_at,
    )

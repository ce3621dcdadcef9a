"""The roster is planned by shift, copied from week to week, and changed on record once a shift has begun."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction

from wangge.accounts.models import Post, Unit
from wangge.accounts.permissions import Permission
from wangge.cases.rules.confidence import without_names
from wangge.command.models import DutyPerson, DutyShift, DutySwap
from wangge.command.rules import duty as rules
from wangge.core import clock, crypto, journal
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound, invalid
from wangge.core.ids import new_id
from wangge.core.masking import mask_phone
from wangge.core.phone_numbers import normalise_phone

CONTEXT = "command_dutyperson.mobile"
MOST_PEOPLE = 20


class ShiftTaken(Conflict):
    code = "duty.shift_taken"
    zh = "{day} 的这个班次已经排好，请打开它更改。"
    en = "This shift on {day} is planned already; open it to change it."


class ShiftOver(Conflict):
    code = "duty.shift_over"
    zh = "这个班次已于 {when} 结束，只能查看。"
    en = "This shift ended at {when}; it can only be read."


class ShiftBegun(Conflict):
    code = "duty.shift_begun"
    zh = "这个班次已经开始，换人请用“换班”，并写明原因。"
    en = "This shift has begun; to change people, swap them and give the reason."


class ShiftChanged(Conflict):
    code = "duty.changed"
    zh = "您打开之后别人改过这个班次，请看过再改。"
    en = "Somebody changed this shift after you opened it; look at it again first."


class WeekChanged(Conflict):
    code = "duty.week_changed"
    zh = "就在刚才，别人也排了这一周的班，请看过再复制。"
    en = "Somebody planned this week at the same moment; look at it again before copying."


class NotOurRoster(NotAllowed):
    code = "duty.not_our_roster"
    zh = "这个单位的值班表不由您的岗位安排。"
    en = "This unit's roster is not planned by your post."


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOnDuty:
    """`mobile` None leaves the one that is kept."""

    role: str
    name: str = ""
    user_id: int | None = None
    title: str = ""
    phone: str = ""
    mobile: str | None = ""
    id: uuid.UUID | None = None  # of somebody who is in the shift already


@dataclass(frozen=True, slots=True)
class Copied:
    copied: int
    skipped: int
    left_out: int  # people


def plan_shift(
    *,
    unit_id: int,
    day: date,
    kind: str,
    people: Sequence[PersonOnDuty],
    by: Actor,
    at: datetime,
    begins: time | None = None,
    ends: time | None = None,
    note: str = "",
) -> DutyShift:
    """Raises NotFound, NotAllowed, ShiftTaken, ShiftOver, Invalid."""
    unit = _unit_to_plan(by, unit_id, at)
    begins_at, ends_at = rules.span(day, kind, begins, ends)
    if ends_at <= at:
        raise ShiftOver(when=_said(ends_at))
    shift = DutyShift(
        id=new_id(),
        unit=unit,
        unit_path=unit.path,
        code=unit.division,
        day=day,
        kind=kind,
        begins_at=begins_at,
        ends_at=ends_at,
        note=note.strip(),
    )
    try:
        with transaction.atomic():
            shift.save(force_insert=True)
    except IntegrityError as taken:
        raise ShiftTaken(day=day.isoformat()) from taken
    _write_people(shift, people)
    _record("duty.planned", shift, by=by, at=at)
    return shift


def change_shift(
    *,
    shift_id: uuid.UUID,
    people: Sequence[PersonOnDuty],
    version: int,
    by: Actor,
    at: datetime,
    begins: time | None = None,
    ends: time | None = None,
    note: str = "",
) -> DutyShift:
    """Before it begins. Raises NotFound, NotAllowed, ShiftOver, ShiftBegun, ShiftChanged, Invalid."""
    shift = _hold(by, shift_id, at)
    if shift.begins_at <= at:
        raise ShiftBegun()
    if shift.version != version:
        raise ShiftChanged()
    shift.begins_at, shift.ends_at = rules.span(shift.day, shift.kind, begins, ends)
    if shift.ends_at <= at:
        raise ShiftOver(when=_said(shift.ends_at))
    shift.note, shift.version = note.strip(), shift.version + 1
    shift.save(update_fields=["begins_at", "ends_at", "note", "version"])
    _write_people(shift, people)
    _record("duty.changed", shift, by=by, at=at, changed=["people"])
    return shift


def remove_shift(*, shift_id: uuid.UUID, by: Actor, at: datetime) -> None:
    shift = _hold(by, shift_id, at)
    if shift.begins_at <= at:
        raise ShiftBegun()
    _record("duty.removed", shift, by=by, at=at)
    shift.delete()


def swap_duty(
    *, shift_id: uuid.UUID, person_id: uuid.UUID, with_whom: PersonOnDuty, reason: str, by: Actor, at: datetime
) -> DutyShift:
    """换班: also in the middle of a shift; who stood in for whom stays on it. Raises NotFound, ShiftOver, Invalid."""
    shift = _hold(by, shift_id, at)
    leaving = DutyPerson.objects.filter(pk=person_id, duty=shift).first()
    if leaving is None:
        raise NotFound()
    if len(reason.strip()) < 2:
        raise invalid("reason", "请写明换班原因。", "Give the reason of the swap.")
    coming = _person(shift, with_whom, leaving.place, {})
    coming.role = leaving.role
    leaving.delete()
    coming.save(force_insert=True)
    DutySwap.objects.create(
        duty=shift,
        role=leaving.role,
        out_name=leaving.name,
        in_name=coming.name,
        reason=reason.strip(),
        by_name=by.name,
        at=at,
    )
    shift.version += 1
    shift.save(update_fields=["version"])
    data = {"out_user": leaving.user_id, "in_user": coming.user_id, "role": leaving.role}
    _record("duty.swapped", shift, by=by, at=at, changed=["people"], data=data)
    return shift


def copy_week(*, unit_id: int, source: date, target: date, by: Actor, at: datetime) -> Copied:
    """Both are Mondays. What is planned already in the target week stays; what would be over by now is left out, and
    so is who has no post in the unit on that day. Raises NotFound, NotAllowed, Invalid, WeekChanged."""
    unit = _unit_to_plan(by, unit_id, at)
    rules.check_week(source, "source")
    rules.check_week(target, "target")
    if source == target:
        raise invalid("target", "请选择另一周。", "Choose another week.")
    moved = target - source
    taken = set(_week(unit, target).values_list("day", "kind"))
    copied, people, skipped, left_out = [], [], 0, 0
    in_office = _in_office(unit)
    for shift in _week(unit, source).prefetch_related("people"):
        ends_at = shift.ends_at + moved
        if (shift.day + moved, shift.kind) in taken or ends_at <= at:
            skipped += 1
            continue
        new = DutyShift(
            id=new_id(),
            unit=unit,
            unit_path=unit.path,
            code=unit.division,
            day=shift.day + moved,
            kind=shift.kind,
            begins_at=shift.begins_at + moved,
            ends_at=ends_at,
        )
        staying = [one for one in shift.people.all() if one.user_id is None or in_office(one.user_id, new.day)]
        left_out += len(shift.people.all()) - len(staying)
        if not staying:
            skipped += 1
            continue
        copied.append(new)
        people += [_again(person, new) for person in staying]
    try:
        with transaction.atomic():
            DutyShift.objects.bulk_create(copied)
    except IntegrityError as taken:
        raise WeekChanged() from taken
    DutyPerson.objects.bulk_create(people)
    if copied:
        entry = journal.Entry(
            kind="duty.copied",
            subject=("unit", str(unit.pk)),
            code=unit.division,
            unit_paths=[unit.path],
            permission=Permission.DUTY_EDIT,
            data={"source": source.isoformat(), "target": target.isoformat(), "shifts": len(copied)},
        )
        journal.record(entry, by=by, at=at)
    return Copied(len(copied), skipped, left_out)


def reveal_mobiles(*, shift_id: uuid.UUID, purpose: str, by: Actor, at: datetime) -> dict[uuid.UUID, str]:
    """The sealed numbers of a shift in clear, on the record. Raises NotFound, NotAllowed, Invalid."""
    by.require(Permission.GRID_READ)
    shift = DutyShift.objects.visible_to(by).filter(pk=shift_id).first()
    if shift is None:
        raise NotFound()
    if len(purpose.strip()) < 2:
        raise invalid("purpose", "请写明用途。", "State the purpose.")
    people = list(shift.people.all())
    told = without_names(purpose.strip(), [person.name for person in people])
    _record("duty.revealed", shift, by=by, at=at, permission=Permission.GRID_READ, data={"purpose": told})
    return {person.pk: mobile_of(person) for person in people if person.mobile_sealed is not None}


def mobile_of(person: DutyPerson) -> str:
    """In clear: for calling, never for showing unasked."""
    if person.mobile_sealed is None:
        return ""
    return crypto.unseal_text(bytes(person.mobile_sealed), context=CONTEXT, row=str(person.pk))


def set_mobile(person: DutyPerson, mobile: str) -> None:
    """Raises Invalid (`mobile`)."""
    if not mobile.strip():
        person.mobile_sealed, person.mobile_masked = None, ""
        return
    number = normalise_phone(mobile)
    if number is None:
        raise invalid("mobile", "不是有效的电话号码。", "This is not a telephone number.")
    person.mobile_sealed = crypto.seal(number, context=CONTEXT, row=str(person.pk))
    person.mobile_masked = mask_phone(number)


def _write_people(shift: DutyShift, people: Sequence[PersonOnDuty]) -> None:
    if not people:
        raise invalid("people", "请至少安排一人。", "Name at least one person.")
    if len(people) > MOST_PEOPLE:
        raise invalid("people", f"一个班次最多 {MOST_PEOPLE} 人。", f"{MOST_PEOPLE} people at most.")
    kept = {person.pk: person for person in shift.people.all()}
    rows = [_person(shift, one, place, kept) for place, one in enumerate(people)]
    shift.people.all().delete()
    DutyPerson.objects.bulk_create(rows)


def _person(shift: DutyShift, given: PersonOnDuty, place: int, kept: dict[uuid.UUID, DutyPerson]) -> DutyPerson:
    name = given.name.strip() if given.user_id is None else _name_of(shift, given.user_id)
    if not name:
        raise invalid("people", "请选择人员或填写姓名。", "Choose a person or write the name.")
    person = DutyPerson(
        id=new_id(),
        duty=shift,
        role=given.role,
        place=place,
        user_id=given.user_id,
        name=name,
        title=given.title.strip(),
        phone=given.phone.strip(),
    )
    before = kept.get(given.id) if given.id else None
    set_mobile(person, mobile_of(before) if given.mobile is None and before else given.mobile or "")
    return person


def _name_of(shift: DutyShift, user_id: int) -> str:
    """Of somebody who works in the unit that day. Raises Invalid."""
    posts = Post.objects.filter(user_id=user_id, unit_id=shift.unit_id, revoked_at=None).open_on(shift.day)
    found = posts.values_list("user__name", flat=True).first()
    if found is None:
        raise Invalid(
            fields={"people": Message("所选人员当天不在这个单位任职。", "Somebody has no post here that day.")}
        )
    return str(found)


def _in_office(unit: Unit) -> Callable[[int, date], bool]:
    """Whether somebody has a post in the unit on a day; one query for all of them."""
    posts: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    rows = Post.objects.filter(unit=unit, revoked_at=None, user__is_active=True)
    for user_id, valid_from, valid_to in rows.values_list("user_id", "valid_from", "valid_to"):
        posts[user_id].append((valid_from, valid_to))

    def has(user_id: int, day: date) -> bool:
        return any(begins <= day and (ends is None or ends > day) for begins, ends in posts[user_id])

    return has


def _again(person: DutyPerson, shift: DutyShift) -> DutyPerson:
    copy = DutyPerson(
        id=new_id(),
        duty=shift,
        role=person.role,
        place=person.place,
        user_id=person.user_id,
        name=person.name,
        title=person.title,
        phone=person.phone,
    )
    set_mobile(copy, mobile_of(person))
    return copy


def _week(unit: Unit, monday: date) -> Any:
    return DutyShift.objects.filter(unit=unit, day__gte=monday, day__lt=monday + rules.WEEK).order_by(
        "day", "begins_at"
    )


def _unit_to_plan(by: Actor, unit_id: int, at: datetime) -> Unit:
    by.require(Permission.DUTY_EDIT)
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotFound()
    if not rules.may_plan(by, unit):
        raise NotOurRoster()
    if unit.valid_to is not None and unit.valid_to <= clock.day_of(at):
        raise invalid("unit_id", "这个单位已撤销。", "This unit has ended.")
    return unit


def _hold(by: Actor, shift_id: uuid.UUID, at: datetime) -> DutyShift:
    rows = DutyShift.objects.visible_to(by).select_for_update(no_key=True, of=("self",)).select_related("unit")
    shift = rows.filter(pk=shift_id).first()
    if shift is None:
        raise NotFound()
    by.require(Permission.DUTY_EDIT)
    if not rules.may_plan(by, shift.unit):
        raise NotOurRoster()
    if shift.ends_at <= at:
        raise ShiftOver(when=_said(shift.ends_at))
    return shift


def _said(at: datetime) -> str:
    return clock.local(at).strftime("%m-%d %H:%M")


def _record(
    kind: str,
    shift: DutyShift,
    *,
    by: Actor,
    at: datetime,
    permission: str = Permission.DUTY_EDIT,
    changed: Iterable[str] = (),
    data: dict[str, Any] | None = None,
) -> None:
    entry = journal.Entry(
        kind=kind,
        subject=("duty", str(shift.pk)),
        code=shift.code,
        unit_paths=[shift.unit_path],
        permission=permission,
        changed=sorted(changed),
        data={"day": shift.day.isoformat(), "shift": shift.kind, **(data or {})},
    )
    journal.record(entry, by=by, at=at)

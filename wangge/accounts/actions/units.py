"""Units made, renamed and ended. They are not moved: cases keep the path of who was charged."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from wangge.accounts import entries, rules
from wangge.accounts.access import UnitOutOfArea, access_unit, administers
from wangge.accounts.actions.sessions import end_sessions, open_sessions_without_totp
from wangge.accounts.models import Unit
from wangge.accounts.obstacles import check_unused
from wangge.accounts.permissions import Permission
from wangge.core import clock, codes, journal, revisions, setting_changes
from wangge.core.actor import Actor
from wangge.core.errors import TAKEN, Conflict, Invalid, Message, NotAllowed, invalid

UNIT = "unit"  # kind of setting: what it is called; when it ends and its second factor are no settings to put back
LONGEST_PATH = 500  # an index entry of PostgreSQL holds 2.7 kB, and nobody has twenty levels


class UnitCodeTaken(Conflict):
    code = "unit.code_taken"
    zh = "单位编码“{unit_code}”已被使用；编码不可重复使用。"
    en = "The unit code “{unit_code}” is taken; codes are never used again."


class UnitEnded(Conflict):
    code = "unit.ended"
    zh = "这个单位已于 {since} 撤销。"
    en = "This unit ended on {since}."


def create_unit(
    *,
    code: str,
    name: str,
    kind: str,
    division: str,
    by: Actor,
    at: datetime,
    parent_id: int | None = None,
    short_name: str = "",
    phone: str = "",
    valid_from: date | None = None,
) -> Unit:
    """`division` in significant digits or padded. Raises NotAllowed, UnitOutOfArea, UnitCodeTaken, Invalid."""
    by.require(Permission.ACCOUNT_EDIT)
    parent = access_unit(by, parent_id, to=Permission.ACCOUNT_EDIT, lock=True) if parent_id is not None else None
    unit = Unit(
        code=code.strip(),
        name=name.strip(),
        short_name=short_name.strip(),
        kind=kind,
        parent=parent,
        division=rules.as_range(division) or division,
        phone=phone.strip(),
        valid_from=valid_from or clock.day_of(at),
    )
    unit.path = f"{parent.path if parent else ''}{unit.code}/"
    if faults := unit_faults(unit):
        raise Invalid(fields=faults)
    if not administers(by, unit):
        raise UnitOutOfArea()
    try:
        with transaction.atomic():
            unit.save(force_insert=True)
    except IntegrityError as taken:
        raise UnitCodeTaken(unit_code=unit.code, fields={"code": TAKEN}) from taken
    journal.record(entries.about_unit("unit.created", unit, permission=Permission.ACCOUNT_EDIT), by=by, at=at)
    revisions.bump("units")
    return unit


def change_unit(*, unit_id: int, changes: dict[str, Any], by: Actor, at: datetime, seen: str | None = None) -> Unit:
    """`name`, `short_name`, `phone`, `valid_to` by the administrator, `totp_required` by the security officer.

    Made compulsory, a second factor is asked of everybody there at once: sessions that came in without one end.
    Raises NotFound, NotAllowed, UnitOutOfArea, UnitStillUsed, UnitEnded, ChangedMeanwhile.
    """
    needed = {Permission.SECURITY_EDIT if name == "totp_required" else Permission.ACCOUNT_EDIT for name in changes}
    if not needed:
        raise Invalid(fields={"name": Message("没有要修改的内容。", "There is nothing to change.")})
    if len(needed) > 1:
        raise NotAllowed(permission=Permission.SECURITY_EDIT)
    permission = needed.pop()
    setting_changes.before(UNIT, None)
    unit = access_unit(by, unit_id, to=permission, lock=True)
    stood = setting_changes.before(UNIT, unit_id, seen=seen)
    changed = [name for name, value in changes.items() if getattr(unit, name) != value]
    if "valid_to" in changed:
        _check_end(unit, changes["valid_to"], at)
    for name in changed:
        setattr(unit, name, changes[name])
    if changed:
        unit.save(update_fields=changed)
        entry = entries.about_unit("unit.changed", unit, permission=permission, changed=changed)
        if setting_changes.record(entry, before=stood, by=by, at=at) is None:
            journal.record(entry, by=by, at=at)
        revisions.bump("units")
    if "totp_required" in changed and unit.totp_required:
        end_sessions(open_sessions_without_totp(unit), why="totp_required", by=by, at=at, permission=permission)
    return unit


def unit_faults(unit: Unit) -> dict[str, Message]:
    """What the form of a unit breaks, by field. The importer asks the same."""
    faults: dict[str, Message] = {}
    if not rules.UNIT_CODE.fullmatch(unit.code):
        faults["code"] = Message(
            "编码只能用字母、数字、连字符和下划线，最长 32 位。", "Letters, digits, - and _ only, at most 32."
        )
    if not unit.name:
        faults["name"] = Message("名称必填。", "A name is required.")
    if rules.as_range(unit.division) != unit.division or len(unit.division) > codes.Level.COMMUNITY:
        faults["division"] = Message("不是有效的区划代码。", "This is not a division code.")
    return faults | _parent_fault(unit)


def _parent_fault(unit: Unit) -> dict[str, Message]:
    """A branch belongs to a department, a centre to a centre above it; a department stands for itself or a centre."""
    parent, kinds = unit.parent, Unit.Kind
    allowed: dict[str, set[str | None]] = {
        kinds.CENTRE: {None, kinds.CENTRE},
        kinds.DEPARTMENT: {None, kinds.CENTRE},
        kinds.BRANCH: {kinds.DEPARTMENT, kinds.BRANCH},
    }
    if unit.kind not in allowed:
        return {"kind": Message("单位类型不对。", "This is no kind of unit.")}
    if (parent.kind if parent else None) not in allowed[unit.kind]:
        return {
            "parent_id": Message(
                "分支隶属部门，中心隶属上级中心，部门直属中心或独立。",
                "A branch belongs to a department, a centre to a centre, a department to a centre or to nobody.",
            )
        }
    if parent is not None and not unit.division.startswith(parent.division):
        return {"division": Message("不在上级单位的区划内。", "Not inside the division of the unit above.")}
    if len(unit.path) > LONGEST_PATH:
        return {"parent_id": Message("单位层级太深。", "There are too many units above this one.")}
    if parent is not None and parent.valid_to is not None:
        return {"parent_id": Message("上级单位已撤销。", "The unit above has ended.")}
    return {}


def _check_end(unit: Unit, day: date | None, at: datetime) -> None:
    if unit.valid_to is not None:
        raise UnitEnded(since=unit.valid_to)
    if day is None or day <= unit.valid_from:
        raise invalid("valid_to", "撤销日期必须晚于设立日期。", "It must end after it began.")
    check_unused(unit, day)

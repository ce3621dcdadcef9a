"""Partner systems: made, changed, given a new key. The key is shown once and kept sealed."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from wangge.accounts import rules
from wangge.accounts.actions.posts import ranges_to_give
from wangge.accounts.models import PartnerSystem
from wangge.accounts.partners import seal_key
from wangge.accounts.permissions import Permission
from wangge.core import journal, marks
from wangge.core.actor import Actor
from wangge.core.departments import Department
from wangge.core.errors import TAKEN, Conflict, NotFound, invalid
from wangge.core.importing.importer import kinds_of

KEY_BYTES = 32
OLD_KEY = ("old_key_sealed", "old_key_until", "old_key_used_at")


class PartnerCodeTaken(Conflict):
    code = "partner.code_taken"
    zh = "系统代号“{partner}”已被使用。"
    en = "The system code “{partner}” is taken."


class NoOldKey(Conflict):
    code = "partner.no_old_key"
    zh = "没有仍然有效的旧密钥。"
    en = "There is no old key that is still good."


@dataclass(frozen=True, kw_only=True)
class NewKey:
    """Shown once."""

    partner: PartnerSystem
    key: str


def create_partner(
    *,
    code: str,
    name: str,
    codes: Sequence[str],
    permissions: Sequence[str],
    department: str = "",
    kinds: Sequence[str] = (),
    by: Actor,
    at: datetime,
) -> NewKey:
    """Raises NotAllowed, PartnerCodeTaken, RangeOutOfArea, Invalid."""
    by.require(Permission.ACCOUNT_EDIT)
    if not rules.UNIT_CODE.fullmatch(code):
        raise invalid("code", "代号只能用字母、数字、连字符和下划线。", "Letters, digits, - and _ only.")
    key = secrets.token_urlsafe(KEY_BYTES)
    partner = PartnerSystem(
        code=code,
        name=name.strip(),
        key_sealed=seal_key(code, key),
        codes=_ranges(codes, by),
        permissions=_permissions(permissions),
        department=_department(department),
        kinds=_kinds(kinds, department),
        created_at=at,
    )
    try:
        with transaction.atomic():
            partner.save(force_insert=True)
    except IntegrityError as taken:
        raise PartnerCodeTaken(partner=code, fields={"code": TAKEN}) from taken
    _note("partner.created", partner, by=by, at=at)
    return NewKey(partner=partner, key=key)


def change_partner(
    *, partner_id: int, changes: dict[str, Any], by: Actor, at: datetime, seen: str | None = None
) -> PartnerSystem:
    """`name`, `codes`, `permissions`, `department`, `kinds`, `is_active`; counts from its next request.

    Raises NotFound, Invalid, ChangedMeanwhile.
    """
    partner = _access(by, partner_id)
    marks.check(seen, partner.edited)
    if "codes" in changes:
        changes = changes | {"codes": _ranges(changes["codes"], by)}
    if "permissions" in changes:
        changes = changes | {"permissions": _permissions(changes["permissions"])}
    if {"department", "kinds"} & changes.keys():
        department = _department(changes.get("department", partner.department))
        changes = changes | {"kinds": _kinds(changes.get("kinds", partner.kinds), department)}
    changed = [name for name, value in changes.items() if getattr(partner, name) != value]
    for name in changed:
        setattr(partner, name, changes[name])
    if changed:
        partner.save(update_fields=changed)
        _note("partner.changed", partner, by=by, at=at, changed=changed)
    return partner


def rotate_key(*, partner_id: int, by: Actor, at: datetime, overlap: timedelta = timedelta()) -> NewKey:
    """The key until now stays good for `overlap`; one that was good beside it ends. Raises NotFound, NotAllowed.

    Without an overlap (a key that leaked) the old key is worth nothing from now on.
    """
    partner = _access(by, partner_id)
    key = secrets.token_urlsafe(KEY_BYTES)
    partner.old_key_sealed, partner.old_key_until, partner.old_key_used_at = None, None, None
    if overlap > timedelta():
        partner.old_key_sealed, partner.old_key_until = partner.key_sealed, at + overlap
    partner.key_sealed = seal_key(partner.code, key)
    partner.save(update_fields=["key_sealed", *OLD_KEY])
    until = partner.old_key_until.isoformat() if partner.old_key_until else None
    _note("partner.key_rotated", partner, by=by, at=at, changed=["key"], old_key_until=until)
    return NewKey(partner=partner, key=key)


def end_old_key(*, partner_id: int, by: Actor, at: datetime) -> PartnerSystem:
    """Only the newest key is good from now on. Raises NotFound, NotAllowed, NoOldKey."""
    partner = _access(by, partner_id)
    if partner.old_key_sealed is None:
        raise NoOldKey()
    partner.old_key_sealed, partner.old_key_until = None, None
    partner.save(update_fields=OLD_KEY)
    _note("partner.old_key_ended", partner, by=by, at=at, changed=["key"])
    return partner


def forget_old_keys(*, at: datetime) -> int:
    """Keys whose time is over are refused anyway; after this they are nowhere."""
    over = PartnerSystem.objects.filter(old_key_until__lte=at)
    return over.update(old_key_sealed=None, old_key_until=None)


def is_in_area(by: Actor, partner: PartnerSystem) -> bool:
    return by.is_system or all(by.covers(code) for code in partner.codes)


def _access(by: Actor, partner_id: int) -> PartnerSystem:
    by.require(Permission.ACCOUNT_EDIT)
    partner = PartnerSystem.objects.select_for_update(no_key=True).filter(pk=partner_id).first()
    if partner is None or not is_in_area(by, partner):
        raise NotFound()
    return partner


def _ranges(codes: Sequence[str], by: Actor) -> list[str]:
    if not codes:
        raise invalid("codes", "至少一个区划或网格编码。", "At least one division or grid code.")
    return ranges_to_give(codes, by)


def _permissions(permissions: Sequence[str]) -> list[str]:
    if wrong := sorted(set(permissions) - {str(permission) for permission in rules.FOR_PARTNERS}):
        raise invalid("permissions", f"外部系统不能有这项权限：{wrong[0]}", f"No partner may hold {wrong[0]}.")
    return sorted(set(permissions))


def _department(code: str) -> str:
    if code and code not in list(Department):
        raise invalid("department", "没有这个部门。", "There is no such department.")
    return code


def _kinds(kinds: Sequence[str], department: str) -> list[str]:
    """Only what the department keeps: nobody says what another answers for."""
    if wrong := sorted(set(kinds) - {one.kind for one in kinds_of(department)}):
        raise invalid("kinds", f"该部门不能报送：{wrong[0]}", f"Not of this department: {wrong[0]}.")
    return sorted(set(kinds))


def _note(
    kind: str, partner: PartnerSystem, *, by: Actor, at: datetime, changed: Sequence[str] = (), **data: str | None
) -> None:
    entry = journal.Entry(
        kind=kind,
        subject=("partner", str(partner.pk)),
        code=partner.codes[0] if partner.codes else "",
        permission=Permission.ACCOUNT_EDIT,
        changed=changed,
        data={"partner": partner.code, **data},
    )
    journal.record(entry, by=by, at=at)

"""What a role may do: changed by the security officer, within what its power may and must hold."""

from collections.abc import Sequence
from datetime import datetime

from wangge.accounts import entries, rules
from wangge.accounts.models import Role
from wangge.accounts.permissions import Permission
from wangge.core import setting_changes
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, NotFound, invalid

ROLE = "role"  # kind of setting


class MixesPowers(Conflict):
    code = "role.mixes_powers"
    zh = "三权分立：这个角色不能有这些权限：{permissions}。"
    en = "The powers are kept apart: this role must not hold {permissions}."


class UnmakesPower(Conflict):
    code = "role.unmakes_power"
    zh = "三权分立：这个角色不能没有这些权限：{permissions}。"
    en = "The powers are kept apart: this role must keep {permissions}."


class StandsTooLong(Conflict):
    code = "role.stands_too_long"
    zh = "长时间保持登录的角色只能查看，不能有这些权限：{permissions}。"
    en = "A role whose sessions last for weeks may only look; it must not hold {permissions}."


def change_role(*, code: str, permissions: Sequence[str], by: Actor, at: datetime, seen: str | None = None) -> Role:
    """From the next request on, for everybody who holds it. Raises NotFound, NotAllowed, Invalid,
    MixesPowers, UnmakesPower, StandsTooLong, ChangedMeanwhile."""
    by.require(Permission.ROLE_EDIT)
    setting_changes.before(ROLE, None)  # before the row, as undoing does: two who meet never hold what the other wants
    role = Role.objects.select_for_update(no_key=True).filter(code=code).first()
    if role is None:
        raise NotFound()
    stood = setting_changes.before(ROLE, role.pk, seen=seen)
    if unknown := sorted(set(permissions) - set(Permission)):
        raise invalid("permissions", f"没有这项权限：{unknown[0]}", f"There is no permission {unknown[0]}.")
    if wrong := rules.mixes_powers(role.power, permissions):
        raise MixesPowers(permissions="、".join(wrong))
    if missing := rules.unmakes_power(role.power, permissions):
        raise UnmakesPower(permissions="、".join(missing))
    if more := rules.does_more_than_stand(permissions):
        raise StandsTooLong(permissions="、".join(more))
    before, after = set(role.permissions), set(permissions)
    role.permissions = sorted(after)
    role.save(update_fields=["permissions"])
    entry = entries.about_role(
        "role.changed",
        role,
        permission=Permission.ROLE_EDIT,
        added=sorted(after - before),
        removed=sorted(before - after),
    )
    setting_changes.record(entry, before=stood, by=by, at=at)
    return role

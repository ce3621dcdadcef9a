"""How roles are read for their history, and put back (core/setting_changes.py)."""

from datetime import datetime

from wangge.accounts.actions.roles import ROLE, change_role
from wangge.accounts.models import Role
from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor
from wangge.core.setting_changes import Keeper, State


def _read(subject: str) -> State | None:
    role = Role.objects.filter(pk=subject).first()
    return None if role is None else {"permissions": sorted(role.permissions)}


def _name(subject: str, state: State) -> tuple[str, str]:
    role = Role.objects.get(pk=subject)
    return role.name_zh, role.name_en


def _put_back(subject: str, parts: State | None, *, by: Actor, at: datetime) -> None:
    permissions = (parts or {}).get("permissions") or []
    change_role(code=Role.objects.get(pk=subject).code, permissions=permissions, by=by, at=at)


ALL = (Keeper(kind=ROLE, permission=Permission.ROLE_EDIT, read=_read, name=_name, put_back=_put_back),)

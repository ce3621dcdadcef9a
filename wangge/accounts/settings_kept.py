"""How roles, and what units are called, are read for their history and put back (core/setting_changes.py)."""

from datetime import datetime

from wangge.accounts.actions.roles import ROLE, change_role
from wangge.accounts.actions.units import UNIT, change_unit
from wangge.accounts.models import Role, Unit
from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor
from wangge.core.setting_changes import Keeper, State


def _read(subject: str) -> State | None:
    role = Role.objects.filter(pk=subject).first()
    return None if role is None else role.edited


def _name(subject: str, state: State) -> tuple[str, str]:
    role = Role.objects.get(pk=subject)
    return role.name_zh, role.name_en


def _put_back(subject: str, parts: State | None, *, by: Actor, at: datetime) -> None:
    permissions = (parts or {}).get("permissions") or []
    change_role(code=Role.objects.get(pk=subject).code, permissions=permissions, by=by, at=at)


def _read_unit(subject: str) -> State | None:
    unit = Unit.objects.filter(pk=subject).first()
    return None if unit is None else unit.edited


def _name_unit(subject: str, state: State) -> tuple[str, str]:
    return state["name"], state["name"]


def _put_back_unit(subject: str, parts: State | None, *, by: Actor, at: datetime) -> None:
    change_unit(unit_id=int(subject), changes=parts or {}, by=by, at=at)


ALL = (
    Keeper(kind=ROLE, permission=Permission.ROLE_EDIT, read=_read, name=_name, put_back=_put_back),
    Keeper(kind=UNIT, permission=Permission.ACCOUNT_EDIT, read=_read_unit, name=_name_unit, put_back=_put_back_unit),
)

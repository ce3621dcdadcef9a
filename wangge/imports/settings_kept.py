"""How saved mappings are read for their history, and put back (core/setting_changes.py)."""

from datetime import datetime

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor
from wangge.core.setting_changes import Keeper, State
from wangge.imports.actions import MAPPING, forget_mapping, save_mapping
from wangge.imports.models import Mapping


def _read(subject: str) -> State | None:
    row = Mapping.objects.filter(pk=subject).first()
    return None if row is None else {"kind": row.kind, "name": row.name, "definition": row.definition}


def _name(subject: str, state: State) -> tuple[str, str]:
    return state["name"], state["name"]


def _put_back(subject: str, parts: State | None, *, by: Actor, at: datetime) -> None:
    if parts is None:
        forget_mapping(mapping_id=int(subject), by=by, at=at)
        return
    state = {**(_read(subject) or {}), **parts}
    save_mapping(**state, mapping_id=int(subject), by=by, at=at)


ALL = (Keeper(kind=MAPPING, permission=Permission.IMPORT_RUN, read=_read, name=_name, put_back=_put_back),)

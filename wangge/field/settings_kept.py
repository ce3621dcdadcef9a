"""How forms are read for their history, and put back (core/setting_changes.py)."""

from datetime import datetime

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor
from wangge.core.setting_changes import Keeper, State
from wangge.field.actions.forms import KIND, FormGiven, remove_form, save_form
from wangge.field.models import FormVersion


def _read(subject: str) -> State | None:
    version = FormVersion.objects.filter(form__code=subject).select_related("form").order_by("-number").first()
    if version is None:
        return None
    form = version.form
    return {
        "kind": form.kind,
        "name_zh": form.name_zh,
        "name_en": form.name_en,
        "is_active": form.is_active,
        "schema": version.schema,
    }


def _name(subject: str, state: State) -> tuple[str, str]:
    return state["name_zh"], state["name_en"]


def _put_back(subject: str, parts: State | None, *, by: Actor, at: datetime) -> None:
    if parts is None:
        remove_form(code=subject, by=by, at=at)
        return
    save_form(code=subject, given=FormGiven(**{**(_read(subject) or {}), **parts}), by=by, at=at)


ALL = (Keeper(kind=KIND, permission=Permission.FORM_EDIT, read=_read, name=_name, put_back=_put_back),)

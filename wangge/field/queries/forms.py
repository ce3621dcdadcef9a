"""Forms as the phone draws them and as they are edited."""

from typing import Any

from wangge.accounts.permissions import Permission
from wangge.core import setting_changes
from wangge.core.actor import Actor
from wangge.core.errors import NotFound
from wangge.field.actions.forms import KIND
from wangge.field.models import Form, FormVersion


def forms(*, by: Actor, every: bool = False) -> list[dict[str, Any]]:
    """The newest version of each; with `every`, those out of use too. Two queries."""
    _may_read(by)
    rows = Form.objects.all() if every and by.may(Permission.FORM_EDIT) else Form.objects.filter(is_active=True)
    found = list(rows.order_by("kind", "code"))
    versions = FormVersion.objects.filter(form__in=found).order_by("number")
    newest = {version.form_id: version for version in versions}
    return [_shown(form, newest[form.pk], by) for form in found]


def form_card(code: str, *, by: Actor) -> dict[str, Any]:
    """With its versions, newest first. Raises NotFound."""
    _may_read(by)
    form = Form.objects.filter(code=code).first()
    versions = list(FormVersion.objects.filter(form=form).order_by("-number")) if form else []
    if form is None or not versions:
        raise NotFound()
    return _shown(form, versions[0], by) | {
        "mark": setting_changes.mark(KIND, code),
        "versions": [{"version": one.number, "at": one.at, "by_name": one.by_name} for one in versions],
    }


def form_version(code: str, number: int, *, by: Actor) -> dict[str, Any]:
    """Raises NotFound."""
    _may_read(by)
    version = FormVersion.objects.select_related("form").filter(form__code=code, number=number).first()
    if version is None:
        raise NotFound()
    return _shown(version.form, version, by)


def _may_read(by: Actor) -> None:
    if not (by.may(Permission.FORM_EDIT) or by.may(Permission.FIELD_WATCH)):
        by.require(Permission.FIELD_WORK)


def _shown(form: Form, version: FormVersion, by: Actor) -> dict[str, Any]:
    return {
        "code": form.code,
        "kind": form.kind,
        "version": version.number,
        "name_zh": form.name_zh,
        "name_en": form.name_en,
        "is_active": form.is_active,
        "schema": version.schema,
        "may_edit": by.may(Permission.FORM_EDIT),
    }

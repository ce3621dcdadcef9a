"""The sheets of what is collected for the registry, kept in step with its dictionary (ADR 19)."""

from datetime import datetime

from wangge.core.models import SettingChange
from wangge.field.actions.forms import KIND
from wangge.field.models import Form, FormVersion
from wangge.field.rules.registry_forms import form_of, kind_of
from wangge.registry.collected import COLLECTED


def ship_registry_forms(*, at: datetime, using: str = "default") -> None:
    """A sheet of each kind that is collected, and a new version where the dictionary says something else by now.

    What the house made of one, or removed, stays as it made it. One that it had made its own before sheets were carried
    into the registry goes on beside the new one.
    """
    own = set(SettingChange.objects.using(using).filter(kind=KIND).values_list("subject", flat=True))
    for kind, what in COLLECTED.items():
        code = what.form
        if code in own and _is_plain(code, using):
            code = f"collect_{kind}"
        if code not in own:
            _ship(code, kind, at, using)


def _is_plain(code: str, using: str) -> bool:
    newest = FormVersion.objects.using(using).filter(form__code=code).order_by("-number").first()
    return newest is not None and kind_of(newest.schema) is None


def _ship(code: str, kind: str, at: datetime, using: str) -> None:
    schema, what = form_of(kind), COLLECTED[kind]
    form = Form.objects.using(using).filter(code=code).first() or Form(code=code, kind=Form.Kind.COLLECT, version=0)
    stands = FormVersion.objects.using(using).filter(form=form, number=form.version).first() if form.pk else None
    if stands is not None and stands.schema == schema:
        return
    form.version += 1
    form.name_zh, form.name_en = what.zh, what.en
    form.save(using=using)
    FormVersion.objects.using(using).create(form=form, number=form.version, schema=schema, at=at)

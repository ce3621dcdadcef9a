"""The sheets of what is collected for the registry, kept in step with its dictionary (ADR 19)."""

from datetime import datetime

from wangge.core.models import SettingChange
from wangge.field.actions.forms import KIND
from wangge.field.models import Form, FormVersion
from wangge.field.rules.registry_forms import form_of
from wangge.registry.collected import COLLECTED


def ship_registry_forms(*, at: datetime, using: str = "default") -> None:
    """A sheet of each kind that is collected, and a new version where the dictionary says something else by now.

    What the house made of one, or removed, stays as it made it.
    """
    own = set(SettingChange.objects.using(using).filter(kind=KIND).values_list("subject", flat=True))
    for kind, what in COLLECTED.items():
        if what.form in own:
            continue
        schema = form_of(kind)
        form = Form.objects.using(using).filter(code=what.form).first()
        if form is None:
            form = Form(code=what.form, kind=Form.Kind.COLLECT, version=0)
        stands = FormVersion.objects.using(using).filter(form=form, number=form.version).first() if form.pk else None
        if stands is not None and stands.schema == schema:
            continue
        form.version += 1
        form.name_zh, form.name_en = what.zh, what.en
        form.save(using=using)
        FormVersion.objects.using(using).create(form=form, number=form.version, schema=schema, at=at)

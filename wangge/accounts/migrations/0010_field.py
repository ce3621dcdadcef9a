from typing import Any

from django.db import migrations

WATCH, GIVE, PLAN = ("field.watch", "errand.give", "patrol.edit")
GIVEN: dict[str, tuple[str, ...]] = {
    "grid_worker": ("field.work",),
    "grid_chief": ("field.work",),
    "community": (WATCH, GIVE, PLAN),
    "street_seat": (WATCH, GIVE, PLAN, "terminal.edit", "track.read"),
    "district_seat": (WATCH, GIVE),
    "commander": (WATCH, GIVE, "track.read", "form.edit"),
    "administrator": ("terminal.edit", "form.edit"),
}


def give(apps: Any, schema_editor: Any) -> None:
    """To the roles shipped; those that a security officer made stay as they are."""
    roles = apps.get_model("accounts", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.filter(code__in=GIVEN):
        role.permissions = sorted({*role.permissions, *GIVEN[role.code]})
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_redraw_at_once")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop, elidable=False)]

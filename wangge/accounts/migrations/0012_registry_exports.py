"""Who may ask to take some of the registry away, and who approves it."""

from typing import Any

from django.db import migrations

GIVEN = {"community": "registry.export", "street_seat": "registry.export", "commander": "registry.approve"}


def give(apps: Any, schema_editor: Any) -> None:
    """To the roles shipped; those that a security officer made stay as they are."""
    roles = apps.get_model("accounts", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.filter(code__in=GIVEN):
        role.permissions = sorted({*role.permissions, GIVEN[role.code]})
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_registry")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop, elidable=False)]

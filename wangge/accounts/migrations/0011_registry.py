from typing import Any

from django.db import migrations

READ, EDIT, REVEAL, CARE = ("registry.read", "registry.edit", "registry.reveal", "care.read")
GIVEN: dict[str, tuple[str, ...]] = {
    "grid_worker": (READ, EDIT, CARE),
    "grid_chief": (READ, EDIT, CARE),
    "community": (READ, EDIT, REVEAL, CARE),
    "street_seat": (READ, REVEAL),
    "district_seat": (READ,),
    "commander": (READ, REVEAL),
    "department_clerk": (CARE, "care.edit"),
    "department_leader": (CARE, "care.edit"),
}


def give(apps: Any, schema_editor: Any) -> None:
    """To the roles shipped; those that a security officer made stay as they are. None to the administrator."""
    roles = apps.get_model("accounts", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.filter(code__in=GIVEN):
        role.permissions = sorted({*role.permissions, *GIVEN[role.code]})
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_field")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop, elidable=False)]

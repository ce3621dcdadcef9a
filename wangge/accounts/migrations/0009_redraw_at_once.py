from typing import Any

from django.db import migrations

HELD_BY = ("administrator",)
REDRAW = "grid.redraw"


def give(apps: Any, schema_editor: Any) -> None:
    """To the role shipped; a security officer may have changed others, which stay as they are."""
    roles = apps.get_model("accounts", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.filter(code__in=HELD_BY):
        role.permissions = sorted({*role.permissions, REDRAW})
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_wall")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop, elidable=False)]

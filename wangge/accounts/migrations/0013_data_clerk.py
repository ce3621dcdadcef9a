"""Who brings the registry's files: whoever keeps the accounts may not read it (three powers apart)."""

from typing import Any

from django.db import migrations

MAY = ["import.run", "registry.edit", "registry.read"]


def ship(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("accounts", "Role").objects.using(schema_editor.connection.alias)
    rows.create(code="data_clerk", power="work", name_zh="数据专员", name_en="Data clerk", permissions=MAY)


def take_back(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("accounts", "Role").objects.using(schema_editor.connection.alias)
    rows.filter(code="data_clerk").delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_registry_exports")]
    operations = [migrations.RunPython(ship, take_back)]

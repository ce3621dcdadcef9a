"""The role of a wall, and who may look at one and say what it shows; roles that were changed keep what they have."""

from typing import Any

from django.db import migrations

ADDED = {
    "community": ["wall.read"],
    "street_seat": ["wall.read"],
    "district_seat": ["wall.read"],
    "commander": ["wall.read", "wall.edit", "wall.weather"],
    "assessor": ["wall.read"],
    "administrator": ["wall.edit", "wall.weather"],
}
WALL = ["dashboard.read", "session.standing", "wall.read"]


def ship(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("accounts", "Role").objects.using(schema_editor.connection.alias)
    for role in rows.filter(code__in=ADDED):
        role.permissions = sorted({*role.permissions, *ADDED[role.code]})
        role.save(update_fields=["permissions"])
    rows.create(code="wall", power="work", name_zh="大屏", name_en="Wall", permissions=WALL)


def take_back(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("accounts", "Role").objects.using(schema_editor.connection.alias)
    rows.filter(code="wall").delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_answer_edit")]
    operations = [migrations.RunPython(ship, take_back)]

"""Whose units are competent for which statutory category; merged rows are found from the row that stands."""

from typing import Any

import django.contrib.postgres.fields
from django.db import migrations, models

CIVIL, JUSTICE = ["民政"], ["司法"]
UNITS: dict[str, list[str]] = {
    "subsistence": CIVIL,
    "extreme_poverty": CIVIL,
    "disability": ["残联", "残疾人联合会"],
    "elderly_alone": CIVIL,
    "child_in_need": CIVIL,
    "veteran": ["退役军人"],
    "correction": JUSTICE,
    "resettlement": JUSTICE,
    "rehabilitation": ["公安", "派出所"],
    "mental_health": ["卫生健康", "卫健"],
}


def name(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("registry", "CareCategory").objects.using(schema_editor.connection.alias)
    for code, units in UNITS.items():
        rows.filter(code=code).update(units=units)


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_quality")]
    operations = [
        migrations.AddField(
            model_name="carecategory",
            name="units",
            field=django.contrib.postgres.fields.ArrayField(models.TextField(), default=list, size=None),
        ),
        migrations.RunPython(name, migrations.RunPython.noop, elidable=False),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                models.F("merged_into"),
                condition=models.Q(("merged_into__isnull", False)),
                name="registry_person_merged",
            ),
        ),
    ]

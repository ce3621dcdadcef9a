from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def cannot_be_rewritten(apps: Any, schema_editor: Any) -> None:
    app = settings.DATABASES["default"]["USER"]
    schema_editor.execute(f'revoke update, delete on core_settingchange from "{app}"')


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_revisions"),
    ]

    operations = [
        migrations.CreateModel(
            name="SettingChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("kind", models.TextField(db_collation="C")),
                ("subject", models.TextField(db_collation="C")),
                ("name_zh", models.TextField()),
                ("name_en", models.TextField()),
                ("code", models.TextField(blank=True, db_collation="C", default="")),
                ("effective_date", models.DateField()),
                (
                    "parts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(db_collation="C"), default=list, size=None
                    ),
                ),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("by_user", models.BigIntegerField(null=True)),
                ("by_post", models.BigIntegerField(null=True)),
                ("by_name", models.TextField()),
                (
                    "undoes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.settingchange",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(models.F("kind"), models.F("subject"), models.F("id"), name="setting_change_subject"),
                    models.Index(models.F("effective_date"), models.F("id"), name="setting_change_effective"),
                ],
            },
        ),
        migrations.RunPython(cannot_be_rewritten, migrations.RunPython.noop, elidable=False),
    ]

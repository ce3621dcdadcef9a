from typing import Any

from django.db import migrations, models
from django.db.models import F


def asked_by_who_brought_them(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("imports", "Batch").objects.using(schema_editor.connection.alias)
    rows.update(asked_user=F("by_user"), asked_post=F("by_post"), asked_name=F("by_name"))


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0002_reports"),
    ]

    operations = [
        migrations.AddField(model_name="batch", name="asked_user", field=models.BigIntegerField(null=True)),
        migrations.AddField(model_name="batch", name="asked_post", field=models.BigIntegerField(null=True)),
        migrations.AddField(model_name="batch", name="asked_name", field=models.TextField(blank=True, default="")),
        migrations.AddField(model_name="batch", name="attempts", field=models.IntegerField(default=0)),
        migrations.RunPython(asked_by_who_brought_them, migrations.RunPython.noop, elidable=True),
    ]

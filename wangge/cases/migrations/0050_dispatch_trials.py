import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0049_whistles_by_time"),
    ]

    operations = [
        migrations.CreateModel(
            name="DispatchTrial",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("now", models.JSONField()),
                ("draft", models.JSONField()),
                ("ranges", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("names_cases", models.BooleanField()),
                ("state", models.TextField(choices=[("running", "试算中"), ("done", "已完成")], default="running")),
                ("total", models.IntegerField()),
                ("done", models.IntegerField(default=0)),
                ("last_at", models.DateTimeField(null=True)),
                ("last_id", models.UUIDField(null=True)),
                ("result", models.JSONField(null=True)),
                ("by_user", models.BigIntegerField()),
                ("by_name", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-asked_at"],
                "indexes": [
                    models.Index(
                        models.F("asked_at"), condition=models.Q(("state", "running")), name="dispatch_trial_waiting"
                    )
                ],
            },
        ),
    ]

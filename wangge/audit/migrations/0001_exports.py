from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="JournalExport",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("form", models.TextField(choices=[("csv", "CSV"), ("xlsx", "Excel")])),
                ("filters", models.JSONField()),
                ("ranges", models.JSONField()),
                ("newest_id", models.BigIntegerField()),
                ("language", models.TextField()),
                ("state", models.TextField(choices=[("running", "制作中"), ("done", "已完成")], default="running")),
                ("rows", models.IntegerField(default=0)),
                ("size", models.BigIntegerField(default=0)),
                ("sha256", models.TextField(blank=True, default="")),
                ("signature", models.JSONField(null=True)),
                ("is_cut", models.BooleanField(default=False)),
                ("by_user", models.BigIntegerField()),
                ("by_post", models.BigIntegerField(null=True)),
                ("by_name", models.TextField()),
                ("by_division", models.TextField(blank=True, db_collation="C", default="")),
                ("asked_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-asked_at", "id"],
                "indexes": [
                    models.Index(
                        models.F("asked_at"), condition=models.Q(("state", "running")), name="journal_export_waiting"
                    ),
                    models.Index(models.F("by_user"), models.F("asked_at"), name="journal_export_own"),
                ],
            },
        ),
    ]

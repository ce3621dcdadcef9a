import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# A draft holds a caller's telephone: one post's own, for every kind of statement.
POLICIES = """
alter table desk_draft enable row level security;
create policy draft_own on desk_draft
  using (actor_is_system() or by_post::text = current_setting('wangge.post', true))
  with check (actor_is_system() or by_post::text = current_setting('wangge.post', true));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0001_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("by_post", models.BigIntegerField()),
                ("sealed", models.BinaryField()),
                (
                    "evidence",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                ("version", models.IntegerField(default=1)),
                ("begun_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-changed_at", "id"],
                "indexes": [
                    models.Index(models.F("by_post"), models.F("changed_at"), name="draft_post"),
                    models.Index(models.F("changed_at"), name="draft_changed"),
                ],
            },
        ),
        migrations.CreateModel(
            name="View",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("filters", models.JSONField()),
                ("is_shared", models.BooleanField(default=False)),
                ("by_post", models.BigIntegerField()),
                ("by_name", models.TextField()),
                ("unit_path", models.TextField(db_collation="C")),
                ("division", models.TextField(db_collation="C")),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["name", "id"],
                "indexes": [
                    models.Index(models.F("unit_path"), condition=models.Q(("is_shared", True)), name="view_shared")
                ],
                "constraints": [models.UniqueConstraint(fields=("by_post", "name"), name="view_name_once")],
            },
        ),
        migrations.CreateModel(
            name="Pin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_post", models.BigIntegerField()),
                ("order", models.SmallIntegerField()),
                (
                    "view",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="pins", to="desk.view"),
                ),
            ],
            options={
                "ordering": ["by_post", "order", "id"],
                "constraints": [models.UniqueConstraint(fields=("by_post", "view"), name="pinned_once")],
            },
        ),
        migrations.RunSQL(POLICIES),
    ]

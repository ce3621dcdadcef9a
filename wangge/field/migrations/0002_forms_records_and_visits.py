"""Forms, what is recorded with them, whom one visits; row-level security; the sheets shipped."""

from datetime import UTC, datetime
from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from wangge.field.migrations._forms import FORMS

SHIPPED_AT = datetime(2026, 11, 20, tzinfo=UTC)


# As 0001: asked once for each statement, not for each row.
SYSTEM = "(select actor_is_system())"
OWN = "by_post = (select nullif(current_setting('wangge.post', true), '')::bigint)"
IN_RANGES = """code ^@ any ((
    select string_to_array(coalesce(nullif(current_setting('wangge.ranges', true), ''), '-'), ','))::text[])"""


def may(*permissions: str) -> str:
    any_of = " or ".join(f"actor_may('{permission}')" for permission in permissions)
    return f"((select {any_of}) and {IN_RANGES})"


SEEN = f"{SYSTEM} or {OWN} or {may('field.work', 'field.watch')}"
PLANNED = f"{SYSTEM} or {may('field.work', 'field.watch', 'patrol.edit')}"
POLICIES = f"""
alter table field_record enable row level security;
create policy record_read on field_record for select using ({SEEN});
create policy record_made on field_record for insert with check ({SYSTEM} or {OWN});
create policy record_changed on field_record for update using ({SYSTEM});
create policy record_erased on field_record for delete using ({SYSTEM});

alter table field_piece enable row level security;
create policy piece_read on field_piece for select using ({SEEN});
create policy piece_made on field_piece for insert with check ({SYSTEM} or {OWN});
create policy piece_changed on field_piece for update using ({SYSTEM});
create policy piece_erased on field_piece for delete using ({SYSTEM});

alter table field_subject enable row level security;
create policy subject_read on field_subject for select using ({PLANNED});
create policy subject_made on field_subject for insert with check ({SYSTEM} or {may("patrol.edit")});
create policy subject_changed on field_subject for update using ({SYSTEM} or {may("patrol.edit")});
create policy subject_erased on field_subject for delete using ({SYSTEM});
"""


def ship(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    forms, versions = apps.get_model("field", "Form"), apps.get_model("field", "FormVersion")
    for code, kind, zh, en, schema in FORMS:
        row = forms.objects.using(alias).create(code=code, kind=kind, name_zh=zh, name_en=en, version=1)
        versions.objects.using(alias).create(form=row, number=1, schema=schema, at=SHIPPED_AT)


class Migration(migrations.Migration):
    dependencies = [
        ("field", "0001_terminals_duty_and_positions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Form",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField(db_collation="C", unique=True)),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("visit", "走访"),
                            ("collect", "信息采集"),
                            ("inspect", "检查"),
                            ("patrol", "巡查"),
                            ("errand", "任务"),
                        ]
                    ),
                ),
                ("name_zh", models.TextField()),
                ("name_en", models.TextField()),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.IntegerField(default=1)),
            ],
            options={
                "ordering": ["kind", "code"],
            },
        ),
        migrations.CreateModel(
            name="Piece",
            fields=[
                ("piece", models.UUIDField(primary_key=True, serialize=False)),
                ("owner_kind", models.TextField(db_collation="C")),
                ("owner_id", models.UUIDField()),
                ("code", models.TextField(db_collation="C")),
                ("by_post", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at", "piece"],
                "indexes": [models.Index(models.F("owner_id"), name="piece_owner")],
            },
        ),
        migrations.CreateModel(
            name="Subject",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.TextField(
                        choices=[("dwelling", "出租房"), ("shop", "沿街商铺"), ("site", "场所"), ("household", "家庭")]
                    ),
                ),
                ("title", models.TextField()),
                ("address", models.TextField(blank=True, default="")),
                ("code", models.TextField(db_collation="C")),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("contact_name_sealed", models.BinaryField(null=True)),
                ("contact_name_masked", models.TextField(blank=True, default="")),
                ("contact_phone_sealed", models.BinaryField(null=True)),
                ("contact_phone_masked", models.TextField(blank=True, default="")),
                (
                    "level",
                    models.TextField(
                        choices=[
                            ("a", "a"),
                            ("b", "b"),
                            ("c", "c"),
                            ("d", "d"),
                        ]
                    ),
                ),
                ("interval_days", models.IntegerField(null=True)),
                ("last_date", models.DateField(null=True)),
                ("next_date", models.DateField()),
                ("note", models.TextField(blank=True, default="")),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.IntegerField(default=1)),
                (
                    "form",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="field.form"),
                ),
            ],
            options={
                "ordering": ["next_date", "id"],
            },
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("version", models.IntegerField()),
                ("kind", models.TextField(db_collation="C")),
                ("errand_id", models.UUIDField(null=True)),
                ("code", models.TextField(db_collation="C")),
                ("address", models.TextField(blank=True, default="")),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("accuracy", models.FloatField(null=True)),
                ("answers", models.JSONField(default=dict)),
                ("masked", models.JSONField(default=dict)),
                ("secrets_sealed", models.BinaryField(null=True)),
                (
                    "failed",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("due_date", models.DateField(null=True)),
                ("next_date", models.DateField(null=True)),
                ("by_post", models.BigIntegerField()),
                ("by_user", models.BigIntegerField()),
                ("by_name", models.TextField()),
                ("fingerprint", models.BinaryField()),
                ("happened_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="records", to="field.form"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="field.subject",
                    ),
                ),
            ],
            options={
                "ordering": ["-happened_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="FormVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("schema", models.JSONField()),
                ("at", models.DateTimeField()),
                ("by_name", models.TextField(blank=True, default="")),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="field.form"
                    ),
                ),
            ],
            options={
                "ordering": ["form", "-number"],
                "constraints": [models.UniqueConstraint(fields=("form", "number"), name="form_version_once")],
            },
        ),
        migrations.AddIndex(
            model_name="subject",
            index=models.Index(
                models.F("code"), models.F("next_date"), condition=models.Q(("is_active", True)), name="subject_due"
            ),
        ),
        migrations.AddIndex(
            model_name="subject",
            index=models.Index(models.F("next_date"), condition=models.Q(("is_active", True)), name="subject_next"),
        ),
        migrations.AddConstraint(
            model_name="subject",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat__isnull", True), ("lon__isnull", True)),
                    models.Q(("lat__isnull", False), ("lon__isnull", False)),
                    _connector="OR",
                ),
                name="subject_place_in_pairs",
            ),
        ),
        migrations.AddConstraint(
            model_name="subject",
            constraint=models.CheckConstraint(
                condition=models.Q(("interval_days__isnull", True), ("interval_days__gte", 1), _connector="OR"),
                name="subject_interval_positive",
            ),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(models.F("subject"), models.F("happened_at"), name="record_subject"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(models.F("code"), models.F("happened_at"), name="record_code"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(models.F("by_post"), models.F("happened_at"), name="record_post"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                models.F("errand_id"), condition=models.Q(("errand_id__isnull", False)), name="record_errand"
            ),
        ),
        migrations.AddConstraint(
            model_name="record",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat__isnull", True), ("lon__isnull", True)),
                    models.Q(("lat__isnull", False), ("lon__isnull", False)),
                    _connector="OR",
                ),
                name="record_place_in_pairs",
            ),
        ),
        migrations.RunSQL(POLICIES, elidable=False),
        migrations.RunPython(ship, migrations.RunPython.noop, elidable=False),
    ]

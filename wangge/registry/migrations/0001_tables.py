"""People, dwellings, organisations and what belongs to them (ADR 20)."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Building",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("code", models.TextField(db_collation="C")),
                ("source", models.TextField(default="console")),
                ("sources", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField()),
                ("version", models.IntegerField(default=1)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.TextField(blank=True, default="")),
                ("name", models.TextField(blank=True, default="")),
                ("address", models.TextField()),
                ("address_key", models.TextField()),
                ("parts", models.JSONField(default=dict)),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("use", models.TextField(blank=True, default="")),
                ("floors", models.SmallIntegerField(null=True)),
                ("floors_below", models.SmallIntegerField(null=True)),
                ("units", models.SmallIntegerField(null=True)),
                ("built_year", models.SmallIntegerField(null=True)),
                ("has_lift", models.BooleanField(null=True)),
            ],
            options={
                "ordering": ["address_key", "id"],
                "indexes": [
                    models.Index(models.F("code"), models.F("id"), name="registry_building_code"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["address_key"], name="registry_building_address", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lat__isnull", True), ("lon__isnull", True)),
                            models.Q(("lat__isnull", False), ("lon__isnull", False)),
                            _connector="OR",
                        ),
                        name="building_point_in_pairs",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CareCategory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField(db_collation="C", unique=True)),
                ("name_zh", models.TextField()),
                ("name_en", models.TextField()),
                ("legal_basis", models.TextField()),
                ("approval", models.TextField()),
                ("department", models.TextField()),
                ("interval_days", models.SmallIntegerField()),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("legal_basis", ""), _negated=True), models.Q(("approval", ""), _negated=True)
                        ),
                        name="care_category_is_lawful",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("interval_days__gte", 1)), name="care_category_interval"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Care",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name_sealed", models.BinaryField()),
                ("basis_sealed", models.BinaryField()),
                ("level", models.SmallIntegerField(default=2)),
                ("unit_path", models.TextField(db_collation="C")),
                ("worker_post", models.BigIntegerField(null=True)),
                (
                    "posts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("start_date", models.DateField()),
                ("end_date", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.TextField(blank=True, default="")),
                ("next_visit", models.DateField(null=True)),
                ("code", models.TextField(db_collation="C")),
                ("version", models.IntegerField(default=1)),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="subjects", to="registry.carecategory"
                    ),
                ),
            ],
            options={
                "ordering": ["next_visit", "id"],
            },
        ),
        migrations.CreateModel(
            name="CareHelper",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("role", models.TextField()),
                ("post_id", models.BigIntegerField(null=True)),
                ("name_sealed", models.BinaryField()),
                (
                    "care",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="helpers", to="registry.care"
                    ),
                ),
            ],
            options={
                "ordering": ["care", "role", "id"],
            },
        ),
        migrations.CreateModel(
            name="CareVisit",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("visited_on", models.DateField()),
                ("findings_sealed", models.BinaryField()),
                ("needs_sealed", models.BinaryField(null=True)),
                ("next_visit", models.DateField(null=True)),
                ("by_post", models.BigIntegerField(null=True)),
                ("by_name", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "care",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="visits", to="registry.care"
                    ),
                ),
            ],
            options={
                "ordering": ["-visited_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField(db_collation="C")),
                ("record", models.UUIDField()),
                ("act", models.UUIDField()),
                ("field", models.TextField()),
                ("old", models.TextField(blank=True, default="")),
                ("new", models.TextField(blank=True, default="")),
                ("old_sealed", models.BinaryField(null=True)),
                ("new_sealed", models.BinaryField(null=True)),
                ("why", models.TextField(blank=True, default="")),
                ("source", models.TextField()),
                ("owner", models.TextField(blank=True, default="")),
                ("by_post", models.BigIntegerField(null=True)),
                ("by_name", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
                ("code", models.TextField(db_collation="C")),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(models.F("record"), models.F("id"), name="registry_change_record")],
            },
        ),
        migrations.CreateModel(
            name="Difference",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.TextField(db_collation="C")),
                ("record", models.UUIDField()),
                ("field", models.TextField()),
                ("offered", models.TextField(blank=True, default="")),
                ("offered_sealed", models.BinaryField(null=True)),
                ("source", models.TextField()),
                ("owner", models.TextField(blank=True, default="")),
                ("said_at", models.DateTimeField()),
                (
                    "state",
                    models.TextField(
                        choices=[("open", "待处理"), ("taken", "已采纳"), ("refused", "不采纳")], default="open"
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.TextField(blank=True, default="")),
                ("why", models.TextField(blank=True, default="")),
                ("code", models.TextField(db_collation="C")),
            ],
            options={
                "ordering": ["-said_at", "-id"],
                "indexes": [
                    models.Index(models.F("record"), models.F("field"), name="registry_difference_record"),
                    models.Index(
                        models.F("code"),
                        models.F("said_at"),
                        condition=models.Q(("state", "open")),
                        name="registry_difference_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="difference_decided",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dwelling",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("code", models.TextField(db_collation="C")),
                ("source", models.TextField(default="console")),
                ("sources", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField()),
                ("version", models.IntegerField(default=1)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.TextField(blank=True, default="")),
                ("address", models.TextField(blank=True, default="")),
                ("room_key", models.TextField(blank=True, db_collation="C", default="")),
                ("house_no", models.TextField(blank=True, db_collation="C", default="")),
                ("unit", models.TextField(blank=True, default="")),
                ("floor", models.SmallIntegerField(null=True)),
                ("room", models.TextField(blank=True, default="")),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("use", models.TextField(blank=True, default="")),
                ("area_m2", models.FloatField(null=True)),
                ("owner_kind", models.TextField(blank=True, default="")),
                ("occupancy", models.TextField(blank=True, default="")),
                ("rental_use", models.TextField(blank=True, default="")),
                ("hazard", models.TextField(blank=True, default="")),
                ("hazard_checked", models.DateField(null=True)),
                (
                    "building",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dwellings",
                        to="registry.building",
                    ),
                ),
            ],
            options={
                "ordering": ["building", "unit", "floor", "room", "id"],
            },
        ),
        migrations.CreateModel(
            name="Facility",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("code", models.TextField(db_collation="C")),
                ("source", models.TextField(default="console")),
                ("sources", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField()),
                ("version", models.IntegerField(default=1)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.TextField(blank=True, default="")),
                ("number", models.TextField(db_collation="C")),
                ("kind", models.TextField()),
                ("name", models.TextField()),
                ("address", models.TextField(blank=True, default="")),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("state", models.TextField(blank=True, default="")),
                ("manager", models.TextField(blank=True, default="")),
            ],
            options={
                "ordering": ["code", "number", "id"],
                "indexes": [models.Index(models.F("code"), models.F("id"), name="registry_facility_code")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lat__isnull", True), ("lon__isnull", True)),
                            models.Q(("lat__isnull", False), ("lon__isnull", False)),
                            _connector="OR",
                        ),
                        name="facility_point_in_pairs",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("number",), name="facility_number_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Household",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("code", models.TextField(db_collation="C")),
                ("source", models.TextField(default="console")),
                ("sources", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField()),
                ("version", models.IntegerField(default=1)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.TextField(blank=True, default="")),
                ("number", models.TextField(blank=True, db_collation="C", default="")),
                ("registration", models.TextField(blank=True, default="")),
                (
                    "dwelling",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="households",
                        to="registry.dwelling",
                    ),
                ),
            ],
            options={
                "ordering": ["code", "number", "id"],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kept", models.UUIDField()),
                ("gone", models.UUIDField()),
                ("moved", models.JSONField(default=list)),
                ("why", models.TextField()),
                ("by_name", models.TextField()),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.TextField(blank=True, default="")),
                ("code", models.TextField(db_collation="C")),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(models.F("kept"), name="registry_merge_kept")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("gone")), _negated=True), name="merge_of_two"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)), fields=("gone",), name="merged_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("code", models.TextField(db_collation="C")),
                ("source", models.TextField(default="console")),
                ("sources", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField()),
                ("version", models.IntegerField(default=1)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.TextField(blank=True, default="")),
                ("name", models.TextField()),
                ("name_key", models.TextField()),
                ("credit_code", models.TextField(blank=True, db_collation="C", default="")),
                ("kind", models.TextField()),
                ("address", models.TextField(blank=True, default="")),
                ("phone", models.TextField(blank=True, default="")),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("staff", models.IntegerField(null=True)),
                ("hazard", models.TextField(blank=True, default="")),
                ("handles_chemicals", models.BooleanField(null=True)),
                ("has_party", models.BooleanField(null=True)),
                ("has_union", models.BooleanField(null=True)),
                (
                    "building",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organisations",
                        to="registry.building",
                    ),
                ),
            ],
            options={
                "ordering": ["name_key", "id"],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("code", models.TextField(db_collation="C")),
                ("source", models.TextField(default="console")),
                ("sources", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField()),
                ("version", models.IntegerField(default=1)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.TextField(blank=True, default="")),
                ("name", models.TextField(blank=True, default="")),
                ("name_key", models.TextField(blank=True, default="")),
                ("former_name", models.TextField(blank=True, default="")),
                ("id_type", models.TextField(blank=True, default="")),
                ("id_number_sealed", models.BinaryField(null=True)),
                ("id_number_hash", models.BinaryField(null=True)),
                ("id_number_masked", models.TextField(blank=True, default="")),
                ("sex", models.TextField(blank=True, default="")),
                ("birth_date", models.DateField(null=True)),
                ("phone_sealed", models.BinaryField(null=True)),
                ("phone_hash", models.BinaryField(null=True)),
                ("phone_masked", models.TextField(blank=True, default="")),
                ("email_sealed", models.BinaryField(null=True)),
                ("email_masked", models.TextField(blank=True, default="")),
                ("registration", models.TextField(blank=True, default="")),
                ("native_place", models.TextField(blank=True, default="")),
                ("marital", models.TextField(blank=True, default="")),
                ("education", models.TextField(blank=True, default="")),
                ("occupation", models.TextField(blank=True, default="")),
                ("employer", models.TextField(blank=True, default="")),
                ("household_region", models.TextField(blank=True, default="")),
                ("household_address", models.TextField(blank=True, default="")),
                ("residence_address", models.TextField(blank=True, default="")),
                ("inflow_reason", models.TextField(blank=True, default="")),
                ("permit_type", models.TextField(blank=True, default="")),
                ("permit_number_sealed", models.BinaryField(null=True)),
                ("permit_number_masked", models.TextField(blank=True, default="")),
                ("permit_expires", models.DateField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "merged_into",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "ordering": ["code", "id"],
            },
        ),
        migrations.CreateModel(
            name="OrganisationPerson",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("role", models.TextField()),
                ("name", models.TextField(blank=True, default="")),
                ("phone_sealed", models.BinaryField(null=True)),
                ("phone_masked", models.TextField(blank=True, default="")),
                ("from_date", models.DateField(null=True)),
                ("to_date", models.DateField(null=True)),
                ("code", models.TextField(db_collation="C")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="people", to="registry.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation", "role", "id"],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("relation", models.TextField(blank=True, default="")),
                ("from_date", models.DateField(null=True)),
                ("to_date", models.DateField(null=True)),
                ("code", models.TextField(db_collation="C")),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="registry.household"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="registry.person"
                    ),
                ),
            ],
            options={
                "ordering": ["household", "relation", "id"],
            },
        ),
        migrations.AddField(
            model_name="care",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.person"
            ),
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("code", models.TextField(db_collation="C")),
                ("source", models.TextField(default="console")),
                ("sources", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField()),
                ("version", models.IntegerField(default=1)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.TextField(blank=True, default="")),
                ("name", models.TextField()),
                ("kind", models.TextField()),
                ("address", models.TextField(blank=True, default="")),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("capacity", models.IntegerField(null=True)),
            ],
            options={
                "ordering": ["code", "name", "id"],
                "indexes": [models.Index(models.F("code"), models.F("id"), name="registry_place_code")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lat__isnull", True), ("lon__isnull", True)),
                            models.Q(("lat__isnull", False), ("lon__isnull", False)),
                            _connector="OR",
                        ),
                        name="registry_place_point_in_pairs",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Residence",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("tie", models.TextField(choices=[("lives", "居住"), ("rents", "租住"), ("owns", "产权人")])),
                ("from_date", models.DateField(null=True)),
                ("to_date", models.DateField(null=True)),
                ("code", models.TextField(db_collation="C")),
                ("at", models.DateTimeField()),
                (
                    "dwelling",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="residences",
                        to="registry.dwelling",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="residences",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-to_date", "-from_date", "id"],
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "token", "code", "record", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("token", models.BigIntegerField()),
                ("code", models.TextField(db_collation="C")),
                ("record", models.UUIDField()),
            ],
            options={
                "indexes": [models.Index(models.F("record"), name="registry_token_record")],
            },
        ),
        migrations.AddIndex(
            model_name="dwelling",
            index=models.Index(models.F("code"), models.F("id"), name="registry_dwelling_code"),
        ),
        migrations.AddIndex(
            model_name="dwelling",
            index=models.Index(models.F("building"), name="registry_dwelling_building"),
        ),
        migrations.AddIndex(
            model_name="dwelling",
            index=models.Index(
                models.F("house_no"),
                condition=models.Q(("house_no", ""), _negated=True),
                name="registry_dwelling_house",
            ),
        ),
        migrations.AddConstraint(
            model_name="dwelling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat__isnull", True), ("lon__isnull", True)),
                    models.Q(("lat__isnull", False), ("lon__isnull", False)),
                    _connector="OR",
                ),
                name="dwelling_point_in_pairs",
            ),
        ),
        migrations.AddConstraint(
            model_name="dwelling",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("building__isnull", False), ("ended_at__isnull", True), models.Q(("room_key", ""), _negated=True)
                ),
                fields=("building", "room_key"),
                name="dwelling_once_in_its_building",
            ),
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(models.F("code"), models.F("id"), name="registry_household_code"),
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(
                models.F("number"), condition=models.Q(("number", ""), _negated=True), name="registry_household_number"
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(models.F("code"), models.F("id"), name="registry_organisation_code"),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["name_key"], name="registry_organisation_name", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat__isnull", True), ("lon__isnull", True)),
                    models.Q(("lat__isnull", False), ("lon__isnull", False)),
                    _connector="OR",
                ),
                name="organisation_point_in_pairs",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), models.Q(("credit_code", ""), _negated=True)),
                fields=("credit_code",),
                name="organisation_code_once",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(models.F("code"), models.F("id"), name="registry_person_code"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                models.F("phone_hash"), condition=models.Q(("phone_hash__isnull", False)), name="registry_person_phone"
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                models.F("permit_expires"),
                condition=models.Q(("permit_expires__isnull", False)),
                name="registry_person_permit",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(models.F("birth_date"), name="registry_person_born"),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("id_number_hash__isnull", True), ("id_number_sealed__isnull", True)),
                    models.Q(("id_number_hash__isnull", False), ("id_number_sealed__isnull", False)),
                    _connector="OR",
                ),
                name="person_number_in_pairs",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("phone_hash__isnull", True), ("phone_sealed__isnull", True)),
                    models.Q(("phone_hash__isnull", False), ("phone_sealed__isnull", False)),
                    _connector="OR",
                ),
                name="person_phone_in_pairs",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at__isnull", True),
                    models.Q(
                        ("birth_date__isnull", True),
                        ("id_number_sealed__isnull", True),
                        ("name", ""),
                        ("phone_sealed__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="person_erased_is_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("id_number_hash__isnull", False)),
                fields=("id_number_hash",),
                name="person_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisationperson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("person__isnull", False),
                    models.Q(("name", ""), _negated=True),
                    ("to_date__isnull", False),
                    _connector="OR",
                ),
                name="organisation_person_is_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                condition=models.Q(("to_date__isnull", True)), fields=("household", "person"), name="member_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                condition=models.Q(("relation", "02"), ("to_date__isnull", True)),
                fields=("household",),
                name="household_one_head",
            ),
        ),
        migrations.AddIndex(
            model_name="care",
            index=models.Index(models.F("unit_path"), models.F("next_visit"), name="registry_care_unit"),
        ),
        migrations.AddIndex(
            model_name="care",
            index=models.Index(
                models.F("next_visit"), condition=models.Q(("ended_at__isnull", True)), name="registry_care_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="care",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_date__isnull", True), ("end_date__gte", models.F("start_date")), _connector="OR"
                ),
                name="care_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="care",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__gte", 1), ("level__lte", 3)), name="care_level"
            ),
        ),
        migrations.AddConstraint(
            model_name="care",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("person", "category"), name="care_once"
            ),
        ),
        migrations.AddIndex(
            model_name="residence",
            index=models.Index(models.F("dwelling"), models.F("tie"), name="registry_residence_dwelling"),
        ),
        migrations.AddIndex(
            model_name="residence",
            index=models.Index(models.F("person"), name="registry_residence_person"),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_date__isnull", True),
                    ("from_date__isnull", True),
                    ("to_date__gte", models.F("from_date")),
                    _connector="OR",
                ),
                name="residence_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("tie__in", ("lives", "rents")), ("to_date__isnull", True)),
                fields=("person",),
                name="residence_one_home",
            ),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("to_date__isnull", True)),
                fields=("person", "dwelling", "tie"),
                name="residence_once",
            ),
        ),
    ]

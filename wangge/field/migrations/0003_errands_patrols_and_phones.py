"""Errands, patrols, queues handed in, where to ring; row-level security."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# As 0001: asked once for each statement, not for each row.
SYSTEM = "(select actor_is_system())"
OWN = "post_id = (select nullif(current_setting('wangge.post', true), '')::bigint)"
IN_RANGES = """code ^@ any ((
    select string_to_array(coalesce(nullif(current_setting('wangge.ranges', true), ''), '-'), ','))::text[])"""


def may(*permissions: str) -> str:
    return "(select " + " or ".join(f"actor_may('{permission}')" for permission in permissions) + ")"


OVERSEEN = f"({may('errand.give', 'field.watch')} and ({IN_RANGES} or from_path = (select actor_unit())))"
MINE = """exists (select from field_errandworker w where w.errand_id = field_errand.id
    and w.post_id = (select nullif(current_setting('wangge.post', true), '')::bigint))"""
OF_ERRAND = "exists (select from field_errand e where e.id = errand_id)"
OF_WORKER = "exists (select from field_errandworker w where w.id = worker_id)"
OF_ROUND = "exists (select from field_round r where r.id = round_id)"
WATCHED = f"({may('field.watch', 'patrol.edit')} and {IN_RANGES})"
POLICIES = f"""
create sequence field_errand_serial maxvalue 999999 cycle;

alter table field_errand enable row level security;
create policy errand_read on field_errand for select using ({SYSTEM} or {OVERSEEN} or {MINE});
create policy errand_made on field_errand for insert with check ({SYSTEM} or {may("errand.give", "field.work")});
create policy errand_changed on field_errand for update using ({SYSTEM} or {OVERSEEN} or {MINE});
create policy errand_erased on field_errand for delete using ({SYSTEM});

alter table field_errandworker enable row level security;
create policy worker_read on field_errandworker for select using ({SYSTEM} or {OWN} or {OVERSEEN});
create policy worker_made on field_errandworker for insert with check ({SYSTEM} or {OWN} or {OVERSEEN});
create policy worker_changed on field_errandworker for update using ({SYSTEM} or {OWN} or {OVERSEEN});
create policy worker_erased on field_errandworker for delete using ({SYSTEM});

alter table field_errandstep enable row level security;
create policy step_read on field_errandstep for select using ({SYSTEM} or {OF_ERRAND});
create policy step_made on field_errandstep for insert with check ({SYSTEM} or {OF_ERRAND});
create policy step_erased on field_errandstep for delete using ({SYSTEM});

alter table field_errandask enable row level security;
create policy ask_read on field_errandask for select using ({SYSTEM} or {OF_WORKER});
create policy ask_made on field_errandask for insert with check ({SYSTEM} or {OF_WORKER});
create policy ask_changed on field_errandask for update using ({SYSTEM} or {OF_WORKER});
create policy ask_erased on field_errandask for delete using ({SYSTEM});

alter table field_round enable row level security;
create policy round_read on field_round for select using ({SYSTEM} or {OWN} or {WATCHED});
create policy round_made on field_round for insert with check ({SYSTEM});
create policy round_changed on field_round for update using ({SYSTEM} or {OWN});
create policy round_erased on field_round for delete using ({SYSTEM});

alter table field_roundcheck enable row level security;
create policy check_read on field_roundcheck for select using ({SYSTEM} or {OF_ROUND});
create policy check_made on field_roundcheck for insert with check ({SYSTEM} or {OF_ROUND});
create policy check_erased on field_roundcheck for delete using ({SYSTEM});

alter table field_handedin enable row level security;
create policy handed_in_read on field_handedin for select using (
  {SYSTEM} or ({may("field.watch")} and {IN_RANGES}));
create policy handed_in_made on field_handedin for insert with check ({SYSTEM} or {may("field.watch")});
create policy handed_in_changed on field_handedin for update using (
  {SYSTEM} or ({may("field.watch")} and {IN_RANGES}));
create policy handed_in_erased on field_handedin for delete using ({SYSTEM});

alter table field_pushsubscription enable row level security;
create policy push_read on field_pushsubscription for select using ({SYSTEM} or {OWN});
create policy push_made on field_pushsubscription for insert with check ({SYSTEM} or {OWN});
create policy push_changed on field_pushsubscription for update using ({SYSTEM} or {OWN});
create policy push_erased on field_pushsubscription for delete using ({SYSTEM} or {OWN});
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_registry"),
        ("cases", "0052_open_grains"),
        ("field", "0002_forms_records_and_visits"),
    ]

    operations = [
        migrations.CreateModel(
            name="HandedIn",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("sha256", models.TextField(db_collation="C", unique=True)),
                ("code", models.TextField(db_collation="C")),
                ("worker_post", models.BigIntegerField()),
                ("worker_name", models.TextField()),
                ("device", models.TextField(blank=True, default="")),
                ("made_at", models.DateTimeField(null=True)),
                ("sealed", models.BinaryField()),
                ("entries", models.JSONField(default=list)),
                ("by_post", models.BigIntegerField()),
                ("by_name", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Errand",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("number", models.TextField(db_collation="C", unique=True)),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("verify", "verify"),
                            ("inspect", "inspect"),
                            ("respond", "respond"),
                            ("rectify", "rectify"),
                            ("recheck", "recheck"),
                            ("collect", "collect"),
                            ("other", "other"),
                        ],
                        db_collation="C",
                    ),
                ),
                (
                    "state",
                    models.TextField(
                        choices=[("open", "办理中"), ("closed", "已结束"), ("withdrawn", "已撤回")],
                        db_collation="C",
                        default="open",
                    ),
                ),
                ("title", models.TextField()),
                ("text", models.TextField(blank=True, default="")),
                ("item", models.TextField(blank=True, db_collation="C", default="")),
                ("needs_photo", models.BooleanField(default=False)),
                ("urgent", models.BooleanField(default=False)),
                ("code", models.TextField(db_collation="C")),
                ("address", models.TextField(blank=True, default="")),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("from_path", models.TextField(db_collation="C")),
                ("by_post", models.BigIntegerField(null=True)),
                ("by_name", models.TextField()),
                ("given_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("withdrawn_why", models.TextField(blank=True, default="")),
                (
                    "case",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="field.form"
                    ),
                ),
                (
                    "from_unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="field.errand",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rectifications",
                        to="field.record",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="errands",
                        to="field.subject",
                    ),
                ),
            ],
            options={
                "ordering": ["-given_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ErrandWorker",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("user_id", models.BigIntegerField()),
                ("name", models.TextField()),
                ("unit_name", models.TextField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("given", "given"),
                            ("signed", "signed"),
                            ("set_out", "set_out"),
                            ("arrived", "arrived"),
                            ("done", "done"),
                            ("handed_up", "handed_up"),
                            ("returned", "returned"),
                            ("withdrawn", "withdrawn"),
                        ],
                        db_collation="C",
                        default="given",
                    ),
                ),
                ("version", models.IntegerField(default=1)),
                ("given_at", models.DateTimeField()),
                ("signed_at", models.DateTimeField(null=True)),
                ("set_out_at", models.DateTimeField(null=True)),
                ("arrived_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("accuracy", models.FloatField(null=True)),
                ("distance_m", models.FloatField(null=True)),
                ("result", models.TextField(blank=True, db_collation="C", default="")),
                ("text", models.TextField(blank=True, default="")),
                ("answer_due_at", models.DateTimeField(null=True)),
                ("arrive_due_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("late_answer_at", models.DateTimeField(null=True)),
                ("late_arrive_at", models.DateTimeField(null=True)),
                ("late_at", models.DateTimeField(null=True)),
                ("code", models.TextField(db_collation="C")),
                ("from_path", models.TextField(db_collation="C")),
                (
                    "errand",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="workers",
                        to="field.errand",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
            ],
            options={
                "ordering": ["given_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="ErrandStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField(db_collation="C")),
                ("by_name", models.TextField()),
                ("text", models.TextField(blank=True, default="")),
                ("distance_m", models.FloatField(null=True)),
                ("happened_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                (
                    "errand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="field.errand"
                    ),
                ),
                (
                    "worker",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="field.errandworker",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ErrandAsk",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
                ("reason", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("granted", models.BooleanField(null=True)),
                ("decision", models.TextField(blank=True, default="")),
                ("decided_by", models.TextField(blank=True, default="")),
                (
                    "worker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="asks", to="field.errandworker"
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="HouseKey",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("purpose", models.TextField(choices=[("handed_in", "离线队列交回"), ("vapid", "Web Push")])),
                ("public", models.JSONField()),
                ("private_sealed", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-made_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("purpose",), name="house_key_in_use"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PatrolPlan",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("code", models.TextField(db_collation="C")),
                ("name", models.TextField()),
                ("per", models.TextField(choices=[("day", "每天"), ("week", "每周")], default="day")),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), default=list, size=None
                    ),
                ),
                ("times", models.SmallIntegerField(default=1)),
                ("route", models.JSONField(null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.IntegerField(default=1)),
                (
                    "form",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="field.form"
                    ),
                ),
            ],
            options={
                "ordering": ["code", "name", "id"],
            },
        ),
        migrations.CreateModel(
            name="PatrolDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField(db_collation="C")),
                ("day", models.DateField()),
                ("rounds", models.SmallIntegerField()),
                ("kept", models.SmallIntegerField()),
                ("points", models.IntegerField()),
                ("seen", models.IntegerField()),
                ("skipped", models.IntegerField()),
                ("deviations", models.IntegerField()),
                ("on_track", models.IntegerField()),
                ("route_share", models.FloatField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "plan",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="field.patrolplan",
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "code", "id"],
            },
        ),
        migrations.CreateModel(
            name="PatrolPoint",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("number", models.SmallIntegerField()),
                ("name", models.TextField()),
                ("lon", models.FloatField()),
                ("lat", models.FloatField()),
                ("radius_m", models.FloatField(default=30)),
                ("dwell_s", models.FloatField(default=0)),
                ("photo_needed", models.BooleanField(default=False)),
                ("token", models.TextField(blank=True, db_collation="C", default="")),
                ("is_dropped", models.BooleanField(default=False)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="points", to="field.patrolplan"
                    ),
                ),
            ],
            options={
                "ordering": ["plan", "number", "id"],
            },
        ),
        migrations.CreateModel(
            name="PushSubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("endpoint", models.TextField(unique=True)),
                ("p256dh", models.TextField()),
                ("auth", models.TextField()),
                ("post_id", models.BigIntegerField()),
                ("session_id", models.BigIntegerField()),
                ("device", models.TextField(blank=True, default="")),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(models.F("post_id"), name="push_post")],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("code", models.TextField(db_collation="C")),
                ("day", models.DateField()),
                ("number", models.SmallIntegerField()),
                ("user_id", models.BigIntegerField()),
                ("name", models.TextField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("planned", "待巡查"),
                            ("begun", "巡查中"),
                            ("kept", "已完成"),
                            ("ended", "提前结束"),
                            ("missed", "未巡查"),
                        ],
                        db_collation="C",
                        default="planned",
                    ),
                ),
                ("from_date", models.DateField()),
                ("points", models.SmallIntegerField()),
                ("seen", models.SmallIntegerField(default=0)),
                ("skipped", models.SmallIntegerField(default=0)),
                ("deviations", models.SmallIntegerField(default=0)),
                ("begun_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, default="")),
                (
                    "plan",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="field.patrolplan",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
            ],
            options={
                "ordering": ["day", "number", "id"],
            },
        ),
        migrations.CreateModel(
            name="RoundCheck",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "how",
                    models.TextField(
                        choices=[("place", "到点打卡"), ("code", "扫码"), ("photo", "拍照"), ("skipped", "跳过")]
                    ),
                ),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("accuracy", models.FloatField(null=True)),
                ("distance_m", models.FloatField(null=True)),
                ("is_deviation", models.BooleanField(default=False)),
                ("reason", models.TextField(blank=True, default="")),
                ("happened_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                (
                    "point",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="field.patrolpoint",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="field.round",
                    ),
                ),
            ],
            options={
                "ordering": ["happened_at", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="errand",
            index=models.Index(models.F("code"), models.F("given_at"), name="errand_code"),
        ),
        migrations.AddIndex(
            model_name="errand",
            index=models.Index(models.F("from_path"), models.F("given_at"), name="errand_from"),
        ),
        migrations.AddConstraint(
            model_name="errand",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat__isnull", True), ("lon__isnull", True)),
                    models.Q(("lat__isnull", False), ("lon__isnull", False)),
                    _connector="OR",
                ),
                name="errand_place_in_pairs",
            ),
        ),
        migrations.AddConstraint(
            model_name="errand",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="errand_closed_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="errand",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True),
                    models.Q(("withdrawn_why", ""), _negated=True),
                    _connector="OR",
                ),
                name="errand_withdrawn_says_why",
            ),
        ),
        migrations.AddIndex(
            model_name="errandworker",
            index=models.Index(models.F("post"), models.F("given_at"), name="errand_worker_post"),
        ),
        migrations.AddIndex(
            model_name="errandworker",
            index=models.Index(
                models.F("answer_due_at"),
                condition=models.Q(("late_answer_at__isnull", True), ("state", "given")),
                name="errand_answer_due",
            ),
        ),
        migrations.AddIndex(
            model_name="errandworker",
            index=models.Index(
                models.F("arrive_due_at"),
                condition=models.Q(("late_arrive_at__isnull", True), ("state__in", ["given", "signed", "set_out"])),
                name="errand_arrive_due",
            ),
        ),
        migrations.AddIndex(
            model_name="errandworker",
            index=models.Index(
                models.F("due_at"),
                condition=models.Q(
                    ("late_at__isnull", True),
                    (
                        "state__in",
                        [
                            "given",
                            "signed",
                            "set_out",
                            "arrived",
                        ],
                    ),
                ),
                name="errand_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="errandworker",
            constraint=models.UniqueConstraint(fields=("errand", "post"), name="errand_once_for_a_post"),
        ),
        migrations.AddConstraint(
            model_name="errandworker",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", True),
                        (
                            "state__in",
                            [
                                "given",
                                "signed",
                                "set_out",
                                "arrived",
                            ],
                        ),
                    ),
                    models.Q(
                        models.Q(
                            (
                                "state__in",
                                [
                                    "given",
                                    "signed",
                                    "set_out",
                                    "arrived",
                                ],
                            ),
                            _negated=True,
                        ),
                        ("ended_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="errand_worker_ended_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="errandask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("granted__isnull", True)),
                    models.Q(("decided_at__isnull", False), ("granted__isnull", False)),
                    _connector="OR",
                ),
                name="errand_ask_decided_says_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="errandask",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at__isnull", True)), fields=("worker",), name="errand_ask_one_at_a_time"
            ),
        ),
        migrations.AddIndex(
            model_name="patrolplan",
            index=models.Index(models.F("code"), name="patrol_plan_code"),
        ),
        migrations.AddConstraint(
            model_name="patrolplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="patrol_plan_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="patrolplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("times__gte", 1), ("times__lte", 12)), name="patrol_plan_times"
            ),
        ),
        migrations.AddIndex(
            model_name="patrolday",
            index=models.Index(models.F("code"), models.F("day"), name="patrol_day_code"),
        ),
        migrations.AddConstraint(
            model_name="patrolday",
            constraint=models.UniqueConstraint(fields=("plan", "day"), name="patrol_day_once"),
        ),
        migrations.AddConstraint(
            model_name="patrolpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("lat__gte", -90), ("lat__lte", 90), ("lon__gte", -180), ("lon__lte", 180)),
                name="patrol_point_on_earth",
            ),
        ),
        migrations.AddConstraint(
            model_name="patrolpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("radius_m__gte", 5), ("radius_m__lte", 500)), name="patrol_point_radius"
            ),
        ),
        migrations.AddIndex(
            model_name="round",
            index=models.Index(models.F("post"), models.F("day"), name="round_post"),
        ),
        migrations.AddIndex(
            model_name="round",
            index=models.Index(models.F("code"), models.F("day"), name="round_code"),
        ),
        migrations.AddIndex(
            model_name="round",
            index=models.Index(
                models.F("day"), condition=models.Q(("state__in", ["planned", "begun"])), name="round_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(fields=("plan", "day", "post", "number"), name="round_once"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("day__gte", models.F("from_date"))), name="round_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="roundcheck",
            constraint=models.UniqueConstraint(fields=("round", "point"), name="check_once"),
        ),
        migrations.AddConstraint(
            model_name="roundcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True),
                    models.Q(("is_deviation", False), models.Q(("how", "skipped"), _negated=True)),
                    _connector="OR",
                ),
                name="check_says_why",
            ),
        ),
        migrations.RunSQL(POLICIES, elidable=False),
    ]

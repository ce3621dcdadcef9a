"""Terminals, duty, positions: the tables, the days of batches, and row-level security."""

from typing import Any

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BATCHES = """
create table field_batch (
  day date not null,
  post_id bigint not null,
  id uuid not null,
  code text collate "C" not null,
  since_ms bigint not null,
  until_ms bigint not null,
  received_at timestamptz not null,
  points bytea not null,
  primary key (day, post_id, id)
) partition by range (day);
create table field_batch_rest partition of field_batch default;
-- A partition asked for by its own name would answer past the policies of the whole table.
revoke all on field_batch_rest from "{app}";

-- Deflated already: a second try costs time and saves nothing.
alter table field_batch alter column points set storage external;

-- Days are made ahead and dropped by the worker, which owns nothing: hence security definer.
create function field_make_day(wanted date) returns boolean language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  name text := format('field_batch_%s', to_char(wanted, 'YYYYMMDD'));
begin
  if to_regclass(name) is not null or exists (select from field_batch_rest where day = wanted) then return false; end if;
  execute format('create table %I partition of field_batch for values from (%L) to (%L)', name, wanted, wanted + 1);
  execute format('revoke all on %I from "{app}"', name);
  return true;
end $$;

create function field_drop_days(before date) returns integer language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  name text;
  dropped integer := 0;
begin
  for name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'field_batch'::regclass and c.relname ~ '^field_batch_[0-9]{{8}}$'
       and to_date(right(c.relname, 8), 'YYYYMMDD') < before
  loop
    execute format('drop table %I', name);
    dropped := dropped + 1;
  end loop;
  delete from field_batch_rest where day < before;
  return dropped;
end $$;

-- Rewritten with every batch: room for it in its own page, and no index on what changes.
alter table field_newest set (fillfactor = 50);
"""

# Asked once for each statement, not for each row: 14,262 rows are looked at for one map.
SYSTEM = "(select actor_is_system())"
OWN = "post_id = (select nullif(current_setting('wangge.post', true), '')::bigint)"
IN_RANGES = """code ^@ any ((
    select string_to_array(coalesce(nullif(current_setting('wangge.ranges', true), ''), '-'), ','))::text[])"""


def may(permission: str) -> str:
    return f"(select actor_may('{permission}')) and {IN_RANGES}"


WATCHED = f"{SYSTEM} or {OWN} or ({may('field.watch')})"
KEPT = f"{SYSTEM} or {OWN} or ({may('terminal.edit')})"
POLICIES = f"""
alter table field_dutyspan enable row level security;
create policy duty_read on field_dutyspan for select using ({WATCHED} or ({may("terminal.edit")}));
create policy duty_made on field_dutyspan for insert with check ({SYSTEM} or {OWN});
create policy duty_changed on field_dutyspan for update using ({KEPT});
create policy duty_erased on field_dutyspan for delete using ({SYSTEM});

alter table field_newest enable row level security;
create policy newest_read on field_newest for select using ({WATCHED});
create policy newest_written on field_newest for all using ({SYSTEM});

alter table field_batch enable row level security;
create policy batch_read on field_batch for select using ({SYSTEM} or {OWN} or ({may("track.read")}));
create policy batch_written on field_batch for all using ({SYSTEM});

alter table field_terminal enable row level security;
create policy terminal_read on field_terminal for select using ({WATCHED} or ({may("terminal.edit")}));
create policy terminal_made on field_terminal for insert with check ({KEPT});
create policy terminal_changed on field_terminal for update using ({KEPT});
create policy terminal_erased on field_terminal for delete using ({SYSTEM});

alter table field_trackday enable row level security;
create policy track_day_read on field_trackday for select using ({WATCHED});
create policy track_day_written on field_trackday for all using ({SYSTEM});
"""


def make(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(BATCHES.format(app=settings.DATABASES["default"]["USER"]), params=None)
    schema_editor.execute(POLICIES, params=None)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0010_field"),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day", "post_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("post_id", models.BigIntegerField()),
                ("id", models.UUIDField()),
                ("code", models.TextField(db_collation="C")),
                ("since_ms", models.BigIntegerField()),
                ("until_ms", models.BigIntegerField()),
                ("received_at", models.DateTimeField()),
                ("points", models.BinaryField()),
            ],
            options={
                "db_table": "field_batch",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Newest",
            fields=[
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.post",
                    ),
                ),
                ("code", models.TextField(db_collation="C")),
                ("ms", models.BigIntegerField()),
                ("lon", models.FloatField()),
                ("lat", models.FloatField()),
                ("accuracy", models.FloatField()),
                ("speed", models.FloatField()),
                ("odd", models.SmallIntegerField()),
                ("battery", models.SmallIntegerField(null=True)),
                ("source", models.TextField()),
                ("heard_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["post"],
            },
        ),
        migrations.CreateModel(
            name="DutySpan",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("user_id", models.BigIntegerField()),
                ("code", models.TextField(db_collation="C")),
                ("unit_path", models.TextField(db_collation="C")),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.TextField(
                        blank=True,
                        choices=[("self", "本人下岗"), ("clock", "到最长时间自动下岗"), ("office", "远程下线")],
                        default="",
                    ),
                ),
                ("heard_at", models.DateTimeField()),
                ("silent_at", models.DateTimeField(null=True)),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
                    ),
                ),
            ],
            options={
                "ordering": ["-began_at", "id"],
                "indexes": [
                    models.Index(models.F("post"), models.F("began_at"), name="duty_span_post"),
                    models.Index(
                        models.F("code"), condition=models.Q(("ended_at__isnull", True)), name="duty_span_open"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("began_at")), _connector="OR"
                        ),
                        name="duty_span_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("ended_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="duty_span_ended_by_somebody",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("post", "="), (models.Func("began_at", "ended_at", function="tstzrange"), "&&")],
                        name="on_duty_once_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Terminal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField(choices=[("phone", "手机"), ("tracker", "后台定位客户端")], default="phone")),
                ("device", models.TextField(db_collation="C")),
                ("name", models.TextField(blank=True, default="")),
                ("version", models.TextField(blank=True, default="")),
                ("code", models.TextField(db_collation="C")),
                ("grid", models.TextField(blank=True, db_collation="C", default="")),
                ("key_hash", models.BinaryField(null=True)),
                (
                    "session_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("registered_at", models.DateTimeField()),
                ("bound_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(null=True)),
                ("signed_out_at", models.DateTimeField(null=True)),
                ("signed_out_why", models.TextField(blank=True, default="")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.post"
                    ),
                ),
            ],
            options={
                "ordering": ["code", "id"],
                "indexes": [
                    models.Index(models.F("code"), models.F("id"), name="terminal_code"),
                    models.Index(models.F("grid"), name="terminal_grid"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=("device", "post"),
                        name="terminal_once_for_a_post",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("bound_at__isnull", False), ("released_at__isnull", True)),
                        fields=("post", "kind"),
                        name="one_terminal_of_a_post",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("bound_at__isnull", False), ("released_at__isnull", True)),
                        fields=("device",),
                        name="one_post_of_a_terminal",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("key_hash__isnull", False)),
                        fields=("key_hash",),
                        name="terminal_key_is_its_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("key_hash__isnull", True), ("kind", "phone")),
                            ("kind", "tracker"),
                            _connector="OR",
                        ),
                        name="only_trackers_have_keys",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrackDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("code", models.TextField(db_collation="C")),
                ("metres", models.FloatField()),
                ("duty_s", models.IntegerField()),
                ("heard_s", models.IntegerField()),
                ("gaps", models.IntegerField()),
                ("stops", models.IntegerField()),
                ("points", models.IntegerField()),
                ("odd", models.JSONField(default=dict)),
                ("computed_at", models.DateTimeField()),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.post",
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "post"],
                "indexes": [models.Index(models.F("day"), models.F("code"), name="track_day_code")],
                "constraints": [models.UniqueConstraint(fields=("post", "day"), name="one_track_of_a_day")],
            },
        ),
        migrations.RunPython(make, elidable=False),
    ]

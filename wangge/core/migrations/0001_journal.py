"""Extensions, grants of the application role, what row-level security asks, the journal and its readers."""

from typing import Any

import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models


def application_role() -> str:
    return str(settings.DATABASES["default"]["USER"])


GRANTS = """
grant usage on schema public to "{app}";
grant select, insert, update, delete on all tables in schema public to "{app}";
grant usage, select on all sequences in schema public to "{app}";
alter default privileges in schema public grant select, insert, update, delete on tables to "{app}";
alter default privileges in schema public grant usage, select on sequences to "{app}";
"""

# What policies ask. Each is a plain comparison of a column with a transaction-local setting; nothing set, nothing seen.
ASKED_BY_POLICIES = """
create function actor_kind() returns text language sql stable as
  $$ select coalesce(current_setting('wangge.kind', true), '') $$;
create function actor_is_system() returns boolean language sql stable as
  $$ select coalesce(current_setting('wangge.kind', true), '') = 'system' $$;
create function actor_may(permission text) returns boolean language sql stable as
  $$ select strpos(coalesce(current_setting('wangge.permissions', true), ''), ',' || permission || ',') > 0 $$;
create function actor_covers(code text) returns boolean language sql stable as
  $$ select exists (
       select from unnest(string_to_array(coalesce(nullif(current_setting('wangge.ranges', true), ''), '-'), ',')) as r
       where starts_with(code, r)
     ) $$;
create function actor_in_unit(path text) returns boolean language sql stable as
  $$ select coalesce(nullif(current_setting('wangge.unit', true), ''), '-') <> '-'
        and starts_with(path, current_setting('wangge.unit', true)) $$;
create function actor_unit() returns text language sql stable as
  $$ select coalesce(nullif(current_setting('wangge.unit', true), ''), '-') $$;
"""

JOURNAL = """
create function journal_cluster() returns bigint language sql stable as
  $$ select system_identifier from pg_control_system() $$;

create table core_journal (
  id bigint generated always as identity,
  at timestamptz not null,
  kind text collate "C" not null,
  subject_type text collate "C" not null,
  subject_id text collate "C" not null,
  code text collate "C" not null default '',
  unit_paths text[] collate "C" not null default '{{}}',
  actor_kind text collate "C" not null,
  actor_user bigint,
  actor_post bigint,
  actor_name text not null default '',
  permission text collate "C" not null default '',
  changed text[] not null default '{{}}',
  data jsonb not null default '{{}}',
  xid xid8 not null default pg_current_xact_id(),
  cluster bigint not null default journal_cluster(),
  primary key (id, at)
) partition by range (at);
create table core_journal_rest partition of core_journal default;
create index core_journal_xid on core_journal (xid);
create index core_journal_subject on core_journal (subject_type, subject_id, id);
create index core_journal_code on core_journal (code, id);
create index core_journal_user on core_journal (actor_user, id);
revoke update, delete on core_journal from "{app}";
revoke update, delete on core_journal_rest from "{app}";

-- Months are made ahead by `wangge migrate` and by the worker, which owns nothing: hence security definer.
create function journal_make_month(month date) returns boolean language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  name text := format('core_journal_%s', to_char(month, 'YYYYMM'));
begin
  if to_regclass(name) is not null then return false; end if;
  execute format(
    'create table %I partition of core_journal for values from (%L) to (%L)',
    name,
    (date_trunc('month', month)::timestamp at time zone 'Asia/Shanghai'),
    ((date_trunc('month', month) + interval '1 month')::timestamp at time zone 'Asia/Shanghai')
  );
  execute format('revoke update, delete on %I from "{app}"', name);
  return true;
end $$;

create table core_journal_reader (
  name text primary key,
  cluster bigint not null default journal_cluster(),
  finished pg_snapshot not null default '3:3:',
  target pg_snapshot,
  done_id bigint not null default 0,
  position bigint not null default 0,
  as_of timestamptz,
  stopped_at timestamptz,
  stopped_why text not null default ''
);
"""


def make(apps: Any, schema_editor: Any) -> None:
    app = application_role()
    for part in (GRANTS, ASKED_BY_POLICIES, JOURNAL):
        schema_editor.execute(part.format(app=app) if part is not ASKED_BY_POLICIES else part, params=None)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            "create extension if not exists pg_trgm; create extension if not exists btree_gist;", migrations.RunSQL.noop
        ),
        migrations.RunPython(make, elidable=False),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("kind", models.TextField()),
                ("subject_type", models.TextField()),
                ("subject_id", models.TextField()),
                ("code", models.TextField()),
                ("unit_paths", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("actor_kind", models.TextField()),
                ("actor_user", models.BigIntegerField(null=True)),
                ("actor_post", models.BigIntegerField(null=True)),
                ("actor_name", models.TextField()),
                ("permission", models.TextField()),
                ("changed", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("data", models.JSONField()),
            ],
            options={"db_table": "core_journal", "ordering": ["-id"], "managed": False},
        ),
        migrations.CreateModel(
            name="ReaderState",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("cluster", models.BigIntegerField()),
                ("finished", models.TextField()),
                ("target", models.TextField(null=True)),
                ("done_id", models.BigIntegerField(default=0)),
                ("position", models.BigIntegerField(default=0)),
                ("as_of", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("stopped_why", models.TextField(default="")),
            ],
            options={"db_table": "core_journal_reader", "managed": False},
        ),
        migrations.CreateModel(
            name="Idempotency",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("owner", models.TextField()),
                ("fingerprint", models.BinaryField()),
                ("status", models.SmallIntegerField()),
                ("answer", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["at"], name="core_idempotency_at")]},
        ),
    ]

"""By hour, channel and outcome, and of departments called by whistle.

What a grain counts as is filled in from its case as it is now, and the new roll-ups are added up from the grains: what is
kept stays the sum of its grains, whatever the reader has still to count. One row has the 24 hours of a day: a row for each
hour would make as many rows as there are cases.
"""

from typing import Any

from django.db import migrations, models

HOURS = [f"h{hour:02d}" for hour in range(24)]
DAY_COUNTS = ["reported", "answered", "answered_in_5", "closed", "closed_in_time", "self_settled", "rated", "satisfied"]
OUTCOME_COUNTS = ["closed", "closed_in_time", "self_settled", "rated", "satisfied"]
MUSTER_COUNTS = ["called", "arrived", "arrived_in_10", "arrival_s"]

FILL = """
update cases_grain g set source = c.source,
       reported_hour = extract(hour from c.reported_at at time zone 'Asia/Shanghai')::smallint,
       outcome = case when g.closed_day is null then '' else c.outcome end
  from cases_case c where c.id = g."case";

insert into cases_mustergrain (muster, "case", code, called_day, arrived, arrived_in_10, arrival_s)
select m.id, w.case_id, w.code, (m.called_at at time zone 'Asia/Shanghai')::date, m.arrived_at is not null,
       coalesce(m.arrived_at - m.called_at <= interval '10 minutes', false),
       coalesce(extract(epoch from m.arrived_at - m.called_at)::int, 0)
  from cases_muster m join cases_whistle w on w.id = m.whistle_id;
"""

PLACES = "cross join lateral (select left(g.{column}, s) as code from unnest(array[{sizes}]) s where s <= length(g.{column})) p"
TO_STREET = "0, 2, 4, 6, 9"
BY_SOURCE = f"""
insert into cases_daybysource (code, day, source, {", ".join(DAY_COUNTS)})
select p.code, d.day, g.source, sum(d.came), sum(d.came * g.is_answered::int), sum(d.came * g.answered_in_5::int),
       sum(d.went), sum(d.went * coalesce(g.in_time, false)::int), sum(d.went * g.self_settled::int),
       sum(d.went * (g.satisfaction is not null)::int), sum(d.went * (coalesce(g.satisfaction, 0) >= 4)::int)
  from cases_grain g
 cross join lateral (
   select g.reported_day as day, 1 as came, 0 as went
   union all select g.closed_day, 0, 1 where g.closed_day is not null
 ) d {PLACES.format(column="reported_grid", sizes=TO_STREET)}
 group by p.code, d.day, g.source
"""
BY_OUTCOME = f"""
insert into cases_daybyoutcome (code, day, outcome, {", ".join(OUTCOME_COUNTS)})
select p.code, g.closed_day, g.outcome, count(*), count(*) filter (where g.in_time),
       count(*) filter (where g.self_settled), count(*) filter (where g.satisfaction is not null),
       count(*) filter (where g.satisfaction >= 4)
  from cases_grain g {PLACES.format(column="reported_grid", sizes=TO_STREET)}
 where g.closed_day is not null
 group by p.code, g.closed_day, g.outcome
"""
BY_HOUR = f"""
insert into cases_daybyhour (code, day, category, {", ".join(HOURS)})
select p.code, g.reported_day, coalesce(k.root, 0),
       {", ".join(f"count(*) filter (where g.reported_hour = {hour})" for hour in range(24))}
  from cases_grain g
  left join (
    select k.id, r.id as root from cases_category k
      join cases_category r on r.scheme_id = k.scheme_id and r.path = split_part(k.path, '/', 1) || '/'
  ) k on k.id = g.category
  {PLACES.format(column="reported_grid", sizes=TO_STREET)}
 group by p.code, g.reported_day, coalesce(k.root, 0)
"""
BY_MUSTER = f"""
insert into cases_daybymuster (code, day, {", ".join(MUSTER_COUNTS)})
select p.code, g.called_day, count(*), count(*) filter (where g.arrived), count(*) filter (where g.arrived_in_10),
       sum(g.arrival_s)
  from cases_mustergrain g {PLACES.format(column="code", sizes="0, 2, 4, 6, 9, 12, 15, 17")}
 group by p.code, g.called_day
"""


def text() -> Any:
    return models.TextField(db_collation="C")


def number() -> Any:
    return models.IntegerField(default=0)


def key() -> tuple[str, Any]:
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def numbers(names: list[str]) -> list[tuple[str, Any]]:
    return [(name, number()) for name in names]


class Migration(migrations.Migration):
    dependencies = [("cases", "0045_serials_run_on")]

    operations = [
        migrations.AddField("grain", "reported_hour", models.SmallIntegerField(default=0)),
        migrations.AddField("grain", "source", models.TextField(db_collation="C", default="")),
        migrations.AddField("grain", "outcome", models.TextField(db_collation="C", default="")),
        migrations.CreateModel(
            name="MusterGrain",
            fields=[
                ("muster", models.BigIntegerField(primary_key=True, serialize=False)),
                ("case", models.UUIDField()),
                ("code", text()),
                ("called_day", models.DateField()),
                ("arrived", models.BooleanField()),
                ("arrived_in_10", models.BooleanField()),
                ("arrival_s", models.IntegerField()),
            ],
            options={"indexes": [models.Index("case", name="muster_grain_case")]},
        ),
        migrations.CreateModel(
            name="DayBySource",
            fields=[key(), *numbers(DAY_COUNTS), ("code", text()), ("day", models.DateField()), ("source", text())],
            options={"constraints": [models.UniqueConstraint(fields=("code", "day", "source"), name="day_by_source")]},
        ),
        migrations.CreateModel(
            name="DayByOutcome",
            fields=[
                key(),
                ("code", text()),
                ("day", models.DateField()),
                ("outcome", text()),
                *numbers(OUTCOME_COUNTS),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("code", "day", "outcome"), name="day_by_outcome")]
            },
        ),
        migrations.CreateModel(
            name="DayByHour",
            fields=[
                key(),
                ("code", text()),
                ("day", models.DateField()),
                ("category", models.BigIntegerField()),
                *numbers(HOURS),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("code", "day", "category"), name="day_by_hour")]},
        ),
        migrations.CreateModel(
            name="DayByMuster",
            fields=[key(), ("code", text()), ("day", models.DateField()), *numbers(MUSTER_COUNTS)],
            options={"constraints": [models.UniqueConstraint(fields=("code", "day"), name="day_by_muster")]},
        ),
        *[
            migrations.RunSQL(each, migrations.RunSQL.noop)
            for each in (FILL, BY_SOURCE, BY_OUTCOME, BY_HOUR, BY_MUSTER)
        ],
    ]

"""The journal reader `registry-quality`: grids that something happened in are counted anew from their rows.

An entry read twice, or late, does no harm: nothing depends on what it says but the grids it names.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from psycopg import sql

from wangge.core import clock, journal
from wangge.core.actor import Actor, acting
from wangge.core.codes import END, Level
from wangge.registry import retained
from wangge.registry.dictionary import STALE, Field, Type
from wangge.registry.models import Quality
from wangge.registry.queries.duplicates import doubled_by_grid

READER = "registry-quality"
ROOMS = ("person.", "dwelling.", "building.", "household.", "organisation.", "registry.")
AT_ONCE = 100  # grids in one statement
AGE = timedelta(hours=24)  # what is fresh depends on the day


def _of_field(field: Field) -> sql.Composed:
    """How many have it, how many of them said or confirmed within its time."""
    column = sql.Identifier(f"{field.name}_sealed" if field.is_sealed else field.name)
    empty = field.is_sealed or field.type is Type.DATE
    held = (sql.SQL("{} is not null") if empty else sql.SQL("{} <> ''")).format(column)
    said = sql.SQL("coalesce((sources -> {} ->> 1)::timestamptz, made_at)").format(sql.Literal(field.name))
    since = sql.SQL("%(at)s::timestamptz - make_interval(days => {})").format(sql.Literal(field.fresh_days))
    of_field = sql.SQL("count(*) filter (where {held}), count(*) filter (where {held} and {said} > {since})")
    return of_field.format(held=held, said=said, since=since)


FIELDS = sql.SQL("array[{}]::integer[]").format(sql.SQL(", ").join(_of_field(field) for field in STALE))
COUNT = sql.SQL("""
insert into registry_quality (code, people, complete, faulty, fresh, tied, doubled, dwellings, rented, unchecked,
                              households, organisations, by_field, by_retention, counted_at, doubles_due)
select c.code, p.people, p.complete, p.faulty, p.fresh, p.tied, 0, w.dwellings, w.rented, w.unchecked, h.households,
       o.organisations, p.by_field, {retained}, %(at)s, true
  from unnest(%(codes)s::text[]) as c (code)
 cross join lateral (
   select count(*) as people, {fields} as by_field,
          count(*) filter (where id_number_hash is not null and phone_hash is not null and sex <> ''
                             and birth_date is not null and registration <> '') as complete,
          count(*) filter (where number_faulty) as faulty,
          count(*) filter (where checked_at > %(at)s::timestamptz - interval '365 days') as fresh,
          count(*) filter (where exists (select from registry_residence r where r.person_id = p.id and r.to_date is null
                                            and r.tie in ('lives', 'rents'))) as tied
     from registry_person p where p.code = c.code and p.ended_at is null) p
 cross join lateral (
   select count(*) as dwellings, count(*) filter (where occupancy = 'rented') as rented,
          count(*) filter (where occupancy = 'rented' and (hazard_checked is null
                             or hazard_checked < (%(at)s::timestamptz - interval '90 days')::date)) as unchecked
     from registry_dwelling w where w.code = c.code and w.ended_at is null) w
 cross join lateral (select count(*) as households from registry_household where code = c.code and ended_at is null) h
 cross join lateral (
   select count(*) as organisations from registry_organisation where code = c.code and ended_at is null) o
{of_retained}on conflict (code) do update set
  people = excluded.people, complete = excluded.complete, faulty = excluded.faulty, fresh = excluded.fresh,
  tied = excluded.tied, dwellings = excluded.dwellings, rented = excluded.rented,
  unchecked = excluded.unchecked, households = excluded.households, organisations = excluded.organisations,
  by_field = excluded.by_field, by_retention = excluded.by_retention, counted_at = excluded.counted_at,
  doubles_due = registry_quality.doubles_due or %(changed)s
""").format(fields=FIELDS, retained=retained.SUM, of_retained=retained.LATERAL)
DUE = """
update registry_quality set doubles_due = false where code >= %(code)s and code < %(code)s || %(end)s and doubles_due
"""
DOUBLED = """
update registry_quality q set doubled = coalesce(found.doubled, 0)
  from registry_quality old
  left join unnest(%(codes)s::text[], %(counts)s::integer[]) as found (code, doubled) on found.code = old.code
 where old.code = q.code and q.code >= %(code)s and q.code < %(code)s || %(end)s
   and q.doubled <> coalesce(found.doubled, 0)
"""


def read() -> int:
    """Count the grids of the next entries. Returns how many entries; fewer than `journal.BATCH`: all are counted."""
    return journal.read_once(READER, count)


def catch_up() -> None:
    while read() >= journal.BATCH:
        pass


def count(batch: journal.Batch) -> None:
    found: set[str] = set()
    for entry in batch.entries:
        if entry.kind.startswith(ROOMS) and not entry.kind.endswith((".read", ".revealed")):
            found |= {entry.code, str(entry.data.get("from", "")), *entry.data.get("codes", ())}
    grids = {code for code in found if len(code) >= Level.COMMUNITY}
    wider = {code for code in grids if len(code) == Level.COMMUNITY}
    count_grids(grids | _grids_under(wider), at=batch.as_of)


def count_grids(codes: set[str], *, at: datetime, changed: bool = True) -> None:
    """As the house, in the caller's transaction. `changed`: not only the day; doubles do not depend on that."""
    ordered = sorted(codes)
    fixed: dict[str, Any] = {"at": at, "changed": changed}
    with connection.cursor() as cursor:
        for start in range(0, len(ordered), AT_ONCE):
            cursor.execute(COUNT, fixed | {"codes": ordered[start : start + AT_ONCE]})


def count_aged() -> bool:
    """Grids counted longest ago, some at a time; true while more are waiting."""
    at = clock.now()
    with acting(Actor.system(READER)):
        old = Quality.objects.filter(counted_at__lt=at - AGE).order_by("counted_at")
        codes = set(old.values_list("code", flat=True)[:AT_ONCE])
        count_grids(codes, at=at, changed=False)
    return len(codes) == AT_ONCE


def count_doubles() -> bool:
    """Of one community in which something changed, the one that waits longest; true while more may be waiting. No more
    than one, so that the journal's reader has its turn in between."""
    with acting(Actor.system(READER)) as by:
        due = Quality.objects.filter(doubles_due=True).order_by("counted_at", "code")
        code = due.values_list("code", flat=True).first()
        if code is not None:
            doubles_of(code[: Level.COMMUNITY], by=by)
    return code is not None


def doubles_of(community: str, *, by: Actor) -> None:
    """By the finder that the page of doubles asks, so that the two agree. What changes meanwhile is due again."""
    of: dict[str, Any] = {"code": community, "end": END}
    with connection.cursor() as cursor:
        cursor.execute(DUE, of)  # holds the rows: a change that is counted now waits, and marks them again
        found = doubled_by_grid(community, by=by)
        cursor.execute(DOUBLED, of | {"codes": list(found), "counts": list(found.values())})


def _grids_under(communities: set[str]) -> set[str]:
    """Those that hold people or dwellings."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        for code in communities:
            cursor.execute(
                """
                select distinct code from registry_person where code >= %(low)s and code < %(high)s
                union select distinct code from registry_dwelling where code >= %(low)s and code < %(high)s
                union select code from registry_quality where code >= %(low)s and code < %(high)s
                """,
                {"low": code, "high": code + END},
            )
            found |= {row[0] for row in cursor.fetchall()}
    return found

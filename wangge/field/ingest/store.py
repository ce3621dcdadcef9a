"""One group of parcels: one statement asks who sent them, one writes what is kept, one commit.

psycopg itself, not the ORM: a thousand small requests a second are two statements each otherwise. As the house
(`wangge.kind` = system), for it writes for everybody; whose each parcel is, and where they are on duty, comes from the
first statement alone.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.conf import settings

from wangge.accounts.auth import STANDING, is_over, standing_on
from wangge.core.errors import DomainError, NotSignedIn
from wangge.field.ingest import arrays
from wangge.field.ingest.parcels import Parcel, Taken
from wangge.field.rules.points import Odd, Point, Span, pack, screen

Connection = psycopg.AsyncConnection[tuple[Any, ...]]
TOUCH_AFTER = timedelta(minutes=10)  # locating oneself on duty is a use of the session; said this often
STILL_ON = 2**62
JUMP, UNSOUND = int(Odd.JUMP), int(Odd.COARSE | Odd.JUMP)
OLD_MS = 180_000  # a sound place is shown so long before a coarse one takes its place
LOST_MS = 600_000  # and so long before one that nobody can have reached from there: then it was the wrong one
DAY_MS = 86_400_000
BEIJING_MS = 8 * 3_600_000
EPOCH = dt.date(1970, 1, 1).toordinal()

AS_THE_HOUSE = "select set_config('wangge.kind', 'system', true)"
# Each sender's times on duty since its own oldest point: one with old points makes nobody else's be looked for.
SENDERS = f"""
with asked as (
  select * from unnest(%(hashes)s::text::bytea[], %(oldest)s::text::bigint[]) as a(hash, oldest_ms)
), sender as (
  select s.token_hash as hash, s.id as session_id, s.stage, s.seen_at, s.started_at, p.id as post_id, r.permissions
  {STANDING} and s.token_hash = any(%(sessions)s)
  union all
  select t.key_hash, null, null, null, null, p.id, null
    from field_terminal t
    join accounts_post p on p.id = t.post_id and p.revoked_at is null
         and p.valid_from <= %(today)s and (p.valid_to is null or p.valid_to > %(today)s)
    join accounts_user u on u.id = p.user_id and u.is_active and (%(demo)s or not u.is_demo)
   where t.key_hash = any(%(keys)s) and t.released_at is null
)
select f.hash, f.session_id, f.stage, f.seen_at, f.started_at, f.post_id, f.permissions, n.ms, n.lon, n.lat, n.accuracy,
       n.odd, d.id, d.began_at, d.ended_at, d.code
  from sender f
  join asked a on a.hash = f.hash
  left join field_newest n on n.post_id = f.post_id
  left join field_dutyspan d on d.post_id = f.post_id and d.began_at <= %(until)s
       and d.began_at >= to_timestamp(a.oldest_ms / 1000.0) - %(longest)s
       and (d.ended_at is null or d.ended_at >= to_timestamp(a.oldest_ms / 1000.0))
 order by f.hash, d.began_at
"""  # noqa: S608 - our own words
WRITE = """
with batch as (
  insert into field_batch (day, post_id, id, code, since_ms, until_ms, received_at, points)
  select day, post, id, code, since_ms, until_ms, %(at)s, points
    from unnest(%(day)s::text::date[], %(post)s::text::bigint[], %(id)s::text::uuid[], %(code)s::text::text[],
                %(since)s::text::bigint[], %(until)s::text::bigint[], %(points)s::text::bytea[])
         as g(day, post, id, code, since_ms, until_ms, points)
  on conflict do nothing
), touched as (
  update accounts_session set seen_at = %(at)s
   where id in (select id from accounts_session where id = any(%(touched)s) and ended_at is null
                   for no key update skip locked)
)
insert into field_newest as n (post_id, code, ms, lon, lat, accuracy, speed, odd, battery, source, heard_at)
select g.*, %(at)s
  from unnest(%(n_post)s::text::bigint[], %(n_code)s::text::text[], %(n_ms)s::text::bigint[],
              %(n_lon)s::text::float8[], %(n_lat)s::text::float8[], %(n_accuracy)s::text::float8[],
              %(n_speed)s::text::float8[], %(n_odd)s::text::smallint[], %(n_battery)s::text::smallint[],
              %(n_source)s::text::text[]) as g
on conflict (post_id) do update set
  heard_at = greatest(n.heard_at, excluded.heard_at),
  battery = coalesce(excluded.battery, n.battery),
  code = case when excluded.ms > n.ms then excluded.code else n.code end,
  lon = case when excluded.ms > n.ms then excluded.lon else n.lon end,
  lat = case when excluded.ms > n.ms then excluded.lat else n.lat end,
  accuracy = case when excluded.ms > n.ms then excluded.accuracy else n.accuracy end,
  speed = case when excluded.ms > n.ms then excluded.speed else n.speed end,
  odd = case when excluded.ms > n.ms then excluded.odd else n.odd end,
  source = case when excluded.ms > n.ms then excluded.source else n.source end,
  ms = greatest(n.ms, excluded.ms)
"""

Outcome = Taken | DomainError


@dataclass(slots=True)
class Sender:
    """Who sent it, as the database says. `spans`: times on duty near the parcels', with id and code of each."""

    session_id: int | None
    seen_at: datetime | None
    post_id: int
    latest: Point | None
    spans: list[tuple[Span, str, str]] = field(default_factory=list)

    def on_duty(self, ms: int) -> tuple[Span, str, str] | None:
        return next((span for span in self.spans if span[0][0] <= ms < span[0][1]), None)


@dataclass(slots=True)
class Rows:
    """Columns of what is written."""

    batches: list[tuple[dt.date, int, uuid.UUID, str, int, int, bytes]] = field(default_factory=list)
    newest: dict[int, tuple[str, Point, int | None, str]] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)


async def take(connection: Connection, parcels: Sequence[Parcel], *, at: datetime) -> list[Outcome]:
    """An outcome for each parcel, all committed when this returns. Raises psycopg.Error with nothing written."""
    async with connection.pipeline(), connection.transaction():
        await connection.execute(AS_THE_HOUSE)
        asked = await connection.execute(SENDERS, _question(parcels, at), prepare=True)
        found = _senders(await asked.fetchall(), at)
        rows = Rows()
        outcomes = [_taken(parcel, found.get(parcel.sender), rows, at) for parcel in parcels]
        if rows.batches or rows.touched:
            await connection.execute(WRITE, _columns(rows, at), prepare=True)
    return outcomes


def _question(parcels: Sequence[Parcel], at: datetime) -> dict[str, Any]:
    kept_since = at - timedelta(days=settings.TRACK_DAYS)
    kept_since_ms, oldest = _ms(kept_since), dict[bytes, int]()
    for parcel in parcels:
        since = max(parcel.since_ms, kept_since_ms)
        oldest[parcel.sender] = min(since, oldest.get(parcel.sender, since))
    return standing_on(at) | {
        "sessions": list({parcel.session for parcel in parcels if parcel.session}),
        "keys": list({parcel.key for parcel in parcels if parcel.key}),
        "hashes": arrays.of_bytes(list(oldest)),
        "oldest": arrays.of_numbers(list(oldest.values())),
        "longest": settings.DUTY_LONGEST,
        "until": at + timedelta(minutes=5),
    }


def _senders(rows: Sequence[tuple[Any, ...]], at: datetime) -> dict[bytes, Sender]:
    found: dict[bytes, Sender] = {}
    for hashed, session, stage, seen, started, post, permissions, ms, lon, lat, accuracy, odd, *span in rows:
        if post is None or (session is not None and (stage != "signed_in" or is_over(at, seen, started, permissions))):
            continue
        hashed = bytes(hashed)
        if hashed not in found:
            latest = None if ms is None else Point(ms, lon, lat, accuracy, odd=Odd(odd))
            found[hashed] = Sender(session_id=session, seen_at=seen, post_id=post, latest=latest)
        duty_id, began, ended, code = span
        if duty_id is not None:
            until = STILL_ON if ended is None else _ms(ended)
            found[hashed].spans.append(((_ms(began), until), str(duty_id), code))
    return found


def _taken(parcel: Parcel, sender: Sender | None, rows: Rows, at: datetime) -> Outcome:
    if sender is None:
        return NotSignedIn()
    now = sender.on_duty(parcel.received_ms)
    if now is not None and sender.session_id is not None and sender.seen_at and at - sender.seen_at > TOUCH_AFTER:
        rows.touched.add(sender.session_id)
    screened = screen(
        parcel.points,
        sent_ms=parcel.sent_ms,
        received_ms=parcel.received_ms,
        duty=[span for span, _, _ in sender.spans],
        last=sender.latest,
    )
    if screened.kept:
        _keep(parcel, sender, screened.kept, rows)
    return Taken(
        kept=len(screened.kept),
        refused=dict(screened.refused),
        shift_ms=screened.shift_ms,
        newest_ms=sender.latest.ms if sender.latest else None,
        duty=now[0][0] if now else None,
        duty_id=now[1] if now else None,
    )


def _keep(parcel: Parcel, sender: Sender, kept: list[Point], rows: Rows) -> None:
    by_day: dict[int, list[Point]] = {}
    for point in kept:
        by_day.setdefault((point.ms + BEIJING_MS) // DAY_MS, []).append(point)
    span = sender.on_duty(kept[-1].ms)
    code = span[2] if span else ""
    for day, points in by_day.items():
        date = dt.date.fromordinal(EPOCH + day)
        rows.batches.append((date, sender.post_id, parcel.batch, code, points[0].ms, points[-1].ms, pack(points)))
    newest = _newest(kept, sender.latest)
    if sender.latest is None or newest.ms >= sender.latest.ms:
        sender.latest = newest
    before = rows.newest.get(sender.post_id)
    if before is None or newest.ms >= before[1].ms:
        rows.newest[sender.post_id] = (code, newest, parcel.battery, parcel.source)


def _newest(kept: list[Point], before: Point | None) -> Point:
    """The latest sound one, unless that is so old that a coarse place says more, or so old that it must be wrong."""
    trusted = before if before is not None and not int(before.odd) & JUMP else None
    sound = next((point for point in reversed(kept) if not int(point.odd) & UNSOUND), trusted)
    placed = next((point for point in reversed(kept) if not int(point.odd) & JUMP), sound)
    if sound is None or placed is None:
        return placed or kept[-1]
    if placed.ms - sound.ms > OLD_MS:
        return placed
    return kept[-1] if kept[-1].ms - sound.ms > LOST_MS else sound


def _columns(rows: Rows, at: datetime) -> dict[str, Any]:
    day, post, ids, code, since, until, points = zip(*rows.batches, strict=True) if rows.batches else ((),) * 7
    newest = sorted(rows.newest.items())  # two groups at once lock them in one order
    n_code, n_point, n_battery, n_source = zip(*(one for _, one in newest), strict=True) if newest else ((),) * 4
    ms, lon, lat, accuracy, speed, odd = zip(*n_point, strict=True) if newest else ((),) * 6
    return {
        "at": at,
        "day": arrays.of_numbers(day),
        "post": arrays.of_numbers(post),
        "id": arrays.of_numbers(ids),
        "code": arrays.of_texts(code),
        "since": arrays.of_numbers(since),
        "until": arrays.of_numbers(until),
        "points": arrays.of_bytes(points),
        "touched": list(rows.touched),
        "n_post": arrays.of_numbers([post for post, _ in newest]),
        "n_code": arrays.of_texts(n_code),
        "n_ms": arrays.of_numbers(ms),
        "n_lon": arrays.of_numbers(lon),
        "n_lat": arrays.of_numbers(lat),
        "n_accuracy": arrays.of_numbers(accuracy),
        "n_speed": arrays.of_numbers(speed),
        "n_odd": arrays.of_numbers([int(flags) for flags in odd]),
        "n_battery": arrays.of_numbers(n_battery),
        "n_source": arrays.of_texts(n_source),
    }


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)

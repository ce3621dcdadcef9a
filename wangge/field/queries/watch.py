"""Who is where now: people on duty only, by their newest position since they went on."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor
from wangge.core.codes import code_range
from wangge.core.errors import NotFound
from wangge.field.rules.points import Odd

QUIET_AFTER = timedelta(minutes=3)
FRESH, QUIET, SILENT = 0, 1, 2
STATES = {"fresh": FRESH, "quiet": QUIET, "silent": SILENT}

# Numbers are double precision throughout: numeric arithmetic (extract, to_timestamp of a quotient) took more than half
# of the query of a city's map. Row-level security holds the scope too; it is stated here so that an index serves it.
PEOPLE = """
  join accounts_post p on p.id = d.post_id
  join accounts_user u on u.id = p.user_id
  join accounts_unit t on t.id = p.unit_id
"""
POSITIONS = """
  left join field_newest n on n.post_id = d.post_id and n.ms >= date_part('epoch', d.began_at) * 1000
 cross join lateral (
   select case when greatest(n.heard_at, d.began_at) < %(silent)s then 2
               when greatest(n.heard_at, d.began_at) < %(quiet)s then 1 else 0 end as state) s
 where d.ended_at is null
"""
MAP = f"""
select d.post_id, round(n.lon * 1e5) / 1e5, round(n.lat * 1e5) / 1e5,
       greatest(round(date_part('epoch', %(at)s) - n.ms / 1e3::float8), 0)::int, s.state
  from field_dutyspan d {POSITIONS} and n.ms is not null {{within}}
"""  # noqa: S608 - our own words
ROWS = f"""
select d.post_id, u.name, t.name, d.code, d.id, d.began_at, n.lon, n.lat, n.ms, n.accuracy, n.speed, n.odd, n.battery,
       n.source, n.heard_at, s.state, count(*) over (), count(*) filter (where s.state = 2) over (),
       count(*) filter (where s.state = 1) over ()
  from field_dutyspan d {PEOPLE} {POSITIONS} {{within}}
"""  # noqa: S608
NAMES = (
    "post_id", "name", "unit", "code", "duty_id", "since", "lon", "lat", "ms", "accuracy", "speed", "odd", "battery",
    "source", "heard_at", "state",
)  # fmt: skip
PAGE = 100


def positions_now(*, by: Actor, at: datetime, under: str = "") -> dict[str, Any]:
    """Lean, for the map: [post, lon, lat, age in seconds, state] for each. Raises NotAllowed."""
    by.require(Permission.FIELD_WATCH)
    within, values = _within(by, under)
    with connection.cursor() as cursor:
        cursor.execute(MAP.format(within=within), values | _times(at))
        return {"at": at, "posts": cursor.fetchall()}


def on_duty_now(
    *, by: Actor, at: datetime, under: str = "", q: str = "", state: str = "", post_id: int | None = None, page: int = 1
) -> dict[str, Any]:
    """A page of them, the silent first, with how many there are of each. Raises NotAllowed."""
    by.require(Permission.FIELD_WATCH)
    within, values = _within(by, under)
    if q:
        within += " and (strpos(u.name, %(q)s) > 0 or strpos(t.name, %(q)s) > 0 or starts_with(d.code, %(q)s))"
    if post_id is not None:
        within += " and d.post_id = %(post)s"
    sql = ROWS.format(within=within)
    if state in STATES:
        sql = f"select * from ({sql}) as every where state = %(state)s"  # noqa: S608
    sql += " order by state desc, code, post_id limit %(limit)s offset %(offset)s"
    asked = {"q": q, "post": post_id, "state": STATES.get(state), "limit": PAGE, "offset": (page - 1) * PAGE}
    with connection.cursor() as cursor:
        cursor.execute(sql, values | _times(at) | asked)
        rows = cursor.fetchall()
    count, silent, quiet = rows[0][-3:] if rows else (0, 0, 0)
    return {
        "at": at,
        "items": [_row(row) for row in rows],
        "count": {"": count, "silent": silent, "quiet": quiet, "fresh": count - silent - quiet}.get(state, count),
        "on_duty": count,
        "silent": silent,
        "quiet": quiet,
        "silent_after_min": settings.SILENT_AFTER.total_seconds() / 60,
    }


def one_on_duty(post_id: int, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Raises NotAllowed, NotFound."""
    found: list[dict[str, Any]] = on_duty_now(by=by, at=at, post_id=post_id)["items"]
    if not found:
        raise NotFound()
    return found[0]


def _row(row: tuple[Any, ...]) -> dict[str, Any]:
    found = dict(zip(NAMES, row, strict=False))
    found["odd"] = odd_names(found["odd"] or 0)
    found["state"] = next(name for name, number in STATES.items() if number == found["state"])
    return found


def odd_names(flags: int) -> list[str]:
    return [str(flag.name).lower() for flag in Odd if flag and flag & flags]


def _times(at: datetime) -> dict[str, Any]:
    return {"at": at, "silent": at - settings.SILENT_AFTER, "quiet": at - QUIET_AFTER}


def _within(by: Actor, under: str) -> tuple[str, dict[str, Any]]:
    """The codes one looks after, and of these those under the one asked for."""
    values: dict[str, Any] = {}
    sql = ""
    if "" not in by.ranges:
        parts = []
        for number, prefix in enumerate(by.ranges):
            values[f"low{number}"], values[f"high{number}"] = code_range(prefix)
            parts.append(f"(d.code >= %(low{number})s and d.code < %(high{number})s)")
        sql += f" and ({' or '.join(parts) or 'false'})"
    if under:
        values["under_low"], values["under_high"] = code_range(under)
        sql += " and d.code >= %(under_low)s and d.code < %(under_high)s"
    return sql, values

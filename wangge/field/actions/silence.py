"""On duty and not heard of: said once on the journal, and once when there is something again."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from wangge.core import journal
from wangge.core.actor import Actor

GONE_SILENT = """
update field_dutyspan d set silent_at = %(at)s
 where d.id in (
   select s.id from field_dutyspan s left join field_newest n on n.post_id = s.post_id
    where s.ended_at is null and s.silent_at is null and greatest(n.heard_at, s.began_at, s.heard_at) < %(since)s
    order by s.id limit %(limit)s for update of s skip locked)
returning d.id, d.post_id, d.code, d.unit_path
"""
HEARD_AGAIN = """
update field_dutyspan d set silent_at = null
 where d.id in (
   select s.id from field_dutyspan s join field_newest n on n.post_id = s.post_id
    where s.ended_at is null and s.silent_at is not null and n.heard_at > s.silent_at
    order by s.id limit %(limit)s for update of s skip locked)
returning d.id, d.post_id, d.code, d.unit_path
"""


def say_silences(*, by: Actor, at: datetime, limit: int) -> int:
    """The larger of how many fell silent and how many are heard again."""
    values = {"at": at, "since": at - settings.SILENT_AFTER, "limit": limit}
    silent = _said("terminal.silent", GONE_SILENT, values, by=by, at=at)
    heard = _said("terminal.heard", HEARD_AGAIN, values, by=by, at=at)
    return max(silent, heard)


def _said(kind: str, sql: str, values: dict[str, Any], *, by: Actor, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    entries = (
        journal.Entry(
            kind=kind,
            subject=("duty_span", str(span)),
            code=code,
            unit_paths=[path],
            data={"post": post, "minutes": round(settings.SILENT_AFTER.total_seconds() / 60)},
        )
        for span, post, code, path in rows
    )
    journal.record_all(entries, by=by, at=at)
    return len(rows)

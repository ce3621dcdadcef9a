"""The duty that looks in the journal for reading out of the ordinary; each is told to the auditor once a day."""

from datetime import datetime, timedelta

from django.db import connection

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.models import JournalEntry
from wangge.registry.actions.reveal import raise_unusual
from wangge.registry.rules.looking import READ, REVEALED
from wangge.registry.rules.purposes import NIGHT_FROM, NIGHT_TO, Reading, unusual

SPAN = timedelta(hours=1)

COUNTED = """
select actor_user, max(actor_name), count(*) filter (where kind like '%%.revealed'),
       count(*) filter (where kind like '%%.read'), count(distinct left(code, 12)) filter (where code <> ''),
       count(*) filter (where extract(hour from at at time zone 'Asia/Shanghai') >= %s
                           or extract(hour from at at time zone 'Asia/Shanghai') < %s)
  from core_journal
 where kind = any(%s) and at > %s and at <= %s and actor_user is not null
 group by actor_user
"""


def watch(at: datetime) -> int:
    """How many were raised."""
    by, raised = Actor.system("watching"), 0
    with acting(by), connection.cursor() as cursor:
        cursor.execute(COUNTED, [NIGHT_FROM, NIGHT_TO, [*REVEALED, *READ], at - SPAN, at])
        for user_id, name, revealed, opened, communities, at_night in cursor.fetchall():
            found = unusual(Reading(revealed, opened, communities, at_night))
            said = _said_today(user_id, at)
            for pattern in found:
                if pattern not in said:
                    raised += 1
                    data = {"pattern": pattern, "revealed": revealed, "opened": opened, "communities": communities}
                    raise_unusual(user_id, name, data, by=by, at=at)
    return raised


def _said_today(user_id: int, at: datetime) -> set[str]:
    since = clock.day_start(clock.day_of(at))
    rows = JournalEntry.objects.filter(kind="registry.unusual", subject_id=str(user_id), at__gte=since)
    return {entry.data.get("pattern", "") for entry in rows}

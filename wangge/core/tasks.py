"""What core itself keeps in order: the journal's months, and answers kept for repeated requests."""

from datetime import timedelta

from django.db import connection

from wangge.core import clock, journal
from wangge.core.actor import Actor, acting
from wangge.core.duties import Duty

ANSWERS_KEPT = timedelta(hours=24)
AT_ONCE = 5000


def make_months() -> bool:
    with acting(Actor.system("journal-months")):
        journal.make_months()
    return False


def forget_answers() -> bool:
    """Idempotency keys older than a day: a client that still repeats then has long been told otherwise."""
    with acting(Actor.system("retention")), connection.cursor() as cursor:
        cursor.execute(
            """
            delete from core_idempotency where key in (
              select key from core_idempotency where at < %s order by at limit %s for update skip locked)
            """,
            [clock.now() - ANSWERS_KEPT, AT_ONCE],
        )
        return bool(cursor.rowcount == AT_ONCE)


DUTIES = [
    Duty("journal-months", make_months, timedelta(hours=6)),
    Duty("forget-answers", forget_answers, timedelta(minutes=10)),
]

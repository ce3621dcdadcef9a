"""The daily partitions of batches: made ahead, dropped when their time is over (ADR 17)."""

from datetime import timedelta

from django.conf import settings
from django.db import connections

from wangge.core import clock

AHEAD = 7
BEHIND = 2  # what was taken in a dead zone yesterday has its day also in a house set up today


def make_days(*, using: str = "default") -> None:
    today = clock.today()
    with connections[using].cursor() as cursor:
        for day in range(-BEHIND, AHEAD + 1):
            cursor.execute("select field_make_day(%s)", [today + timedelta(days=day)])


def drop_days(*, using: str = "default") -> int:
    """How many days were dropped. Positions are kept no longer than they serve (个人信息保护法 §19)."""
    with connections[using].cursor() as cursor:
        cursor.execute("select field_drop_days(%s)", [clock.today() - timedelta(days=settings.TRACK_DAYS)])
        return int(cursor.fetchone()[0])

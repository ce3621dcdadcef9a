"""The worker's duties of this room: notices as the journal is written, and the end of old ones."""

from datetime import timedelta

from wangge.command import noticing
from wangge.command.actions.meeting_tasks import say_overdue
from wangge.command.actions.notices import forget_notices
from wangge.command.actions.orders import say_late
from wangge.core import clock, journal
from wangge.core.actor import Actor, acting
from wangge.core.duties import Duty

# A quarter and a little: who comes back from a long leave still finds what was said to them.
NOTICES_KEPT = timedelta(days=100)
AT_ONCE, LATE_AT_ONCE = 2000, 200


def say() -> bool:
    return noticing.read() >= journal.BATCH


def late_orders() -> bool:
    with acting(Actor.system("orders")) as by:
        return say_late(by=by, at=clock.now(), limit=LATE_AT_ONCE) == LATE_AT_ONCE


def overdue_tasks() -> bool:
    with acting(Actor.system("tasks")) as by:
        return say_overdue(by=by, at=clock.now(), limit=LATE_AT_ONCE) == LATE_AT_ONCE


def forget() -> bool:
    with acting(Actor.system("notices")):
        return forget_notices(before=clock.now() - NOTICES_KEPT, limit=AT_ONCE) == AT_ONCE


DUTIES = [
    Duty(noticing.READER, say, timedelta(seconds=0.3), lane="notices"),
    Duty("late-orders", late_orders, timedelta(seconds=5), lane="command"),
    Duty("overdue-tasks", overdue_tasks, timedelta(seconds=5), lane="command"),
    Duty("forget-notices", forget, timedelta(hours=1)),
]

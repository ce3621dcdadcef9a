"""The worker's duties of this room: notices as the journal is written, and the end of old ones."""

from datetime import timedelta

from wangge.command import noticing
from wangge.command.actions.notices import forget_notices
from wangge.core import clock, journal
from wangge.core.actor import Actor, acting
from wangge.core.duties import Duty

# A quarter and a little: who comes back from a long leave still finds what was said to them.
NOTICES_KEPT = timedelta(days=100)
AT_ONCE = 2000


def say() -> bool:
    return noticing.read() >= journal.BATCH


def forget() -> bool:
    with acting(Actor.system("notices")):
        return forget_notices(before=clock.now() - NOTICES_KEPT, limit=AT_ONCE) == AT_ONCE


DUTIES = [
    Duty(noticing.READER, say, timedelta(seconds=0.3), lane="notices"),
    Duty("forget-notices", forget, timedelta(hours=1)),
]

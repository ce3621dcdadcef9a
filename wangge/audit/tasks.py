"""What the worker does for auditors: exports too large to wait for, and the end of their files."""

from datetime import timedelta

from wangge.audit import exports
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.duties import Duty


def make_exports() -> bool:
    return exports.make_waiting(at=clock.now())


def old_exports() -> bool:
    with acting(Actor.system("journal-exports")):
        exports.forget_old(at=clock.now())
    return False


DUTIES = [
    Duty("journal-exports", make_exports, timedelta(seconds=2), lane="journal-exports"),
    Duty("old-journal-exports", old_exports, timedelta(hours=6)),
]

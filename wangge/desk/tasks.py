"""The worker's duties for the desk: what a person is named in ends by time."""

from datetime import timedelta

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.duties import Duty
from wangge.desk.actions.consult import forget_askers
from wangge.desk.actions.drafts import end_old_drafts

AT_ONCE = 500


def drafts() -> bool:
    by = Actor.system("retention")
    with acting(by):
        return end_old_drafts(by=by, at=clock.now(), limit=AT_ONCE) == AT_ONCE


def askers() -> bool:
    with acting(Actor.system("retention")):
        return forget_askers(at=clock.now(), limit=AT_ONCE) == AT_ONCE


DUTIES = [
    Duty("desk.drafts", drafts, timedelta(minutes=15)),
    Duty("desk.askers", askers, timedelta(hours=1)),
]

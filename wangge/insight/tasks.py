"""The worker's duties for insight: tables are made in a lane of their own, so that a long one delays nothing."""

from datetime import timedelta

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.duties import Duty
from wangge.insight.actions.exports import expire_old, make_next

AT_ONCE = 100


def make_exports() -> bool:
    return make_next(at=clock.now())


def expire_exports() -> bool:
    with acting(Actor.system("retention")):
        return expire_old(at=clock.now(), limit=AT_ONCE) >= AT_ONCE


DUTIES = [
    Duty("exports", make_exports, timedelta(seconds=1), lane="exports"),
    Duty("expired-exports", expire_exports, timedelta(minutes=10)),
]

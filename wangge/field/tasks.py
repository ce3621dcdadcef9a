"""The worker's duties about the field."""

from datetime import timedelta

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.duties import Duty
from wangge.field import days
from wangge.field.actions.duty import end_longest

AT_ONCE = 200
LANE = "field"


def end_duty() -> bool:
    with acting(Actor.system("field.duty")) as by:
        return end_longest(by=by, at=clock.now(), limit=AT_ONCE) == AT_ONCE


def keep_days() -> bool:
    """Days of batches ahead, and those whose time is over dropped."""
    with acting(Actor.system("field.days")):
        days.make_days()
        days.drop_days()
    return False


DUTIES = (
    Duty("field.duty", end_duty, timedelta(minutes=1), lane=LANE),
    Duty("field.days", keep_days, timedelta(hours=6), lane=LANE),
)

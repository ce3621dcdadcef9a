"""The worker's duties about the field."""

from datetime import timedelta

from wangge.core import clock, journal
from wangge.core.actor import Actor, acting
from wangge.core.duties import Duty
from wangge.field import days
from wangge.field.actions.compaction import compact
from wangge.field.actions.duty import end_longest
from wangge.field.actions.errand_late import say_late_errands
from wangge.field.actions.patrol_days import days_open, plans_of, roll_up
from wangge.field.actions.round_making import make_rounds
from wangge.field.actions.rounds import miss_rounds
from wangge.field.actions.silence import say_silences
from wangge.field.push import reader
from wangge.field.push.sending import KEPT, forget_sent, send_waiting

AT_ONCE = 200
PLANS_AT_ONCE = 50
PUSHED_AT_ONCE = 50
LANE = "field"
POST_DAYS = 50  # compacted in one transaction


def end_duty() -> bool:
    with acting(Actor.system("field.duty")) as by:
        return end_longest(by=by, at=clock.now(), limit=AT_ONCE) == AT_ONCE


def say_silence() -> bool:
    with acting(Actor.system("field.silence")) as by:
        return say_silences(by=by, at=clock.now(), limit=AT_ONCE) == AT_ONCE


def compact_days() -> bool:
    with acting(Actor.system("field.tracks")):
        return compact(at=clock.now(), limit=POST_DAYS) == POST_DAYS


def keep_days() -> bool:
    """Days of batches ahead, and those whose time is over dropped."""
    with acting(Actor.system("field.days")):
        days.make_days()
        days.drop_days()
    return False


def late_errands() -> bool:
    with acting(Actor.system("field.errands")) as by:
        return say_late_errands(by=by, at=clock.now(), limit=AT_ONCE) >= AT_ONCE


def rounds() -> bool:
    """Today's for whoever looks after a grid now, and those missed whose day is over."""
    at = clock.now()
    with acting(Actor.system("field.rounds")) as by:
        make_rounds(day=clock.day_of(at), by=by, at=at)
        return miss_rounds(by=by, at=at, limit=AT_ONCE) == AT_ONCE


def patrol_days() -> bool:
    at, by = clock.now(), Actor.system("field.patrols")
    with acting(by):
        waiting = [(day, plans_of(day)) for day in days_open(clock.day_of(at))]
    for day, plans in waiting:
        for start in range(0, len(plans), PLANS_AT_ONCE):
            with acting(by):
                roll_up(day=day, plans=plans[start : start + PLANS_AT_ONCE], at=at)
    return False


def push_read() -> bool:
    return reader.read() >= journal.BATCH


def push_send() -> bool:
    return send_waiting(at=clock.now(), limit=PUSHED_AT_ONCE) == PUSHED_AT_ONCE


def push_forget() -> bool:
    forget_sent(before=clock.now() - KEPT)
    return False


DUTIES = (
    Duty("field.duty", end_duty, timedelta(minutes=1), lane=LANE),
    Duty("field.silence", say_silence, timedelta(minutes=1), lane=LANE),
    # A night of a city takes minutes, so it has a lane of its own.
    Duty("field.tracks", compact_days, timedelta(minutes=30), lane="tracks"),
    Duty("field.rounds", rounds, timedelta(minutes=5), lane=LANE),
    Duty("field.patrols", patrol_days, timedelta(minutes=15), lane="tracks"),
    Duty(reader.READER, push_read, timedelta(seconds=1), lane="push"),
    Duty("push.send", push_send, timedelta(seconds=2), lane="push"),
    Duty("push.forget", push_forget, timedelta(hours=12)),
    Duty("field.errands", late_errands, timedelta(seconds=5), lane="timers"),
    Duty("field.days", keep_days, timedelta(hours=6), lane=LANE),
)

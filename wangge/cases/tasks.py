"""The worker's duties for cases: load the rows, call one action, each batch a transaction of its own."""

from collections.abc import Callable
from datetime import date, timedelta

import structlog

from wangge.cases import files, parts, rollups, throttle, trials
from wangge.cases.actions.claims import mark_left
from wangge.cases.actions.ladder import climb_ladders
from wangge.cases.actions.overdue import announce_overdue
from wangge.cases.actions.recount import count_again
from wangge.cases.actions.retention import LOOSE_KEPT, archive_ended, forget_loose_evidence, remove_unnamed
from wangge.cases.configuration import REVISION, configuration
from wangge.cases.rules.calendar import knows_year
from wangge.core import clock, journal
from wangge.core.actor import Actor, acting
from wangge.core.duties import Duty
from wangge.core.revisions import revisions

log = structlog.get_logger()

OVERDUE_AT_ONCE, LADDERS_AT_ONCE, RECOUNTS_AT_ONCE, ARCHIVED_AT_ONCE, LOOSE_AT_ONCE, LEFT_AT_ONCE = (
    1000,
    500,
    200,
    500,
    200,
    500,
)
PARTS_KEPT = timedelta(days=3)  # a phone may lie without a network over a weekend
NOVEMBER = 11  # by then the State Council has named next year's holidays


def count_figures() -> bool:
    return rollups.read() >= journal.BATCH


def overdue() -> bool:
    return _batch("deadlines", announce_overdue, OVERDUE_AT_ONCE)


def ladders() -> bool:
    return _batch("supervision", climb_ladders, LADDERS_AT_ONCE)


def claims_left() -> bool:
    return _batch("claims", mark_left, LEFT_AT_ONCE)


def archive() -> bool:
    return _batch("archive", archive_ended, ARCHIVED_AT_ONCE)


class Recounting:
    """Looks for clocks counted by an old calendar only after something has changed, and once after each start."""

    def __init__(self) -> None:
        self._done_at: int | None = None

    def __call__(self) -> bool:
        with acting(Actor.system("calendar")):
            number = revisions(REVISION)[0]
            if number == self._done_at:
                return False
            counted = count_again(by=Actor.system("calendar"), at=clock.now(), limit=RECOUNTS_AT_ONCE)
        if counted == 0 and not _some_are_held(number):
            self._done_at = number
        return counted > 0


def loose_evidence() -> bool:
    by, at = Actor.system("retention"), clock.now()
    with acting(by):
        hashes = forget_loose_evidence(by=by, at=at, limit=LOOSE_AT_ONCE)
    if hashes:
        with acting(by):
            remove_unnamed(hashes, at=at)
    for store in (files.originals(), files.served()):
        store.remove_unfinished(before=at - LOOSE_KEPT)
    parts.forget_older(at - PARTS_KEPT)
    return False


def old_attempts() -> bool:
    """Counts of attempts whose span is over hold nobody back any more."""
    with acting(Actor.system("retention")):
        throttle.forget_old(before=clock.now())
    return False


def try_drafts() -> bool:
    return trials.go_on(at=clock.now())


def old_trials() -> bool:
    with acting(Actor.system("trials")):
        trials.forget_old(before=clock.now())
    return False


def next_year_known() -> bool:
    """The November alarm: limits in working days would run over holidays nobody has told us of."""
    today = clock.today()
    with acting(Actor.system("calendar")):
        if not knows_next_year(today):
            log.error("calendar.next_year_unknown", year=today.year + 1)
    return False


def knows_next_year(today: date) -> bool:
    return today.month < NOVEMBER or knows_year(configuration().calendar, today.year + 1)


def _batch(name: str, action: Callable[..., int], limit: int) -> bool:
    by = Actor.system(name)
    with acting(by):
        return action(by=by, at=clock.now(), limit=limit) > 0


def _some_are_held(number: int) -> bool:
    """Cases that somebody else was moving when we came by: come again."""
    from wangge.cases.actions.recount import stale_clocks

    with acting(Actor.system("calendar")):
        return stale_clocks(configuration(number)).exists()


DUTIES = [
    Duty(rollups.READER, count_figures, timedelta(seconds=0.2), lane="rollups"),
    Duty("overdue", overdue, timedelta(seconds=0.5), lane="timers"),
    Duty("claims", claims_left, timedelta(seconds=5), lane="timers"),
    Duty("supervision", ladders, timedelta(seconds=1), lane="supervision"),
    Duty("recount", Recounting(), timedelta(seconds=1), lane="recount"),
    Duty("archive", archive, timedelta(minutes=5)),
    Duty("loose-evidence", loose_evidence, timedelta(minutes=30)),
    Duty("old-attempts", old_attempts, timedelta(hours=1)),
    Duty("trials", try_drafts, timedelta(seconds=1), lane="trials"),
    Duty("old-trials", old_trials, timedelta(hours=12)),
    Duty("next-year", next_year_known, timedelta(hours=12)),
]

"""Going overdue: announced soon, exactly once, whatever else goes on."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from wangge.cases import rollups, tasks
from wangge.cases.actions.overdue import announce_overdue
from wangge.cases.models import Case, Deadline, Step
from wangge.cases.rules.states import Stage
from wangge.cases.tests import made
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.duties import Duty
from wangge.core.duties import found as found_duties
from wangge.core.models import JournalEntry
from wangge.core.worker import run
from wangge.live import watch
from wangge.testing.client import api_as
from wangge.testing.committed import at_once, owner
from wangge.testing.world import World

BY = Actor.system("deadlines")


def announced() -> Counter[str]:
    return Counter(JournalEntry.objects.filter(kind="case.overdue").values_list("subject_id", flat=True))


def test_a_clock_that_has_run_out_is_announced_on_the_record(world: World) -> None:
    at = clock.now()
    late, early = made.reported(world, 1, at=at - timedelta(minutes=6)), made.reported(world, 1, at=at)
    with acting(BY):
        assert announce_overdue(by=BY, at=at) == 1
    row = Case.objects.get(pk=late[0].pk)
    assert row.is_overdue and row.was_late and row.version == late[0].version
    assert list(Step.objects.filter(case=row, kind="overdue").values_list("data__stage", flat=True)) == ["respond"]
    assert announced() == {str(late[0].pk): 1}
    assert not Case.objects.get(pk=early[0].pk).is_overdue


def test_what_the_house_did_is_told_as_done_by_the_system(world: World) -> None:
    case = made.reported(world, 1, at=clock.now() - timedelta(minutes=6))[0]
    with acting(BY):
        announce_overdue(by=BY, at=clock.now())
    told = {}
    for language in ("zh", "en"):
        step = api_as(world["street_seat"], language=language).get(f"/api/cases/{case.pk}").json()["steps"][-1]
        told[language] = (step["kind"], step["by_name"])
    assert told == {"zh": ("overdue", "系统"), "en": ("overdue", "System")}


def test_what_is_met_dropped_or_paused_is_not_announced(world: World) -> None:
    at = clock.now()
    cases = made.reported(world, 3, at=at - timedelta(minutes=6))
    rows = Deadline.objects.filter(case__in=cases).order_by("id")
    stopped: list[dict[str, Any]] = [{"met_at": at}, {"dropped_at": at}, {"due_at": None}]
    for row, value in zip(rows, stopped, strict=True):
        Deadline.objects.filter(pk=row.pk).update(**value)
    with acting(BY):
        assert announce_overdue(by=BY, at=at) == 0


def test_two_workers_announce_each_clock_once(committed_world: World) -> None:
    cases = made.reported(committed_world, 300, at=clock.now() - timedelta(minutes=6))

    def work() -> int:
        rounds = 0
        while tasks.overdue():
            rounds += 1
        return rounds

    assert not [found for found in at_once(work, work, work) if isinstance(found, BaseException)]
    tasks.overdue()
    assert announced() == {str(case.pk): 1 for case in cases}


def test_a_case_that_somebody_holds_delays_nobody_but_itself(committed_world: World) -> None:
    cases = made.reported(committed_world, 20, at=clock.now() - timedelta(minutes=6))
    held = cases[0]
    with owner() as other:
        other.execute("begin")
        other.execute("update cases_case set title = title where id = %s", [held.pk])
        while tasks.overdue():
            pass
        assert announced() == {str(case.pk): 1 for case in cases[1:]}
        other.execute("rollback")
    tasks.overdue()
    assert announced()[str(held.pk)] == 1


def test_a_clock_met_while_the_worker_waited_is_not_announced(committed_world: World) -> None:
    """The worker looks again once it holds the case."""
    at = clock.now()
    case = made.reported(committed_world, 1, at=at - timedelta(minutes=6))[0]
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        Deadline.objects.filter(case=case).update(met_at=at)
        assert at_once(tasks.overdue) == [False]
    assert not tasks.overdue()
    assert announced() == {}


def worker(*duties: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "django", "worker", "--only", *duties]
    return subprocess.Popen(command, env=os.environ | {"DJANGO_SETTINGS_MODULE": "wangge.config.settings"})


def until(true: Callable[[], bool]) -> None:
    while not true():
        time.sleep(0.02)


def test_a_worker_killed_in_the_middle_leaves_each_clock_announced_once(committed_world: World) -> None:
    cases = made.reported(committed_world, 1200, at=clock.now() - timedelta(minutes=6))
    first = worker("overdue")
    until(lambda: Step.objects.filter(kind="overdue").exists())
    first.send_signal(signal.SIGKILL)
    first.wait()
    second = worker("overdue")
    until(lambda: sum(announced().values()) >= len(cases))
    second.terminate()
    assert second.wait() == 0
    assert announced() == {str(case.pk): 1 for case in cases}
    assert Step.objects.filter(kind="overdue").count() == len(cases)


def test_the_worker_goes_on_after_its_connections_were_cut(committed_world: World) -> None:
    running = worker("overdue")
    try:
        first = made.reported(committed_world, 1, at=clock.now() - timedelta(minutes=6))[0]
        until(lambda: announced()[str(first.pk)] == 1)
        with owner() as other:
            other.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where pid not in (pg_backend_pid(), %s) "
                "and backend_type = 'client backend'",
                [_own_pid()],
            )
        second = made.reported(committed_world, 1, at=clock.now() - timedelta(minutes=6))[0]
        until(lambda: announced()[str(second.pk)] == 1)
    finally:
        running.terminate()
        running.wait()


def _own_pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("stage", [Stage.HANDLE])
def test_every_running_stage_is_watched(world: World, stage: Stage) -> None:
    cases = made.handling(world, 2, at=clock.now() - timedelta(days=60))
    with acting(BY):
        assert announce_overdue(by=BY, at=clock.now()) == 2
    assert Case.objects.filter(pk__in=[case.pk for case in cases], is_overdue=True).count() == 2
    assert set(JournalEntry.objects.filter(kind="case.overdue").values_list("data__stage", flat=True)) == {stage}


# -- within five seconds: so many looks of so many seconds; `script/bench prompt` measures how long it takes

PROMISED = timedelta(seconds=5)


def test_the_looks_between_due_and_shown_fit_into_what_is_promised_twice() -> None:
    duties = {duty.name: duty for duty in found_duties()}
    shown = [timedelta(seconds=watch.POLL_S), timedelta(seconds=watch.FIGURES_S), duties[rollups.READER].every]
    assert 2 * sum(shown, duties["overdue"].every) < PROMISED
    beside = {duty.name for duty in duties.values() if duty.lane == duties["overdue"].lane}
    assert beside == {"overdue", "claims", "field.errands"}, "whoever else takes turns with it may make it late"


def test_the_first_look_after_a_clock_has_run_out_says_so(committed_world: World) -> None:
    """The worker's own loop: of its looks, the first that begins when the clock has run out announces it."""
    case = made.reported(committed_world, 1, at=clock.now())[0]
    Deadline.objects.filter(case=case).update(due_at=clock.now() + timedelta(seconds=1.2))
    over, looks = threading.Event(), list[tuple[bool, int]]()

    def look() -> bool:
        due = Deadline.objects.get(case=case).due_at
        assert due is not None
        was_due = due <= clock.now()
        more = tasks.overdue()
        looks.append((was_due, announced()[str(case.pk)]))
        if was_due:
            over.set()
        return more

    [every] = [duty.every for duty in tasks.DUTIES if duty.name == "overdue"]
    run([Duty("overdue", look, every, lane="timers")], over)
    *before, (was_due, said) = looks
    assert was_due and said == 1
    assert before and not any(early for early, _ in before), "it looked before, and nothing was due"


def test_one_look_of_each_is_enough_for_a_seat_to_see_it(committed_world: World) -> None:
    """The queue and the figures say so after one look of the timers and one of the roll-ups."""
    made.reported(committed_world, 1, at=clock.now() - timedelta(minutes=6))
    seat = api_as(committed_world["street_seat"])
    rollups.read()
    assert seat.get("/api/figures/dashboard").json()["open"]["overdue"] == 0
    tasks.overdue()
    tasks.count_figures()
    assert seat.get("/api/figures/dashboard").json()["open"]["overdue"] == 1
    assert seat.get("/api/cases/counts").json()["counts"]["overdue"] == 1
    assert len(seat.get("/api/cases", queue="overdue").json()["items"]) == 1

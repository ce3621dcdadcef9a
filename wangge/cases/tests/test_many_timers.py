"""Ten thousand clocks run out at once: each is announced, and climbs its ladder, once. Prints how long it took (-s)."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection

from wangge.cases import clocks, rollups
from wangge.cases.actions.calendar import set_ladder
from wangge.cases.actions.ladder import climb_ladders
from wangge.cases.actions.overdue import announce_overdue
from wangge.cases.actions.recount import count_again, stale_clocks
from wangge.cases.configuration import configuration
from wangge.cases.models import Case, Deadline, Step, Supervision
from wangge.cases.rules.states import Stage
from wangge.cases.rules.supervision import LadderRule, default_rules
from wangge.cases.tests import made
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.models import JournalEntry
from wangge.testing.world import World

MANY = 10_000
BY = Actor.system("timers")
pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


def rules(world: World, steps: list[LadderRule]) -> None:
    with acting(BY):
        set_ladder(Stage.HANDLE, steps, by=BY, at=clock.now())


def overdue_since(world: World, *, at: datetime, ago: timedelta) -> None:
    """Each started at a minute of its own, so that nothing is counted for two of them."""
    made.handling(world, MANY, at=at - ago)
    config, rows = configuration(), list(Deadline.objects.filter(stage=Stage.HANDLE))
    for number, row in enumerate(rows):
        row.started_at = at - ago - timedelta(seconds=number)
        clocks.fill(row, config)
    with connection.cursor() as cursor:
        cursor.executemany(
            "update cases_deadline set started_at = %s, due_at = %s, ladder_at = %s, ladder_by = %s where id = %s",
            [(row.started_at, row.due_at, row.ladder_at, row.ladder_by, row.pk) for row in rows],
        )


def run(action: Callable[..., int], what: str, *, at: datetime, limit: int) -> int:
    began, total = time.perf_counter(), 0
    while True:
        with acting(BY):
            done = action(by=BY, at=at, limit=limit)
        if not done:
            break
        total += done
    print(f"{what}: {total} in {time.perf_counter() - began:.1f} s")
    return total


@pytest.mark.parametrize("steps", [1, 5])
def test_ten_thousand_clocks_run_out_at_once(committed_world: World, steps: int) -> None:
    at = clock.now()
    rules(committed_world, list(default_rules(Stage.HANDLE)[:steps]))
    overdue_since(committed_world, at=at, ago=timedelta(days=60))
    assert run(announce_overdue, "announced", at=at, limit=1000) == MANY
    assert run(climb_ladders, f"climbed {steps} steps", at=at, limit=500) == MANY
    assert Case.objects.filter(is_overdue=True, was_late=True, supervision=steps).count() == MANY
    assert Supervision.objects.values("deadline", "step").distinct().count() == MANY * steps
    assert Supervision.objects.count() == MANY * steps
    for kind, times in (("overdue", 1), ("supervise", steps)):
        assert Step.objects.filter(kind=kind).count() == MANY * times
        assert JournalEntry.objects.filter(kind=f"case.{kind}").count() == MANY * times
    left = Deadline.objects.filter(stage=Stage.HANDLE, ladder_at__isnull=False, ladder_at__lte=at)
    assert not left.exists()
    assert rollups.check() == []


def test_ten_thousand_clocks_are_counted_again(committed_world: World) -> None:
    at = clock.now()
    overdue_since(committed_world, at=at, ago=timedelta(days=60))
    Deadline.objects.update(calendar="older")
    with acting(BY):
        assert stale_clocks(configuration()).count() == MANY, "the answered ones stand still"
    assert run(count_again, "counted again", at=at, limit=200) == MANY
    config = configuration()
    assert all(row.due_at == clocks.due_of(row, config).at for row in Deadline.objects.filter(stage=Stage.HANDLE)[:200])

"""Running clocks counted again, because the calendar or the rules of supervision they were counted by have changed."""

import json
import uuid
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from wangge.cases import clocks
from wangge.cases.actions.batches import Locked, lock_cases
from wangge.cases.configuration import Configuration, configuration
from wangge.cases.models import Case, Deadline
from wangge.cases.rules.moves import Move
from wangge.cases.rules.states import Stage
from wangge.core.actor import Actor

STALE = "(d.calendar <> %(calendar)s or d.ladder_by <> coalesce(%(marks)s::jsonb ->> d.stage, ''))"
SHOWN = ("due_at", "amber_at", "due_stage", "is_overdue", "was_late", "changed_at")


def count_again(*, by: Actor, at: datetime, limit: int = 200) -> int:
    """Up to `limit` clocks; how many there were. Going on until it is 0 has them all, also after being killed."""
    config = configuration()
    held = Locked.read(lock_cases(STALE, order="d.case_id", limit=limit, **_stale_values(config)))
    stale = [clock for own in held.clocks.values() for clock in own if is_stale(clock, config)]
    before = {clock.pk: clock.due_at for clock in stale}
    for clock in stale:
        clocks.count_again(clock, config=config, at=at)
    Deadline.objects.bulk_update(stale, list(clocks.COUNTED))
    moved = [clock for clock in stale if clock.due_at != before[clock.pk]]
    cases = [_show(held, case_id, moved, before, by=by, at=at) for case_id in {clock.case_id for clock in moved}]
    Case.objects.bulk_update(cases, SHOWN)
    held.write(by=by, at=at)
    return len(stale)


def stale_clocks(config: Configuration) -> "QuerySet[Deadline]":
    running = Deadline.objects.filter(met_at__isnull=True, dropped_at__isnull=True)
    marks = Q()
    for stage in Stage:
        marks |= Q(stage=stage) & ~Q(ladder_by=config.ladder_mark(stage))
    return running.filter(~Q(calendar=config.calendar.version) | marks)


def is_stale(clock: Deadline, config: Configuration) -> bool:
    return clock.calendar != config.calendar.version or clock.ladder_by != config.ladder_mark(clock.stage)


def _stale_values(config: Configuration) -> dict[str, Any]:
    marks = {str(stage): config.ladder_mark(stage) for stage in Stage}
    return {"calendar": config.calendar.version, "marks": json.dumps(marks)}


def _show(
    held: Locked,
    case_id: uuid.UUID,
    moved: list[Deadline],
    before: dict[int, datetime | None],
    *,
    by: Actor,
    at: datetime,
) -> Case:
    case, own = held.cases[case_id], held.clocks[case_id]
    clocks.show(case, own)
    case.changed_at = at
    if case.was_late and not case.is_overdue:
        case.was_late = _was_late(case)
    changes = [
        {
            "stage": clock.stage,
            "step": clock.step,
            "before": instant.isoformat() if (instant := before[clock.pk]) else None,
            "after": clock.due_at.isoformat() if clock.due_at else None,
        }
        for clock in moved
        if clock.case_id == case_id
    ]
    held.say(case, Move.RECOUNT, by=by, at=at, changed=("due_at", "is_overdue"), data={"clocks": changes})
    return case


def _was_late(case: Case) -> bool:
    """A stage that was kept late counts for good; one that runs counts no more when it is due later after all."""
    late = Q(met_at__gte=F("due_at")) | Q(overdue_at__isnull=False)
    return Deadline.objects.filter(late, case=case).exists()

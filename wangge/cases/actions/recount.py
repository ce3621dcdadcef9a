"""Running clocks counted again, because the calendar or the rules of supervision they were counted by have changed.

That a case was late is taken back only where counting again shows that it was not: every time that it was said to be
overdue must have been undone by a recount, and no finished stage may have been late (docs/adr/0007).
"""

import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from wangge.cases import clocks
from wangge.cases.actions.batches import Locked, lock_cases, update_rows
from wangge.cases.configuration import Configuration, configuration
from wangge.cases.models import Case, Deadline, Step
from wangge.cases.rules.moves import Move
from wangge.cases.rules.states import Stage
from wangge.core.actor import Actor

STALE = "(d.calendar <> %(calendar)s or d.ladder_by <> coalesce(%(marks)s::jsonb ->> d.stage, ''))"
CLOCK = {
    "id": "bigint",
    "due_at": "timestamptz",
    "amber_at": "timestamptz",
    "trace": "jsonb",
    "calendar": "text",
    "overdue_at": "timestamptz",
    "ladder_step": "smallint",
    "ladder_at": "timestamptz",
    "ladder_by": "text",
}
CASE = {
    "id": "uuid",
    "due_at": "timestamptz",
    "amber_at": "timestamptz",
    "due_stage": "text",
    "is_overdue": "boolean",
    "was_late": "boolean",
    "changed_at": "timestamptz",
}


class Before(NamedTuple):
    due_at: datetime | None
    overdue_at: datetime | None


def count_again(*, by: Actor, at: datetime, limit: int = 200) -> int:
    """Up to `limit` clocks; how many there were. Going on until it is 0 has them all, also after being killed."""
    config = configuration()
    held = Locked.read(lock_cases(STALE, order="d.case_id", limit=limit, **_stale_values(config)))
    stale = [clock for own in held.clocks.values() for clock in own if is_stale(clock, config)]
    before = {clock.pk: Before(clock.due_at, clock.overdue_at) for clock in stale}
    for clock in stale:
        clocks.count_again(clock, config=config, at=at)
    update_rows("cases_deadline", CLOCK, [_clock_row(clock) for clock in stale])
    moved = [clock for clock in stale if clock.due_at != before[clock.pk].due_at]
    cases = [_show(held, case_id, moved, before, by=by, at=at) for case_id in {clock.case_id for clock in moved}]
    update_rows("cases_case", CASE, [tuple(getattr(case, name) for name in CASE) for case in cases])
    held.write(by=by, at=at)
    return len(stale)


def stale_clocks(config: Configuration) -> "QuerySet[Deadline]":
    running = Deadline.objects.filter(_runs())
    marks = Q()
    for stage in Stage:
        marks |= Q(stage=stage) & ~Q(ladder_by=config.ladder_mark(stage))
    return running.filter(~Q(calendar=config.calendar.version) | marks)


def is_stale(clock: Deadline, config: Configuration) -> bool:
    return clock.calendar != config.calendar.version or clock.ladder_by != config.ladder_mark(clock.stage)


def _stale_values(config: Configuration) -> dict[str, Any]:
    marks = {str(stage): config.ladder_mark(stage) for stage in Stage}
    return {"calendar": config.calendar.version, "marks": json.dumps(marks)}


def _clock_row(clock: Deadline) -> tuple[Any, ...]:
    return tuple(json.dumps(clock.trace) if name == "trace" else getattr(clock, name) for name in CLOCK)


def _show(
    held: Locked,
    case_id: uuid.UUID,
    moved: list[Deadline],
    before: dict[int, Before],
    *,
    by: Actor,
    at: datetime,
) -> Case:
    case, own = held.cases[case_id], held.clocks[case_id]
    clocks.show(case, own)
    case.changed_at = at
    changes = [_change(clock, before[clock.pk]) for clock in moved if clock.case_id == case_id]
    data: dict[str, Any] = {"clocks": changes}
    changed = ["due_at", "is_overdue"]
    undone = _undone(changes)
    if case.was_late and undone and not case.is_overdue and not _was_late_otherwise(case, undone):
        case.was_late = False
        data["was_late"] = False
        changed.append("was_late")
    held.say(case, Move.RECOUNT, by=by, at=at, changed=changed, data=data)
    return case


def _change(clock: Deadline, before: Before) -> dict[str, Any]:
    change = {
        "stage": clock.stage,
        "step": clock.step,
        "before": before.due_at.isoformat() if before.due_at else None,
        "after": clock.due_at.isoformat() if clock.due_at else None,
    }
    if before.overdue_at is not None and clock.overdue_at is None:
        change["no_longer_overdue"] = True
    return change


def _undone(changes: Iterable[dict[str, Any]]) -> int:
    return sum(bool(change.get("no_longer_overdue")) for change in changes)


def _was_late_otherwise(case: Case, undone: int) -> bool:
    """`undone`: overdue clocks that this recount takes back; what earlier ones took back stands in the history."""
    ended_late = Q(met_at__gte=F("due_at")) | Q(dropped_at__gte=F("due_at")) | Q(overdue_at__isnull=False)
    if Deadline.objects.filter(ended_late, case=case).exclude(_runs()).exists():
        return True
    lines = Step.objects.filter(case=case, kind__in=[Move.REPORT, Move.OVERDUE, Move.RECOUNT])
    said = 0
    for kind, data in lines.values_list("kind", "data"):
        if kind == Move.REPORT and data.get("late"):
            return True  # so it came from the system it was brought in from
        said += kind == Move.OVERDUE
        undone += _undone(data.get("clocks", ())) if kind == Move.RECOUNT else 0
    return said > undone


def _runs() -> Q:
    return Q(met_at__isnull=True, dropped_at__isnull=True)

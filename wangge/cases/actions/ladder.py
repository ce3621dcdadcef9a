"""Steps of 提醒→催办→督办→黄牌→红牌 taken by rule, when their time has come."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from wangge.cases import clocks
from wangge.cases.actions.batches import Locked, lock_cases
from wangge.cases.configuration import Configuration, configuration
from wangge.cases.models import Case, Deadline, Supervision
from wangge.cases.rules.moves import Move
from wangge.cases.rules.supervision import StageTimer, StepDue, steps_due
from wangge.core.actor import Actor

DUE = "d.ladder_at <= %(at)s"


def climb_ladders(*, by: Actor, at: datetime, limit: int = 200) -> int:
    """Take every step that is due on up to `limit` clocks; how many clocks there were."""
    config = configuration()
    held = Locked.read(lock_cases(DUE, order="d.ladder_at", limit=limit, at=at))
    due = [clock for own in held.clocks.values() for clock in own if clock.ladder_at and clock.ladder_at <= at]
    by_hand = _by_hand(list(held.cases))
    taken = [_climb(held, clock, by_hand, config, by=by, at=at) for clock in due]
    Supervision.objects.bulk_create([row for rows in taken for row in rows])
    Deadline.objects.bulk_update(due, ["ladder_step", "ladder_at", "ladder_by"])
    higher = [held.cases[rows[0].case_id] for rows in taken if rows]
    Case.objects.bulk_update({case.pk: case for case in higher}.values(), ["supervision", "changed_at"])
    held.write(by=by, at=at)
    return len(due)


def _climb(
    held: Locked,
    clock: Deadline,
    by_hand: dict[uuid.UUID, list[tuple[datetime, int]]],
    config: Configuration,
    *,
    by: Actor,
    at: datetime,
) -> list[Supervision]:
    # What somebody did by hand while this clock ran, the rule does not do again.
    done = [step for since, step in by_hand.get(clock.case_id, ()) if since >= clock.started_at]
    height = max([clock.ladder_step, *done])
    found = _due(clock, height, config, at)
    rows = [_take(held, clock, step, by=by, at=at) for step in found]
    clocks.set_ladder(clock, config, taken=max([height, *(row.step for row in rows)]))
    return rows


def _due(clock: Deadline, height: int, config: Configuration, at: datetime) -> Sequence[StepDue]:
    rules = config.ladder.get(clock.stage, ())
    timer = StageTimer(clock.stage, clocks.timer_of(clock), clock.ladder_from)
    return steps_due(rules, timer, clocks.LADDER[:height], at, config.calendar)


def _take(held: Locked, clock: Deadline, due: StepDue, *, by: Actor, at: datetime) -> Supervision:
    case, height = held.cases[clock.case_id], due.step.height + 1
    case.supervision, case.changed_at = max(case.supervision, height), at
    unit_path = clock.unit_path or case.lead_path or case.holder_path
    held.say(
        case,
        Move.SUPERVISE,
        by=by,
        at=at,
        changed=("supervision",),
        data={
            "step": str(due.step),
            "by_rule": True,
            "stage": clock.stage,
            "due_at": due.at.isoformat(),
            "unit_path": unit_path,
        },
    )
    return Supervision(case=case, deadline=clock, step=height, by_rule=True, unit_path=unit_path, at=at)


def _by_hand(ids: list[uuid.UUID]) -> dict[uuid.UUID, list[tuple[datetime, int]]]:
    found: dict[uuid.UUID, list[tuple[datetime, int]]] = {}
    rows = Supervision.objects.filter(case__in=ids, by_rule=False).values_list("case_id", "at", "step")
    for case_id, at, step in rows:
        found.setdefault(case_id, []).append((at, step))
    return found

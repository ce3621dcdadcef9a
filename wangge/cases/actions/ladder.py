"""Steps of 提醒→催办→督办→黄牌→红牌 taken by rule, when their time has come."""

import uuid
from datetime import datetime
from typing import Any

from wangge.cases import clocks
from wangge.cases.actions.batches import Locked, among, lock_cases, update_rows, write_rows
from wangge.cases.configuration import Configuration, configuration
from wangge.cases.models import Deadline, Supervision
from wangge.cases.rules.moves import Move
from wangge.cases.rules.supervision import StepDue, climb
from wangge.core.actor import Actor

DUE = "d.ladder_at <= %(at)s"
TAKEN = ("case_id", "deadline_id", "step", "by_rule", "unit_path", "text", "at", "receipt_by", "receipt_text")
CLOCK = {"id": "bigint", "ladder_step": "smallint", "ladder_at": "timestamptz", "ladder_by": "text"}
CASE = {"id": "uuid", "supervision": "smallint", "changed_at": "timestamptz"}


def climb_ladders(*, by: Actor, at: datetime, limit: int = 500) -> int:
    """Take every step that is due on up to `limit` clocks; how many clocks there were."""
    config = configuration()
    held = Locked.read(lock_cases(DUE, order="d.ladder_at", limit=limit, at=at))
    due = [clock for own in held.clocks.values() for clock in own if clock.ladder_at and clock.ladder_at <= at]
    by_hand = _by_hand(list(held.cases))
    taken = [row for clock in due for row in _climb(held, clock, by_hand, config, by=by, at=at)]
    write_rows("cases_supervision", TAKEN, taken)
    update_rows("cases_deadline", CLOCK, [(row.pk, row.ladder_step, row.ladder_at, row.ladder_by) for row in due])
    higher = [held.cases[case_id] for case_id in {row[0] for row in taken}]
    update_rows("cases_case", CASE, [(case.pk, case.supervision, at) for case in higher])
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
) -> list[tuple[Any, ...]]:
    """The rows of the steps taken; the clock knows the next one."""
    # What somebody did by hand while this clock ran, the rule does not do again.
    done = [step for since, step in by_hand.get(clock.case_id, ()) if since >= clock.started_at]
    height = max([clock.ladder_step, *done])
    rules = config.ladder.get(clock.stage, ())
    found, later = climb(rules, clocks.stage_timer(clock, config), clocks.LADDER[:height], at, config.calendar)
    clock.ladder_step = max([height, *(step.step.height + 1 for step in found)])
    clock.ladder_at = later.at if later else None
    clock.ladder_by = config.ladder_mark(clock.stage)
    return [_take(held, clock, step, by=by, at=at) for step in found]


def _take(held: Locked, clock: Deadline, due: StepDue, *, by: Actor, at: datetime) -> tuple[Any, ...]:
    case, height = held.cases[clock.case_id], due.step.height + 1
    case.supervision = max(case.supervision, height)
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
    return case.pk, clock.pk, height, True, unit_path, "", at, "", ""


def _by_hand(ids: list[uuid.UUID]) -> dict[uuid.UUID, list[tuple[datetime, int]]]:
    found: dict[uuid.UUID, list[tuple[datetime, int]]] = {}
    rows = Supervision.objects.filter(case__in=among(ids), by_rule=False).values_list("case_id", "at", "step")
    for case_id, at, step in rows:
        found.setdefault(case_id, []).append((at, step))
    return found

"""The centre over the unit: suspended and resumed, supervised step by step, receipts."""

import uuid
from datetime import datetime

from wangge.cases import clocks
from wangge.cases.actions.turn import Turn, need_text, take
from wangge.cases.models import Case, Supervision
from wangge.cases.rules.moves import Move
from wangge.cases.rules.parties import acts_for
from wangge.cases.rules.states import Stage
from wangge.cases.rules.supervision import LadderStep, check_step
from wangge.core.actor import Actor

LADDER = tuple(LadderStep)


def suspend_case(*, case_id: uuid.UUID, by: Actor, at: datetime, reason: str, version: int | None = None) -> Case:
    """挂起 (挂账): the clocks stand until it is resumed."""
    reason = need_text(reason)
    turn = take(by, case_id, Move.SUSPEND, at=at, version=version)
    turn.go()
    clocks.pause(
        [clock for clock in turn.clocks if clock.stage in (Stage.HANDLE, Stage.STEP)], config=turn.config, at=at
    )
    turn.finish(text=reason)
    return turn.case


def resume_case(*, case_id: uuid.UUID, by: Actor, at: datetime, text: str = "", version: int | None = None) -> Case:
    turn = take(by, case_id, Move.RESUME, at=at, version=version)
    turn.go()
    clocks.resume(
        [clock for clock in turn.clocks if clock.stage in (Stage.HANDLE, Stage.STEP)], config=turn.config, at=at
    )
    turn.finish(text=text.strip())
    return turn.case


def supervise_case(
    *, case_id: uuid.UUID, by: Actor, at: datetime, step: LadderStep, text: str, version: int | None = None
) -> Case:
    """A step of 提醒→催办→督办→黄牌→红牌 by hand: may skip ahead, never goes back."""
    text = need_text(text, name="text")
    turn = take(by, case_id, Move.SUPERVISE, at=at, version=version)
    check_step(step, LADDER[: _height(turn)])
    height = step.height + 1
    Supervision.objects.create(
        case=turn.case,
        step=height,
        by_rule=False,
        unit_path=turn.case.lead_path or turn.case.holder_path,
        text=text,
        at=at,
    )
    turn.set(supervision=max(height, turn.case.supervision))
    turn.finish(text=text, data={"step": str(step)}, entry={"step": height})
    return turn.case


def receipt(*, case_id: uuid.UUID, by: Actor, at: datetime, text: str, version: int | None = None) -> Case:
    """督办回执: a unit answers every step that was addressed to it and still waits for one."""
    text = need_text(text, name="text")
    turn = take(by, case_id, Move.RECEIPT, at=at, version=version)
    own = [path for path in turn.standing.owing if acts_for(path, by)]
    Supervision.objects.filter(case=turn.case, unit_path__in=own, receipt_at__isnull=True).update(
        receipt_at=at, receipt_by=f"{by.unit_name} {by.name}".strip(), receipt_text=text
    )
    turn.finish(text=text)
    return turn.case


def _height(turn: Turn) -> int:
    """The highest step taken on the clocks that run, by rule, or by hand since they began; 0 without any."""
    since = min((clock.started_at for clock in turn.clocks), default=turn.case.dispatched_at or turn.case.reported_at)
    by_hand = Supervision.objects.filter(case=turn.case, by_rule=False, at__gte=since).values_list("step", flat=True)
    return max([0, *by_hand, *(clock.ladder_step for clock in turn.clocks)])

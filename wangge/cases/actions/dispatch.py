"""Charging units with a case: one lead, any assisting; recalled, transferred, signed for, sent back."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from wangge.cases.actions.turn import Turn, need_text, take
from wangge.cases.configuration import UnitInfo
from wangge.cases.models import Assignment, Case, Extension
from wangge.cases.rules.limits import TimeLimit
from wangge.cases.rules.moves import Move
from wangge.cases.rules.states import Stage
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import Invalid, Message
from wangge.core.pipeline import insert


class ComplainedOfCannotLead(Invalid):
    code = "case.complained_of_cannot_lead"
    zh = "不能把投诉派给被投诉的单位自己办理，请派给其上级或别的单位。"
    en = "A complaint cannot be sent to the unit complained of; choose its superior or another unit."


class ComplainedOfCannotAssist(Invalid):
    code = "case.complained_of_cannot_assist"
    zh = "“{unit}”属被投诉单位，不能协办这件投诉，也不参加联动，请另选。"
    en = "“{unit}” is complained of here; it can neither assist nor be mustered. Choose another unit."


def dispatch_case(
    *,
    case_id: uuid.UUID,
    by: Actor,
    at: datetime,
    lead_id: int,
    assist_ids: Sequence[int] = (),
    text: str = "",
    limit: TimeLimit | None = None,
    version: int | None = None,
) -> Case:
    """Raises NotFound, NotAllowed, NotNow, Changed, Invalid, ComplainedOfCannotLead, ComplainedOfCannotAssist.

    `limit` replaces the category's limit for handling (an order of a leader, an emergency)."""
    turn = take(by, case_id, Move.DISPATCH, at=at, version=version)
    turn.answered()
    turn.meet(Stage.DISPATCH)
    _charge(turn, lead_id, assist_ids, limit)
    turn.go()
    names = [turn.units.by_id[unit_id].name for unit_id in (lead_id, *assist_ids)]
    turn.finish(text=text.strip(), data={"lead": names[0], "assist": names[1:]}, entry={"lead": turn.case.lead_path})
    return turn.case


def recall_case(*, case_id: uuid.UUID, by: Actor, at: datetime, reason: str, version: int | None = None) -> Case:
    reason = need_text(reason)
    turn = take(by, case_id, Move.RECALL, at=at, version=version)
    left = turn.case.lead_path
    _discharge(turn, "recalled")
    turn.go()
    turn.start(Stage.DISPATCH, unit_path=turn.case.holder_path)
    turn.finish(text=reason, also_paths=[left])
    return turn.case


def transfer_case(
    *,
    case_id: uuid.UUID,
    by: Actor,
    at: datetime,
    lead_id: int,
    reason: str,
    assist_ids: Sequence[int] = (),
    limit: TimeLimit | None = None,
    version: int | None = None,
) -> Case:
    """改派: from one lead unit to another without coming back in between."""
    reason = need_text(reason)
    turn = take(by, case_id, Move.TRANSFER, at=at, version=version)
    left = turn.case.lead_path
    _discharge(turn, "transferred")
    _charge(turn, lead_id, assist_ids, limit)
    turn.go()
    names = turn.units.by_id
    turn.finish(text=reason, data={"lead": names[lead_id].name}, also_paths=[left], entry={"lead": turn.case.lead_path})
    return turn.case


def sign_case(*, case_id: uuid.UUID, by: Actor, at: datetime, text: str = "", version: int | None = None) -> Case:
    """签收: the unit takes it on; its limit for handling runs from the dispatch, not from the signature."""
    turn = take(by, case_id, Move.SIGN, at=at, version=version)
    turn.meet(Stage.SIGN)
    turn.go()
    turn.set(signed_at=at)
    turn.write(lambda: open_charges(turn.case).filter(role=Assignment.Role.LEAD).update(signed_at=at))
    called = start_step(turn, 1)
    turn.finish(text=text.strip(), entry={"unit_path": called} if called else None)
    return turn.case


def return_case(*, case_id: uuid.UUID, by: Actor, at: datetime, reason: str, version: int | None = None) -> Case:
    """退回: with a reason; the centre may then only dispatch again or hand up. Earlier words and evidence stay."""
    reason = need_text(reason)
    turn = take(by, case_id, Move.RETURN, at=at, version=version)
    left = turn.case.lead_path
    _discharge(turn, "returned")
    turn.go()
    turn.set(is_returned=True, returns=turn.case.returns + 1)
    turn.start(Stage.DISPATCH, unit_path=turn.case.holder_path)
    turn.finish(text=reason, also_paths=[left])
    return turn.case


def start_step(turn: Turn, number: int) -> str:
    """The next step of the category's standard procedure, if there is one, and its clock, if it has a limit.

    Path of the unit it is for, where that is another than the lead: it assists from now on, or it would be held to a
    limit on a case that it can neither see nor sign.
    """
    category = turn.config.categories.get(turn.case.category_id or 0)
    step = next((step for step in category.procedure if step.number == number), None) if category else None
    if step is None:
        return ""
    case = turn.case
    unit = turn.units.for_step(step, lead_path=case.lead_path, complained_root=case.complained_root)
    if unit is not None and not open_charges(case).filter(unit=unit.id).exists():
        charge(turn, unit, Assignment.Role.ASSIST)
    if step.limit is not None:
        turn.start(Stage.STEP, unit_path=unit.path if unit else case.lead_path, limit=step.limit, step=number)
    return unit.path if unit else ""


def _charge(turn: Turn, lead_id: int, assist_ids: Sequence[int], limit: TimeLimit | None) -> None:
    lead = open_unit(turn, lead_id, "lead_id")
    if _is_complained_of(turn, lead):
        raise ComplainedOfCannotLead()
    assisting = [unit_to_assist(turn, one, "assist_ids") for one in dict.fromkeys(assist_ids) if one != lead_id]
    if turn.standing.caller_path:  # mustered by a whistle before; charged anew from now on
        ids = [unit.id for unit in (lead, *assisting)]
        turn.write(lambda: open_charges(turn.case).filter(unit__in=ids).update(ended_at=turn.at, ended_how="recharged"))
    rows = [(lead, Assignment.Role.LEAD), *((unit, Assignment.Role.ASSIST) for unit in assisting)]
    for unit, role in rows:
        charge(turn, unit, role)
    turn.set(lead_id=lead.id, lead_path=lead.path, dispatched_at=turn.at, signed_at=None, is_returned=False)
    turn.start(Stage.SIGN, unit_path=lead.path)
    turn.start(Stage.HANDLE, unit_path=lead.path, limit=limit)


def charge(turn: Turn, unit: UnitInfo, role: Assignment.Role) -> None:
    row = Assignment(
        case=turn.case,
        unit_id=unit.id,
        unit_path=unit.path,
        role=role,
        reported_at=turn.case.reported_at,
        dispatched_at=turn.at,
    )
    turn.charged.add(unit.path)
    turn.write(lambda: insert(row))


def _discharge(turn: Turn, how: str) -> None:
    turn.drop(Stage.SIGN, Stage.HANDLE, Stage.STEP)
    turn.write(lambda: open_charges(turn.case).update(ended_at=turn.at, ended_how=how))
    turn.set(lead_id=None, lead_path="")
    let_extension_lapse(turn, "案件已不在申请单位办理，申请自动失效。")


def let_extension_lapse(turn: Turn, decision: str) -> None:
    """Nobody decided before the unit that asked had done with the case: its request falls away."""
    if "extension" in turn.standing.waiting:
        asked = Extension.objects.filter(case_id=turn.case.pk, decided_at__isnull=True)
        turn.write(lambda: asked.update(decided_at=turn.at, granted=False, decision=decision))


def open_charges(case: Case) -> QuerySet[Assignment]:
    return Assignment.objects.filter(case_id=case.pk, ended_at__isnull=True)


def open_unit(turn: Turn, unit_id: int, field: str) -> UnitInfo:
    unit = turn.units.by_id.get(unit_id)
    if unit is None or not unit.is_open(clock.day_of(turn.at)):
        raise Invalid(fields={field: Message("没有这个单位，或已撤销。", "There is no such unit, or it has ended.")})
    return unit


def unit_to_assist(turn: Turn, unit_id: int, field: str) -> UnitInfo:
    """Raises Invalid, ComplainedOfCannotAssist."""
    unit = open_unit(turn, unit_id, field)
    if _is_complained_of(turn, unit):
        raise ComplainedOfCannotAssist(unit=unit.name)
    return unit


def _is_complained_of(turn: Turn, unit: UnitInfo) -> bool:
    root = turn.case.complained_root
    return bool(root) and unit.path.startswith(root)

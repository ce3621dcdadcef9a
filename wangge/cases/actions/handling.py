"""What the unit charged does: its steps, its part as assistant, asking for time, and done with evidence."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from wangge.cases import clocks
from wangge.cases.actions.dispatch import let_extension_lapse, open_charges, start_step
from wangge.cases.actions.triage import need_evidence
from wangge.cases.actions.turn import need_text, take
from wangge.cases.configuration import StepInfo
from wangge.cases.models import Assignment, Case, Extension
from wangge.cases.rules.limits import LimitKind, TimeLimit
from wangge.cases.rules.moves import Move
from wangge.cases.rules.parties import acts_for
from wangge.cases.rules.states import Stage
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, Invalid, Message


class ExtensionAsked(Conflict):
    code = "case.extension_asked"
    zh = "已有一份延期申请等待答复。"
    en = "More time has been asked for already and waits for an answer."


class StepsOpen(Invalid):
    code = "case.steps_open"
    zh = "标准流程还有步骤没有签办：{steps}。"
    en = "Steps of the standard procedure are not signed off yet: {steps}."


def sign_step(
    *, case_id: uuid.UUID, by: Actor, at: datetime, number: int, text: str = "", version: int | None = None
) -> Case:
    """Every step of the standard procedure is signed off in turn."""
    turn = take(by, case_id, Move.SIGN_STEP, at=at, version=version)
    due = turn.config.categories[turn.case.category_id or 0].steps_left(turn.standing.signed)
    if due[0].number != number:
        raise Invalid(
            fields={
                "number": Message(
                    f"下一步是第 {due[0].number} 步。", f"Steps are signed off in turn; number {due[0].number} is next."
                )
            }
        )
    turn.meet(Stage.STEP)
    called = start_step(turn, number + 1)
    turn.finish(
        text=text.strip(),
        data={"step": number, "name": due[0].name_zh, "name_en": due[0].name_en},
        entry={"unit_path": called} if called else None,
    )
    return turn.case


def assist_done(
    *,
    case_id: uuid.UUID,
    by: Actor,
    at: datetime,
    text: str,
    evidence: Sequence[uuid.UUID] = (),
    version: int | None = None,
) -> Case:
    """An assisting unit reports its part; the lead unit goes on."""
    text = need_text(text, name="text")
    turn = take(by, case_id, Move.ASSIST_DONE, at=at, version=version)
    paths = [path for path in turn.standing.assisting if acts_for(path, by)]
    own = open_charges(turn.case).filter(role=Assignment.Role.ASSIST, unit_path__in=paths)
    turn.write(lambda: own.update(finished_at=at))
    turn.finish(text=text, evidence=evidence)
    return turn.case


def ask_extension(
    *, case_id: uuid.UUID, by: Actor, at: datetime, limit: TimeLimit, reason: str, version: int | None = None
) -> Case:
    reason = need_text(reason)
    turn = take(by, case_id, Move.ASK_EXTENSION, at=at, version=version)
    if "extension" in turn.standing.waiting:
        raise ExtensionAsked()
    Extension.objects.create(
        case=turn.case,
        unit_path=turn.case.lead_path,
        limit_kind=limit.kind,
        limit_amount=limit.amount,
        reason=reason,
        asked_at=at,
    )
    turn.finish(text=reason, data={"limit": limit.in_words("zh"), "limit_en": limit.in_words("en")})
    return turn.case


def decide_extension(
    *, case_id: uuid.UUID, by: Actor, at: datetime, grant: bool, text: str = "", version: int | None = None
) -> Case:
    if not grant:
        text = need_text(text)
    turn = take(by, case_id, Move.GRANT_EXTENSION if grant else Move.DENY_EXTENSION, at=at, version=version)
    asked = Extension.objects.select_for_update().get(case=turn.case, decided_at__isnull=True)
    asked.decided_at, asked.granted, asked.decision = at, grant, text.strip()
    asked.save(update_fields=["decided_at", "granted", "decision"])
    if grant:
        limit = TimeLimit(LimitKind(asked.limit_kind), asked.limit_amount)
        running = [clock for clock in turn.clocks if clock.stage == Stage.HANDLE]
        turn.judge(running)  # what was late by now was late, however much time is given
        for clock in running:
            clocks.extend(clock, limit, config=turn.config, at=at)
    turn.finish(text=text.strip())
    return turn.case


def finish_case(
    *,
    case_id: uuid.UUID,
    by: Actor,
    at: datetime,
    text: str,
    evidence: Sequence[uuid.UUID] = (),
    version: int | None = None,
) -> Case:
    """处置完成: with what was done and the evidence the category asks for."""
    text = need_text(text, name="text")
    turn = take(by, case_id, Move.FINISH, at=at, version=version)
    category = turn.config.categories.get(turn.case.category_id or 0)
    if category is not None:
        left = category.steps_left(turn.standing.signed)
        if left:
            raise StepsOpen(steps=_in_words(left, by.language))
        need_evidence(turn, category.evidence, evidence)
    turn.meet(Stage.SIGN, Stage.HANDLE, Stage.STEP)
    turn.go()
    turn.set(handled_at=at)
    turn.start(Stage.REVIEW, unit_path=turn.case.holder_path)
    turn.write(lambda: open_charges(turn.case).filter(role=Assignment.Role.LEAD).update(finished_at=at))
    let_extension_lapse(turn, "已处置完成，申请自动失效。")
    turn.finish(text=text, evidence=evidence)
    return turn.case


def _in_words(steps: Sequence[StepInfo], language: str) -> str:
    if language == "en":
        return ", ".join(f"{step.number} {step.name_en or step.name_zh}" for step in steps)
    return "、".join(f"{step.number} {step.name_zh}" for step in steps)

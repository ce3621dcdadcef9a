"""What residents may read: how their report is coming on, and what can be reported."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q

from wangge.cases.actions.follow import Followed
from wangge.cases.actions.review import REOPEN_WITHIN
from wangge.cases.models import Case, Category, Step
from wangge.cases.queries.plain import Confided, plain_texts
from wangge.cases.rules.moves import Move
from wangge.cases.rules.states import OPEN, State
from wangge.cases.words import OUTCOMES, said
from wangge.core import clock
from wangge.core.actor import PUBLIC, Actor

# What a move means to the one who reported. Moves that are not here are the house's own affair.
PLAIN: dict[str, tuple[str, str]] = {
    Move.REPORT: ("已收到您的反映。", "Your report was received."),
    Move.CONTACT: ("工作人员已与您联系。", "We have been in touch with you."),
    Move.ACCEPT: ("已受理。", "It was accepted."),
    Move.REFUSE: ("不予受理。", "It was not accepted."),
    Move.HAND_UP: ("已转上一级中心办理。", "It was passed to the centre above."),
    Move.DISPATCH: ("已交有关单位办理。", "It was given to the unit in charge."),
    Move.TRANSFER: ("已改由其他单位办理。", "It was given to another unit."),
    Move.RETURN: ("正在重新安排办理单位。", "Another unit is being found for it."),
    Move.SIGN: ("办理单位已接收，正在办理。", "The unit has taken it on."),
    Move.GRANT_EXTENSION: ("因情况复杂，办理时间已延长。", "It takes longer than planned; more time was granted."),
    Move.SUSPEND: ("暂缓办理。", "Work on it is suspended."),
    Move.RESUME: ("恢复办理。", "Work on it goes on."),
    Move.FINISH: ("处置完成，等待复核。", "The work is done and will be checked."),
    Move.REWORK: ("复核未通过，重新办理。", "It did not pass the check and is done again."),
    Move.PASS: ("复核通过。", "It passed the check."),
    Move.SETTLE: ("已在现场办结。", "It was settled on the spot."),
    Move.ANSWER: ("已答复。", "It was answered."),
    Move.CLOSE: ("已办结。", "It is closed."),
    Move.RATE: ("已收到您的评价。", "Your rating was received."),
    Move.REOPEN: ("已重新办理。", "It was opened again."),
    Move.NOTE: ("已收到您的补充。", "Your addition was received."),
    Move.JOIN: ("与同类反映合并办理。", "It is handled together with another report of the same."),
    Move.SEPARATE: ("已拆出单独办理。", "It is handled by itself again."),
    Move.ARCHIVE: ("已归档。", "It is in the archive."),
}
# Words that are written for the one who reported.
REPLIES = (Move.REFUSE, Move.ANSWER, Move.SETTLE, Move.CLOSE)
# What somebody who reported said or was told: shown to nobody but them.
THEIR_OWN = (Move.REPORT, Move.CONTACT, Move.NOTE, Move.RATE)


def progress(followed: Followed, *, number: str, language: str, at: datetime) -> dict[str, Any]:
    """No names, no unit's own notes, and nothing of anybody else who reported the same.

    `number` is the one the resident was given.
    """
    own, case = followed.own, followed.case
    steps = _steps_of(case)
    shown = [step for step in steps if _is_for(step, followed)]
    if own.pk != case.pk:
        shown = _together(_steps_of(own), shown)
    score = _score(shown)
    return {
        "number": number,
        "title": own.title,
        "reported_at": own.reported_at,
        "is_open": case.state in OPEN,
        "outcome": said(OUTCOMES, case.outcome, language) if case.outcome else "",
        "reply": _reply(followed, steps),
        "due_at": case.due_at if case.state in OPEN else None,
        "steps": [{"at": step.at, "what": PLAIN[Move(step.kind)][language == "en"]} for step in shown],
        "score": score,
        "may_rate": case.state == State.CLOSED and score is None,
        "may_reopen": case.state == State.CLOSED
        and case.closed_at is not None
        and at - case.closed_at <= REOPEN_WITHIN,
        "may_add": case.state in (*OPEN, State.CLOSED),
    }


def _steps_of(case: Case) -> list[Step]:
    rows = Step.objects.filter(case=case, kind__in=[str(move) for move in PLAIN]).order_by("id")
    return [step for step in rows if step.kind != Move.NOTE or step.by_kind == PUBLIC]


def _is_for(step: Step, followed: Followed) -> bool:
    """Of a case that others were joined to, or theirs was: what is common, and what is this resident's own."""
    is_joined = followed.own.pk != followed.case.pk
    if "joined" in step.data or "separated" in step.data:
        return not is_joined and step.kind == Move.JOIN
    if step.kind not in THEIR_OWN:
        return True
    said_by = step.data.get("reporter")
    return said_by == str(followed.reporter) if said_by or is_joined else True


def _together(own: list[Step], lead: list[Step]) -> list[Step]:
    """Their own steps, how far the other one had come when theirs was joined, and what came after."""
    joined_at = max((step.at for step in own if step.kind == Move.JOIN), default=own[-1].at)
    before = [step for step in lead if step.at <= joined_at]
    for step in before[-1:]:
        step.at = joined_at
    return [*own, *before[-1:], *(step for step in lead if step.at > joined_at)]


def _score(shown: list[Step]) -> int | None:
    """Since it was last opened again, of this resident or on the telephone."""
    score = None
    for step in shown:
        if step.kind == Move.REOPEN:
            score = None
        elif step.kind == Move.RATE:
            score = step.data.get("score")
    return score


def _reply(followed: Followed, steps: list[Step]) -> str:
    case = followed.case
    if case.state not in (State.CLOSED, State.ARCHIVED, State.REFUSED):
        return ""
    words = next((step.text for step in reversed(steps) if step.kind in REPLIES and not step.centre_only), "")
    if followed.own.pk == case.pk:
        return words
    confided = Confided(case.pk, case.current_grid, case.complained_root)
    return plain_texts(Actor.public(), [confided])[case.pk](words)


def public_categories(*, language: str) -> list[dict[str, Any]]:
    """What residents choose from: two levels of the schemes that are open to them."""
    today = clock.today()
    rows = Category.objects.filter(
        Q(scheme__valid_to__isnull=True) | Q(scheme__valid_to__gt=today),
        scheme__code__in=settings.PUBLIC_SCHEMES,
        scheme__valid_from__lte=today,
        is_active=True,
    ).order_by("scheme__code", "path")
    english = language == "en"
    return [
        {
            "id": row.pk,
            "parent_id": row.parent_id,
            "name": (row.name_en if english else "") or row.name_zh,
            "is_leaf": row.is_leaf,
            "is_complaint": row.is_complaint,
        }
        for row in rows
    ]

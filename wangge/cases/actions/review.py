"""After the unit says done: reviewed, sent back for rework, closed with an outcome, rated, reopened, archived."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from wangge.cases.actions.dispatch import open_charges
from wangge.cases.actions.triage import close
from wangge.cases.actions.turn import SHORTEST_REASON, Turn, need_text, take
from wangge.cases.actions.whistle import end_unrated
from wangge.cases.doubts import doubts_about_handling
from wangge.cases.models import Assignment, Case, Rating
from wangge.cases.rules.moves import Move
from wangge.cases.rules.states import Outcome, Stage
from wangge.core import clock
from wangge.core.actor import PUBLIC, Actor
from wangge.core.errors import Conflict, Invalid, Message
from wangge.core.ids import new_id
from wangge.core.pipeline import insert

REOPEN_WITHIN = timedelta(days=30)  # one setting for page and server


class ReopenWindowOver(Conflict):
    code = "case.reopen_window_over"
    zh = "结案已超过 {days} 天，不能重启，请重新上报。"
    en = "It was closed more than {days} days ago; report it anew."


class DoubtsUnanswered(Invalid):
    code = "case.doubts_unanswered"
    zh = "处置后的照片存疑：{kinds}请写明仍予通过的理由。"
    en = "Something speaks against the pictures taken after handling: {kinds} Say why it passes all the same."


def pass_review(*, case_id: uuid.UUID, by: Actor, at: datetime, text: str = "", version: int | None = None) -> Case:
    """Raises DoubtsUnanswered beside what `take` raises. What spoke against the evidence is kept with the reason."""
    turn = take(by, case_id, Move.PASS, at=at, version=version)
    doubts = doubts_about_handling(turn.case, by)
    if doubts and len(text.strip()) < SHORTEST_REASON:
        raise DoubtsUnanswered(
            fields={"text": Message("请写明仍予通过的理由。", "Say why it passes all the same.")},
            kinds=" ".join(dict.fromkeys(one.in_words(by.language) for each in doubts.values() for one in each)),
        )
    turn.meet(Stage.REVIEW)
    turn.go()
    turn.set(reviewed_at=at)
    kept = {str(piece): [str(one.kind) for one in each] for piece, each in doubts.items()}
    turn.finish(text=text.strip(), data={"doubts": kept} if kept else None, entry={"doubts": kept} if kept else None)
    return turn.case


def rework_case(*, case_id: uuid.UUID, by: Actor, at: datetime, reason: str, version: int | None = None) -> Case:
    """返工: back to the same unit with everything kept; its clock for handling starts again."""
    reason = need_text(reason)
    turn = take(by, case_id, Move.REWORK, at=at, version=version)
    turn.meet(Stage.REVIEW)
    turn.go()
    turn.set(reworks=turn.case.reworks + 1, handled_at=None, reviewed_at=None)
    turn.start(Stage.HANDLE, unit_path=turn.case.lead_path)
    turn.write(lambda: open_charges(turn.case).filter(role=Assignment.Role.LEAD).update(finished_at=None))
    turn.finish(text=reason)
    return turn.case


def close_case(
    *,
    case_id: uuid.UUID,
    by: Actor,
    at: datetime,
    outcome: Outcome,
    text: str = "",
    evidence: Sequence[uuid.UUID] = (),
    version: int | None = None,
) -> Case:
    """Outcome is not state: closed says that it ended, the outcome says how."""
    turn = take(by, case_id, Move.CLOSE, at=at, version=version)
    close(turn, outcome)
    if turn.charged:
        turn.write(lambda: open_charges(turn.case).update(ended_at=at, ended_how="closed"))
    turn.finish(text=text.strip(), evidence=evidence, data={"outcome": outcome})
    return turn.case


def rate_case(
    *,
    case_id: uuid.UUID,
    by: Actor,
    at: datetime,
    score: int,
    solved: bool | None = None,
    text: str = "",
    by_phone: bool = True,
    reporter: uuid.UUID | None = None,
) -> Case:
    """What the reporter says of it, taken down by the seat that called back. Shown to the centre only.

    `reporter`: which of those who reported or follow it says so by themselves; the line keeps it, here and below.
    """
    turn = take(by, case_id, Move.RATE, at=at)
    rating = Rating(
        id=new_id(),
        case=turn.case,
        score=score,
        solved=solved,
        text=text.strip(),
        by_phone=by_phone,
        at=at,
        code=turn.case.current_grid,
        complained_root=turn.case.complained_root,
    )
    turn.write(lambda: insert(rating))
    turn.set(satisfaction=score)
    turn.finish(
        text=text.strip(),
        data={"score": score, "solved": solved} | _said_by(reporter),
        centre_only=True,
        entry={"score": score},
    )
    return turn.case


def reopen_case(
    *,
    case_id: uuid.UUID,
    by: Actor,
    at: datetime,
    reason: str,
    version: int | None = None,
    reporter: uuid.UUID | None = None,
) -> Case:
    reason = need_text(reason)
    turn = take(by, case_id, Move.REOPEN, at=at, version=version)
    closed_at = turn.case.closed_at
    if closed_at is None or at - closed_at > REOPEN_WITHIN:
        raise ReopenWindowOver(days=REOPEN_WITHIN.days)
    turn.go()
    turn.set(
        reopenings=turn.case.reopenings + 1,
        outcome="",
        closed_at=None,
        handled_at=None,
        reviewed_at=None,
        self_settled=False,
        lead_id=None,
        lead_path="",
        satisfaction=None,
    )
    _find_holder(turn)
    turn.start(Stage.DISPATCH, unit_path=turn.case.holder_path)
    data = {"closed_at": closed_at.isoformat()} | _said_by(reporter)
    turn.finish(text=reason, data=data, centre_only=by.kind == PUBLIC)
    return turn.case


def _find_holder(turn: Turn) -> None:
    """A centre that ended since does not hold it again; the one that looks after the place now does."""
    holder = turn.units.by_id[turn.case.holder_id]
    if holder.is_open(clock.day_of(turn.at)):
        return
    now = turn.units.centre_over(turn.case.current_grid)
    if now is not None:
        turn.set(holder_id=now.id, holder_path=now.path)


def archive_case(*, case_id: uuid.UUID, by: Actor, at: datetime, text: str = "", version: int | None = None) -> Case:
    turn = take(by, case_id, Move.ARCHIVE, at=at, version=version)
    if not turn.case.outcome and turn.case.refused_at is None:
        raise Invalid(
            fields={"outcome": Message("没有结果的案件不能归档。", "A case without an outcome cannot be archived.")}
        )
    turn.go()
    turn.set(archived_at=at)
    turn.write(lambda: end_unrated([turn.case.pk], at=at))
    turn.finish(text=text.strip())
    return turn.case


def note_case(
    *,
    case_id: uuid.UUID,
    by: Actor,
    at: datetime,
    text: str,
    evidence: Sequence[uuid.UUID] = (),
    centre_only: bool = False,
    reporter: uuid.UUID | None = None,
) -> Case:
    text = need_text(text, name="text")
    turn = take(by, case_id, Move.NOTE, at=at)
    turn.finish(text=text, evidence=evidence, data=_said_by(reporter), centre_only=centre_only)
    return turn.case


def _said_by(reporter: uuid.UUID | None) -> dict[str, str]:
    return {} if reporter is None else {"reporter": str(reporter)}

"""Before one presses: what a dispatch would set, and what a move would do to each of many cases."""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from wangge.accounts.permissions import Permission
from wangge.cases.access import access_case
from wangge.cases.actions.dispatch import dispatch_case, sign_case, transfer_case
from wangge.cases.actions.foresee import foresee
from wangge.cases.actions.oversight import supervise_case
from wangge.cases.actions.review import archive_case, close_case, pass_review
from wangge.cases.actions.triage import accept_case
from wangge.cases.actions.turn import Turn
from wangge.cases.models import Case, Deadline
from wangge.cases.queries.filters import CaseFilters
from wangge.cases.queries.listing import find, rows_of
from wangge.cases.queries.order import Place, Sort
from wangge.cases.rules.limits import LimitKind, TimeLimit
from wangge.cases.rules.moves import Move
from wangge.cases.rules.states import Outcome
from wangge.cases.rules.supervision import LadderStep
from wangge.cases.rules.traces import explain, trace_from_json
from wangge.cases.suggestions import Suggester
from wangge.core.actor import Actor
from wangge.core.errors import DomainError, Invalid, Message

MOST = 200  # cases at once: each is tried and answered by itself, within a few seconds
FORESEEN = "——"  # a reason that is not written yet; words decide nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is said of all cases alike. `lead_id` None: each to the unit that is suggested for it first."""

    text: str = ""
    lead_id: int | None = None
    assist_ids: tuple[int, ...] = ()
    limit: TimeLimit | None = None
    outcome: Outcome | None = None
    step: LadderStep | None = None


Asking = Callable[[Given], dict[str, Any]]
# Moves that are made of many cases alike: the action, and what of the given it takes.
MANY: dict[Move, tuple[Callable[..., Case], Asking]] = {
    Move.ACCEPT: (accept_case, lambda given: {"text": given.text}),
    Move.DISPATCH: (
        dispatch_case,
        lambda given: {
            "text": given.text,
            "lead_id": given.lead_id,
            "assist_ids": given.assist_ids,
            "limit": given.limit,
        },
    ),
    Move.SIGN: (sign_case, lambda given: {"text": given.text}),
    Move.PASS: (pass_review, lambda given: {"text": given.text}),
    Move.CLOSE: (close_case, lambda given: {"text": given.text, "outcome": given.outcome}),
    Move.ARCHIVE: (archive_case, lambda given: {"text": given.text}),
    Move.SUPERVISE: (supervise_case, lambda given: {"text": given.text, "step": given.step}),
}


def preview_dispatch(
    *,
    case_id: uuid.UUID,
    by: Actor,
    at: datetime,
    move: Literal["dispatch", "transfer"],
    lead_id: int,
    assist_ids: Sequence[int] = (),
    limit: TimeLimit | None = None,
) -> dict[str, Any]:
    """The clocks that this dispatch would start. Raises what dispatching raises."""
    values: dict[str, Any] = {"lead_id": lead_id, "assist_ids": assist_ids, "limit": limit}
    if move == "transfer":
        turn = foresee(transfer_case, case_id=case_id, by=by, at=at, reason=FORESEEN, **values)
    else:
        turn = foresee(dispatch_case, case_id=case_id, by=by, at=at, **values)
    started = [clock for clock in turn.clocks if clock._state.adding]
    return {"clocks": [_clock(clock, turn, by.language) for clock in started]}


def preview_many(
    *, by: Actor, at: datetime, move: Move, given: Given, ids: Sequence[uuid.UUID] = (), of: CaseFilters | None = None
) -> dict[str, Any]:
    """Each case with what the move would do to it, or why not. `of`: all that match, newest first, up to MOST."""
    by.require(Permission.CASE_READ)
    found, is_cut = (list(ids)[:MOST], len(ids) > MOST) if of is None else _matching(by, of, at)
    suggester = Suggester(at)
    rows = {row["id"]: row for row in rows_of(by, found)}
    items = [_item(rows[one], move, given, suggester, by=by, at=at) for one in found if one in rows]
    return {"items": items, "most": MOST, "is_cut": is_cut}


def _matching(by: Actor, of: CaseFilters, at: datetime) -> tuple[list[uuid.UUID], bool]:
    hits = find(by, of, Place.begin(Sort.NEWEST, None), at=at, limit=MOST + 1)
    ids = [one.case_id for one in hits.found]
    shown = ids if hits.asked is None else _shown(by, ids, hits)
    return shown[:MOST], len(ids) > MOST


def _shown(by: Actor, ids: Collection[uuid.UUID], hits: Any) -> list[uuid.UUID]:
    return [row["id"] for row in rows_of(by, ids, hits.asked)]


def _item(
    row: dict[str, Any], move: Move, given: Given, suggester: Suggester, *, by: Actor, at: datetime
) -> dict[str, Any]:
    line = {name: row[name] for name in ("id", "number", "title", "state", "version", "grid", "claim")}
    try:
        own = _own(row["id"], move, given, suggester, by)
        action, takes = MANY[move]
        turn = foresee(action, case_id=row["id"], by=by, at=at, **takes(own))
    except DomainError as refusal:
        return line | {"allowed": False, "code": refusal.code, "why": _why(refusal, by.language)}
    case = turn.case
    lead = turn.units.by_id.get(case.lead_id) if case.lead_id else None
    return line | {
        "allowed": True,
        "to_state": case.state,
        "version": row["version"],
        "lead": {"id": lead.id, "name": lead.name} if lead else None,
        "due_at": case.due_at,
        "due_stage": case.due_stage,
    }


class NothingSuggested(Invalid):
    code = "case.nothing_suggested"
    zh = "没有可建议的承办单位，请单独派发。"
    en = "No unit can be suggested; dispatch this one by itself."


def _own(case_id: uuid.UUID, move: Move, given: Given, suggester: Suggester, by: Actor) -> Given:
    """Raises NotFound, NotAllowed, NothingSuggested, Invalid."""
    if move is Move.CLOSE and given.outcome is None:
        raise Invalid(fields={"outcome": Message("请选办理结果。", "Choose how it ended.")})
    if move is Move.SUPERVISE and given.step is None:
        raise Invalid(fields={"step": Message("请选督办方式。", "Choose the step.")})
    if move is not Move.DISPATCH or given.lead_id is not None:
        return given
    named = suggester.of(access_case(by, case_id, to=Permission.CASE_DISPATCH)).unit_ids
    if not named:
        raise NothingSuggested()
    return replace(given, lead_id=named[0])


def _why(refusal: DomainError, language: str) -> str:
    told: Mapping[str, Message] = refusal.fields
    return " ".join(message.in_language(language) for message in told.values()) or refusal.message(language)


def _clock(clock: Deadline, turn: Turn, language: str) -> dict[str, Any]:
    unit = next((one.name for one in turn.units.by_id.values() if one.path == clock.unit_path), "")
    return {
        "stage": clock.stage,
        "unit": unit,
        "limit": TimeLimit(LimitKind(clock.limit_kind), clock.limit_amount).in_words(language),
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "amber_at": clock.amber_at,
        "trace": [explain(step, language) for step in trace_from_json(clock.trace)],
    }

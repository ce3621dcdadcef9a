"""One case as this reader may have it: everything a seat needs to act, and what may be done now.

Who may not know the reporter gets texts with names and numbers struck out, and no words that are the centre's alone.
The unit complained of learns of the persons outside it only which unit acted.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.cases import claims
from wangge.cases.configuration import Configuration, Units, units
from wangge.cases.models import Case, Condition, Deadline, Step
from wangge.cases.move_words import MOVE_NAMES, MOVE_ORDERS
from wangge.cases.queries.duplicates import duplicates
from wangge.cases.queries.evidence import evidence_of, has_faults
from wangge.cases.queries.listing import SHOWN, line
from wangge.cases.queries.plain import confided, plain_text, plain_texts
from wangge.cases.queries.story import lines_of
from wangge.cases.queries.whole import Whole, read_whole
from wangge.cases.rules.claims import claims as is_at_work
from wangge.cases.rules.confidence import is_complained_of, knows_reporter
from wangge.cases.rules.evidence import Phase
from wangge.cases.rules.limits import LimitKind, TimeLimit
from wangge.cases.rules.moves import Move, needs_of
from wangge.cases.rules.parties import allowed_moves
from wangge.cases.rules.states import State
from wangge.cases.rules.traces import explain, trace_from_json
from wangge.cases.words import who
from wangge.core.actor import PERSON, Actor
from wangge.core.masking import mask_name

MAY_BE_JOINED = (State.REPORTED, State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class _Reading:
    whole: Whole
    by: Actor
    at: datetime
    units: Units
    names: dict[str, str]  # unit path -> name
    knows: bool
    plain: Callable[[str], str]

    @property
    def case(self) -> Case:
        return self.whole.found.case

    @property
    def config(self) -> Configuration:
        return self.whole.found.config

    @property
    def english(self) -> bool:
        return self.by.language == "en"

    def unit(self, path: str) -> str:
        return self.names.get(path, "")


def case_detail(by: Actor, case_id: uuid.UUID, *, at: datetime) -> dict[str, Any]:
    """Raises NotFound, NotAllowed."""
    by.require(Permission.CASE_READ)
    reading = _reading(read_whole(by, case_id), by, at)
    case, whole = reading.case, reading.whole
    row = {name: getattr(case, name) for name in SHOWN} | {"grid_name": whole.places[-1]["name"]}
    evidence = evidence_of(whole.pieces, case, by=by, plain=reading.plain)
    return line(row, reading.config, reading.units, by.language) | {
        "title": reading.plain(case.title),
        "address": reading.plain(case.address),
        "description": reading.plain(whole.text),
        "category": _category(reading),
        "condition": _condition(whole.condition),
        "reported_grid": case.reported_grid,
        "place_by": case.place_by,
        "places": whole.places,
        "happened_at": case.happened_at,
        "answered_at": case.answered_at,
        "was_late": case.was_late,
        "self_settled": case.self_settled,
        "reopenings": case.reopenings,
        "complained": _complained(reading),
        "steps": [_step(reading, step) for step in whole.steps],
        "clocks": [_clock(reading, row) for row in whole.clocks],
        "procedure": _procedure(reading),
        "assignments": _assignments(reading),
        "extensions": _extensions(reading),
        "whistles": _whistles(reading),
        "supervisions": _supervisions(reading),
        "evidence": evidence,
        "ratings": _ratings(reading),
        "reporters": _reporters(reading),
        "related": _related(reading),
        "claim": _claim(reading),
        "moves": _moves(reading, evidence),
    }


def _reading(whole: Whole, by: Actor, at: datetime) -> _Reading:
    case = whole.found.case
    all_units = units(whole.found.units_revision)
    return _Reading(
        whole,
        by,
        at,
        all_units,
        {unit.path: unit.name for unit in all_units.by_id.values()},
        knows_reporter(case, by),
        plain_text(by, case),
    )


def _category(reading: _Reading) -> dict[str, Any] | None:
    category = reading.config.categories.get(reading.case.category_id or 0)
    if category is None:
        return None
    return {
        "id": category.id,
        "path": category.path,
        "name": category.name_en if reading.english else category.name_zh,
        "full_name": category.full_name_en if reading.english else category.full_name_zh,
        "evidence": list(category.evidence),
        "is_complaint": category.is_complaint,
    }


def _condition(row: Condition | None) -> dict[str, Any] | None:
    names = ("id", "number", "accept_when", "close_when", "legal_basis")
    return None if row is None else {name: getattr(row, name) for name in names}


def _complained(reading: _Reading) -> dict[str, Any] | None:
    unit = reading.units.by_id.get(reading.case.complained_id or 0)
    return {"id": unit.id, "name": unit.name} if unit and reading.knows else None


def _step(reading: _Reading, step: Step) -> dict[str, Any]:
    withheld, language = step.centre_only and not reading.knows, reading.by.language
    return {
        "id": step.pk,
        "kind": step.kind,
        "label": MOVE_NAMES.get(step.kind, (step.kind, step.kind))[reading.english],
        "at": step.at,
        "state": step.state,
        "by_name": "" if withheld or not _may_name(reading, step) else who(step.by_kind, step.by_name, language),
        "by_unit": step.by_unit,
        "text": "" if withheld else reading.plain(step.text),
        "lines": [] if withheld else lines_of(step.data, reading.names, language),
        "centre_only": step.centre_only,
        "withheld": withheld,
    }


def _may_name(reading: _Reading, step: Step) -> bool:
    """Persons of other units are not named to the unit complained of: it must not know whom to turn to."""
    if step.by_kind != PERSON or not is_complained_of(reading.case, reading.by):
        return True
    return step.by_unit_path.startswith(reading.by.unit_path)


def _clock(reading: _Reading, clock: Deadline) -> dict[str, Any]:
    open_pause = next((since for since, until in clock.pauses if until is None), None)
    ended = clock.met_at or clock.dropped_at or reading.at
    return {
        "stage": clock.stage,
        "step": clock.step,
        "unit": reading.unit(clock.unit_path),
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "amber_at": clock.amber_at,
        "paused_at": datetime.fromisoformat(open_pause) if open_pause else None,
        "met_at": clock.met_at,
        "dropped_at": clock.dropped_at,
        "is_late": clock.due_at is not None and ended >= clock.due_at,
        "trace": [explain(step, reading.by.language) for step in trace_from_json(clock.trace)],
    }


def _procedure(reading: _Reading) -> list[dict[str, Any]]:
    category = reading.config.categories.get(reading.case.category_id or 0)
    if category is None or not category.procedure:
        return []
    waiting = {step.number for step in category.steps_left(reading.whole.found.standing.signed)}
    signed = {step.data.get("step"): step.at for step in reading.whole.steps if step.kind == Move.SIGN_STEP}
    found = []
    for step in category.procedure:
        unit = reading.units.by_id.get(step.unit_id or 0)
        found.append(
            {
                "number": step.number,
                "name": step.name_en if reading.english and step.name_en else step.name_zh,
                "unit": unit.name if unit else "",
                "signed_at": None if step.number in waiting else signed.get(step.number),
            }
        )
    return found


def _assignments(reading: _Reading) -> list[dict[str, Any]]:
    names = ("id", "unit_id", "role", "dispatched_at", "signed_at", "finished_at", "ended_at", "ended_how", "unit_path")
    return [
        {name: getattr(row, name) for name in names} | {"unit": _unit_name(reading, row.unit_id)}
        for row in reading.whole.assignments
    ]


def _extensions(reading: _Reading) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk,
            "unit": reading.unit(row.unit_path),
            "limit": TimeLimit(LimitKind(row.limit_kind), row.limit_amount).in_words(reading.by.language),
            "reason": reading.plain(row.reason),
            "asked_at": row.asked_at,
            "decided_at": row.decided_at,
            "granted": row.granted,
            "decision": reading.plain(row.decision),
        }
        for row in reading.whole.extensions
    ]


def _whistles(reading: _Reading) -> list[dict[str, Any]]:
    named = not is_complained_of(reading.case, reading.by)
    return [
        {
            "id": row.pk,
            "number": row.number,
            "by_name": row.by_name if named else "",
            "centre": _unit_name(reading, row.centre_id),
            "reason": reading.plain(row.reason),
            "called_at": row.called_at,
            "confirmed_at": row.confirmed_at,
            "refused_at": row.refused_at,
            "refusal": reading.plain(row.refusal),
            "ended_at": row.ended_at,
            "musters": [
                {
                    "unit_id": muster.unit_id,
                    "unit": _unit_name(reading, muster.unit_id),
                    "called_at": muster.called_at,
                    "answered_at": muster.answered_at,
                    "arrived_at": muster.arrived_at,
                    "arrival_received_at": muster.arrival_received_at or muster.arrived_at,
                    "distance_m": muster.distance_m,
                    "score": muster.score,
                    "comment": reading.plain(muster.comment),
                }
                for muster in reading.whole.musters.get(row.pk, [])
            ],
        }
        for row in reading.whole.whistles
    ]


def _supervisions(reading: _Reading) -> list[dict[str, Any]]:
    return [
        {
            "id": row.pk,
            "step": row.step,
            "by_rule": row.by_rule,
            "unit": reading.unit(row.unit_path),
            "text": reading.plain(row.text),
            "at": row.at,
            "receipt_at": row.receipt_at,
            "receipt_by": row.receipt_by,
            "receipt_text": reading.plain(row.receipt_text),
        }
        for row in reading.whole.supervisions
    ]


def _ratings(reading: _Reading) -> list[dict[str, Any]]:
    return [
        {
            "score": row.score,
            "solved": row.solved,
            "text": reading.plain(row.text),
            "by_phone": row.by_phone,
            "at": row.at,
        }
        for row in reading.whole.ratings
    ]


def _reporters(reading: _Reading) -> list[dict[str, Any]] | None:
    if not reading.knows:
        return None
    return [
        {
            "name": mask_name(row.name),
            "phone": row.phone_masked,
            "is_anonymous": row.is_anonymous,
            "is_confidential": row.is_confidential,
            "wants_call": row.wants_call,
            "is_follower": row.is_follower,
        }
        for row in reading.whole.reporters
    ]


def _related(reading: _Reading) -> list[dict[str, Any]]:
    """Those this reader sees as well."""
    case, by, tied = reading.case, reading.by, reading.whole.tied
    plain = plain_texts(by, [confided(row) for row in tied]) if tied else {}
    found = []
    for row in tied:
        how = "joinedTo" if row.pk == case.joined_to_id else "joined"
        found.append(_related_line(row.pk, row.number, plain[row.pk](row.title), row.state, how))
    if case.state in MAY_BE_JOINED and by.may(Permission.CASE_DISPATCH):
        near = duplicates(
            by,
            lon=case.lon,
            lat=case.lat,
            text=f"{case.title} {case.address}",
            category_id=case.category_id,
            at=case.reported_at,
            but=case.pk,
        )
        found += [_related_line(o["id"], o["number"], o["title"], o["state"], "possible", o["why"]) for o in near[:5]]
    return found


def _related_line(case_id: uuid.UUID, number: str, title: str, state: str, how: str, why: str = "") -> dict[str, Any]:
    return {"id": case_id, "number": number, "title": title, "state": state, "how": how, "why": why}


def _claim(reading: _Reading) -> dict[str, Any] | None:
    claim = reading.whole.found.claim
    return claims.shown(claim, reading.case, reading.by, is_left=claim.is_left(reading.at)) if claim else None


def _moves(reading: _Reading, evidence: list[dict[str, Any]]) -> list[dict[str, Any]]:
    category = reading.config.categories.get(reading.case.category_id or 0)
    wanted = category.evidence if category else ()
    has_doubts = any(piece["phase"] is Phase.AFTER and has_faults(piece) for piece in evidence)
    return [
        {
            "kind": str(rule.move),
            "label": MOVE_ORDERS[rule.move][reading.english],
            "needs": [
                str(need)
                for need in needs_of(rule, has_category=category is not None, evidence=wanted, has_doubts=has_doubts)
            ],
            "claims": is_at_work(rule),
        }
        for rule in allowed_moves(reading.case, reading.by, reading.whole.found.standing)
    ]


def _unit_name(reading: _Reading, unit_id: int) -> str:
    unit = reading.units.by_id.get(unit_id)
    return unit.name if unit else ""

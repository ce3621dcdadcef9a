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
from wangge.cases.access import access_case, standing_of
from wangge.cases.actions.handling import open_steps
from wangge.cases.actions.turn import MOVE_NAMES, MOVE_ORDERS
from wangge.cases.configuration import REVISION, UNITS_REVISION, Configuration, Units, configuration, units
from wangge.cases.models import (
    Assignment,
    Case,
    CaseText,
    Condition,
    Deadline,
    Extension,
    Rating,
    Reporter,
    Step,
    Supervision,
    Whistle,
)
from wangge.cases.queries.duplicates import duplicates
from wangge.cases.queries.evidence import evidence_of
from wangge.cases.queries.listing import SHOWN, line
from wangge.cases.queries.plain import Confided, plain_texts
from wangge.cases.queries.scope import visible
from wangge.cases.queries.story import lines_of
from wangge.cases.rules.confidence import is_complained_of, knows_reporter
from wangge.cases.rules.limits import LimitKind, TimeLimit
from wangge.cases.rules.moves import Move, needs_of
from wangge.cases.rules.parties import allowed_moves
from wangge.cases.rules.states import State
from wangge.cases.rules.traces import explain, trace_from_json
from wangge.cases.words import who
from wangge.core import codes
from wangge.core.actor import PERSON, Actor
from wangge.core.masking import mask_name
from wangge.core.revisions import revisions
from wangge.grids.models import Division, Grid

DISTRICT = 6
MAY_BE_JOINED = (State.REPORTED, State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class _Reading:
    case: Case
    by: Actor
    at: datetime
    config: Configuration
    units: Units
    names: dict[str, str]  # unit path -> name
    knows: bool
    plain: Callable[[str], str]

    @property
    def english(self) -> bool:
        return self.by.language == "en"

    def unit(self, path: str) -> str:
        return self.names.get(path, "")


def case_detail(by: Actor, case_id: uuid.UUID, *, at: datetime) -> dict[str, Any]:
    """Raises NotFound, NotAllowed. About twenty small queries, each by the case."""
    case = access_case(by, case_id, to=Permission.CASE_READ)
    reading = _reading(case, by, at)
    places = _places(case.current_grid)
    text = CaseText.objects.filter(case=case).values_list("description", flat=True).first()
    row = {name: getattr(case, name) for name in SHOWN} | {"grid_name": places[-1]["name"] if places else ""}
    steps = list(Step.objects.filter(case=case).order_by("id"))
    return line(row, reading.config, reading.units, by.language) | {
        "title": reading.plain(case.title),
        "address": reading.plain(case.address),
        "description": reading.plain(text or ""),
        "category": _category(reading),
        "condition": Condition.objects.filter(pk=case.condition_id).values().first() if case.condition_id else None,
        "reported_grid": case.reported_grid,
        "place_by": case.place_by,
        "places": places,
        "happened_at": case.happened_at,
        "answered_at": case.answered_at,
        "was_late": case.was_late,
        "self_settled": case.self_settled,
        "reopenings": case.reopenings,
        "complained": _complained(reading),
        "steps": [_step(reading, step) for step in steps],
        "clocks": [_clock(reading, row) for row in Deadline.objects.filter(case=case).order_by("id")],
        "procedure": _procedure(reading, steps),
        "assignments": _assignments(reading),
        "extensions": _extensions(reading),
        "whistles": _whistles(reading),
        "supervisions": _supervisions(reading),
        "evidence": evidence_of(case, by=by, plain=reading.plain),
        "ratings": _ratings(reading),
        "reporters": _reporters(reading),
        "related": _related(reading, text or ""),
        "moves": _moves(reading),
    }


def _reading(case: Case, by: Actor, at: datetime) -> _Reading:
    config_revision, units_revision = revisions(REVISION, UNITS_REVISION)
    all_units = units(units_revision)
    return _Reading(
        case,
        by,
        at,
        configuration(config_revision),
        all_units,
        {unit.path: unit.name for unit in all_units.by_id.values()},
        knows_reporter(case, by),
        plain_texts(by, [Confided(case.pk, case.current_grid, case.complained_root)])[case.pk],
    )


def _places(code: str) -> list[dict[str, str]]:
    """From the district down to the grid, as far as they are known."""
    parts = [code[:length] for length in (*codes.GROUPS, codes.GRID_LENGTH, 17) if DISTRICT <= length <= len(code)]
    names = dict(Division.objects.filter(code__in=parts).values_list("code", "name"))
    names |= dict(Grid.objects.filter(code__in=parts).values_list("code", "name"))
    return [{"code": part, "name": names[part]} for part in parts if part in names] or [{"code": code, "name": ""}]


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


def _procedure(reading: _Reading, steps: list[Step]) -> list[dict[str, Any]]:
    category = reading.config.categories.get(reading.case.category_id or 0)
    if category is None or not category.procedure:
        return []
    waiting = {step.number for step in open_steps(reading.case, category.procedure)}
    signed = {step.data.get("step"): step.at for step in steps if step.kind == Move.SIGN_STEP}
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
    rows = Assignment.objects.filter(case=reading.case).order_by("id").values(*names)
    return [row | {"unit": _unit_name(reading, row["unit_id"])} for row in rows]


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
        for row in Extension.objects.filter(case=reading.case).order_by("id")
    ]


def _whistles(reading: _Reading) -> list[dict[str, Any]]:
    named = not is_complained_of(reading.case, reading.by)
    rows = Whistle.objects.filter(case=reading.case).order_by("called_at", "id").prefetch_related("musters")
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
                    "distance_m": muster.distance_m,
                    "score": muster.score,
                    "comment": reading.plain(muster.comment),
                }
                for muster in row.musters.all()
            ],
        }
        for row in rows
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
        for row in Supervision.objects.filter(case=reading.case).order_by("id")
    ]


def _ratings(reading: _Reading) -> list[dict[str, Any]]:
    rows = Rating.objects.visible_to(reading.by).filter(case=reading.case).order_by("at", "id")
    ratings: list[dict[str, Any]] = list(rows.values("score", "solved", "text", "by_phone", "at"))  # type: ignore[arg-type]
    return [row | {"text": reading.plain(row["text"])} for row in ratings]


def _reporters(reading: _Reading) -> list[dict[str, Any]] | None:
    if not reading.knows:
        return None
    rows = Reporter.objects.visible_to(reading.by).filter(case=reading.case).order_by("is_follower", "at", "id")
    return [
        {
            "name": mask_name(row.name),
            "phone": row.phone_masked,
            "is_anonymous": row.is_anonymous,
            "is_confidential": row.is_confidential,
            "wants_call": row.wants_call,
            "is_follower": row.is_follower,
        }
        for row in rows
    ]


def _related(reading: _Reading, text: str) -> list[dict[str, Any]]:
    """Those this reader sees as well."""
    case, by = reading.case, reading.by
    found = []
    tied = list(visible(by).filter(joined_to=case.pk).order_by("reported_at", "pk"))
    if case.joined_to_id is not None:
        tied += list(visible(by).filter(pk=case.joined_to_id))
    plain = plain_texts(by, [Confided(row.pk, row.current_grid, row.complained_root) for row in tied]) if tied else {}
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


def _moves(reading: _Reading) -> list[dict[str, Any]]:
    category = reading.config.categories.get(reading.case.category_id or 0)
    evidence = category.evidence if category else ()
    return [
        {
            "kind": str(rule.move),
            "label": MOVE_ORDERS[rule.move][reading.english],
            "needs": [str(need) for need in needs_of(rule, evidence=evidence)],
        }
        for rule in allowed_moves(reading.case, reading.by, standing_of(reading.case))
    ]


def _unit_name(reading: _Reading, unit_id: int) -> str:
    unit = reading.units.by_id.get(unit_id)
    return unit.name if unit else ""

"""How code that answers a person gets a case: absent and out of scope are the same 404, seen but not allowed is 403."""

import uuid
from dataclasses import dataclass, fields
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.cases.claims import COLUMNS, claim_of
from wangge.cases.configuration import Configuration, StepInfo, UnitInfo, configuration, units
from wangge.cases.models import Case, Deadline
from wangge.cases.rules.claims import Claim
from wangge.cases.rules.parties import Standing
from wangge.cases.rules.scope import is_seen
from wangge.core import pipeline
from wangge.core.actor import Actor
from wangge.core.errors import NotFound

LOCK = "select from cases_case where id = %s for no key update"

# What waits on a case beside its own row, and who is at work on it. The whistle is the open one; there is one at most.
WAITING = f"""
       array(select a.unit_path from cases_assignment a where a.case_id = c.id),
       array(select a.unit_path from cases_assignment a
              where a.case_id = c.id and a.role = 'assist' and a.ended_at is null and a.finished_at is null),
       exists (select from cases_extension e where e.case_id = c.id and e.decided_at is null),
       array(select s.unit_path from cases_supervision s where s.case_id = c.id and s.receipt_at is null),
       w.confirmed_at is not null, w.by_unit_path, n.path,
       array(select m.unit_path from cases_muster m where m.whistle_id = w.id and m.arrived_at is null),
       array(select (t.data->>'step')::int from cases_step t where c.dispatched_at is not null
              and t.case_id = c.id and t.kind = 'sign_step' and t.at >= c.dispatched_at),
       coalesce((select number from core_revision where name = 'cases'), 0),
       coalesce((select number from core_revision where name = 'units'), 0),
       {COLUMNS}
  from cases_case c
  left join cases_whistle w on w.case_id = c.id and w.ended_at is null and w.refused_at is null
  left join accounts_unit n on n.id = w.centre_id
  left join cases_claim k on k.case_id = c.id
 where c.id = %s
"""  # noqa: S608 - our own names
OF_CLAIM = COLUMNS.count(",") + 1
RUNNING = "r.case_id = %s and r.met_at is null and r.dropped_at is null order by r.id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A case in scope, with all that a move is judged by."""

    case: Case
    standing: Standing
    charged: tuple[str, ...]  # unit paths, of ended charges too
    config: Configuration
    units_revision: int
    claim: Claim | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Found):
    """Locked until the transaction ends, as it was after locking."""

    clocks: list[Deadline]


def access_case(by: Actor, case_id: uuid.UUID, *, to: Permission = Permission.CASE_READ, lock: bool = False) -> Case:
    """Raises NotFound, NotAllowed. `lock` holds the row until the transaction ends and reads it afresh."""
    rows = Case.objects.visible_to(by)
    if lock:
        # Locked by key alone, then read: the scope's sub-query is not part of the row lock.
        Case.objects.select_for_update(no_key=True).filter(pk=case_id).values_list("pk").first()
    case = rows.filter(pk=case_id).first()
    if case is None or not (by.is_system or by.may(Permission.CASE_READ)):
        raise NotFound()
    by.require(to)
    return case


def hold_case(by: Actor, case_id: uuid.UUID) -> Held:
    """Lock it, then read it with what waits on it and its running clocks: one round trip. Raises NotFound."""
    _, cases, clocks = pipeline.read((LOCK, [case_id]), _case(case_id), pipeline.all_of(Deadline, RUNNING, [case_id]))
    found = _found(by, cases)
    known = {field.name: getattr(found, field.name) for field in fields(Found)}
    return Held(**known, clocks=pipeline.rows_of(Deadline, clocks))


def find_case(by: Actor, case_id: uuid.UUID, *more: pipeline.Statement) -> tuple[Found, list[list[tuple[Any, ...]]]]:
    """It with what waits on it, and the rows of `more`: one round trip, no lock. Raises NotFound."""
    cases, *rows = pipeline.read(_case(case_id), *more)
    return _found(by, cases), rows


def _case(case_id: uuid.UUID) -> pipeline.Statement:
    return f"select {pipeline.columns(Case, 'c')}, {WAITING}", [case_id]


def _found(by: Actor, rows: list[tuple[Any, ...]]) -> Found:
    if not rows:
        raise NotFound()
    case = pipeline.row_of(Case, rows[0])
    charged, *waiting, revision, units_revision = rows[0][len(Case._meta.concrete_fields) : -OF_CLAIM]
    if not by.is_system and not (by.may(Permission.CASE_READ) and is_seen(case, charged, by)):
        raise NotFound()
    config = configuration(revision)
    return Found(
        case=case,
        standing=_standing(case, waiting, config, units_revision),
        charged=tuple(charged),
        config=config,
        units_revision=units_revision,
        claim=claim_of(rows[0][-OF_CLAIM:]),
    )


def _standing(case: Case, row: list[Any], config: Configuration, units_revision: int) -> Standing:
    assisting, extension, owing, is_confirmed, caller_path, called_path, mustered, signed = row
    category = config.categories.get(case.category_id or 0)
    steps = category.steps_left(signed) if category is not None and case.state == "handling" else []
    step_unit = _step_unit(case, steps[0], units_revision) if steps else None
    whistle = "whistle_confirmed" if is_confirmed else "whistle_called"
    found = {
        "extension": extension,
        "procedure": bool(steps),
        whistle: caller_path is not None,
        "muster": bool(mustered),
    }
    return Standing(
        assisting=tuple(assisting),
        mustered=tuple(mustered),
        signed=tuple(signed),
        step_path=step_unit.path if step_unit is not None else "",
        owing=tuple(owing),
        waiting=frozenset(name for name, waits in found.items() if waits),
        caller_path=caller_path or "",
        called_path=called_path or "",
    )


def _step_unit(case: Case, step: StepInfo, units_revision: int) -> UnitInfo | None:
    if step.unit_id is None:
        return None
    return units(units_revision).for_step(step, lead_path=case.lead_path, complained_root=case.complained_root)

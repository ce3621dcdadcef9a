"""Cases in any state, made directly as the actions leave them: for tests of reading, counting and scope."""

import itertools
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from wangge.accounts.models import Unit
from wangge.cases import search
from wangge.cases.models import Assignment, Case, CaseText, Reporter, Step
from wangge.cases.rules.states import Outcome, State
from wangge.core import clock, crypto
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.masking import mask_phone
from wangge.testing import town
from wangge.testing.world import World

_numbers = itertools.count(1)
WITH_LEAD = (State.DISPATCHED, State.HANDLING, State.SUSPENDED, State.HANDLED, State.REVIEWED)
DONE = (State.CLOSED, State.ARCHIVED)


def make_case(
    world: World,
    state: State = State.REPORTED,
    *,
    code: str = town.GRID,
    title: str = "路灯不亮",
    address: str = "",
    description: str = "",
    holder: str = town.STREET,
    lead: str | None = None,
    assist: Sequence[str] = (),
    gave_back: Sequence[str] = (),
    at: datetime | None = None,
    phone: str = "",
    reporter: str = "",
    complained: str | None = None,
    **values: Any,
) -> Case:
    """`lead`, `assist`, `gave_back` (returned it), `holder` and `complained` are unit codes."""
    at = at or clock.now() - timedelta(hours=1)
    unit = world.unit(holder)
    led = world.unit(lead or "D-CG-1") if lead or state in WITH_LEAD else None
    accused = world.unit(complained) if complained else None
    values = _of_state(state, at) | values
    case = Case(
        id=values.pop("id", None) or new_id(),
        number=values.pop("number", f"WG320104{clock.day_of(at):%Y%m%d}{next(_numbers):06d}"),
        source=values.pop("source", "telephone"),
        title=title,
        address=address,
        reported_grid=values.pop("reported_grid", code),
        current_grid=code,
        state=state,
        holder=unit,
        holder_path=unit.path,
        lead=led,
        lead_path=led.path if led else "",
        complained=accused,
        complained_root=_root(world, accused).path if accused else "",
        reported_at=at,
        changed_at=at,
        **values,
    )
    case.save(force_insert=True)
    CaseText.objects.create(
        case=case, reported_at=at, description=description, tokens=search.tokens(title, address, description)
    )
    if led:
        _charge(case, led, "lead", "closed" if state in DONE else "")
    for one in assist:
        _charge(case, world.unit(one), "assist", "closed" if state in DONE else "")
    for one in gave_back:
        _charge(case, world.unit(one), "lead", "returned")
    if phone or reporter:
        make_reporter(case, phone=phone, name=reporter)
    return case


def make_reporter(case: Case, *, phone: str = "", name: str = "", is_follower: bool = False) -> Reporter:
    row_id = new_id()
    row = Reporter(
        id=row_id,
        case=case,
        is_follower=is_follower,
        name=name,
        phone_sealed=crypto.seal(phone, context="cases_reporter.phone", row=str(row_id)) if phone else None,
        phone_hash=crypto.hash_phone(phone) if phone else None,
        phone_masked=mask_phone(phone) if phone else "",
        code=case.current_grid,
        complained_root=case.complained_root,
        at=case.reported_at,
    )
    with acting(Actor.system("test")):
        Reporter.objects.bulk_create([row])
    return row


def make_step(case: Case, kind: str, *, unit: Unit, name: str = "某人", text: str = "", **values: Any) -> Step:
    return Step.objects.create(
        case=case,
        kind=kind,
        at=values.pop("at", case.reported_at),
        state=case.state,
        by_name=name,
        by_unit=unit.name,
        by_unit_path=unit.path,
        text=text,
        **values,
    )


def ids(cases: Sequence[Case]) -> list[uuid.UUID]:
    return [case.pk for case in cases]


def _of_state(state: State, at: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if state != State.REPORTED:
        values |= {"answered_at": at + timedelta(minutes=2), "accepted_at": at + timedelta(minutes=2)}
    if state in WITH_LEAD:
        values |= {"dispatched_at": at + timedelta(minutes=5)}
    if state in DONE:
        values |= {"outcome": Outcome.SOLVED, "closed_at": at + timedelta(minutes=30)}
    return values


def _charge(case: Case, unit: Unit, role: str, ended_how: str) -> None:
    Assignment.objects.create(
        case=case,
        unit=unit,
        unit_path=unit.path,
        role=role,
        reported_at=case.reported_at,
        dispatched_at=case.reported_at,
        ended_at=case.reported_at + timedelta(minutes=10) if ended_how else None,
        ended_how=ended_how,
    )


def _root(world: World, unit: Unit) -> Unit:
    root = unit
    while root.kind == Unit.Kind.BRANCH and root.parent_id:
        root = next(one for one in world.units.values() if one.pk == root.parent_id)
    return root

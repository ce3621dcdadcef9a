"""What happens to cases, made up: for tests that compare kept figures with the rows themselves."""

import random
from datetime import timedelta
from typing import Any

from wangge.cases.models import Assignment, Case, Muster, Whistle
from wangge.cases.rules.states import State
from wangge.cases.tests.factories import make_case
from wangge.core import clock, journal
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.testing import town
from wangge.testing.world import World

SYSTEM = Actor.system("test")


def say(*cases: Case, kind: str = "case.changed") -> None:
    entries = [
        journal.Entry(kind=kind, subject=("case", str(case.pk)), code=case.current_grid, changed=["state"])
        for case in cases
    ]
    journal.record_all(entries, by=SYSTEM, at=clock.now())


def reported(world: World, state: State = State.REPORTED, **values: Any) -> Case:
    with acting(SYSTEM):
        case = make_case(world, state, **values)
        say(case)
    return case


def change(case: Case, **values: Any) -> None:
    with acting(SYSTEM):
        Case.objects.filter(pk=case.pk).update(**values)
        say(case)


def muster(world: World, case: Case, chance: random.Random) -> None:
    """A department is called to it, or one that was called comes."""
    with acting(SYSTEM):
        waiting = Muster.objects.filter(whistle__case=case, arrived_at=None).first()
        if waiting is not None:
            waiting.arrived_at = waiting.called_at + timedelta(seconds=chance.randrange(1200))
            waiting.save(update_fields=["arrived_at"])
        else:
            unit, at = world.unit(chance.choice(["D-CG-1", "D-SW"])), case.reported_at + timedelta(minutes=20)
            blown = Whistle.objects.create(
                id=new_id(),
                number=f"CS{new_id().hex[-12:]}",
                case=case,
                code=case.current_grid,
                by_unit_path=case.holder_path,
                centre=world.unit(town.STREET),
                called_at=at,
                confirmed_at=at,
                ended_at=at,
            )
            Muster.objects.create(whistle=blown, unit=unit, unit_path=unit.path, called_at=at)
        say(case)


def happen(world: World, chance: random.Random, kinds: list[int]) -> None:
    """One thing to some case: what actions do to the columns that count, and some that they never would."""
    with acting(SYSTEM):
        case = chance.choice(list(Case.objects.order_by("number"))) if Case.objects.exists() else None
    if case is None or chance.random() < 0.35:
        at = clock.now() - timedelta(hours=chance.randrange(80))
        code = chance.choice([*town.GRIDS, town.STREET, town.DISTRICT])
        source = chance.choice(["telephone", "grid", "resident"])
        reported(world, code=code, at=at, category_id=chance.choice([None, *kinds]), source=source)
        return
    if chance.random() < 0.2:
        muster(world, case, chance)
        return
    state = chance.choice([state for state in State if state != State.JOINED])
    lead = chance.choice([None, "D-CG", "D-CG-1", "D-SW"])
    unit = world.unit(lead) if lead else None
    done = state in (State.CLOSED, State.ARCHIVED)
    values = {
        "state": state,
        "outcome": chance.choice(["solved", "explained"]) if done else "",
        "closed_at": clock.now() - timedelta(hours=chance.randrange(60)) if done else None,
        "answered_at": chance.choice([None, case.reported_at + timedelta(minutes=chance.randrange(1, 10))]),
        "dispatched_at": clock.now() if lead else None,
        "lead": unit,
        "lead_path": unit.path if unit else "",
        "current_grid": chance.choice(town.GRIDS),
        "category_id": chance.choice([None, *kinds]),
        "is_overdue": chance.random() < 0.3,
        "was_late": chance.random() < 0.3,
        "is_returned": chance.random() < 0.2,
        "supervision": chance.randrange(6),
        "self_settled": chance.random() < 0.2,
        "satisfaction": chance.choice([None, 1, 3, 4, 5]),
    }
    with acting(SYSTEM):
        Case.objects.select_for_update().get(pk=case.pk)  # another thread may have chosen it as well
        if unit and not Assignment.objects.filter(case=case, unit=unit, ended_at=None).exists():
            Assignment.objects.filter(case=case, ended_at=None).update(ended_at=clock.now(), ended_how="transferred")
            made = {"unit_path": unit.path, "role": "lead", "reported_at": case.reported_at}
            Assignment.objects.create(case=case, unit=unit, dispatched_at=clock.now(), **made)
    change(case, **values)

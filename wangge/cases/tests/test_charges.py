"""What a charge says of its case without a look at the case: the same as the case does, whoever writes either."""

from datetime import timedelta
from typing import Any

from wangge.cases.models import Assignment, Case
from wangge.cases.queries.filters import CaseFilters
from wangge.cases.queries.listing import list_cases
from wangge.cases.rules.states import State
from wangge.cases.tests.factories import make_case
from wangge.cases.tests.made import category
from wangge.core import clock
from wangge.core.actor import acting
from wangge.testing.world import World


def copies(case: Case) -> set[tuple[Any, ...]]:
    return set(Assignment.objects.filter(case=case).values_list("category_id", "source", "reported_at"))


def test_the_copies_come_with_the_charge_and_follow_the_case(world: World) -> None:
    noise, water = category("noise"), category("water")
    case = make_case(world, State.HANDLING, lead="D-CG-1", gave_back=["D-SW"], category=noise)
    assert copies(case) == {(noise.pk, case.source, case.reported_at)}
    Case.objects.filter(pk=case.pk).update(category=water, source="video")
    assert copies(case) == {(water.pk, "video", case.reported_at)}


def test_a_department_finds_by_kind_source_and_time_what_it_is_charged_with(world: World) -> None:
    noise, water = category("noise"), category("water")
    now = clock.now()
    made = [
        make_case(
            world,
            State.HANDLING,
            lead=("D-CG-1", "D-CG-2")[index % 2],
            assist=["D-CG-2"] if index % 4 == 0 else [],
            category=(noise, water)[index % 3 == 0],
            source=("telephone", "grid")[index % 5 == 0],
            at=now - timedelta(hours=index),
        )
        for index in range(24)
    ]
    by = world["department_leader"].actor
    for filters, wanted in (
        (CaseFilters(category=water.path), [c for c in made if c.category_id == water.pk]),
        (CaseFilters(source=("grid",)), [c for c in made if c.source == "grid"]),
        (CaseFilters(source=("grid",), category=noise.path), [c for i, c in enumerate(made) if i % 5 == 0 and i % 3]),
        (CaseFilters(reported_from=now - timedelta(hours=6), reported_to=now), made[1:7]),
    ):
        with acting(by):
            page = list_cases(by, filters, at=now, limit=5)
            ids = [item["id"] for item in page.items]
            while page.next:
                page = list_cases(by, filters, at=now, limit=5, cursor=page.next)
                ids += [item["id"] for item in page.items]
        assert ids == [case.pk for case in wanted], filters

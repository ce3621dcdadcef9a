"""`visible_to` and row-level security say the same for any actor and any row; without `visible_to` nothing leaks."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.registry.models import (
    Apart,
    Care,
    CareCategory,
    Change,
    Difference,
    Dwelling,
    Household,
    Member,
    Merge,
    Organisation,
    OrganisationPerson,
    Person,
    Residence,
)
from wangge.testing.world import World

CODES = ["320104001001001", "320104001001002", "320104001002001", "320104002001001", "320105001001001", "320104001001"]
UNITS = ["D-MZ/", "D-MZ/D-MZ-1/", "D-MZ2/", "320104/"]
IN_GRID = (Dwelling, Person, Residence, Household, Member, OrganisationPerson, Change, Difference, Merge, Apart)

actors = st.builds(
    Actor,
    kind=st.sampled_from(["person", "person", "public", "partner", "nobody", "system"]),
    post_id=st.sampled_from([None, 1, 2, 3]),
    user_id=st.just(1),
    unit_path=st.sampled_from(["", *UNITS]),
    unit_kind=st.just("department"),
    permissions=st.frozensets(
        st.sampled_from(["registry.read", "registry.edit", "care.read", "case.read", "registry.reveal"])
    ),
    ranges=st.lists(st.sampled_from(["3201", "320104", "320104001", *CODES]), max_size=2).map(tuple),
)


@pytest.fixture
def rows(world: World) -> None:
    """One of each in every code, and care for every unit and post."""
    at = clock.now()
    times: dict[str, Any] = {"made_at": at, "changed_at": at, "checked_at": at}
    from wangge.accounts.models import Unit

    for path in UNITS[:3]:
        code = path.rstrip("/").rpartition("/")[2]
        Unit.objects.create(
            code=code, name=code, kind="department", path=path, division="320104", valid_from=date(2020, 1, 1)
        )
    with acting(Actor.system("test")):
        category = CareCategory.objects.earliest("pk")
        for number, code in enumerate(CODES):
            person = Person.objects.create(id=new_id(), code=code, name="甲", name_key="甲", **times)
            other = Person.objects.create(id=new_id(), code=code, name="乙", name_key="乙", **times)
            dwelling = Dwelling.objects.create(id=new_id(), code=code, **times)
            household = Household.objects.create(id=new_id(), code=code, **times)
            organisation = Organisation.objects.create(
                id=new_id(), code=code, name="丙", name_key="丙", kind="other", **times
            )
            Residence.objects.create(id=new_id(), person=person, dwelling=dwelling, tie="lives", code=code, at=at)
            Member.objects.create(id=new_id(), household=household, person=person, code=code)
            OrganisationPerson.objects.create(
                id=new_id(), organisation=organisation, role="legal", name="丁", code=code
            )
            about: dict[str, Any] = {"kind": "person", "record": person.pk, "source": "console", "code": code}
            Change.objects.create(act=new_id(), field="name", at=at, **about)
            Difference.objects.create(id=new_id(), field="name", said_at=at, **about)
            Merge.objects.create(id=new_id(), kept=person.pk, gone=other.pk, why="", by_name="", at=at, code=code)
            one, another = sorted((person.pk, other.pk))
            Apart.objects.create(id=new_id(), one=one, other=another, by_name="", at=at, code=code)
            Care.objects.create(
                id=new_id(),
                person=person,
                category=category,
                name_sealed=b"",
                basis_sealed=b"",
                unit_path=UNITS[number % 3],
                posts=[number % 3 + 1],
                start_date=date(2026, 1, 1),
                code=code,
            )


@pytest.mark.usefixtures("rows")
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actor=actors)
def test_scope_and_policy_say_the_same_for_any_actor(actor: Actor) -> None:
    for table in (*IN_GRID, Care):
        rows: Any = table._default_manager
        with acting(Actor.system("test")):
            wanted = set(rows.visible_to(actor).values_list("pk", flat=True))
        with acting(actor):
            assert set(rows.all().values_list("pk", flat=True)) == wanted, table


@pytest.mark.usefixtures("rows")
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actor=actors)
def test_nobody_changes_what_they_may_not_even_without_our_own_checks(actor: Actor) -> None:
    if actor.is_system:
        return
    for table in IN_GRID:
        rows: Any = table._default_manager
        with acting(Actor.system("test")):
            theirs = {pk for pk, code in rows.values_list("pk", "code") if actor.covers(code)}
        may_edit = actor.may("registry.edit") and actor.may("registry.read")
        with acting(actor), transaction.atomic():
            changed = {pk for pk in rows.values_list("pk", flat=True) if rows.filter(pk=pk).update(code=F("code"))}
            assert changed == (theirs if may_edit else set()), table
            assert rows.all()._raw_delete(rows.db) == 0, "only the house removes"

"""schemathesis over the whole OpenAPI document: no 5xx, nothing that is not documented, nothing half-written.

Every request is one of a real town's, sent through the real WSGI application as one of several people, and taken back
afterwards, so that each example can be repeated alone. Ids and codes are mostly those of the town: with made-up ones
nothing would be reached but "not found".
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from wangge.config.api import documented
from wangge.config.application import application
from wangge.config.tests.access import TABLE, Row
from wangge.config.tests.access.case_targets import WAY
from wangge.config.tests.access.targets import Targets
from wangge.core.actor import Actor, set_in_database
from wangge.testing import town
from wangge.testing.client import CSRF
from wangge.testing.committed import TABLES

PEOPLE = ("commander", "street_seat", "administrator", "security_officer", "department_clerk", "grid_worker", "auditor")
NOBODY = "nobody"
FEW, MANY = 3, 150  # examples for each operation
# What a refused request may leave behind on purpose: failed sign-ins are counted, callers without an account throttled.
COUNTERS = {"axes_accessattempt", "axes_accessfailurelog", "axes_accesslog", "cases_attempt", "core_journal"}
common = hypothesis_settings(suppress_health_check=list(HealthCheck), database=None)


@cache
def strategies() -> dict[str, st.SearchStrategy[Any]]:
    """Requests to each operation, by its id: as documented, and not."""
    import schemathesis  # a second, which every process that only looks for tests would wait for
    from schemathesis import GenerationMode

    schema: Any = schemathesis.openapi.from_dict(_readable(documented()))
    schema.app = application
    found = [read.ok() for read in schema.get_all_operations()]
    return {
        one.definition.raw["operationId"]: st.one_of([one.as_strategy(generation_mode=mode) for mode in GenerationMode])
        for one in found
    }


@cache
def checks() -> list[Any]:
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    return [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
    ]


def _readable(part: Any) -> Any:
    """schemathesis 4 turns the tuples of an answer into the spelling of an older draft, which its validator refuses;
    lists of that length of any of those say nearly the same."""
    if isinstance(part, list):
        return [_readable(one) for one in part]
    if not isinstance(part, dict):
        return part
    found = {name: _readable(value) for name, value in part.items()}
    if members := found.pop("prefixItems", None):
        found["items"] = {"anyOf": members}
    return found


@pytest.fixture(scope="module")
def targets(django_db_setup: None, django_db_blocker: Any) -> Iterator[Targets]:
    from wangge.testing.world import build

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # they would close a connection that is inside a transaction
    with django_db_blocker.unblock(), transaction.atomic():
        made = Targets(build())
        for state in WAY:
            made.case(state)
        for person in PEOPLE:
            made.api(person)
        yield made
        transaction.set_rollback(True)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def before(targets: Targets, django_db_blocker: Any) -> dict[str, int]:
    """Once for all: every example begins where this one begins."""
    with django_db_blocker.unblock():
        return row_counts()


@pytest.mark.parametrize("operation", sorted(TABLE))
def test_whatever_is_sent_is_answered_as_documented(
    operation: str, targets: Targets, before: dict[str, int], django_db_blocker: Any
) -> None:
    few = hypothesis_settings(common, max_examples=FEW, phases=[Phase.generate], derandomize=True)
    with django_db_blocker.unblock():
        send_all(operation, few, targets, before)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("operation", sorted(TABLE))
def test_whatever_is_sent_many_times_over(
    operation: str, targets: Targets, before: dict[str, int], django_db_blocker: Any
) -> None:
    many = hypothesis_settings(common, max_examples=MANY, phases=[Phase.explicit, Phase.generate])
    with django_db_blocker.unblock():
        send_all(operation, many, targets, before)


def send_all(operation: str, wanted: hypothesis_settings, targets: Targets, before: dict[str, int]) -> None:
    @wanted
    @given(case=strategies()[operation], data=st.data())
    def each(case: Any, data: Any) -> None:
        send(case, data, targets, before)

    each()


def send(case: Any, data: Any, targets: Targets, before: dict[str, int]) -> None:
    row = TABLE.get(case.operation.definition.raw["operationId"], Row(frozenset()))
    may = sorted(row.allowed & set(PEOPLE)) or PEOPLE
    who = data.draw(st.sampled_from([*may, *may, *PEOPLE, NOBODY]), label="who")
    if data.draw(st.integers(0, 4), label="real ids") > 0:
        make_real(case, data, Known(targets, row.target))
    cookies = {settings.CSRF_COOKIE_NAME: CSRF}
    if who != NOBODY:
        cookies[settings.SESSION_COOKIE] = targets.api(who).token
    with transaction.atomic():
        set_in_database(Actor(kind=NOBODY))
        answer = case.call(headers={"X-CSRFToken": CSRF}, cookies=cookies)
        case.validate_response(answer, checks=checks())
        if answer.status_code >= 400:
            assert row_counts() == before, f"{answer.status_code} left something behind"
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")  # what a commit would ask
        transaction.set_rollback(True)


class Known:
    """Values of the town that names of parameters and fields ask for."""

    def __init__(self, targets: Targets, state: str) -> None:
        self.targets = targets
        self.state = state  # what the operation is meant for

    def of(self, name: str) -> list[Any]:
        world = self.targets.world
        if name == "case_id":
            return [self.targets.case(state) for state in ([self.state] if self.state in WAY else WAY)]
        if name in {"lead_id", "unit_id", "complained_id", "parent_id"}:
            return [world.unit(code).pk for code in ("D-CG-1", "D-SW", town.STREET, town.COMMUNITY)]
        if name == "assist_ids":
            return [[world.unit("D-GA").pk]]
        if name == "category_id":
            return [self.targets.category.pk, self.targets.with_steps.pk]
        if name == "account_id":
            return [world[key].user.pk for key in ("grid_worker", "auditor", "stranger_commander")]
        if name == "post_id":
            return [world[key].post.pk for key in ("grid_worker", "auditor", "stranger_commander")]
        if name in {"code", "community", "division", "grid", "parent"}:
            return [town.GRID, town.COMMUNITY, town.STREET, town.DISTRICT, town.MICRO_GRID, town.DEDICATED_GRID]
        if name in {"role_code", "role"}:
            return ["grid_worker", "street_seat", "administrator"]
        if name == "lon":
            return [118.7905, 121.0]
        if name == "lat":
            return [32.0205, 31.0]
        if name == "version":
            return [None]
        return []


def make_real(case: Any, data: Any, known: Known) -> None:
    for values_of in (case.path_parameters, case.query, case.body):
        if isinstance(values_of, dict):
            for name in sorted(values_of):
                if isinstance(name, str) and (values := known.of(name)):
                    values_of[name] = data.draw(st.sampled_from(values), label=name)
    if isinstance(case.body, dict):
        for inner in case.body.values():
            if isinstance(inner, dict):
                for name in sorted(filter(known.of, inner)):
                    inner[name] = data.draw(st.sampled_from(known.of(name)), label=name)


def row_counts() -> dict[str, int]:
    """Of every table, as the house itself sees them: whoever the request left as actor must not change the count."""
    set_in_database(Actor.system("counting"))
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = sorted(name for (name,) in cursor.fetchall() if name not in COUNTERS)
        cursor.execute(" union all ".join(f"select '{name}', count(*) from \"{name}\"" for name in tables))
        found = dict(cursor.fetchall())
    set_in_database(Actor(kind=NOBODY))
    return found

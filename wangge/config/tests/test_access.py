"""The table of access (access.py), held against the OpenAPI document and against the running API."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction

from wangge.config.api import documented
from wangge.config.tests.access import ROLES, TABLE, Row
from wangge.config.tests.access.targets import Targets
from wangge.testing.client import Api, anybody, api_as

CLOSED = {401, 403, 404}
OPEN_KINDS = {"public", "signed"}  # no session is asked for


@cache
def operations() -> dict[str, tuple[str, str]]:
    """operation id -> method, path."""
    found: dict[str, tuple[str, str]] = {}
    for path, methods in documented()["paths"].items():
        for method, operation in methods.items():
            found[operation["operationId"]] = (method, path)
    return found


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    assert set(operations()) == set(TABLE)


@pytest.fixture(scope="module")
def targets(django_db_setup: None, django_db_blocker: Any) -> Iterator[Targets]:
    """One town for all rows: every request is taken back, so nobody meets what another did."""
    from wangge.testing.world import build

    with django_db_blocker.unblock(), transaction.atomic():
        yield Targets(build())
        transaction.set_rollback(True)


@pytest.mark.parametrize("operation", sorted(TABLE))
def test_who_may(operation: str, targets: Targets, django_db_blocker: Any) -> None:
    """Everybody inside, nobody, and strangers where being one makes a difference."""
    row = TABLE[operation]
    strangers = [role for role in ROLES if expected(row, role, inside=False) != expected(row, role, inside=True)]
    with django_db_blocker.unblock():
        wrong = who_may(operation, targets, inside=ROLES, outside=strangers, nobody=row.kind not in OPEN_KINDS)
    assert not wrong, f"{operation}: " + "; ".join(wrong)


@pytest.mark.long
@pytest.mark.parametrize("operation", sorted(TABLE))
def test_strangers_may_no_more(operation: str, targets: Targets, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        wrong = who_may(operation, targets, outside=ROLES)
    assert not wrong, f"{operation}: " + "; ".join(wrong)


def who_may(
    operation: str, targets: Targets, *, inside: Sequence[str] = (), outside: Sequence[str] = (), nobody: bool = False
) -> list[str]:
    """What is answered otherwise than the table says to these roles in the targets' place, and elsewhere."""
    row, wrong = TABLE[operation], list[str]()
    people = [(role, role, True) for role in inside] + [(f"stranger_{role}", role, False) for role in outside]
    for person, role, is_inside in people:
        wanted = expected(row, role, inside=is_inside)
        api = api_as(targets.world[person]) if row.kind in {"self", "public"} else targets.api(person)
        status = call(api, operation, row, targets)
        if not fits(status, wanted, row.kind):
            wrong.append(f"{person}: {status}, wanted {wanted}")
    if nobody and (status := call(anybody(), operation, row, targets)) != 401:
        wrong.append(f"nobody: {status}, wanted 401")
    return wrong


def expected(row: Row, role: str, *, inside: bool) -> str:
    """ "open", or the status that keeps the door shut."""
    if row.kind in {"public", "self"}:
        return "open"
    if row.kind == "signed":
        return "401"
    if row.kind in {"house", "list"}:
        return "open" if role in row.allowed else "403"
    if row.kind in {"place", "own"} and role not in row.allowed:
        return "403 or 404"
    if row.kind == "own":
        return "open" if inside else "404"
    if not inside:
        return "404" if row.kind == "case" and role in row.sees else "403 or 404"
    if role in row.allowed:
        return "open"
    return "403" if role in row.sees else "403 or 404"


def fits(status: int, wanted: str, kind: str) -> bool:
    if kind == "self":  # the door is open; a wrong password, another's session, a post not theirs are refused inside
        return status < 500 and status != 401
    if kind == "public":
        return status < 500
    if wanted == "open":
        return status not in CLOSED and status < 500
    return str(status) in wanted.split(" or ")


def call(api: Api, operation: str, row: Row, targets: Targets) -> int:
    """The status of one request; what it did is taken back, so that the next person meets the same house."""
    method, path = operations()[operation]
    for name, value in targets.parameters(path, row).items():
        path = path.replace("{" + name + "}", value)
    body = row.body(targets) if callable(row.body) else row.body
    query = row.query(targets) if callable(row.query) else row.query
    with transaction.atomic():
        try:
            if row.files:
                answer = api.send_files(path, targets.files(), **(body or {}))
            elif method == "get":
                answer = api.get(path, **query)
            else:
                answer = getattr(api, method)(f"{path}?{urlencode(query)}" if query else path, body)
            if answer.streaming:
                b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # read to the end, it closes its file
            return answer.status_code
        finally:
            transaction.set_rollback(True)

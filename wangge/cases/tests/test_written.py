"""What `pipeline` writes without the ORM is what the ORM would have written, as one statement for each table."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.forms.models import model_to_dict

from wangge.cases.models import Case, Deadline, Reporter
from wangge.core.ids import new_id
from wangge.core.pipeline import insert, pipelined, update
from wangge.testing.client import api_as
from wangge.testing.world import World

ODD = "引号'\"反斜\\百分%s美元$1 \ufeff𠮷\n大括号{}"
MOMENT = datetime(2026, 2, 28, 15, 59, 59, 999_999, tzinfo=UTC)


@pytest.fixture
def case(world: World) -> Case:
    report = {"source": "telephone", "title": "路灯不亮", "lon": 118.7905, "lat": 32.0205}
    answer = api_as(world["street_seat"]).post("/api/cases", report)
    return Case.objects.get(pk=answer.json()["id"])


def copies(case: Case) -> Iterator[Case]:
    """Of one row, each with something else empty, small or large."""
    odd: tuple[dict[str, Any], ...] = (
        {"title": ODD, "happened_at": MOMENT, "lon": -179.999999999, "version": 1},
        {"title": "", "happened_at": None, "lon": None, "lat": None, "version": 40_000},
        {"address": ODD, "category_id": None, "due_at": None, "amber_at": MOMENT, "was_late": True},
    )
    for number, values in enumerate(odd):
        row = Case.objects.get(pk=case.pk)
        row.pk, row.number = new_id(), f"{case.number}-{number}"
        for name, value in values.items():
            setattr(row, name, value)
        yield row


def known_statements(beginning: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_prepared_statements where statement like %s", [f"{beginning}%"])
        return int(cursor.fetchone()[0])


def as_saved(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_rows_are_what_the_orm_would_have_written(case: Case) -> None:
    for row in copies(case):
        insert(row)
        kept = Case.objects.get(pk=row.pk)
        assert as_saved(kept) == as_saved(row)
        assert model_to_dict(kept) == model_to_dict(row)


def test_whatever_is_empty_it_is_one_statement(case: Case) -> None:
    rows = list(copies(case))
    with pipelined():
        for row in rows:
            insert(row)
    assert known_statements('insert into "cases_case"') == 1

    for row, moment in zip(rows, (MOMENT, None, MOMENT), strict=True):
        row.due_at, row.title, row.version = moment, ODD, row.version + 1
        update(row, ["due_at", "title", "version"])
    assert known_statements('update "cases_case"') == 1
    kept = {row.pk: row for row in Case.objects.filter(pk__in=[row.pk for row in rows])}
    assert [as_saved(kept[row.pk]) for row in rows] == [as_saved(row) for row in rows]


def test_sealed_values_and_what_explains_a_clock_go_the_same_way(case: Case) -> None:
    clock = Deadline.objects.filter(case=case).get()
    clock.stage = "handle"
    insert(clock)
    kept_clock = Deadline.objects.get(case=case, stage="handle")
    assert as_saved(kept_clock) == as_saved(clock) | {"id": kept_clock.pk}
    for sealed, hashed in ((b"\x00\xff'\\", b"\x01"), (None, None)):
        reporter = Reporter(
            id=new_id(), case=case, is_follower=True, name=ODD, phone_sealed=sealed, phone_hash=hashed, phone_masked="",
            is_anonymous=sealed is None, is_confidential=False, wants_call=True, follow_hash=b"\x02",
            code=case.current_grid, complained_root="", at=MOMENT,
        )  # fmt: skip
        insert(reporter)
        kept = Reporter.objects.get(pk=reporter.pk)
        assert (kept.name, kept.is_anonymous, kept.at) == (ODD, sealed is None, MOMENT)
        assert [value if value is None else bytes(value) for value in (kept.phone_sealed, kept.phone_hash)] == [
            sealed,
            hashed,
        ]

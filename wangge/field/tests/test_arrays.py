"""Arrays in text, as PostgreSQL reads them."""

import uuid
from datetime import date

import pytest
from django.db import connection

from wangge.field.ingest import arrays

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "text", "values"),
    [
        ("bigint", arrays.of_numbers([1, None, -(2**62)]), [1, None, -(2**62)]),
        ("float8", arrays.of_numbers([118.7925, 1e308, -0.5]), [118.7925, 1e308, -0.5]),
        ("date", arrays.of_numbers([date(2026, 1, 31)]), [date(2026, 1, 31)]),
        ("uuid", arrays.of_numbers([uuid.UUID(int=7)]), [uuid.UUID(int=7)]),
        ("text", arrays.of_texts(["", "null", 'a"b\\c,{}', "网格"]), ["", "null", 'a"b\\c,{}', "网格"]),
        ("bytea", arrays.of_bytes([b"", b"\x00\\\xff"]), [b"", b"\x00\\\xff"]),
        ("text", arrays.of_texts([]), []),
    ],
)
def test_an_array_comes_back_as_it_was(kind: str, text: str, values: list[object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"select %s::text::{kind}[]", [text])
        assert cursor.fetchone()[0] == values

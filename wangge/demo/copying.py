"""Rows by COPY where the tables allow it; by INSERT from a copied table where row-level security stands guard."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection
from django.db.models import Model
from psycopg import sql

Row = tuple[Any, ...]
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def write(objects: Sequence[Model]) -> None:
    """Of one model, complete, without JSON or arrays. Of many thousands `bulk_create` costs several times as much."""
    if not objects:
        return
    meta = objects[0]._meta
    names = [(field.attname, str(field.column)) for field in meta.concrete_fields]
    text = text_of(tuple(getattr(one, name) for name, _ in names) for one in objects)
    with connection.connection.cursor() as cursor:
        copy(cursor, meta.db_table, [column for _, column in names], text, is_guarded=True)


def text_of(rows: Iterable[Row]) -> bytes:
    """As COPY reads it: tabs between fields, \\\\N for null."""
    return "".join("\t".join(map(_field, row)) + "\n" for row in rows).encode()


def copy(
    cursor: psycopg.Cursor[Any], table: str, columns: Sequence[str], text: bytes, *, is_guarded: bool = False
) -> None:
    """`is_guarded`: COPY FROM is refused under row-level security."""
    into, names = sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    if is_guarded:
        into = sql.Identifier(f"demo_{table}")
        cursor.execute(
            sql.SQL("create temp table if not exists {} on commit drop as select {} from {} with no data").format(
                into, names, sql.Identifier(table)
            )
        )
    with cursor.copy(sql.SQL("copy {} ({}) from stdin").format(into, names)) as stream:
        stream.write(text)
    if is_guarded:
        cursor.execute(
            sql.SQL("insert into {} ({}) select {} from {}").format(sql.Identifier(table), names, names, into)
        )
        cursor.execute(sql.SQL("truncate {}").format(into))


def _field(value: Any) -> str:
    match value:
        case str():
            return value.translate(_ESCAPES)
        case None:
            return "\\N"
        case datetime():
            return value.isoformat()
        case bool():
            return "t" if value else "f"
        case bytes():
            return f"\\\\x{value.hex()}"
        case _:
            return str(value)

"""Many records at once: COPY into a table of this transaction, then INSERT … SELECT, so that policies still judge."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model
from psycopg.types.json import Jsonb


def insert(rows: Sequence[Model]) -> None:
    """New rows of one table. What its policies and constraints refuse raises, as with any other insert."""
    if not rows:
        return
    table = type(rows[0])
    name, fields = table._meta.db_table, table._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    staged = f"{name}_incoming"
    with connection.cursor() as cursor:
        cursor.execute(f'create temp table if not exists "{staged}" (like "{name}") on commit drop')
        cursor.execute(f'truncate "{staged}"')
        with cursor.copy(f'copy "{staged}" ({columns}) from stdin') as copy:
            for row in rows:
                copy.write_row([_as_stored(getattr(row, field.attname)) for field in fields])
        cursor.execute(f'insert into "{name}" ({columns}) select {columns} from "{staged}"')  # noqa: S608 - our own


def copy_tokens(rows: Sequence[tuple[int, str, Any]]) -> None:
    """Straight into the table: it holds keyed hashes only, and has no policy."""
    with connection.cursor() as cursor, cursor.copy("copy registry_token (token, code, record) from stdin") as copy:
        for row in rows:
            copy.write_row(row)


def _as_stored(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value

"""Several statements sent in one go, and statements planned once. A round trip costs as much as a small statement.

The rows of `columns` and `row_of` are the ORM's own, without building and compiling a query each time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

M = TypeVar("M", bound=models.Model)
Statement = tuple[str, Sequence[Any]]


@contextmanager
def pipelined() -> Iterator[None]:
    """Statements inside are queued and sent together; a failure of any of them is raised at the end.

    Only for statements whose answer nobody reads (insert, update); reading one sends what is queued first.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def read(*statements: Statement) -> list[list[tuple[Any, ...]]]:
    """The rows of each statement; each sees what was committed before it began, not before the first one did."""
    cursors = []
    with pipelined():
        for sql, values in statements:
            cursors.append(cursor := prepared())
            cursor.execute(sql, values)
    return [cursor.fetchall() for cursor in cursors]


def statement(rows: "models.QuerySet[M]") -> Statement:
    """What the ORM would send for these rows, for `read`; `row_of` takes what comes back."""
    compiler = rows.query.get_compiler(rows.db)
    try:
        sql, values = compiler.as_sql()
    except EmptyResultSet:
        return "select where false", ()
    return sql, values


def all_of(model: type[models.Model], where: str, values: Sequence[Any]) -> Statement:
    """Rows `r` of one table for `read`, without building and compiling a query. `where` may go on with an order."""
    return f'select {columns(model, "r")} from "{model._meta.db_table}" r where {where}', values  # noqa: S608 - our own


def prepared() -> CursorWrapper:
    """A cursor whose statement is planned once for each connection: for the few that every request or move asks.

    Planning is three quarters of what a statement costs that joins five tables to find one row.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor: CursorWrapper = connection._prepare_cursor(_Prepared(connection.connection))  # type: ignore[attr-defined]
    return cursor


class _Prepared(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> "_Prepared":
        return super().execute(query, params, **options | {"prepare": True})


def insert(row: models.Model) -> None:
    """INSERT without asking for the key that the database gives: nothing to wait for. Plain values only."""
    sql, fields = _insert_of(type(row))
    with connection.cursor() as cursor:
        cursor.execute(sql, [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields])


def update(row: models.Model, names: Iterable[str]) -> None:
    """UPDATE of the named fields by the primary key, without asking whether there was such a row."""
    meta, wanted = type(row)._meta, set(names)
    fields = [field for field in meta.concrete_fields if wanted & {field.name, field.attname}]
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    settings = ", ".join(f'"{field.column}" = %s' for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f'update "{meta.db_table}" set {settings} where "{meta.pk.column}" = %s',  # noqa: S608 - our own names
            [*values, row.pk],
        )


@cache
def columns(model: type[models.Model], alias: str) -> str:
    """The model's columns for a select, in the order in which `row_of` takes them."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def rows_of(model: type[M], rows: Iterable[Sequence[Any]]) -> list[M]:
    return [row_of(model, row) for row in rows]


def row_of(model: type[M], values: Sequence[Any]) -> M:
    """The row as the ORM gives it. `values` as selected by `columns`; more of them are left alone."""
    names, converters = _reading(model)
    found = list(values[: len(names)])
    for index, convert in converters:
        found[index] = convert(found[index], None, connection)
    return model.from_db(connection.alias, names, found)


@cache
def _reading(model: type[models.Model]) -> tuple[list[str], list[tuple[int, Callable[..., Any]]]]:
    fields = model._meta.concrete_fields
    converters = [
        (index, convert) for index, field in enumerate(fields) for convert in field.get_db_converters(connection)
    ]
    return [field.attname for field in fields], converters


@cache
def _insert_of(model: type[models.Model]) -> tuple[str, list["models.Field[Any, Any]"]]:
    meta = model._meta
    fields = [field for field in meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    names = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return f'insert into "{meta.db_table}" ({names}) values ({places})', fields  # noqa: S608 - our own names

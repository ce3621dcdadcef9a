"""Several statements sent in one go, and statements planned once. A round trip costs as much as a small statement.

The rows of `columns` and `row_of` are the ORM's own, without building and compiling a query each time.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, TypeVar

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connection, connections, models
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


class _Writing(psycopg.RawCursor[Any]):
    """Takes PostgreSQL's own `$1`: psycopg does not look through the text of a known statement for places each time."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "_Writing":
        return super().execute(query, params, **options | {"prepare": True})


def insert(row: models.Model) -> None:
    """INSERT without asking for the key that the database gives: nothing to wait for. Plain values only."""
    sql, taken = _insert_of(type(row))
    _write(sql, [(one, getattr(row, one.attname) if one.is_read else one.field.pre_save(row, True)) for one in taken])


def update(row: models.Model, names: Iterable[str]) -> None:
    """UPDATE of the named fields by the primary key, without asking whether there was such a row."""
    meta, wanted = type(row)._meta, set(names)
    taken = [_taken(field) for field in meta.concrete_fields if wanted & {field.name, field.attname}]
    settings = ", ".join(f'"{one.field.column}" = ${place}' for place, one in enumerate(taken, 1))
    sql = f'update "{meta.db_table}" set {settings} where "{meta.pk.column}" = ${len(taken) + 1}'  # noqa: S608 - our own
    _write(sql, [(one, getattr(row, one.attname)) for one in (*taken, _taken(meta.pk))])


class _Taken(NamedTuple):
    """How a value comes out of its row. `plain`: the type of values that the field would hand on as they are."""

    field: "models.Field[Any, Any]"
    attname: str
    is_read: bool  # it makes no value of its own when saved
    plain: type | None


@cache
def _taken(field: "models.Field[Any, Any]") -> _Taken:
    kind = field
    while isinstance(kind, models.ForeignKey):
        kind = kind.target_field
    return _Taken(field, field.attname, type(field).pre_save is models.Field.pre_save, _PLAIN.get(type(kind)))


_PLAIN: dict[type, type] = {
    models.BigAutoField: int,
    models.BigIntegerField: int,
    models.BooleanField: bool,
    models.CharField: str,
    models.DateField: date,
    models.FloatField: float,
    models.IntegerField: int,
    models.PositiveIntegerField: int,
    models.PositiveSmallIntegerField: int,
    models.SmallIntegerField: int,
    models.TextField: str,
    models.UUIDField: uuid.UUID,
}


def _write(sql: str, values: Sequence[tuple[_Taken, Any]]) -> None:
    """Parsed and planned once for each connection, as long as it is the same text."""
    # The thing itself: a hundred looks through the proxy cost as much as a statement.
    ours = connections[connection.alias]
    ours.ensure_connection()
    sent = [
        _untyped(value if type(value) is one.plain else one.field.get_db_prep_save(value, ours))
        for one, value in values
    ]
    with ours.wrap_database_errors:
        cursor: CursorWrapper = ours._prepare_cursor(_Writing(ours.connection))  # type: ignore[attr-defined]
        with cursor:
            cursor.execute(sql, sent)


def _untyped(value: Any) -> Any:
    """As text whose type is the column's. With the value's own type, a number of another length or nothing at all in
    some column would make it another statement, planned anew: so many that the few others were forgotten."""
    if value is None or type(value) is str:
        return value
    as_text = _AS_TEXT.get(type(value))
    if as_text is not None:
        return as_text(value)
    return str(value) if isinstance(value, str) else value  # of StrEnum


_AS_TEXT: dict[type, Callable[[Any], str]] = {
    bool: lambda value: "t" if value else "f",
    int: str,
    float: repr,
    Decimal: str,
    uuid.UUID: str,
    date: str,
    datetime: str,
}


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
def _insert_of(model: type[models.Model]) -> tuple[str, list[_Taken]]:
    meta = model._meta
    fields = [field for field in meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    names = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(f"${place}" for place in range(1, len(fields) + 1))
    return f'insert into "{meta.db_table}" ({names}) values ({places})', [_taken(field) for field in fields]  # noqa: S608 - our own names

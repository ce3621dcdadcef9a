"""Tests that really commit: several connections at once, and everything as it was afterwards."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from django.db import connection
from psycopg import errors, sql

T = TypeVar("T")

KEPT = {"django_migrations", "django_content_type"}

TABLES = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
"""


def at_once(*calls: Callable[[], T]) -> list[T | BaseException]:
    """Each call in a thread and connection of its own, all let go together. What a call raised stands in its place."""
    results: list[Any] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def run(index: int) -> None:
        try:
            gate.wait()
            results[index] = calls[index]()
        except BaseException as raised:
            results[index] = raised
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def owner() -> psycopg.Connection[tuple[Any, ...]]:
    """A connection as the owner of the tables, beside Django's: for wiping, and for looking behind the policies."""
    return psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)


@contextmanager
def as_before() -> Iterator[None]:
    """What migrations put into tables is put back afterwards; everything else is wiped."""
    with owner() as connected:
        tables = [name for (name,) in connected.execute(TABLES) if name not in KEPT]
        rows = {name: copied for name in tables if (copied := _copy_out(connected, name))}
    try:
        yield
    finally:
        with owner() as connected:
            connected.execute(sql.SQL("truncate {} cascade").format(sql.SQL(", ").join(map(sql.Identifier, tables))))
            _put_back(connected, rows)


def _copy_out(connected: psycopg.Connection[tuple[Any, ...]], table: str) -> bytes:
    rows = sql.SQL("copy (select * from {}) to stdout").format(sql.Identifier(table))
    with connected.cursor() as cursor, cursor.copy(rows) as copy:
        return b"".join(bytes(part) for part in copy)


def _put_back(connected: psycopg.Connection[tuple[Any, ...]], tables: dict[str, bytes]) -> None:
    """A table whose rows point to another's waits for it."""
    waiting = dict(tables)
    while waiting:
        for name, rows in list(waiting.items()):
            try:
                into = sql.SQL("copy {} from stdin").format(sql.Identifier(name))
                with connected.cursor() as cursor, cursor.copy(into) as copy:
                    copy.write(rows)
                del waiting[name]
            except errors.ForeignKeyViolation:
                if len(waiting) == 1:
                    raise

"""Tests that really commit: several connections at once, and everything as it was afterwards."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from django.db import connection, connections
from psycopg import sql

from wangge.ground.cluster import Cluster
from wangge.ground.home import home_folder
from wangge.testing.world import World, build

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
def committed_town() -> Iterator[World]:
    """The small town, as everybody sees it."""
    with as_before():
        try:
            yield build()
        finally:
            connections.close_all()


@contextmanager
def as_before() -> Iterator[None]:
    """What migrations put into tables is put back afterwards; everything else is wiped."""
    with _behind_everything() as connected:
        rows = {name: _copy_out(connected, name) for name in _not_empty(connected)}
    try:
        yield
    finally:
        with _behind_everything() as connected, connected.transaction():
            for name in _not_empty(connected):
                connected.execute(sql.SQL("delete from {}").format(sql.Identifier(name)))
            for name, copied in rows.items():
                _put_back(connected, name, copied)


@contextmanager
def _behind_everything() -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Without triggers and foreign keys: rows go one by one, for emptying every table takes a second, full or not."""
    superuser = Cluster(home_folder()).url("postgres")
    with psycopg.connect(superuser, autocommit=True, options="-c session_replication_role=replica") as connected:
        yield connected


def _not_empty(connected: psycopg.Connection[tuple[Any, ...]]) -> list[str]:
    tables = [name for (name,) in connected.execute(TABLES) if name not in KEPT]
    has_rows = sql.SQL(", ").join(
        sql.SQL("({}, exists (select from {}))").format(sql.Literal(name), sql.Identifier(name)) for name in tables
    )
    asked = sql.SQL("select name from (values {}) t(name, has_rows) where has_rows").format(has_rows)
    return [name for (name,) in connected.execute(asked)]


def _copy_out(connected: psycopg.Connection[tuple[Any, ...]], table: str) -> bytes:
    rows = sql.SQL("copy (select * from {}) to stdout").format(sql.Identifier(table))
    with connected.cursor() as cursor, cursor.copy(rows) as copy:
        return b"".join(bytes(part) for part in copy)


def _put_back(connected: psycopg.Connection[tuple[Any, ...]], table: str, rows: bytes) -> None:
    into = sql.SQL("copy {} from stdin").format(sql.Identifier(table))
    with connected.cursor() as cursor, cursor.copy(into) as copy:
        copy.write(rows)

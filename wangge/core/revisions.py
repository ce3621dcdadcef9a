"""Configuration kept in each process, and read again when its revision has moved."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connection

T = TypeVar("T")


def bump(name: str) -> None:
    """Called by every action that changes the configuration of this name; seen by others once it commits.

    Microseconds of the clock, not a count: a number that was rolled back must never come again with other content, for
    a process that read it inside that transaction still holds what it read.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into core_revision (name, number) values (%s, extract(epoch from clock_timestamp()) * 1000000)
            on conflict (name) do update set number = greatest(core_revision.number + 1, excluded.number)
            """,
            [name],
        )


def revisions(*names: str) -> tuple[int, ...]:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute("select name, number from core_revision where name = any(%s)", [list(names)])
        found = dict(cursor.fetchall())
    return tuple(found.get(name, 0) for name in names)


class Kept(Generic[T]):
    """One value for each process, made again when the revision asked for is another than the one it was made at."""

    def __init__(self, name: str, load: Callable[[], T]) -> None:
        self.name = name
        self._load = load
        self._lock = threading.Lock()
        self._held: tuple[int, T] | None = None

    def get(self, revision: int | None = None) -> T:
        """`revision` when the caller has read it already; otherwise one small query."""
        number = revisions(self.name)[0] if revision is None else revision
        held = self._held
        if held is not None and held[0] == number:
            return held[1]
        with self._lock:
            value = self._load()
            self._held = (number, value)
        return value

    def forget(self) -> None:
        self._held = None

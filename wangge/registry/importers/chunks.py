"""A file in pieces of a few thousand rows, and the next piece made ready while the one before is written."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

CHUNK = 5_000
T = TypeVar("T")
R = TypeVar("R")


def in_chunks(rows: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk


def ahead(helper: ThreadPoolExecutor, work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """What the work makes of each, the next in the helper's thread while this one is used. The work must not ask the
    database: connections belong to their threads."""
    waiting: Future[R] | None = None
    for item in items:
        following = helper.submit(work, item)
        if waiting is not None:
            yield waiting.result()
        waiting = following
    if waiting is not None:
        yield waiting.result()

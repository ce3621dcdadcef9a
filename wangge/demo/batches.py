"""Cases invented by several processes and written by one, in batches with one journal entry each."""

import gc
import multiprocessing
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from tqdm import tqdm

from wangge.core import journal
from wangge.core.actor import Actor
from wangge.demo import rows
from wangge.demo.invent import Inventor
from wangge.either import either

BATCH = 1000
WORTH_IT = 5000  # cases; fewer are invented here before other processes would be ready
MOST_PROCESSES = 4
STEPS, CLOCKS = 16, 12  # keys put aside for each case: twice what a batch has used on average


@dataclass(frozen=True, slots=True)
class Task:
    first: int
    count: int
    steps: range
    clocks: range


@dataclass(frozen=True, slots=True)
class Done:
    batch: uuid.UUID
    count: int
    tables: dict[str, bytes]


Results = Callable[[list[Task]], Iterator[Done]]
_inventor: Inventor | None = None  # inherited by the processes forked below


def write(inventor: Inventor, *, by: Actor, at: datetime, show: bool) -> int:
    """How many cases there are. Everything in the transaction that is open."""
    global _inventor
    _inventor = inventor
    bar = tqdm(total=inventor.plan.cases, desc=either("事件", "cases"), unit=either("件", ""), disable=not show)
    with bar, _workers(inventor.plan.cases) as results:
        for done in results(list(_tasks(inventor.plan.cases))):
            rows.copy(connection.connection, done.tables)
            _record(done, by=by, at=at)
            bar.update(done.count)
    _inventor = None
    return inventor.plan.cases


def taken(sequence: str, count: int) -> range:
    """`count` numbers in a row. Nobody else draws from it while the demonstration is being written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select min(n), max(n) from (select nextval(%s::regclass) n from generate_series(1, %s)) drawn",
            [sequence, count],
        )
        low, high = cursor.fetchone()
    if high - low + 1 != count:
        raise RuntimeError(f"somebody else draws from {sequence}")
    return range(low, high + 1)


def _tasks(cases: int) -> Iterator[Task]:
    steps = taken(_sequence_of("cases_step"), cases * STEPS)
    clocks = taken(_sequence_of("cases_deadline"), cases * CLOCKS)
    for first in range(0, cases, BATCH):
        count = min(BATCH, cases - first)
        yield Task(
            first,
            count,
            steps[first * STEPS : (first + count) * STEPS],
            clocks[first * CLOCKS : (first + count) * CLOCKS],
        )


def _sequence_of(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select pg_get_serial_sequence(%s, 'id')", [table])
        return str(cursor.fetchone()[0])


@contextmanager
def _workers(cases: int) -> Iterator[Results]:
    """Forked, so that the ground and the people need not be sent; they never touch the connection they inherit."""
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    if cases < WORTH_IT or processes < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield lambda tasks: map(_invent, tasks)
        return
    with multiprocessing.get_context("fork").Pool(processes, gc.disable) as pool:  # stories hold no cycles
        yield lambda tasks: pool.imap(_invent, tasks)


def _invent(task: Task) -> Done:
    if _inventor is None:
        raise RuntimeError("no inventor was set before the processes were made")
    stories = _inventor.batch(task.first, task.count)
    batch = stories[0].id
    ids = rows.Ids(iter(task.steps), iter(task.clocks))
    return Done(batch, len(stories), rows.text_of(rows.rows_of(stories, ids, batch)))


def _record(done: Done, *, by: Actor, at: datetime) -> None:
    """One entry for the whole batch: readers fetch its cases by it instead of one entry for each."""
    told = {"batch": str(done.batch), "count": done.count}
    entry = journal.Entry(kind="cases.imported", subject=("import", str(done.batch)), data=told)
    journal.record(entry, by=by, at=at)

"""The demonstration district, written whole or not at all, into a database that holds nothing yet."""

import itertools
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from tqdm import tqdm

from wangge.accounts.models import Unit, User
from wangge.cases.configuration import configuration
from wangge.cases.models import Case
from wangge.core import clock, crypto, journal
from wangge.core.actor import Actor, acting
from wangge.core.revisions import bump
from wangge.demo import filing, ground, people, plan, rows
from wangge.demo.invent import Inventor
from wangge.demo.people import Desk
from wangge.demo.plan import Plan
from wangge.demo.story import Story
from wangge.grids.models import Division

BATCH = 1000
ACTOR = Actor.system("demo")


class NotEmpty(Exception):
    """There are divisions, units, people or cases already: real ones, or an earlier demonstration."""


@dataclass(slots=True)
class Loaded:
    cases: int
    workers: int
    grids: int
    accounts: list[Desk] = field(default_factory=list)
    password: str = plan.PASSWORD


def load(small: bool = False, seed: int = 20_260, *, show: bool = False) -> Loaded:
    """Raises NotEmpty, NoCategories, RuleBroken. One transaction: a demonstration cut short leaves nothing behind."""
    chosen = plan.small(seed) if small else plan.full(seed)
    crypto.ensure_keys()
    at = clock.now()
    if not is_empty():
        raise NotEmpty
    with acting(ACTOR):
        return _load(chosen, at, show=show)


def is_empty() -> bool:
    with acting(ACTOR):
        return not (
            Case.objects.exists() or Division.objects.exists() or Unit.objects.exists() or User.objects.exists()
        )


def _load(chosen: Plan, at: datetime, *, show: bool) -> Loaded:
    with _step("网格与边界 grids", show):
        land = ground.make(chosen)
        ground.write(land)
    with _step("单位与队伍 people", show):
        crew = people.write(land, chosen, at=at)
    bump("grids")
    bump("units")
    config = configuration()
    filed = filing.file_topics(config)
    filing.write_rules(filed, crew.units)
    inventor = Inventor(
        plan=chosen,
        ground=land,
        people=crew,
        config=config,
        filed=filed,
        serials=_taken("case_serial", chosen.cases),
        now=at,
    )
    written = _write_cases(inventor, chosen, at, show=show)
    bump("cases")
    return Loaded(written, crew.workers_in_all, len(land.grids) + len(land.micros), crew.shown)


def _write_cases(inventor: Inventor, chosen: Plan, at: datetime, *, show: bool) -> int:
    ids = rows.Ids(_keys("cases_step"), _keys("cases_deadline"))
    stories = tqdm(
        inventor.stories(), total=chosen.cases, desc="事件 cases", unit="件", disable=not show, smoothing=0.1
    )
    count = 0
    for batch in _batches(stories):
        count += len(batch)
        key = batch[0].id
        rows.copy(connection.connection, rows.rows_of(batch, ids, key))
        _record(batch, key, at)
    return count


def _batches(stories: Iterator[Story]) -> Iterator[list[Story]]:
    while batch := list(itertools.islice(stories, BATCH)):
        yield batch


def _record(batch: list[Story], key: uuid.UUID, at: datetime) -> None:
    """One entry for the whole batch: readers fetch its cases by it instead of one entry for each."""
    entry = journal.Entry(
        kind="cases.imported", subject=("import", str(key)), data={"batch": str(key), "count": len(batch)}
    )
    journal.record(entry, by=ACTOR, at=at)


def _keys(table: str) -> Iterator[int]:
    """Keys from the table's own sequence, a thousand at a time; what is left over is never used, which harms nobody."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_get_serial_sequence(%s, 'id')", [table])
        (sequence,) = cursor.fetchone()
    while True:
        yield from _taken(sequence, 1000)


def _taken(sequence: str, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("select nextval(%s::regclass) from generate_series(1, %s)", [sequence, count])
        return [int(number) for (number,) in cursor.fetchall()]


@contextmanager
def _step(title: str, show: bool) -> Iterator[None]:
    with tqdm(total=1, desc=title, bar_format="{desc} {elapsed}", disable=not show) as bar:
        yield
        bar.update()

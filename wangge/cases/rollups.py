"""The journal reader `rollups`: keeps the figures of models/figures.py exact, whatever order commits arrive in.

For the cases a batch of entries names, the grains kept from the last reading are taken away from every roll-up and the
grains of the rows as they are now are added; nothing depends on what the entries say. An entry read twice, or late,
does no harm.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from wangge.cases import claims
from wangge.cases.rollups_facts import GRAINS, TARGETS
from wangge.cases.rollups_sql import Grains, Target
from wangge.core import journal
from wangge.core.actor import Actor

READER = "rollups"
IMPORTED = "cases.imported"
AT_ONCE = 20_000  # cases of an import taken in one statement
TRIES = 20
SHOWN = 100  # differences named
MEMORY = "set local work_mem = '256MB'"  # for the two commands that go over everything


@dataclass(frozen=True, slots=True)
class Difference:
    table: str
    key: dict[str, Any]
    kept: dict[str, int]
    counted: dict[str, int]


class NeverQuiet(Exception):
    """Writes went on so fast that no moment was found in which everything committed was also counted."""


def read() -> int:
    """Count the next entries. Returns how many; fewer than `journal.BATCH` means all are counted."""
    return journal.read_once(READER, count)


def catch_up() -> None:
    while journal.read_once(READER, count) >= journal.BATCH:
        pass


def count(batch: journal.Batch) -> None:
    for ids in _cases_of(batch.entries):
        _recount(ids)


def rebuild() -> None:
    """Everything anew from the base tables, in one snapshot; the reader goes on from there."""
    with journal.repeatable_read(Actor.system(READER)), connection.cursor() as cursor:
        # Before the long work: a reader at work meanwhile fails on this row and tries again later.
        journal.skip_to_now(READER)
        cursor.execute(MEMORY)
        for statement in (statement for grains in GRAINS for statement in grains.rebuild()):
            cursor.execute(statement)
        for target in TARGETS:
            cursor.execute(f"delete from {target.table}")  # noqa: S608 - names are ours
            cursor.execute(target.insert(source="all"))


def check() -> list[Difference]:
    """What is kept against what the base tables say, at one moment at which every entry is counted. Must be empty."""
    for _ in range(TRIES):
        catch_up()
        with journal.repeatable_read(Actor.system(READER)), connection.cursor() as cursor:
            if _is_behind():
                continue
            cursor.execute(MEMORY)
            odd = [odd for grains in GRAINS for odd in _odd_grains(grains)]
            return odd + [odd for target in TARGETS for odd in _differences(target)]
    raise NeverQuiet()


def _cases_of(entries: list[journal.Read]) -> Iterator[list[uuid.UUID]]:
    told = (entry for entry in entries if entry.subject_type == "case" and entry.kind not in claims.KINDS)
    ids = {uuid.UUID(entry.subject_id) for entry in told}
    if ids:
        yield sorted(ids)
    batches = {uuid.UUID(str(entry.data["batch"])) for entry in entries if entry.kind == IMPORTED}
    for batch in sorted(batches):
        yield from _cases_in(batch)


def _cases_in(batch: uuid.UUID) -> Iterator[list[uuid.UUID]]:
    after = uuid.UUID(int=0)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "select id from cases_case where batch = %s and id > %s order by id limit %s", [batch, after, AT_ONCE]
            )
            ids = [case_id for (case_id,) in cursor.fetchall()]
        if ids:
            yield ids
        if len(ids) < AT_ONCE:
            return
        after = ids[-1]


def _recount(ids: list[uuid.UUID]) -> None:
    values = {"ids": ids}
    with connection.cursor() as cursor:
        for target in TARGETS:
            for statement in target.recount():
                cursor.execute(statement, values)
        for statement in (statement for grains in GRAINS for statement in grains.renew()):
            cursor.execute(statement, values)


def _is_behind() -> bool:
    """Whether this snapshot holds an entry that the reader has not counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select exists (
              select from core_journal_reader r
                join core_journal j on j.cluster = journal_cluster()
                 and j.xid >= pg_snapshot_xmin(r.finished) and not pg_visible_in_snapshot(j.xid, r.finished)
               where r.name = %s and r.cluster = journal_cluster()
                 and (j.subject_type = 'case' or j.kind = %s)
            )
            """,
            [READER, IMPORTED],
        )
        return bool(cursor.fetchone()[0])


def _odd_grains(grains: Grains) -> list[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(f"{grains.difference()} limit {SHOWN}")
        return [Difference(grains.table, {grains.key: str(key)}, {}, {}) for (key,) in cursor.fetchall()]


def _differences(target: Target) -> list[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(f"{target.difference()} limit {SHOWN}")
        return [
            Difference(
                target.table,
                dict(zip(target.keys, row[: len(target.keys)], strict=True)),
                dict(zip(target.numbers, row[len(target.keys) : len(target.keys) + len(target.numbers)], strict=True)),
                dict(zip(target.numbers, row[len(target.keys) + len(target.numbers) :], strict=True)),
            )
            for row in cursor.fetchall()
        ]

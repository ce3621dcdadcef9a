"""Cases that the worker changes many at a time: locked without waiting for anybody, written in a few statements."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from wangge.cases.models import Assignment, Case, Deadline
from wangge.cases.rules.moves import Move
from wangge.core import journal
from wangge.core.actor import Actor

# Locked are the cases, never their clocks: whoever moves a case locks it first, so nobody waits in a circle. What
# somebody else holds is left for the next round, however long they hold it.
LOCK = """
select c.id from cases_deadline d join cases_case c on c.id = d.case_id
 where d.met_at is null and d.dropped_at is null and {where}
 order by {order} limit %(limit)s
   for no key update of c skip locked
"""


def lock_cases(where: str, *, order: str, limit: int, **values: Any) -> list[uuid.UUID]:
    """The cases of running clocks that meet a condition in SQL on `d`. `where` and `order` are our own words."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK.format(where=where, order=order), values | {"limit": limit})
        return list(dict.fromkeys(row[0] for row in cursor.fetchall()))


# What is read of a case that is held: a worker has no use for the rest, and there may be ten thousand of them.
READ = (
    *("number", "state", "version", "holder_path", "lead_path", "current_grid"),
    *("due_at", "amber_at", "due_stage", "is_overdue", "was_late", "supervision", "archived_at", "changed_at"),
)
STEP_COLUMNS = ("case_id", "kind", "at", "state", "by_kind", "by_name", "text", "data")
STEP_DEFAULTS = {"by_unit": "", "by_unit_path": "", "centre_only": False}


@dataclass(slots=True)
class Locked:
    """Cases held, read after they were locked, with the clocks that run."""

    cases: dict[uuid.UUID, Case]
    clocks: dict[uuid.UUID, list[Deadline]]
    paths: dict[uuid.UUID, set[str]]
    steps: list[tuple[Any, ...]] = field(default_factory=list)
    entries: list[journal.Entry] = field(default_factory=list)

    @classmethod
    def read(cls, ids: Sequence[uuid.UUID]) -> "Locked":
        some = among(ids)
        cases = {case.pk: case for case in Case.objects.filter(pk__in=some).only(*READ)}
        clocks: dict[uuid.UUID, list[Deadline]] = {}
        running = Deadline.objects.filter(case__in=some, met_at__isnull=True, dropped_at__isnull=True)
        for clock in running.defer("trace"):
            clocks.setdefault(clock.case_id, []).append(clock)
        paths = {case_id: {case.holder_path} for case_id, case in cases.items()}
        for case_id, path in Assignment.objects.filter(case__in=some).values_list("case_id", "unit_path"):
            paths[case_id].add(path)
        return cls(cases, clocks, paths)

    def say(
        self,
        case: Case,
        move: Move,
        *,
        by: Actor,
        at: datetime,
        changed: Iterable[str],
        data: dict[str, Any],
        text: str = "",
    ) -> None:
        """One line of the case's history and its entry in the journal, written together by `write`."""
        told = json.dumps(data, ensure_ascii=False)
        self.steps.append((case.pk, str(move), at, case.state, by.kind, by.name, text, told))
        known = {"state": case.state, "version": case.version, "number": case.number}
        self.entries.append(
            journal.Entry(
                kind=f"case.{move}",
                subject=("case", str(case.pk)),
                code=case.current_grid,
                unit_paths=sorted(self.paths[case.pk]),
                changed=sorted(changed),
                data=known | data,
            )
        )

    def write(self, *, by: Actor, at: datetime) -> None:
        columns = (*STEP_COLUMNS, *STEP_DEFAULTS)
        write_rows("cases_step", columns, ((*step, *STEP_DEFAULTS.values()) for step in self.steps))
        journal.record_all(self.entries, by=by, at=at)


def among(ids: Sequence[uuid.UUID]) -> RawSQL:
    """For `__in`: one value, where Django would send and PostgreSQL would read a thousand."""
    return RawSQL("select unnest(%s::uuid[])", [list(ids)])


def write_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """By COPY. Names are our own words."""
    with connection.cursor() as cursor, cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin") as copy:
        for row in rows:
            copy.write_row(row)


def update_rows(table: str, types: dict[str, str], rows: Sequence[Sequence[Any]]) -> None:
    """Each row names its id first; `types` are the columns in its order, "id" first, with the types of the database.

    One statement however many rows there are, and quicker by a hundred times than a CASE for each of them.
    """
    if not rows:
        return
    names, columns = list(types), list(zip(*rows, strict=True))
    set_to = ", ".join(f"{name} = v.{name}" for name in names[1:])
    values = ", ".join(f"%s::{kind}[]" for kind in types.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {table} t set {set_to} from unnest({values}) v({', '.join(names)}) where t.id = v.id",  # noqa: S608
            [list(column) for column in columns],
        )

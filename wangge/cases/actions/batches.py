"""Cases that the worker changes many at a time: locked without waiting for anybody, written in a few statements."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from wangge.cases.models import Assignment, Case, Deadline, Step
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


@dataclass(slots=True)
class Locked:
    """Cases held, read after they were locked, with the clocks that run."""

    cases: dict[uuid.UUID, Case]
    clocks: dict[uuid.UUID, list[Deadline]]
    paths: dict[uuid.UUID, set[str]]
    steps: list[Step] = field(default_factory=list)
    entries: list[journal.Entry] = field(default_factory=list)

    @classmethod
    def read(cls, ids: Sequence[uuid.UUID]) -> "Locked":
        cases = Case.objects.in_bulk(ids)
        clocks: dict[uuid.UUID, list[Deadline]] = {}
        running = Deadline.objects.filter(case__in=ids, met_at__isnull=True, dropped_at__isnull=True)
        for clock in running.defer("trace"):
            clocks.setdefault(clock.case_id, []).append(clock)
        paths = {case_id: {case.holder_path} for case_id, case in cases.items()}
        for case_id, path in Assignment.objects.filter(case__in=ids).values_list("case_id", "unit_path"):
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
        self.steps.append(
            Step(
                case=case,
                kind=str(move),
                at=at,
                state=case.state,
                by_kind=by.kind,
                by_name=by.name,
                text=text,
                data=data,
            )
        )
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
        columns = [field.attname for field in Step._meta.concrete_fields if not field.primary_key]
        with connection.cursor() as cursor, cursor.copy(f"copy cases_step ({', '.join(columns)}) from stdin") as copy:
            for step in self.steps:
                values = {name: getattr(step, name) for name in columns}
                values["data"] = json.dumps(step.data, ensure_ascii=False)
                copy.write_row(list(values.values()))
        journal.record_all(self.entries, by=by, at=at)

"""Writes the city by COPY, as the owner role, with indexes and constraints made afterwards. `python -m bench.fill PART OF`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import psycopg

from bench.city import AFTER, DISTRICTS, LONG_MOVES, SETTLED_MOVES, City, History, histories, tokens_of
from wangge.cases.rules.calendar import WorkCalendar
from wangge.cases.rules.deadlines import due, trace_as_json
from wangge.cases.rules.limits import LimitKind, TimeLimit

BULK = (
    "cases_case",
    "cases_text",
    "cases_step",
    "cases_deadline",
    "cases_assignment",
    "cases_reporter",
    "cases_rating",
)
NULL = r"\N"
START = datetime(2026, 1, 5, 1, tzinfo=UTC)
TRACE = json.dumps(trace_as_json(due(START, TimeLimit(LimitKind.WORK_DAYS, Decimal(5)), WorkCalendar()).trace))

CASE = [
    "id",
    "number",
    "category_id",
    "source",
    "source_system",
    "source_no",
    "title",
    "address",
    "lon",
    "lat",
    "place_by",
    "reported_grid",
    "current_grid",
    "state",
    "outcome",
    "urgency",
    "holder_id",
    "holder_path",
    "lead_id",
    "lead_path",
    "complained_root",
    "is_overdue",
    "was_late",
    "self_settled",
    "is_returned",
    "returns",
    "reworks",
    "reopenings",
    "supervision",
    "satisfaction",
    "reported_at",
    "answered_at",
    "accepted_at",
    "dispatched_at",
    "signed_at",
    "handled_at",
    "reviewed_at",
    "closed_at",
    "archived_at",
    "changed_at",
    "due_at",
    "amber_at",
    "due_stage",
    "version",
]
STEP = [
    "case_id",
    "kind",
    "at",
    "state",
    "by_kind",
    "by_name",
    "by_unit",
    "by_unit_path",
    "text",
    "data",
    "centre_only",
]
DEADLINE = [
    "case_id",
    "stage",
    "step",
    "unit_path",
    "started_at",
    "limit_kind",
    "limit_amount",
    "pauses",
    "extensions",
    "due_at",
    "amber_at",
    "trace",
    "calendar",
    "met_at",
    "overdue_at",
]
ASSIGNMENT = [
    "case_id",
    "unit_id",
    "unit_path",
    "role",
    "reported_at",
    "dispatched_at",
    "signed_at",
    "finished_at",
    "ended_at",
    "ended_how",
]
TEXT = ["case_id", "reported_at", "description", "tokens"]
REPORTER = [
    "id",
    "case_id",
    "is_follower",
    "name",
    "phone_sealed",
    "phone_hash",
    "phone_masked",
    "is_anonymous",
    "is_confidential",
    "wants_call",
    "code",
    "complained_root",
    "at",
]


class Units:
    """Row ids and paths of the city's units, read once."""

    def __init__(self, connection: psycopg.Connection) -> None:
        rows = connection.execute("select code, id, path, name from accounts_unit").fetchall()
        self.by_code = {code: (key, path, name) for code, key, path, name in rows}
        self.categories = [
            row[0] for row in connection.execute("select id from cases_category where path like 'B%' order by path")
        ]

    def holder(self, history: History) -> tuple[int, str, str]:
        return self.by_code[history.grid[:12] if history.settled else history.grid[:9]]

    def lead(self, history: History) -> tuple[int, str, str]:
        department, district = divmod(history.lead, DISTRICTS)
        return self.by_code[f"BD{department:02d}-{district:02d}"]


def main(part: int, of: int, now: str, cases: int) -> None:
    """One pass over the histories feeds a COPY for each table, each on a connection of its own."""
    city = City(now=datetime.fromisoformat(now), cases=cases)
    url = os.environ["DATABASE_OWNER_URL"]
    with psycopg.connect(url) as connection:
        units = Units(connection)
    began = time.monotonic()
    with ExitStack() as stack:
        copies = [_copy(stack, url, table, columns) for table, columns, _ in WRITERS]
        lines = [writer for _, _, writer in WRITERS]
        buffers: list[list[str]] = [[] for _ in WRITERS]
        for history in histories(city, cases * part // of, cases * (part + 1) // of):
            for buffer, writer in zip(buffers, lines, strict=True):
                buffer.extend(writer(history, units))
            if len(buffers[0]) == 500:
                for copy, buffer in zip(copies, buffers, strict=True):
                    copy.write("".join(buffer).encode())
                    buffer.clear()
        for copy, buffer in zip(copies, buffers, strict=True):
            copy.write("".join(buffer).encode())
    print(f"  part {part + 1} of {of}: {time.monotonic() - began:.0f} s", flush=True)


def _copy(stack: ExitStack, url: str, table: str, columns: list[str]) -> psycopg.Copy:
    connection = stack.enter_context(psycopg.connect(url))
    connection.execute("set synchronous_commit = off")
    cursor = stack.enter_context(connection.cursor())
    return stack.enter_context(cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin".encode()))


def case_lines(h: History, units: Units) -> Iterator[str]:
    holder_id, holder_path, _ = units.holder(h)
    lead = units.lead(h) if h.lead >= 0 and not (h.is_open and h.state == "accepted") else None
    at = [moment.isoformat() for moment in h.moved_at]
    when = dict(zip(SETTLED_MOVES if h.settled else LONG_MOVES, at, strict=False))
    closed = when.get("settle") or when.get("close")
    due = h.moved_at[-1] + timedelta(days=-1 if h.late else 3) if h.is_open else None
    values = [
        str(h.id), h.number, str(units.categories[h.category]), "grid" if h.settled else "telephone", "", "", h.title, h.address,
        f"{h.lon:.6f}", f"{h.lat:.6f}", "point", h.grid, h.grid, h.state, "solved" if closed else "", "normal",
        str(holder_id), holder_path, str(lead[0]) if lead else NULL, lead[1] if lead else "", "",
        "t" if h.is_open and h.late else "f", "t" if h.late else "f", "t" if h.settled else "f", "f", "0", "0", "0", "0",
        str(h.score) if h.score else NULL, at[0], at[1] if len(at) > 1 else NULL, when.get("accept", NULL),
        when.get("dispatch", NULL), when.get("sign", NULL), when.get("finish", NULL), when.get("pass", NULL), closed or NULL,
        when.get("archive", NULL), at[-1], due.isoformat() if due else NULL, NULL, "handle" if due else "", str(len(at)),
    ]  # fmt: skip
    yield "\t".join(values) + "\n"


def text_lines(h: History, units: Units) -> Iterator[str]:
    yield f"{h.id}\t{h.reported_at.isoformat()}\t{h.description}\t{tokens_of(h.address, h.thing, h.detail)}\n"


def step_lines(h: History, units: Units) -> Iterator[str]:
    _, holder_path, holder = units.holder(h)
    moves = SETTLED_MOVES if h.settled else LONG_MOVES
    for kind, at, after in zip(moves, h.moved_at, AFTER, strict=False):
        state = {"settle": "closed", "archive": "archived"}.get(kind, after)
        yield f"{h.id}\t{kind}\t{at.isoformat()}\t{state}\tperson\t王工\t{holder}\t{holder_path}\t\t{{}}\tf\n"


def deadline_lines(h: History, units: Units) -> Iterator[str]:
    _, holder_path, _ = units.holder(h)
    stages = ["respond"] if h.settled else ["respond", "dispatch", "handle", "review"][: max(1, len(h.moved_at) // 2)]
    for number, stage in enumerate(stages):
        started = h.moved_at[min(number, len(h.moved_at) - 1)]
        runs = h.is_open and number == len(stages) - 1
        due = started + timedelta(days=-1 if h.late and runs else 5)
        met = NULL if runs else h.moved_at[-1].isoformat()
        overdue = due.isoformat() if runs and h.late else NULL
        yield (
            f"{h.id}\t{stage}\t0\t{holder_path}\t{started.isoformat()}\twork_days\t5\t[]\t[]\t{due.isoformat()}\t{NULL}\t{TRACE}"
            f"\tbench\t{met}\t{overdue}\n"
        )


def assignment_lines(h: History, units: Units) -> Iterator[str]:
    if h.lead < 0 or (h.is_open and h.state == "accepted"):
        return
    unit_id, path, _ = units.lead(h)
    at = h.moved_at
    ended = NULL if h.is_open else at[-2].isoformat()
    yield (
        f"{h.id}\t{unit_id}\t{path}\tlead\t{at[0].isoformat()}\t{at[2].isoformat()}\t{at[3].isoformat() if len(at) > 3 else NULL}"
        f"\t{at[4].isoformat() if len(at) > 4 else NULL}\t{ended}\t{'' if h.is_open else 'closed'}\n"
    )


def reporter_lines(h: History, units: Units) -> Iterator[str]:
    if h.settled:
        return
    phone = f"\\\\x{h.id.int % 400_000:064x}"
    yield (
        f"{h.id}\t{h.id}\tf\t张三\t\\\\x00\t{phone}\t199****0000\tf\tf\tt\t{h.grid}\t\t{h.reported_at.isoformat()}\n"
    )


Lines = Callable[[History, Units], Iterator[str]]
WRITERS: list[tuple[str, list[str], Lines]] = [
    ("cases_case", CASE, case_lines),
    ("cases_text", TEXT, text_lines),
    ("cases_step", STEP, step_lines),
    ("cases_deadline", DEADLINE, deadline_lines),
    ("cases_assignment", ASSIGNMENT, assignment_lines),
    ("cases_reporter", REPORTER, reporter_lines),
]

if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))

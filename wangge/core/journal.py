"""The spine: every action appends one immutable entry in its own transaction; everything else reads them.

Readers come back to what they have not seen by transaction, not by id: the cursor is the last finished
`pg_snapshot`, and pending is what is visible now and was not then. A late commit is never missed, and a long open
transaction delays only itself. Order is promised for each subject (its writers queue at its row lock).
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import OperationalError, connection, connections, transaction

from wangge.core import clock
from wangge.core.actor import Actor, acting

log = structlog.get_logger()

BATCH = 2000  # entries a reader takes in one transaction
MANY = 50  # from here on a COPY is quicker than one long statement
IDLE_STAMP = timedelta(seconds=5)  # an idle reader still says this often that it is up to date

INSERT = """
insert into core_journal (at, kind, subject_type, subject_id, code, unit_paths, actor_kind, actor_user, actor_post,
                          actor_name, permission, changed, data)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry to be written. `data` holds references and codes only, never a personal value."""

    kind: str
    subject: tuple[str, str]
    code: str = ""
    unit_paths: Sequence[str] = ()
    permission: str = ""
    changed: Sequence[str] = ()
    data: dict[str, Any] = field(default_factory=dict)


def record(entry: Entry, *, by: Actor, at: datetime) -> None:
    record_all([entry], by=by, at=at)


def record_all(entries: Iterable[Entry], *, by: Actor, at: datetime) -> None:
    rows = [
        (
            at,
            entry.kind,
            entry.subject[0],
            str(entry.subject[1]),
            entry.code,
            list(entry.unit_paths),
            by.kind,
            by.user_id,
            by.post_id,
            by.name,
            entry.permission,
            list(entry.changed),
            json.dumps(entry.data, ensure_ascii=False, default=str),
        )
        for entry in entries
    ]
    if not rows:
        return
    one = INSERT.rsplit("values ", 1)
    with connection.cursor() as cursor:
        if len(rows) >= MANY:
            with cursor.copy(one[0].strip().replace("insert into", "copy") + " from stdin") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        cursor.execute(
            one[0] + "values " + ", ".join([one[1].strip()] * len(rows)),
            [value for row in rows for value in row],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One entry as a reader gets it."""

    id: int
    at: datetime
    kind: str
    subject_type: str
    subject_id: str
    code: str
    unit_paths: list[str]
    actor_kind: str
    actor_user: int | None
    actor_post: int | None
    actor_name: str
    permission: str
    changed: list[str]
    data: dict[str, Any]


STATE = ("cluster", "finished", "target", "done_id", "position", "as_of", "stopped_at", "snapshot", "here")
COLUMNS = ", ".join(Read.__dataclass_fields__)

PENDING = f"""
select {COLUMNS}
  from core_journal
 where cluster = %(cluster)s
   and xid >= pg_snapshot_xmin(%(finished)s::pg_snapshot)
   and not pg_visible_in_snapshot(xid, %(finished)s::pg_snapshot)
   and (%(cluster)s <> journal_cluster() or pg_visible_in_snapshot(xid, %(target)s::pg_snapshot))
   and id > %(done)s
 order by id
 limit %(batch)s
"""  # noqa: S608 - the column list is ours


# Asked of a quiet house several times a second: one statement that locks nothing and writes nothing.
NOTHING_NEW = """
select r.stopped_at is null and r.target is null and r.cluster = journal_cluster() and r.as_of > %(stamped)s
       and not exists (select from core_journal j
                        where j.cluster = r.cluster
                          and j.xid >= pg_snapshot_xmin(r.finished)
                          and not pg_visible_in_snapshot(j.xid, r.finished)
                          and pg_visible_in_snapshot(j.xid, pg_current_snapshot()))
  from core_journal_reader r where r.name = %(name)s
"""


class ReaderStopped(Exception):
    """The reader failed before and waits for `wangge journal resume NAME`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    entries: list[Read]
    position: int
    as_of: datetime


Handler = Callable[[Batch], None]


def read_once(name: str, handle: Handler, *, batch: int = BATCH) -> int:
    """Hand the next pending entries to `handle` and move the cursor, in one REPEATABLE READ transaction.

    Returns how many entries were handled; fewer than `batch` means the reader has caught up. When `handle` fails, the
    reader stops and says so (ReaderState.stopped_why); nothing it wrote stays.
    """
    if _is_idle(name):
        return 0
    try:
        with repeatable_read(Actor.system(f"reader:{name}")):
            return _read(name, handle, batch)
    except (ReaderStopped, OperationalError):
        raise  # a lost connection or two workers at once: the next round tries again
    except Exception as problem:
        _stop(name, problem)
        raise


def resume(name: str) -> None:
    with acting(Actor.system("journal")), connection.cursor() as cursor:
        cursor.execute("update core_journal_reader set stopped_at = null, stopped_why = '' where name = %s", [name])


def rewind(name: str) -> None:
    """Begin again with the first entry of this cluster. The caller clears the reader's output first."""
    with acting(Actor.system("journal")), connection.cursor() as cursor:
        cursor.execute("delete from core_journal_reader where name = %s", [name])


def skip_to_now(name: str) -> None:
    """Take everything committed so far as done (a reader whose output was just rebuilt from the base tables).

    Must be called in the same REPEATABLE READ transaction as the rebuild, so that both see the same rows.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into core_journal_reader (name, finished, position, as_of)
            values (%s, pg_current_snapshot(), 1, %s)
            on conflict (name) do update set finished = excluded.finished, cluster = excluded.cluster, target = null,
              done_id = 0, position = core_journal_reader.position + 1, as_of = excluded.as_of, stopped_at = null,
              stopped_why = ''
            """,
            [name, clock.now()],
        )


@contextmanager
def repeatable_read(actor: Actor) -> Iterator[None]:
    """One transaction in which every statement sees the same snapshot."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read")
        with acting(actor):
            yield


def make_months(*, using: str = "default", ahead: int = 3) -> None:
    """Partitions for this month and the next ones; the worker calls it daily, so that no entry falls into the rest."""
    first = clock.today().replace(day=1)
    with connections[using].cursor() as cursor:
        for month in range(ahead + 1):
            year, index = divmod(first.month - 1 + month, 12)
            cursor.execute("select journal_make_month(%s)", [first.replace(year=first.year + year, month=index + 1)])


class Follower:
    """A reader that keeps its cursor in memory and begins with now: for processes that only pass news on."""

    def __init__(self) -> None:
        self._finished: str | None = None

    def poll(self, *, batch: int = BATCH, most: int | None = None) -> list[Read] | None:
        """What was committed since the call before; None where that was more than `most`, and is passed by.

        One read transaction; the actor must be set by the caller.
        """
        with connection.cursor() as cursor:
            cursor.execute("select pg_current_snapshot()::text, journal_cluster()")
            snapshot, cluster = cursor.fetchone()
            if self._finished is None:
                self._finished = snapshot
                return []
            values = {"cluster": cluster, "finished": self._finished, "target": snapshot, "done": 0, "batch": batch}
            entries: list[Read] = []
            while most is None or len(entries) <= most:
                cursor.execute(PENDING, values)
                entries += (more := [_as_read(row) for row in cursor.fetchall()])
                if len(more) < batch:
                    break
                values["done"] = more[-1].id
        self._finished = snapshot
        return entries if most is None or len(entries) <= most else None


def _is_idle(name: str) -> bool:
    """Nothing to read, and said so a moment ago."""
    with connection.cursor() as cursor:
        cursor.execute(NOTHING_NEW, {"name": name, "stamped": clock.now() - IDLE_STAMP})
        row = cursor.fetchone()
    return row is not None and bool(row[0])


def _read(name: str, handle: Handler, batch: int) -> int:
    state = _lock(name)
    if state["stopped_at"] is not None:
        raise ReaderStopped(name)
    target = state["target"] or state["snapshot"]
    with connection.cursor() as cursor:
        cursor.execute(
            PENDING,
            {
                "cluster": state["cluster"],
                "finished": state["finished"],
                "target": target,
                "done": state["done_id"] if state["target"] else 0,
                "batch": batch,
            },
        )
        entries = [_as_read(row) for row in cursor.fetchall()]
    position, as_of = state["position"] + bool(entries), clock.now()
    if entries:
        handle(Batch(entries=entries, position=position, as_of=as_of))
    caught_up = len(entries) < batch
    _advance(name, state, target, entries, position=position, as_of=as_of, caught_up=caught_up)
    return len(entries)


def _as_read(row: tuple[Any, ...]) -> Read:
    values = dict(zip(Read.__dataclass_fields__, row, strict=True))
    return Read(**values | {"data": json.loads(values["data"])})  # Django leaves jsonb to its own field as text


def _lock(name: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute(
                """
                select cluster, finished::text, target::text, done_id, position, as_of, stopped_at,
                       pg_current_snapshot()::text, journal_cluster()
                  from core_journal_reader where name = %s for update
                """,
                [name],
            )
            row = cursor.fetchone()
            if row is not None:
                return dict(zip(STATE, row, strict=True))
            cursor.execute("insert into core_journal_reader (name) values (%s) on conflict do nothing", [name])
    raise ReaderStopped(name)


def _advance(
    name: str,
    state: dict[str, Any],
    target: str,
    entries: list[Read],
    *,
    position: int,
    as_of: datetime,
    caught_up: bool,
) -> None:
    values: dict[str, Any] = {"name": name, "position": position, "as_of": as_of}
    if not caught_up:
        values |= {"cluster": state["cluster"], "finished": state["finished"]}
        values |= {"target": target, "done": entries[-1].id}
    elif state["cluster"] == state["here"]:
        values |= {"cluster": state["cluster"], "finished": target, "target": None, "done": 0}
    else:
        # Restored into another cluster: what the old one wrote is done; go on with what came after it.
        values |= {"cluster": _next_cluster(state["cluster"]), "finished": "3:3:", "target": None, "done": 0}
        log.info("reader.restamped", reader=name, cluster=values["cluster"])
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update core_journal_reader
               set cluster = %(cluster)s, finished = %(finished)s::pg_snapshot, target = %(target)s::pg_snapshot,
                   done_id = %(done)s, position = %(position)s, as_of = %(as_of)s
             where name = %(name)s
            """,
            values,
        )


def _next_cluster(cluster: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select cluster from core_journal group by cluster
            having min(id) > (select coalesce(max(id), 0) from core_journal where cluster = %s)
            order by min(id) limit 1
            """,
            [cluster],
        )
        row = cursor.fetchone()
        if row is None:
            cursor.execute("select journal_cluster()")
            row = cursor.fetchone()
    return int(row[0])


def _stop(name: str, problem: Exception) -> None:
    log.error("reader.stopped", reader=name, why=type(problem).__name__, exc_info=problem)
    with acting(Actor.system("journal")), connection.cursor() as cursor:
        cursor.execute(
            "update core_journal_reader set stopped_at = %s, stopped_why = %s where name = %s",
            [clock.now(), f"{type(problem).__name__}: {problem}"[:500], name],
        )

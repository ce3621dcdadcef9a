"""Many records at once: COPY into a table of this transaction, then INSERT … SELECT, so that policies still judge."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from types import NoneType
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

Columns = tuple[str, ...]
NULL = r"\N"
TO_SORT = "128MB"  # tokens of 200,000 people; more are sorted on disk
_TO_ESCAPE = re.compile(r"[\\\t\n\r]")
TOKENS_INCOMING = """
create temp table if not exists tokens_incoming (code text collate "C", record uuid, tokens bigint[]) on commit drop
"""
TOKENS_TAKEN = """
insert into registry_token (token, code, record)
select w.token, t.code, t.record from tokens_incoming t, unnest(t.tokens) as w (token) order by 1, 2, 3
"""
SEEN_TABLES = """
create temp table if not exists "{table}_seen" (record uuid, said integer) on commit drop;
create temp table if not exists "{table}_said" (number integer, sources jsonb) on commit drop
"""
SEEN = """
with free as materialized (
  select t.id, s.said from "{table}_seen" s join "{table}" t on t.id = s.record
   where t.ended_at is null and t.checked_at < %(at)s for no key update of t skip locked)
update "{table}" t set checked_at = %(at)s, sources = t.sources || said.sources
  from free join "{table}_said" said on said.number = free.said where t.id = free.id
"""
_ESCAPED = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}


def insert_lines(table: str, columns: Columns, lines: str) -> None:
    """New rows of one table. What its policies and constraints refuse raises, as with any other insert."""
    named = _copied(table, columns, lines)
    with connection.cursor() as cursor:
        cursor.execute(f'insert into "{table}" ({named}) select {named} from "{table}_incoming"')  # noqa: S608 - our own


def update(rows: Sequence[Model]) -> None:
    """Whole rows of one table, by their key."""
    if not rows:
        return
    model = type(rows[0])
    fields = model._meta.concrete_fields
    columns = tuple(str(field.column) for field in fields)
    lines = ["\t".join(as_text(getattr(row, field.attname)) for field in fields) + "\n" for row in rows]
    table = model._meta.db_table
    _copied(table, columns, "".join(lines))
    pairs = ", ".join(f'"{column}" = i."{column}"' for column in columns if column != "id")
    with connection.cursor() as cursor:
        cursor.execute(f'update "{table}" t set {pairs} from "{table}_incoming" i where t.id = i.id')  # noqa: S608


def check_each_statement() -> None:
    """For the rest of the transaction foreign keys are checked with the statement that writes, while the next page is
    made ready. Left to the commit, they would be remembered row by row until then and checked with nothing beside."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")


@contextmanager
def tokens_together() -> Iterator[None]:
    """What `keep_tokens` is given goes into the table at the end, in the order of its index: a hash is anywhere in it,
    and one chunk after the other would touch each of its pages again and again."""
    with connection.cursor() as cursor:
        cursor.execute(TOKENS_INCOMING)
        cursor.execute("truncate tokens_incoming")
        yield
        cursor.execute("set local work_mem = %s", [TO_SORT])
        cursor.execute(TOKENS_TAKEN)


def keep_tokens(lines: str) -> None:
    """Grid, record and array of tokens in each. Within `tokens_together`."""
    with connection.cursor() as cursor, cursor.copy("copy tokens_incoming (code, record, tokens) from stdin") as copy:
        copy.write(lines.encode())


class AsSaid:
    """Rows of one table that a file found as it says. That is noted at its end, in one statement, so that nobody waits
    for those rows meanwhile. Who holds one of them just then is writing it, and says when themselves; so did whoever
    wrote one since."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._said: dict[str, int] = {}  # most rows of a file repeat the same fields, and so say the same of `sources`

    def keep(self, rows: Iterable[tuple[UUID, Mapping[str, Any]]]) -> None:
        """Records, and what their `sources` say from now on of the fields that were repeated."""
        before, lines = len(self._said), []
        for record, sources in rows:
            said = self._said.setdefault(json.dumps(sources), len(self._said))
            lines.append(f"{record}\t{said}\n")
        if not lines:
            return
        new = [f"{number}\t{as_text(said)}\n" for said, number in islice(self._said.items(), before, None)]
        with connection.cursor() as cursor:
            cursor.execute(SEEN_TABLES.format(table=self._table))
            for name, columns, text in (("said", "number, sources", new), ("seen", "record, said", lines)):
                with cursor.copy(f'copy "{self._table}_{name}" ({columns}) from stdin') as copy:
                    copy.write("".join(text).encode())

    def note(self, at: datetime) -> None:
        if not self._said:
            return
        with connection.cursor() as cursor:
            cursor.execute(SEEN.format(table=self._table), {"at": at})
            cursor.execute(f'truncate "{self._table}_seen", "{self._table}_said"')
        self._said.clear()


def as_text(value: Any) -> str:
    """As COPY reads it."""
    if isinstance(value, str):
        return _TO_ESCAPE.sub(lambda found: _ESCAPED[found[0]], value) if _TO_ESCAPE.search(value) else value
    if value is None:
        return NULL
    if isinstance(value, (bytes, memoryview)):
        return r"\\x" + bytes(value).hex()
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, (dict, list)):
        return as_text(json.dumps(value, ensure_ascii=False))
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)


def as_texts(values: Sequence[Any]) -> list[str]:
    """`as_text` of a column. By far most hold one type and nothing to escape, which is seen of the whole at once."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return list(values) if not _TO_ESCAPE.search("".join(values)) else [as_text(value) for value in values]
    if kinds <= {bytes, NoneType}:
        return [NULL if value is None else r"\\x" + value.hex() for value in values]
    if kinds <= {date, NoneType}:
        return [NULL if value is None else value.isoformat() for value in values]
    return [as_text(value) for value in values]


def _copied(table: str, columns: Columns, lines: str) -> str:
    """The columns' names as SQL, the lines in `…_incoming`."""
    named = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'create temp table if not exists "{table}_incoming" (like "{table}") on commit drop')
        cursor.execute(f'truncate "{table}_incoming"')
        with cursor.copy(f'copy "{table}_incoming" ({named}) from stdin') as copy:
            copy.write(lines.encode())
    return named

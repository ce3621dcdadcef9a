"""Rows of a file become records, a few thousand at a time: new ones copied in, known ones settled field by field."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from wangge.core import crypto, journal
from wangge.core.actor import Actor
from wangge.core.errors import Conflict
from wangge.core.ids import new_id
from wangge.core.importing.importer import Counts, ImportContext
from wangge.registry.access import TABLES
from wangge.registry.actions.put import write_tokens
from wangge.registry.actions.settle import settle
from wangge.registry.actions.source import Act, Source
from wangge.registry.importers.copying import copy_tokens, insert
from wangge.registry.models import Change, Difference, Person
from wangge.registry.models.base import Record
from wangge.registry.rules import tokens
from wangge.registry.sealing import NAME_PURPOSE

MOST_GRIDS = 2_000  # named in the journal's entry; beyond, the communities


class ChangedSinceCheck(Conflict):
    code = "registry.changed_since_check"
    zh = "检查之后基础数据有了变化（第 {row} 行），没有导入任何一行；请重新检查。"
    en = "The registry changed after the check (row {row}). Nothing was taken in; check the file again."


@dataclass(slots=True)
class Incoming:
    """One row: what it says, where, and the record it is about when that is known already."""

    values: dict[str, Any]
    code: str
    known: Any = None
    more: dict[str, Any] = field(default_factory=dict)  # columns that are no fields: building, point, marks
    home: str = ""  # house code of where a person lives
    record: Any = None


@dataclass(slots=True)
class Tally:
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    grids: set[str] = field(default_factory=set)

    def counts(self) -> Counts:
        return Counts(created=self.created, changed=self.changed, unchanged=self.unchanged)


def write(kind: str, rows: Sequence[Incoming], *, act: Act, by: Actor, tally: Tally) -> None:
    """As the house. Sets each row's `record`. Known records keep their grid: a file moves nobody in silence."""
    new = [row for row in rows if row.known is None]
    for row in new:
        row.record = _blank(kind, row, act)
        settle(kind, row.record, row.values, act, by=by, is_new=True)
        for name, value in row.more.items():  # a mark that settling a typed value would take away
            setattr(row.record, name, value)
    insert([row.record for row in new])
    if kind == "person":
        copy_tokens(_tokens([row.record for row in new]))
    tally.created += len(new)
    tally.grids |= {row.code for row in new}
    for row in rows:
        if row.known is not None:
            _settle_known(kind, row, act, by, tally)


def refuse_changed(row: Incoming, number: int, context: ImportContext, *, clash: bool = False) -> None:
    """A row that the check would have refused by now: none is left out in silence. Raises ChangedSinceCheck."""
    covers = context.by.covers
    if clash or not covers(row.code) or (row.known is not None and not covers(row.known.code)):
        raise ChangedSinceCheck(row=number)


def act_of(context: ImportContext) -> Act:
    """`owner` of the import's options: the department whose file it is."""
    return Act(why="", source=Source(kind="import", owner=context.options.get("owner", "")), at=context.at)


def record_import(kind: str, tally: Tally, *, context: ImportContext, batch_id: UUID) -> None:
    codes = sorted(tally.grids - {""})
    if len(codes) > MOST_GRIDS:
        codes = sorted({code[:12] for code in codes})
    entry = journal.Entry(
        kind="registry.imported",
        subject=("import", str(batch_id)),
        code=context.by.division,
        data={"of": kind, "created": tally.created, "changed": tally.changed, "codes": codes},
    )
    journal.record(entry, by=context.by, at=context.at)


def _blank(kind: str, row: Incoming, act: Act) -> Record:
    table: Any = TABLES[kind]
    times = {"made_at": act.at, "changed_at": act.at, "checked_at": act.source.said_at or act.at}
    made: Record = table(id=new_id(), code=row.code, source="import", sources={}, **times, **row.more)
    return made


def _tokens(people: Sequence[Person]) -> list[tuple[int, str, UUID]]:
    """A name's tokens are counted once, however many bear it."""
    hashed, known = crypto.hasher(NAME_PURPOSE), defaultdict[str, list[int]](list)
    rows = []
    for person in people:
        names = f"{person.name}\n{person.former_name}"
        if names not in known:
            known[names] = tokens.numbers(tokens.grams(person.name) | tokens.grams(person.former_name), hashed)
        rows += [(token, person.code, person.pk) for token in known[names]]
    return rows


def _settle_known(kind: str, row: Incoming, act: Act, by: Actor, tally: Tally) -> None:
    record = row.record = row.known
    settled = settle(kind, record, row.values, act, by=by, is_new=False)
    waiting = [
        one
        for one in settled.differences
        if not Difference.objects.filter(record=record.pk, field=one.field, offered=one.offered, state="open").exists()
    ]
    if not settled.changed and not waiting:
        tally.unchanged += 1
        return
    tally.changed += 1
    tally.grids.add(record.code)
    record.version += 1
    record.changed_at = act.at
    record.save()
    Change.objects.bulk_create(settled.changes)
    Difference.objects.bulk_create(waiting)
    if isinstance(record, Person) and {"name", "former_name"} & set(settled.changed):
        write_tokens(record)

"""Rows of a file become records, a few thousand at a time: new ones copied in, known ones settled field by field."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from wangge.core import journal
from wangge.core.actor import Actor
from wangge.core.errors import Conflict
from wangge.core.importing.importer import Counts, ImportContext
from wangge.registry.access import TABLES
from wangge.registry.actions.put import write_tokens
from wangge.registry.actions.settle import not_asked, settle
from wangge.registry.actions.source import Act, Source
from wangge.registry.importers.copying import insert_lines, keep_tokens, update
from wangge.registry.importers.incoming import Incoming
from wangge.registry.importers.making import Maker
from wangge.registry.models import Change, Difference, Dwelling, Facility, Organisation, Person
from wangge.registry.models.base import Record

AT_ONCE = 2_000  # lines of history in one statement
MOST_GRIDS = 2_000  # named in the journal's entry; beyond, the communities


class ChangedSinceCheck(Conflict):
    code = "registry.changed_since_check"
    zh = "检查之后基础数据有了变化（第 {row} 行），没有导入任何一行；请重新检查。"
    en = "The registry changed after the check (row {row}). Nothing was taken in; check the file again."


@dataclass(slots=True)
class Tally:
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    grids: set[str] = field(default_factory=set)

    def counts(self) -> Counts:
        return Counts(created=self.created, changed=self.changed, unchanged=self.unchanged)


def write(kind: str, rows: Sequence[Incoming], *, act: Act, by: Actor, tally: Tally) -> None:
    """As the house. Sets each row's `id`. Known records keep their grid: a file moves nobody in silence.

    Raises ChangedSinceCheck.
    """
    write_made(made(Maker(kind, act), rows), act=act, by=by, tally=tally)


@dataclass(frozen=True, slots=True)
class Made:
    """Rows of one chunk, what is new among them ready to be copied."""

    maker: Maker
    rows: Sequence[Incoming]
    new: Sequence[Incoming]
    lines: str
    token_lines: str


def made(maker: Maker, rows: Sequence[Incoming]) -> Made:
    new = [row for row in rows if row.known is None]
    lines = maker.lines(new)
    return Made(maker, rows, new, lines, maker.token_lines(new) if maker.kind == "person" else "")


def write_made(made: Made, *, act: Act, by: Actor, tally: Tally) -> None:
    """Raises ChangedSinceCheck."""
    if made.new:
        insert_lines(made.maker.table, made.maker.columns, made.lines)
    if made.token_lines:
        keep_tokens(made.token_lines)
    tally.created += len(made.new)
    tally.grids |= {row.code for row in made.new}
    _settle_known(made.maker.kind, [row for row in made.rows if row.known is not None], act, by, tally)


def refuse_changed(row: Incoming, context: ImportContext, *, clash: bool = False) -> None:
    """A row that the check would have refused by now: none is left out in silence. Raises ChangedSinceCheck."""
    covers = context.by.covers
    if clash or not covers(row.code) or (row.known is not None and not covers(row.known.code)):
        raise ChangedSinceCheck(row=row.number)


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


def _settle_known(kind: str, rows: Sequence[Incoming], act: Act, by: Actor, tally: Tally) -> None:
    """Field by field, as a single write does; what is to be written is written together."""
    _hold(kind, rows, by)
    settled = []
    for row in rows:
        row.id = str(row.known.pk)
        settled.append((row.known, settle(kind, row.known, row.values, act, by=by, is_new=False)))
    waiting = not_asked([one for _, found in settled for one in found.differences])
    asked_about = {one.record for one in waiting}
    written: dict[UUID, Record] = {}
    renamed: dict[UUID, Person] = {}
    for record, found in settled:
        if not found.changed and record.pk not in asked_about:
            tally.unchanged += 1
            continue
        tally.changed += 1
        tally.grids.add(record.code)
        record.changed_at = record.checked_at = act.at
        if record.pk not in written:
            record.version += 1
            written[record.pk] = record
        if isinstance(record, Person) and {"name", "former_name"} & set(found.changed):
            renamed[record.pk] = record
    Difference.objects.bulk_create(waiting, batch_size=AT_ONCE)
    update(list(written.values()))
    if renamed:
        write_tokens(list(renamed.values()))
    as_before = {record.pk for record, _ in settled} - written.keys()
    TABLES[kind]._default_manager.filter(pk__in=as_before).update(checked_at=act.at)  # seen to be so still
    Change.objects.bulk_create([change for _, found in settled for change in found.changes], batch_size=AT_ONCE)


def _hold(kind: str, rows: Sequence[Incoming], by: Actor) -> None:
    """Each row's record locked and as it is now: what was read to find it may be older than another's write.

    Raises ChangedSinceCheck for one that has ended or left the area, or is not what the row was found by.
    """
    if not rows:
        return
    table: Any = TABLES[kind]
    standing = table.objects.filter(pk__in={row.known.pk for row in rows}, ended_at=None)
    held = standing.order_by("pk").select_for_update(no_key=True, of=("self",)).in_bulk()
    for row in rows:
        found, now = row.known, held.get(row.known.pk)
        if now is None or not by.covers(now.code) or _told_by(now) != _told_by(found):
            raise ChangedSinceCheck(row=row.number)
        row.known = now


def _told_by(record: Record) -> tuple[Any, ...]:
    """What leads a row to its record."""
    match record:
        case Person(id_number_hash=None):
            return (record.code, record.name_key)
        case Person():
            return (bytes(record.id_number_hash or b""),)
        case Dwelling():
            return (record.house_no, record.building_id, record.room_key)
        case Organisation():
            return (record.credit_code or (record.code, record.name),)
        case Facility():
            return (record.number,)
    return ()

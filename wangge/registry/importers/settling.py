"""Records known already under a file: compared as they stand, and locked only where the file says something else.

What a file finds as it is stays free for everybody while the rest of the file is written, which may take minutes; that
it was seen to be so is noted in the end. What is to be written is locked, read again and settled on as it is then.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from wangge.core.actor import Actor
from wangge.core.errors import Conflict
from wangge.core.importing.importer import Counts
from wangge.registry.access import TABLES
from wangge.registry.actions.put import write_tokens
from wangge.registry.actions.settle import Settled, confirm, confirmed, not_asked, settle
from wangge.registry.actions.source import Act
from wangge.registry.importers.copying import AsSaid, update
from wangge.registry.importers.incoming import Incoming
from wangge.registry.models import (
    Building,
    Change,
    Difference,
    Dwelling,
    Facility,
    Household,
    Organisation,
    Person,
    Place,
)
from wangge.registry.models.among import Among
from wangge.registry.models.base import Record

AT_ONCE = 2_000  # lines of history in one statement


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
    written: set[UUID] = field(default_factory=set)  # known records that this file changed
    found: dict[str, AsSaid] = field(default_factory=dict)  # by table: those that it found as it says

    def counts(self) -> Counts:
        return Counts(created=self.created, changed=self.changed, unchanged=self.unchanged)

    def as_said(self, kind: str) -> AsSaid:
        table = TABLES[kind]._meta.db_table
        return self.found.setdefault(table, AsSaid(table))


def settle_known(kind: str, rows: Sequence[Incoming], *, act: Act, by: Actor, tally: Tally) -> None:
    """As the house; sets each row's `id`. Raises ChangedSinceCheck."""
    for row in rows:
        row.id, row.told = str(row.known.pk), _told_by(row.known)
    settled = [(row, settle(kind, row.known, row.values, act, by=by, is_new=False)) for row in rows]
    differing = _differing([(row.known, found) for row, found in settled]) | tally.written
    same = [(row.known, found) for row, found in settled if row.known.pk not in differing]
    tally.unchanged += len(same)
    tally.as_said(kind).keep((record.pk, confirmed(record, found.repeated, act)) for record, found in same)
    _write(kind, [row for row in rows if row.known.pk in differing], act, by, tally)


def hold(kind: str, rows: Sequence[Incoming], by: Actor) -> None:
    """Each row's record locked and as it is now: what was read to find it may be older than another's write. The rows
    were settled before.

    Raises ChangedSinceCheck for one that has ended or left the area, or is not what the row was found by.
    """
    if not rows:
        return
    table: Any = TABLES[kind]
    standing = table.objects.filter(Among("pk", {row.known.pk for row in rows}), ended_at=None)
    held = standing.order_by("pk").select_for_update(no_key=True, of=("self",)).in_bulk()
    for row in rows:
        now = held.get(row.known.pk)
        if now is None or not by.covers(now.code) or _told_by(now) != row.told:
            raise ChangedSinceCheck(row=row.number)
        row.known = now


def _differing(settled: Sequence[tuple[Record, Settled]]) -> set[UUID]:
    """Records that the file would change or ask about, as far as they were read. Nothing is locked, and written only
    what was read, which is thrown away."""
    waiting = not_asked([one for _, found in settled for one in found.differences])
    return {record.pk for record, found in settled if found.changed} | {one.record for one in waiting}


def _write(kind: str, rows: Sequence[Incoming], act: Act, by: Actor, tally: Tally) -> None:
    """Field by field, as a single write does; what is to be written is written together."""
    hold(kind, rows, by)
    settled = [(row.known, settle(kind, row.known, row.values, act, by=by, is_new=False)) for row in rows]
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
        confirm(record, found.repeated, act)
        if record.pk not in written:
            record.version += 1
            written[record.pk] = record
        if isinstance(record, Person) and {"name", "former_name"} & set(found.changed):
            renamed[record.pk] = record
    tally.written |= written.keys()
    Difference.objects.bulk_create(waiting, batch_size=AT_ONCE)
    update(list(written.values()))
    if renamed:
        write_tokens(list(renamed.values()))
    same = [(record, found) for record, found in settled if record.pk not in written]
    tally.as_said(kind).keep((record.pk, confirmed(record, found.repeated, act)) for record, found in same)
    Change.objects.bulk_create([change for _, found in settled for change in found.changes], batch_size=AT_ONCE)


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
        case Facility() | Household():
            return (record.number,)
        case Building():
            return (record.address_key,)
        case Place():
            return (record.code, record.name)
    return ()

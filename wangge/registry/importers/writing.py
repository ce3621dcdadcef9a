"""Rows of a file become records, a few thousand at a time: new ones copied in, known ones settled field by field."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from wangge.core import journal
from wangge.core.actor import Actor
from wangge.core.importing.importer import ImportContext, places_of
from wangge.registry.actions.source import Act, Source
from wangge.registry.importers.copying import insert_lines, keep_tokens
from wangge.registry.importers.incoming import Incoming
from wangge.registry.importers.making import Maker
from wangge.registry.importers.settling import ChangedSinceCheck, Tally, settle_known

MOST_GRIDS = 2_000  # named in the journal's entry; beyond, the communities


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
    settle_known(made.maker.kind, [row for row in made.rows if row.known is not None], act=act, by=by, tally=tally)


def finish(kind: str, tally: Tally, *, context: ImportContext, batch_id: UUID) -> None:
    """When all rows are written: what was seen to be so still, and the journal's one entry."""
    tally.as_said(kind).note(context.at)
    _record_import(kind, tally, context=context, batch_id=batch_id)


def refuse_changed(row: Incoming, covers: Callable[[str], bool], *, clash: bool = False) -> None:
    """A row that the check would have refused by now: none is left out in silence. Raises ChangedSinceCheck."""
    if clash or not covers(row.code) or (row.known is not None and not covers(row.known.code)):
        raise ChangedSinceCheck(row=row.number)


def act_of(context: ImportContext) -> Act:
    """`owner` of the import's options: the department whose file it is."""
    return Act(why="", source=Source(kind="import", owner=context.options.get("owner", "")), at=context.at)


def _record_import(kind: str, tally: Tally, *, context: ImportContext, batch_id: UUID) -> None:
    codes = sorted(tally.grids - {""})
    if len(codes) > MOST_GRIDS:
        codes = sorted({code[:12] for code in codes})
    subject = ("import", str(batch_id))
    data = {"of": kind, "created": tally.created, "changed": tally.changed, "codes": codes}
    entries = [
        journal.Entry(kind="registry.imported", subject=subject, code=code, data=data) for code in places_of(context.by)
    ]
    journal.record_all(entries, by=context.by, at=context.at)

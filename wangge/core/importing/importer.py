"""What every kind of import implements, and where it is found.

A room registers its importers when it is ready (`AppConfig.ready`); pages, command and tests ask by kind. The contract:

- Cells are canonical text (fields.py). `lon` and `lat` fields, and geometries, are WGS-84, whatever the file was in.
- `check` gets every row, the faulty ones too, once and in the order of the file; it takes the permission it
  names (`context.by.require`) and says what lies outside the ranges of `context.by` as faults. Faults without a row
  concern the file and cannot be left out.
- `apply` gets the rows without an error, inside one transaction whose actor is `context.by`; it records one journal
  entry with the subject ("import", batch_id) for each of `places_of(context.by)`, of which a post has one.
  Applying the same rows again must change nothing.
- An importer that needs all rows in memory at once states `most_rows`; a file with more is refused as a whole.
- An importer whose kind departments may send by signed requests names them as `owners: frozenset[str]`
  (core/departments.py).
- An importer of people's data says `hides_numbers = True`: no fault that is kept repeats what
  stands in a cell, no sample of a file shows more of it than its form.
- An importer that refuses columns by name says so in `column_faults(columns)`, for the file as a whole.
- An importer with settings of its own lists them as `options: tuple[Field, ...]`; they come in `context.options`,
  with `valid_from` always among them (an ISO day, "" for today).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from wangge.core.actor import PARTNER, Actor
from wangge.core.errors import NotFound
from wangge.core.importing.faults import Fault
from wangge.core.importing.fields import Field
from wangge.core.importing.mapping import Mapped


class UnknownKind(NotFound):
    code = "import.unknown_kind"
    zh = "没有“{kind}”这种导入，有：{kinds}。"
    en = "There is no import “{kind}”; there are: {kinds}."


@dataclass(frozen=True, slots=True)
class ImportContext:
    """For whom and as of when a file is checked. `options` are the importer's own (scheme, version, tolerance…)."""

    by: Actor
    at: datetime
    options: dict[str, str]


@dataclass(frozen=True, slots=True)
class StagedRow:
    """A row that passed the check, as it comes back from staging."""

    number: int
    values: dict[str, str]
    geometry: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    created: int = 0
    changed: int = 0
    unchanged: int = 0


class Importer(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def permission(self) -> str:
        """Whoever brings such a file has it, beside the one to bring files at all."""
        ...

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...
    @property
    def fields(self) -> tuple[Field, ...]: ...
    @property
    def takes_geometry(self) -> bool: ...

    def check(self, rows: Iterable[Mapped], context: ImportContext) -> Iterator[Fault]:
        """Every fault the rows have beyond their own cells (unknown parents, duplicates, gaps…). Writes nothing."""
        ...

    def apply(self, rows: Iterable[StagedRow], context: ImportContext, batch_id: UUID) -> Counts:
        """Make the rows real. Called inside one transaction: all or nothing. Records the journal's entry."""
        ...


def places_of(by: Actor) -> tuple[str, ...]:
    """Where the journal's entries of an import stand: the division of a post; of another system each of its areas, for
    an auditor finds only what stands within their own."""
    return by.ranges if by.kind == PARTNER else (by.division,)


_importers: dict[str, Importer] = {}


def options_of(importer: Importer) -> tuple[Field, ...]:
    """The importer's own settings, beside those every import has (encoding, sheet, reference system, day)."""
    found: tuple[Field, ...] = getattr(importer, "options", ())
    return found


def most_rows_of(importer: Importer) -> int | None:
    """How many rows the importer takes in one file; None: as many as can be read."""
    found: int | None = getattr(importer, "most_rows", None)
    return found


def hides_numbers(importer: Importer) -> bool:
    found: bool = getattr(importer, "hides_numbers", False)
    return found


def column_faults_of(importer: Importer, columns: Sequence[str]) -> list[Fault]:
    """Columns that an importer does not take on purpose, and says so (people's, by their dictionary)."""
    say: Callable[[Sequence[str]], Iterable[Fault]] | None = getattr(importer, "column_faults", None)
    return list(say(columns)) if say is not None else []


def owners_of(importer: Importer) -> frozenset[str]:
    """Departments that keep something of this kind; only they may send it (imports/sent.py)."""
    found: frozenset[str] = getattr(importer, "owners", frozenset())
    return found


def kinds_of(department: str) -> tuple[Importer, ...]:
    """What a department may send."""
    return tuple(one for one in _importers.values() if department in owners_of(one))


def register(importer: Importer) -> None:
    """Raises ValueError when another importer has the kind: two would make the outcome depend on loading order."""
    known = _importers.setdefault(importer.kind, importer)
    if type(known) is not type(importer):
        raise ValueError(f"two importers of kind {importer.kind!r}")


def importer_for(kind: str) -> Importer:
    """Raises UnknownKind."""
    if kind not in _importers:
        raise UnknownKind(kind=kind, kinds="、".join(sorted(_importers)))
    return _importers[kind]


def importers(by: Actor | None = None) -> tuple[Importer, ...]:
    """All, or those that somebody may use."""
    return tuple(one for one in _importers.values() if by is None or by.may(one.permission))

"""One way to open any file: its columns, and its rows one after the other.

`open_table(path)` says what the file is or raises FileRefused; what is wrong with a single row travels with the row.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import shapely

from wangge.core.importing.delimited import TOO_MANY_ROWS, DelimitedFile
from wangge.core.importing.faults import Fault, FaultKind, FileRefused
from wangge.core.importing.files import DEFAULT_LIMITS, FileKind, Limits, kind_of
from wangge.core.importing.isolated import Record, reading
from wangge.core.importing.reference import NO_REFERENCE, Convert, Datum, converter
from wangge.core.importing.rows import LOSSY_NUMBER, NO_HEADER, Row, checked_header, row_of

BAD_GEOMETRY = FaultKind("row.bad_geometry", "图形读不出来：{reason}", "The geometry cannot be read: {reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the person who hands in the file may state; everything has a sensible guess."""

    encoding: str | None = None
    delimiter: str | None = None
    part: str | None = None  # sheet or layer
    datum: Datum = Datum.WGS84
    limits: Limits = DEFAULT_LIMITS


class Rows(Protocol):
    def rows(self) -> Iterator[Row]: ...


@dataclass(frozen=True, slots=True)
class Table:
    kind: FileKind
    columns: tuple[str, ...]
    encoding: str
    faults: tuple[Fault, ...]  # of the file as a whole, none of which stops reading
    source: Rows = field(repr=False)

    def rows(self) -> Iterator[Row]:
        """From the start, each time. Raises FileRefused where the file turns out to end in the middle."""
        return self.source.rows()


def open_table(path: Path, options: ReadOptions | None = None) -> Table:
    """Raises FileRefused with one fault that says what to do."""
    options = options or ReadOptions()
    kind = kind_of(path, options.limits)
    if kind is FileKind.CSV:
        file = DelimitedFile(path, options.limits, encoding=options.encoding, delimiter=options.delimiter)
        return Table(kind, file.columns, file.encoding.removesuffix("-sig").upper(), (), file)
    if kind in (FileKind.SPREADSHEET, FileKind.PARQUET):
        sheet = _Sheet(kind, path, options)
        return Table(kind, sheet.columns, "", (), sheet)
    features = _Features(kind, path, options)
    return Table(kind, features.columns, features.encoding, features.faults, features)


class _Sheet:
    """A sheet, or a table of Parquet, whose headings come as its first row."""

    def __init__(self, kind: FileKind, path: Path, options: ReadOptions) -> None:
        self._kind, self._path, self._options = kind, path, options
        self.columns: tuple[str, ...] = ()
        self._header_row = 0
        with reading(kind, path, options.part) as (_, records):
            for number, cells, _, _ in records:
                texts = [_text(cell) for cell in cells]
                if any(text.strip() for text in texts):
                    self.columns, self._header_row = checked_header(texts, options.limits, row=number), number
                    return
        raise FileRefused(NO_HEADER())

    def rows(self) -> Iterator[Row]:
        with reading(self._kind, self._path, self._options.part) as (_, records):
            for number, cells, _, _ in _limited(records, self._options.limits):
                if number > self._header_row:
                    texts = [_text(cell) for cell in cells]
                    row = row_of(number, texts, self.columns, faults=tuple(_lossy(number, cells, self.columns)))
                    if row is not None:
                        yield row


class _Features:
    def __init__(self, kind: FileKind, path: Path, options: ReadOptions) -> None:
        self._kind, self._path, self._options = kind, path, options
        with reading(kind, path, options.part) as (head, records):
            self.columns = checked_header(head.columns or [], options.limits)
            self.encoding = head.encoding.upper()
            self._convert, faults = converter(head.reference, options.datum)
            self._stated = head.reference is not None
            self.faults = tuple(faults)
            if (first := next(records, None)) is not None:
                self._geometry(first)  # refuses metres taken for degrees before anything is read

    def rows(self) -> Iterator[Row]:
        with reading(self._kind, self._path, self._options.part) as (_, records):
            for record in _limited(records, self._options.limits):
                row = self._row(record)
                if row is not None:
                    yield row

    def _row(self, record: Record) -> Row | None:
        number, cells, _, _ = record
        geometry, faults = self._geometry(record)
        texts = [_text(cell) for cell in cells]
        found = (*faults, *_lossy(number, cells, self.columns))
        row = row_of(number, texts, self.columns, encoding=self.encoding, faults=found)
        if row is not None:
            return Row(number, row.values, geometry, row.faults)
        return Row(number, dict.fromkeys(self.columns, ""), geometry) if geometry is not None else None

    def _geometry(self, record: Record) -> tuple[bytes | None, list[Fault]]:
        number, _, hexed, notes = record
        if notes:
            return None, [BAD_GEOMETRY(row=number, reason=notes[0])]
        if hexed is None:
            return None, []
        try:
            return _converted(hexed, self._convert, self._stated), []
        except shapely.errors.GEOSException as error:
            return None, [BAD_GEOMETRY(row=number, reason=str(error))]


def _converted(hexed: str, convert: Convert, stated: bool) -> bytes:
    shape = shapely.from_wkb(bytes.fromhex(hexed))
    places = shapely.get_coordinates(shape)
    if not stated and len(places) and np.abs(places).max() > 360:
        raise FileRefused(NO_REFERENCE())
    return bytes(shapely.to_wkb(convert(shape)))


def _limited(records: Iterable[Record], limits: Limits) -> Iterator[Record]:
    for record in records:
        if record[0] > limits.rows:
            raise FileRefused(TOO_MANY_ROWS(row=record[0], limit=limits.rows))
        yield record


def _text(cell: Any) -> str:
    return str(cell["lossy"]) if isinstance(cell, dict) else str(cell)


def _lossy(number: int, cells: list[Any], columns: tuple[str, ...]) -> Iterator[Fault]:
    for column, cell in zip(columns, cells, strict=False):
        if isinstance(cell, dict):
            yield LOSSY_NUMBER(row=number, column=column, value=cell["lossy"])

"""One file as one import reads it: the same options and mapping in the check and in staging, so the same rows."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from wangge.core.errors import Invalid, Message
from wangge.core.importing.delimited import TOO_MANY_ROWS
from wangge.core.importing.faults import Fault, FileRefused
from wangge.core.importing.fields import Field, canonical
from wangge.core.importing.importer import (
    Importer,
    column_faults_of,
    hides_numbers,
    importer_for,
    most_rows_of,
    options_of,
)
from wangge.core.importing.mapping import ColumnMapping, Mapped, Rule, guess_mapping, mapping_from
from wangge.core.importing.readers import ReadOptions, Table, open_table
from wangge.core.importing.reference import Datum, to_wgs84
from wangge.core.importing.rows import NO_HEADER, Row
from wangge.core.masking import mask_cell
from wangge.imports import files
from wangge.imports.models import Batch, Mapping

SHIFTED = (Datum.GCJ02, Datum.BD09)
SAMPLE_ROWS = 10
LONGEST_SHOWN = 200  # characters of a cell in the sample
FEWEST_DIGITS = 7  # of a telephone number
SEVEN = "{:.7f}"
COMMON = ("encoding", "delimiter", "part", "crs", "valid_from")


class UnknownMapping(Invalid):
    code = "import.unknown_mapping"
    zh = "没有名为“{name}”的列对应关系。"
    en = "There is no saved mapping “{name}”."


@contextmanager
def reading(batch: Batch) -> Iterator["Reading"]:
    """The batch's file, plain on the disk for as long as the block lasts. Raises FileRefused, FileGone."""
    with files.opened(batch.file_sha256) as path:
        yield Reading(batch, path)


class Reading:
    def __init__(self, batch: Batch, path: Path) -> None:
        self.importer: Importer = importer_for(batch.kind)
        self.datum = Datum(batch.options.get("crs") or Datum.WGS84)
        self.table: Table = open_table(path, _options(batch.options, self.datum))
        if hides_numbers(self.importer) and any(map(_is_data, self.table.columns)):
            raise FileRefused(NO_HEADER(row=1))  # somebody's number would be kept and shown as the name of a column
        given = mapping_from(batch.mapping) if batch.mapping else None
        self._first: list[Row] = []
        self.mapping: ColumnMapping = given or guess_mapping(self.table.columns, self.importer.fields)

    def faults(self) -> list[Fault]:
        """Of the file and the mapping as a whole."""
        columns = self.table.columns
        return [
            *self.mapping.faults(self.importer.fields, columns),
            *self.table.faults,
            *column_faults_of(self.importer, columns),
        ]

    def rows(self) -> Iterator[Mapped]:
        """Raises FileRefused where there are more than the importer takes."""
        rows = _limited(self.mapping.apply(self._noted(), self.importer.fields), most_rows_of(self.importer))
        return (_in_wgs84(row, self.datum) for row in rows) if self.datum in SHIFTED else rows

    def sample(self) -> dict[str, Any]:
        """Headings and the first rows, for the page that maps columns to fields. People's cells only by their form: the
        sample is kept with the batch, in clear, and shown as often as somebody asks."""
        first = [row.values for row in self._first or islice(self.table.rows(), SAMPLE_ROWS)]
        if hides_numbers(self.importer):
            first = [{column: mask_cell(text) for column, text in row.items()} for row in first]
        rows = [{column: text[:LONGEST_SHOWN] for column, text in row.items()} for row in first]
        columns, kind = list(self.table.columns), str(self.table.kind)
        return {"columns": columns, "rows": rows, "file_kind": kind, "encoding": self.table.encoding}

    def _noted(self) -> Iterator[Row]:
        """The first rows are kept in passing: a spreadsheet is slow to open once more for its sample."""
        self._first = []
        for row in self.table.rows():
            if len(self._first) < SAMPLE_ROWS:
                self._first.append(row)
            yield row


def _is_data(heading: str) -> bool:
    """A number of a person or an address of theirs, and no word for one: the first row was taken for the header."""
    return "@" in heading or sum(map(str.isdigit, heading)) >= FEWEST_DIGITS


def checked_options(kind: str, given: dict[str, Any]) -> dict[str, str]:
    """The options of this import, canonical. Raises UnknownKind, Invalid."""
    own: dict[str, Field] = {option.name: option for option in options_of(importer_for(kind))}
    found, wrong = {}, {}
    for name, value in given.items():
        if value in ("", None):
            continue
        if name not in own and name not in COMMON:
            wrong[name] = Message("没有这个选项。", "There is no such option.")
            continue
        try:
            found[name] = canonical(own[name], str(value)) if name in own else str(value)
        except ValueError:
            wrong[name] = Message("选项的值不对。", "The value is not right.")
    wrong |= {
        name: Message("请填写。", "This is needed.")
        for name, option in own.items()
        if option.required and name not in found
    }
    try:
        date.fromisoformat(found.get("valid_from") or "2000-01-01")
    except ValueError:
        wrong["valid_from"] = Message("日期应写成 2026-01-01。", "A day is written 2026-01-01.")
    if found.get("crs") and found["crs"] not in list(Datum):
        wrong["crs"] = Message("坐标系应为 wgs84、cgcs2000、gcj02 或 bd09。", "One of wgs84, cgcs2000, gcj02, bd09.")
    if wrong:
        raise Invalid(fields=wrong)
    return found


def mapping_named(kind: str, text: str) -> list[dict[str, Any]]:
    """A saved mapping by its name, or one written out: `code=社区代码,name=社区`. Raises UnknownMapping, Invalid."""
    if not text:
        return []
    if "=" in text:
        return written_mapping(text).as_json()
    saved = Mapping.objects.filter(kind=kind, name=text).first()
    if saved is None:
        raise UnknownMapping(name=text)
    return mapping_from(saved.definition).as_json()


def written_mapping(text: str) -> ColumnMapping:
    """`field=column`, columns joined with `+`, a constant in quotes: `code=区县代码,name=街道+社区,type='general'`."""
    rules = []
    for part in next(csv.reader(io.StringIO(text), skipinitialspace=True)):
        field, _, source = part.partition("=")
        field, source = field.strip(), source.strip()
        if len(source) > 1 and source[0] == source[-1] == "'":
            rules.append(Rule(field=field, constant=source[1:-1]))
        else:
            columns = tuple(column.strip() for column in source.split("+") if column.strip())
            rules.append(Rule(field=field, columns=columns))
    return ColumnMapping(tuple(rules))


def _options(options: dict[str, str], datum: Datum) -> ReadOptions:
    return ReadOptions(
        encoding=options.get("encoding") or None,
        delimiter=options.get("delimiter") or None,
        part=options.get("part") or None,
        datum=datum,
    )


def _limited(rows: Iterator[Mapped], most: int | None) -> Iterator[Mapped]:
    for count, row in enumerate(rows, 1):
        if most is not None and count > most:
            raise FileRefused(TOO_MANY_ROWS(row=row.number, limit=most))
        yield row


def _in_wgs84(row: Mapped, datum: Datum) -> Mapped:
    """Coordinates in columns; those of geometries are converted by the reader."""
    lon, lat = row.values.get("lon", ""), row.values.get("lat", "")
    if not lon or not lat:
        return row
    (moved,) = to_wgs84(np.array([[float(lon), float(lat)]]), datum).tolist()
    return replace(row, values=row.values | {"lon": SEVEN.format(moved[0]), "lat": SEVEN.format(moved[1])})

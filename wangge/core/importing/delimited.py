"""CSV and its relatives, plain or gzipped, as a stream: memory does not grow with the file."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from wangge.core.importing.encodings import UNKNOWN_ENCODING, check_encoding, detect_encoding
from wangge.core.importing.faults import Fault, FaultKind, FileRefused
from wangge.core.importing.files import CHUNK, Limits, Unpacked, opened
from wangge.core.importing.rows import NO_HEADER, Row, checked_header, row_of

BAD_QUOTES = FaultKind(
    "row.bad_quotes",
    "从第 {line} 行文字起引号不成对，这一行没有读取。",
    "Quotes do not match from text line {line} on; this row was not read.",
)
LINE_TOO_LONG = FaultKind(
    "file.line_too_long",
    "第 {line} 行超过 {limit} 字，不像表格。",
    "Line {line} has over {limit} characters: no table.",
)
TOO_MANY_ROWS = FaultKind("file.too_many_rows", "行数超过上限 {limit}。", "More than {limit} rows.")
UNKNOWN_DELIMITER = FaultKind("file.unknown_delimiter", "分隔符应是一个字符。", "A delimiter is one character.")

DELIMITERS = (",", "\t", ";", "|")
SNIFF_ROWS = 20
CELL_CHARS = 131_072  # csv's own limit: an unclosed quote is noticed before it swallows the file


class DelimitedFile:
    """Open for one reading at a time; `rows()` may be called again and reads from the start."""

    def __init__(
        self, path: Path, limits: Limits, *, encoding: str | None = None, delimiter: str | None = None
    ) -> None:
        self._path = path
        self._limits = limits
        self.encoding = check_encoding(encoding, self._chunks) if encoding else detect_encoding(self._chunks)
        if delimiter is not None and len(delimiter) != 1:
            raise FileRefused(UNKNOWN_DELIMITER())
        self.delimiter = delimiter or self._sniffed()
        self.columns, self._header_row = self._header()

    def rows(self) -> Iterator[Row]:
        shown = self.encoding.removesuffix("-sig").upper()
        for number, cells in self._records():
            if number > self._limits.rows:
                raise FileRefused(TOO_MANY_ROWS(row=number, limit=self._limits.rows))
            if number <= self._header_row:
                continue
            faults: tuple[Fault, ...] = ()
            if isinstance(cells, Fault):
                faults, cells = (cells,), [""] * len(self.columns)
            row = row_of(number, cells, self.columns, encoding=shown, faults=faults)
            if row is not None:
                yield row

    def _header(self) -> tuple[tuple[str, ...], int]:
        for number, cells in self._records():
            if isinstance(cells, Fault):
                raise FileRefused(cells)
            if any(cell.strip() for cell in cells):
                return checked_header(cells, self._limits, row=number), number
        raise FileRefused(NO_HEADER())

    def _records(self) -> Iterator[tuple[int, list[str] | Fault]]:
        """Records numbered as a spreadsheet shows them; one with unmatched quotes is a fault, and reading goes on."""
        reader = csv.reader(self._lines(), delimiter=self.delimiter, strict=True)
        number = 0
        while True:
            number += 1
            start = reader.line_num + 1
            try:
                yield number, next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield number, BAD_QUOTES(row=number, line=start)

    def _lines(self) -> Iterator[str]:
        """Lines with their ends as they are, so that breaks inside quoted cells stay what they were."""
        with opened(self._path, self._limits) as file:
            buffer = io.BufferedReader(_Raw(file), CHUNK)
            text = io.TextIOWrapper(buffer, encoding=self.encoding, errors="surrogateescape", newline="")
            number = 0
            while line := self._line(text):
                number += 1
                if len(line) > self._limits.line_chars:
                    raise FileRefused(LINE_TOO_LONG(line=number, limit=self._limits.line_chars))
                yield line

    def _line(self, text: io.TextIOWrapper) -> str:
        try:
            return text.readline(self._limits.line_chars + 1)
        except UnicodeError as error:  # UTF-16 cut within a character; the others let such bytes through, to be told
            raise FileRefused(UNKNOWN_ENCODING()) from error

    def _chunks(self) -> Iterator[bytes]:
        with opened(self._path, self._limits) as file:
            yield from file.chunks()

    def _sniffed(self) -> str:
        """The delimiter that cuts the first rows into most columns, and all of them alike."""
        sample = list(islice(self._lines(), SNIFF_ROWS))
        return max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(lines: Iterable[str], delimiter: str) -> tuple[float, int]:
    try:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
    except csv.Error:
        return 0.0, 0
    if not widths or widths[0] < 2:
        return 0.0, 0
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]


class _Raw(io.RawIOBase):
    """What io needs to read from an `Unpacked`."""

    def __init__(self, file: Unpacked) -> None:
        self._file = file
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._rest or self._file.read(len(buffer))
        taken, self._rest = data[: len(buffer)], data[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)

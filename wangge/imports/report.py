"""What a check finds: every fault counted, the first ten thousand kept to be read, each faulty row remembered."""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from wangge.core.importing.faults import Fault, FaultLevel
from wangge.core.importing.importer import hides_numbers, importer_for
from wangge.core.importing.mapping import Mapped
from wangge.imports.models import Batch, RowFault

MOST_KEPT = 10_000
AT_ONCE = 500


class MoreRows(Exception):
    """The file has more rows than whoever waits for the answer should wait for."""


class Report:
    def __init__(self, batch: Batch, *, most_rows: int | None = None) -> None:
        self.batch = batch
        self.rows = self.errors = self.warnings = self.file_errors = 0
        self.by_fault: Counter[str] = Counter()
        self._most_rows = most_rows
        self._hides = hides_numbers(importer_for(batch.kind))
        self._faulty = RowSet()
        self._waiting: list[RowFault] = []

    def watching(self, rows: Iterable[Mapped]) -> Iterator[Mapped]:
        """The rows on their way to the importer; what is wrong in their own cells is noted. Raises MoreRows."""
        for row in rows:
            self.rows += 1
            if self._most_rows is not None and self.rows > self._most_rows:
                raise MoreRows
            for fault in row.faults:
                self.add(fault)
            yield row

    def add(self, fault: Fault) -> None:
        if self._hides:
            fault = fault.unquoted()  # faults are kept for ninety days, and taken away as files
        self.by_fault[fault.code] += 1
        if fault.level is FaultLevel.ERROR:
            self.errors += 1
            self.file_errors += fault.row is None
            if fault.row is not None:
                self._faulty.add(fault.row)
        else:
            self.warnings += 1
        if self.errors + self.warnings <= MOST_KEPT:
            self._waiting.append(_row_fault(self.batch, fault))
        if len(self._waiting) >= AT_ONCE:
            self.flush()

    def refuse(self, fault: Fault) -> None:
        """The file as a whole, whatever row it was noticed in."""
        self.add(replace(fault, level=FaultLevel.ERROR))
        self.file_errors += fault.row is not None

    def flush(self) -> None:
        RowFault.objects.bulk_create(self._waiting)
        self._waiting = []

    def finish(self) -> None:
        """Writes the totals into the batch's fields; the caller saves them."""
        self.flush()
        batch = self.batch
        batch.rows_total, batch.errors, batch.warnings = self.rows, self.errors, self.warnings
        batch.file_errors, batch.by_fault = self.file_errors, dict(self.by_fault.most_common())
        batch.faulty_rows = self._faulty.packed()


class RowSet:
    """Row numbers as bits: five million rows are 600 kB, packed far less."""

    def __init__(self, packed: bytes | memoryview | None = None) -> None:
        self._bits = bytearray(zlib.decompress(bytes(packed))) if packed else bytearray()

    def add(self, number: int) -> None:
        place = number >> 3
        if place >= len(self._bits):
            self._bits.extend(bytes(max(place + 1 - len(self._bits), len(self._bits))))
        self._bits[place] |= 1 << (number & 7)

    def __contains__(self, number: int) -> bool:
        place = number >> 3
        return place < len(self._bits) and bool(self._bits[place] & (1 << (number & 7)))

    def packed(self) -> bytes:
        return zlib.compress(bytes(self._bits))


def _row_fault(batch: Batch, fault: Fault) -> RowFault:
    lon, lat = fault.place or (None, None)
    return RowFault(
        batch=batch,
        row=fault.row,
        column=fault.column or "",
        level=fault.level.value,
        code=fault.code,
        subject=fault.subject[:64],
        zh=fault.zh,
        en=fault.en,
        lon=lon,
        lat=lat,
        area_m2=fault.area_m2,
        shape=fault.shape,
    )

"""A table as CSV, XLSX or PDF. Cells that begin like a formula leave as text; the mark stands on every copy."""

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import typst

from wangge.cases.casefile import fonts
from wangge.core.errors import DomainError
from wangge.core.importing.export import csv_safe
from wangge.insight.makers import Cells, Table
from wangge.insight.models import Export

TEMPLATE = Path(__file__).with_name("table.typ")


class TooManyRows(DomainError):
    code = "export.too_many_rows"
    status = 422
    zh = "超过 {most} 行，这种格式放不下；请缩小范围，或改用 CSV。"
    en = "More than {most} rows do not fit this format; narrow it down, or take CSV."


class Lines:
    """The rows of a table as they are written: how many so far, and whether there were more than `most`."""

    def __init__(self, table: Table, *, most: int, cuts: bool, tell: Callable[[int], None]) -> None:
        self.table = table
        self.done, self.is_cut = 0, False
        self._most, self._cuts, self._tell = most, cuts, tell

    def __iter__(self) -> Iterator[Cells]:
        """Raises TooManyRows, unless what is too much is left out."""
        for row in self.table.rows:
            if self.done == self._most:
                if not self._cuts:
                    raise TooManyRows(most=self._most)
                self.is_cut = True
                return
            self.done += 1
            self._tell(self.done)
            yield row


def write(target: BinaryIO, form: Export.Format, lines: Lines) -> None:
    """Raises TooManyRows."""
    {Export.Format.CSV: _csv, Export.Format.XLSX: _xlsx, Export.Format.PDF: _pdf}[form](target, lines.table, lines)


def _csv(target: BinaryIO, table: Table, lines: Lines) -> None:
    text = io.TextIOWrapper(target, encoding="utf-8", newline="")
    text.write("\ufeff")  # Excel needs it to know that it is UTF-8
    written = csv.writer(text)
    written.writerow([csv_safe(table.mark)])
    written.writerow(table.headings)
    for row in lines:
        written.writerow([csv_safe(cell) for cell in row])
    text.flush()
    text.detach()


def _xlsx(target: BinaryIO, table: Table, lines: Lines) -> None:
    from wangge.insight.sheets import write_sheet  # openpyxl is a quarter of a second of every start

    write_sheet(target, table, lines)


def _pdf(target: BinaryIO, table: Table, lines: Lines) -> None:
    covered = fonts.coverage(())

    def shown(value: object) -> str:
        return fonts.printable("" if value is None else str(value), covered)

    with tempfile.TemporaryDirectory(prefix="wangge-table-") as name:
        folder = Path(name)
        view = {
            "title": shown(table.title),
            "mark": shown(table.mark),
            "language": table.language,
            "headings": [shown(heading) for heading in table.headings],
            "rows": [[shown(cell) for cell in row] for row in lines],
        }
        shutil.copyfile(TEMPLATE, folder / TEMPLATE.name)
        (folder / "table.json").write_text(json.dumps(view, ensure_ascii=False), encoding="utf-8")
        target.write(
            typst.compile(
                str(folder / TEMPLATE.name),
                root=str(folder),
                font_paths=fonts.typst_fonts(()),
                ignore_system_fonts=True,
                format="pdf",
            )
        )

"""A table as XLSX, a row at a time."""

from collections.abc import Iterable
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from wangge.core.importing.export import csv_safe
from wangge.insight.makers import Cells, Table

COLUMN_WIDTH = 18


def write_sheet(target: BinaryIO, table: Table, lines: Iterable[Cells]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(("数据", "Data")[table.language == "en"])
    for index in range(len(table.headings)):
        sheet.column_dimensions[get_column_letter(index + 1)].width = COLUMN_WIDTH
    sheet.freeze_panes = "A3"
    sheet.oddFooter.left.text = table.mark.replace("&", "&&")[:200]
    sheet.append([_text(sheet, table.mark)])
    sheet.append([_text(sheet, heading, bold=True) for heading in table.headings])
    for row in lines:
        sheet.append([cell if isinstance(cell, int | float) else _text(sheet, cell) for cell in row])
    book.save(target)


def _text(sheet: Any, value: object, *, bold: bool = False) -> Any:
    """Text whatever it begins with: a cell of type string is never run."""
    cell = WriteOnlyCell(sheet, value=csv_safe(value))
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell

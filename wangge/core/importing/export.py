"""Tables on their way out: cells that cannot turn into formulas, and the list of faults as a file."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from wangge.core.importing.faults import Fault

# A cell that starts with one of these is run, not shown (OWASP, CSV injection); full-width forms are folded by some.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")  # -12.5 and +8613… are what they look like

FAULT_HEADINGS = {
    "zh": ("行", "列", "编码", "级别", "问题", "说明", "经度", "纬度", "面积（平方米）"),
    "en": ("Row", "Column", "Code", "Level", "Fault", "Message", "Longitude", "Latitude", "Area (m²)"),
}


def csv_safe(value: object) -> str:
    """The cell as text that no spreadsheet will run: a quote in front of what looks like a formula."""
    text = "" if value is None else str(value)
    if text.lstrip(" ").startswith(FORMULA_STARTS) and not PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """CSV with the mark Excel needs to know it is UTF-8; every cell made safe."""
    yield "\ufeff" + _line(headings)
    for row in rows:
        yield _line(row)


def fault_lines(faults: Iterable[Fault], language: str) -> Iterator[str]:
    def cells(fault: Fault) -> Sequence[object]:
        lon, lat = fault.place or ("", "")
        area = "" if fault.area_m2 is None else f"{fault.area_m2:.1f}"
        words = (fault.row, fault.column, fault.subject, fault.level.value, fault.code, fault.message(language))
        return (*words, lon, lat, area)

    yield from csv_lines(FAULT_HEADINGS["en" if language == "en" else "zh"], map(cells, faults))


def _line(cells: Sequence[object]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([csv_safe(cell) for cell in cells])
    return text.getvalue()

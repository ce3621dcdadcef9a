"""One row of any kind of file, and the care every cell gets on its way in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wangge.core.importing.faults import SURROGATES, Fault, FaultKind, FaultLevel, FileRefused, storable
from wangge.core.importing.files import Limits

NO_HEADER = FaultKind(
    "file.no_header", "没有表头：第一行应是各列的名称。", "There is no header: the first row names the columns."
)
DUPLICATE_HEADER = FaultKind(
    "file.duplicate_header", "表头“{name}”出现了不止一次。", "The header “{name}” appears more than once."
)
TOO_MANY_COLUMNS = FaultKind("file.too_many_columns", "列太多：{count} 列。", "Too many columns: {count}.")
TOO_MANY_CELLS = FaultKind(
    "row.too_many_cells",
    "这一行有 {count} 格，表头只有 {expected} 列（格里的逗号要加引号）。",
    "This row has {count} cells for {expected} columns (a comma inside a cell needs quotes).",
)
TOO_FEW_CELLS = FaultKind(
    "row.too_few_cells",
    "这一行只有 {count} 格，表头有 {expected} 列，缺的按空处理。",
    "This row has {count} cells for {expected} columns; the rest is taken as empty.",
    FaultLevel.WARNING,
)
NUL = FaultKind(
    "cell.nul", "含有空字符（NUL），已去掉，请核对。", "Holds NUL characters; they were removed, please check."
)
UNDECODABLE = FaultKind(
    "cell.undecodable", "有无法按 {encoding} 解读的字节：{value}", "Holds bytes that are not {encoding}: {value}"
)
LOSSY_NUMBER = FaultKind(
    "cell.lossy_number",
    "数字 {value} 超过 15 位，末位已被软件丢失，请作为文本重填（表格中先把这一列设为文本）。",
    "The number {value} has more than 15 digits and software has lost the last ones; give it as text (in a spreadsheet "
    "make the column text first).",
)

EXACT_DIGITS = 1e15  # a spreadsheet keeps 15 significant digits, and a number with a point in JSON hardly more
INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\u00a0"
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
NUMBERLIKE = re.compile(r"[\d\s.,:/+-]+")


@dataclass(frozen=True, slots=True)
class Row:
    """`values` by column, trimmed; `geometry` is WKB in lon, lat degrees (WGS-84/CGCS2000)."""

    number: int
    values: dict[str, str]
    geometry: bytes | None = None
    faults: tuple[Fault, ...] = ()


def checked_header(cells: Sequence[str], limits: Limits, *, row: int = 1) -> tuple[str, ...]:
    """The names of the columns. Raises FileRefused when there are none or one appears twice."""
    names = [storable(trimmed(cell)) for cell in cells]
    while names and not names[-1]:
        names.pop()
    given = [name for name in names if name]
    if not given or all(NUMBERLIKE.fullmatch(name) for name in given):
        raise FileRefused(NO_HEADER(row=row))
    if len(names) > limits.columns:
        raise FileRefused(TOO_MANY_COLUMNS(row=row, count=len(names)))
    for name in given:
        if given.count(name) > 1:
            raise FileRefused(DUPLICATE_HEADER(row=row, column=name, name=name))
    return tuple(name or f"第{number}列" for number, name in enumerate(names, 1))


def row_of(
    number: int,
    cells: Sequence[str],
    columns: Sequence[str],
    *,
    encoding: str = "UTF-8",
    faults: tuple[Fault, ...] = (),
) -> Row | None:
    """None for a row with nothing in it."""
    texts = [cell.strip() for cell in cells]
    whole = "".join(texts)
    if _INVISIBLE.search(whole):
        texts = [trimmed(cell) for cell in texts]
    if not any(texts) and not faults:
        return None
    found = list(faults)
    if any(texts[len(columns) :]):
        found.append(TOO_MANY_CELLS(row=number, count=len(texts), expected=len(columns)))
    elif len(texts) < len(columns):
        found.append(TOO_FEW_CELLS(row=number, count=len(texts), expected=len(columns)))
    texts += [""] * (len(columns) - len(texts))
    values = dict(zip(columns, texts, strict=False))
    if not _is_sound(whole):
        values = {column: _sound(number, column, text, encoding, found) for column, text in values.items()}
    return Row(number, values, None, tuple(found))


def trimmed(text: str) -> str:
    plain = text.strip()
    return plain.strip(INVISIBLE).strip() if plain and (plain[0] in INVISIBLE or plain[-1] in INVISIBLE) else plain


def _is_sound(text: str) -> bool:
    """Of a whole row at once: by far most rows are."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _sound(number: int, column: str, text: str, encoding: str, found: list[Fault]) -> str:
    """The text as the database can hold it; what had to be taken out is a fault."""
    clean = storable(text)
    if "\0" in text:
        found.append(NUL(row=number, column=column))
    if SURROGATES.search(text):
        found.append(UNDECODABLE(row=number, column=column, encoding=encoding, value=clean))
    return clean

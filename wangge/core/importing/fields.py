"""What an importer takes: its fields, and the one way each type of cell is written once it is read.

Cells stay text through check and staging, in a canonical form: `320104001001`, `2018-02-08`,
`2018-02-08T13:06:05+08:00`, `1`/`0`. Times without a zone are Beijing times.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from wangge.core.clock import BEIJING
from wangge.core.errors import Message


class FieldType(StrEnum):
    TEXT = "text"
    CODE = "code"  # digits and letters that are no number: leading zeros count
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    name: str
    zh: str
    en: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    help_zh: str = ""
    help_en: str = ""
    aliases: tuple[str, ...] = ()  # other headings it goes under in real files
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # code → what files call it
    max_length: int = 10_000

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "zh": self.zh,
            "en": self.en,
            "type": self.type.value,
            "required": self.required,
            "help_zh": self.help_zh,
            "help_en": self.help_en,
            "choices": list(self.choices),
        }


DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")
TIME = re.compile(r"(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?|分?)?\s*(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE)
PLAIN_DECIMAL = re.compile(r"(?:0|[1-9][0-9]{0,9})\.[0-9]{1,12}")
YES = frozenset({"1", "y", "yes", "t", "true", "是", "有", "对", "√", "✓", "✔"})
NO = frozenset({"0", "n", "no", "f", "false", "否", "无", "没有", "错", "×", "x", "✗"})
EARLIEST_YEAR = 1900
MOST_NAMED = 8  # choices
EXCEL_SERIAL = "excel"
EXCEL_DAY_ZERO = date(1899, 12, 30)  # Excel's calendar holds a 29 February 1900 that never was


def canonical(wanted: Field, text: str, date_format: str = "") -> str:
    """The cell in its one form. Raises ValueError when it cannot be one of these; empty stays empty.

    `date_format` is strptime's, or "excel" for day numbers.
    """
    if not text:
        return ""
    if len(text) > wanted.max_length:
        raise ValueError("too long")
    if wanted.type is FieldType.CHOICE:
        return _choice(wanted, text)
    if wanted.type in (FieldType.DATE, FieldType.DATETIME):
        instant = _our_time(text, date_format)
        return instant.date().isoformat() if wanted.type is FieldType.DATE else instant.isoformat()
    return READERS[wanted.type](text)


def form_of(wanted: Field) -> Message:
    """What a cell must be, said to whoever mends it without seeing what stands in it."""
    if wanted.type is FieldType.CHOICE:
        names = [next(iter(names), code) for code, names in wanted.choices.items()]
        more = len(names) > MOST_NAMED
        zh, en = "、".join(names[:MOST_NAMED]), ", ".join(names[:MOST_NAMED])
        return Message(f"其中之一：{zh}{'等' if more else ''}", f"one of: {en}{'…' if more else ''}")
    if wanted.type is FieldType.TEXT:
        return Message(f"不超过 {wanted.max_length} 个字", f"at most {wanted.max_length} characters")
    return FORMS[wanted.type]


def half_width(text: str) -> str:
    """１２３ＡＢ（ → 123AB(: full-width forms are how an input method writes digits, not another value."""
    return unicodedata.normalize("NFKC", text)


def _choice(wanted: Field, text: str) -> str:
    plain = half_width(text).casefold()
    for code, names in wanted.choices.items():
        if plain in (code.casefold(), *(name.casefold() for name in names)):
            return code
    raise ValueError("not a choice")


def _code(text: str) -> str:
    plain = unicodedata.normalize("NFC", re.sub(r"\s", "", half_width(text)))
    whole = re.fullmatch(r"(\d+)\.0+", plain)  # a number column of a spreadsheet saved as CSV
    if re.fullmatch(r"\d+(\.\d+)?e\+?\d+", plain, re.IGNORECASE):
        raise ValueError("digits lost to scientific notation")
    return whole.group(1) if whole else plain


def _integer(text: str) -> str:
    number = _number(text)
    if number != number.to_integral_value():
        raise ValueError("not a whole number")
    return str(int(number))


def _decimal(text: str) -> str:
    if PLAIN_DECIMAL.fullmatch(text):
        return text.rstrip("0").rstrip(".")
    return format(_number(text).normalize(), "f")


def _number(text: str) -> Decimal:
    plain = half_width(text).replace(" ", "")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    if len(plain) > 40 or not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?", plain, re.IGNORECASE):
        raise ValueError("not a number")
    try:
        return Decimal(plain)
    except InvalidOperation as error:
        raise ValueError("not a number") from error


def _boolean(text: str) -> str:
    plain = half_width(text).strip().casefold()
    if plain in YES:
        return "1"
    if plain in NO:
        return "0"
    raise ValueError("neither yes nor no")


def _our_time(text: str, date_format: str) -> datetime:
    """Years before 1900 are slips, and what software writes for “none” (0001-01-01)."""
    try:
        instant = _instant(text, date_format)
    except (OverflowError, re.error) as error:  # at the ends of the calendar; a format with a part twice
        raise ValueError("not a date") from error
    if instant.year < EARLIEST_YEAR:
        raise ValueError("too early")
    return instant


def _instant(text: str, date_format: str) -> datetime:
    if date_format == EXCEL_SERIAL:
        days = float(_number(text))
        if not 1 <= days < 2_958_466:  # 9999-12-31
            raise ValueError("not a day number")
        start = datetime(EXCEL_DAY_ZERO.year, EXCEL_DAY_ZERO.month, EXCEL_DAY_ZERO.day, tzinfo=BEIJING)
        return start + timedelta(days=int(days), seconds=round(days % 1 * 86_400))
    if date_format:
        found = datetime.strptime(half_width(text), date_format)  # noqa: DTZ007 (the zone follows)
        return found.astimezone(BEIJING) if found.tzinfo else found.replace(tzinfo=BEIJING)
    return _written_instant(half_width(text).strip())


def _written_instant(text: str) -> datetime:
    """Year first, as Chinese files write it; a day-first date needs its format stated, for nobody can guess it."""
    day = DAY.match(text)
    if day is None:
        raise ValueError("not a date")
    year, month, of_month = (int(part) for part in day.groups() if part)
    rest = text[day.end() :].lstrip(" T\t,")
    if not rest:
        return datetime(year, month, of_month, tzinfo=BEIJING)
    time = TIME.fullmatch(rest)
    if time is None:
        raise ValueError("not a time")
    hour, minute, second, zone = time.groups()
    written = f"{year:04}-{month:02}-{of_month:02}T{int(hour):02}:{int(minute):02}:{int(second or 0):02}"
    return datetime.fromisoformat(written + (zone or "+08:00").upper().replace("Z", "+00:00")).astimezone(BEIJING)


FORMS: dict[FieldType, Message] = {
    FieldType.CODE: Message("完整的代码，不是科学计数", "the whole code, not in scientific notation"),
    FieldType.INTEGER: Message("整数", "a whole number"),
    FieldType.DECIMAL: Message("数字", "a number"),
    FieldType.DATE: Message("日期，如 2026-01-31", "a day, as 2026-01-31"),
    FieldType.DATETIME: Message("时间，如 2026-01-31 08:30", "a time, as 2026-01-31 08:30"),
    FieldType.BOOLEAN: Message("是或否", "yes or no"),
}
READERS: dict[FieldType, Callable[[str], str]] = {
    FieldType.TEXT: lambda text: text,
    FieldType.CODE: _code,
    FieldType.INTEGER: _integer,
    FieldType.DECIMAL: _decimal,
    FieldType.BOOLEAN: _boolean,
}

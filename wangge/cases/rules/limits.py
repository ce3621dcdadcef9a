"""Kinds of time limit, and reading them from the words of a city's standard (处置时限)."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from wangge.core.errors import Invalid

# Ten years and a bit: longer limits are typing mistakes, and every limit stays quick to count.
MAX_DAYS = 3_700
# Enough for minutes as a part of a day, and every unit stays a whole number of microseconds.
MAX_DECIMALS = 4


class LimitUnreadable(Invalid):
    """`suggestion` is the limit found inside the text, if there is exactly one: to propose, never to take."""

    code = "limit.unreadable"
    zh = "看不懂的时限“{text}”：{problem_zh}"
    en = "Time limit “{text}” cannot be read: {problem_en}"

    def __init__(self, *, text: str, suggestion: "TimeLimit | None" = None, **data: Any) -> None:
        super().__init__(text=text, suggestion=str(suggestion) if suggestion else None, **data)
        self.suggestion = suggestion


class LimitOutOfRange(Invalid):
    code = "limit.out_of_range"
    zh = "时限 {amount} 超出范围：不得为负，最长十年，最多四位小数；工作时和工作日须大于零；遇休息日顺延的须为整日。"
    en = (
        "A limit of {amount} is out of range: not negative, ten years at most, four decimals at most, "
        "above zero for working hours and working days, and whole where days are moved off days of rest."
    )


class LimitBase(StrEnum):
    """The four kinds of the trade."""

    URGENT = "urgent"  # 紧急工作时: round the clock, holidays included
    WORK_HOUR = "work_hour"  # 工作时: inside shifts
    WORK_DAY = "work_day"  # 工作日: without days of rest, with make-up days
    NATURAL_DAY = "natural_day"  # 自然日: calendar time


class LimitKind(StrEnum):
    URGENT_HOURS = "urgent_hours"
    URGENT_DAYS = "urgent_days"  # 24 hours each, from the instant: 紧急 leaves no day out
    WORK_HOURS = "work_hours"
    WORK_DAYS = "work_days"
    NATURAL_DAYS = "natural_days"
    LEGAL_DAYS = "legal_days"  # natural days that never end on a day of rest (last_day.py)
    NATURAL_HOURS = "natural_hours"
    MINUTES = "minutes"

    @property
    def base(self) -> LimitBase:
        return _BASES[self]

    @property
    def works(self) -> bool:
        """Counted inside shifts only."""
        return self in (LimitKind.WORK_HOURS, LimitKind.WORK_DAYS)

    @property
    def by_days(self) -> bool:
        """Counted in whole days that a calendar names, not in spans of 24 hours."""
        return self in (LimitKind.WORK_DAYS, LimitKind.NATURAL_DAYS, LimitKind.LEGAL_DAYS)

    @property
    def asks_calendar(self) -> bool:
        """Whether it ends at another instant when other days are worked."""
        return self.works or self is LimitKind.LEGAL_DAYS

    @property
    def seconds(self) -> int:
        """One unit on a clock that never stops; nominal (eight-hour days) for what is counted in working days."""
        return _SECONDS[self]

    def label(self, language: str = "zh") -> str:
        return _LABELS[self][language == "en"]


_BASES = {
    LimitKind.URGENT_HOURS: LimitBase.URGENT,
    LimitKind.URGENT_DAYS: LimitBase.URGENT,
    LimitKind.MINUTES: LimitBase.URGENT,
    LimitKind.WORK_HOURS: LimitBase.WORK_HOUR,
    LimitKind.WORK_DAYS: LimitBase.WORK_DAY,
    LimitKind.NATURAL_DAYS: LimitBase.NATURAL_DAY,
    LimitKind.LEGAL_DAYS: LimitBase.NATURAL_DAY,
    LimitKind.NATURAL_HOURS: LimitBase.NATURAL_DAY,
}
_SECONDS = {
    LimitKind.URGENT_HOURS: 3_600,
    LimitKind.URGENT_DAYS: 86_400,
    LimitKind.MINUTES: 60,
    LimitKind.WORK_HOURS: 3_600,
    LimitKind.WORK_DAYS: 28_800,
    LimitKind.NATURAL_DAYS: 86_400,
    LimitKind.LEGAL_DAYS: 86_400,
    LimitKind.NATURAL_HOURS: 3_600,
}
_LABELS = {
    LimitKind.URGENT_HOURS: ("紧急工作时", "urgent hours"),
    LimitKind.URGENT_DAYS: ("紧急工作日", "urgent days"),
    LimitKind.MINUTES: ("分钟", "minutes"),
    LimitKind.WORK_HOURS: ("工作时", "working hours"),
    LimitKind.WORK_DAYS: ("工作日", "working days"),
    LimitKind.NATURAL_DAYS: ("自然日", "calendar days"),
    LimitKind.LEGAL_DAYS: ("自然日（遇休息日顺延）", "calendar days (moved off days of rest)"),
    LimitKind.NATURAL_HOURS: ("小时", "hours"),
}


_PLURAL = re.compile(r"s\b")
_AT_ONCE = ("即时", "at once")
_NONE = {
    LimitKind.NATURAL_DAYS: ("当日", "the same day"),
    LimitKind.LEGAL_DAYS: ("当日（遇休息日顺延）", "the same day (moved off days of rest)"),
}


@dataclass(frozen=True, slots=True)
class TimeLimit:
    kind: LimitKind
    amount: Decimal

    def __post_init__(self) -> None:
        amount = self.amount
        if not amount.is_finite() or amount < 0 or amount * self.kind.seconds > MAX_DAYS * 86_400:
            raise LimitOutOfRange(amount=str(amount))
        if amount != round(amount, MAX_DECIMALS) or (self.kind.works and amount == 0):
            raise LimitOutOfRange(amount=str(amount))
        if self.kind is LimitKind.LEGAL_DAYS and amount % 1:  # a day of the law is a day; half of one has no last day
            raise LimitOutOfRange(amount=str(amount))

    def in_words(self, language: str = "zh") -> str:
        if self.amount == 0:
            return _NONE.get(self.kind, _AT_ONCE)[language == "en"]
        return in_units(self.amount, self.kind, language)

    def __str__(self) -> str:
        return self.in_words()


def in_units(amount: Decimal, kind: LimitKind, language: str = "zh") -> str:
    label = kind.label(language)
    if language != "en":
        return f"{plain(amount)}{label}"
    return f"{plain(amount)} {_PLURAL.sub('', label, count=1) if amount == 1 else label}"


def plain(amount: Decimal) -> str:
    """`5`, not `5.00` and not `5E+1`."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_UNITS = {
    **dict.fromkeys(("紧急工作时", "紧急工作小时", "紧急小时"), LimitKind.URGENT_HOURS),
    **dict.fromkeys(("紧急工作日", "紧急工作天", "紧急日", "紧急天"), LimitKind.URGENT_DAYS),
    **dict.fromkeys(("工作小时", "工作时"), LimitKind.WORK_HOURS),
    **dict.fromkeys(("工作日", "工作天"), LimitKind.WORK_DAYS),
    **dict.fromkeys(("自然日", "自然天", "日历天", "日历日"), LimitKind.NATURAL_DAYS),
    **dict.fromkeys(("自然时", "自然小时"), LimitKind.NATURAL_HOURS),
    **dict.fromkeys(("分钟", "分", "min"), LimitKind.MINUTES),
}
_BARE_DAYS = ("天", "日", "d")
_BARE_HOURS = ("小时", "时", "h")
_FIXED = {
    **dict.fromkeys(("即时", "立即", "即刻", "马上"), TimeLimit(LimitKind.MINUTES, Decimal(0))),
    # No further day after the one it came on: due at its 24:00.
    **dict.fromkeys(("当日", "当天"), TimeLimit(LimitKind.NATURAL_DAYS, Decimal(0))),
}
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_WORDS = sorted((*_UNITS, *_BARE_DAYS, *_BARE_HOURS), key=len, reverse=True)
_CHINESE = "零〇一二两三四五六七八九十百"
_NUMBER = rf"(?:\d+|[{_CHINESE}]+)个半|\d+(?:\.\d+)?|半|[{_CHINESE}]+"
# 15日（遇法定节假日顺延）
_ROLLED = re.compile(r"[(,;、]?[如若]?(?:[遇逢](?:法定)?(?:节假日|休假日|休息日|假日|非工作日))?则?顺延\)?$")
# Before a limit inside other words: the limit's own number would be cut in two (-3天, 1e5天), so nothing is proposed.
_CUT = re.compile(rf"[\d.,+\-eE半个{_CHINESE}]$")
# Longer texts are sentences; they are not searched.
MAX_TEXT = 60
_LIMIT = re.compile(rf"(?P<number>{_NUMBER})\s*个?\s*(?P<unit>{'|'.join(_WORDS)})(?:以内|之内|内)?", re.IGNORECASE)
_RANGE = re.compile(r"[\d一二两三四五六七八九十]\s*(?:[-~—–至到]|或)\s*[\d一二两三四五六七八九十]")
_UNEVEN = re.compile(r"(?:个?月|季度?|年)(?:以内|之内|内)?$")


def parse_limit(
    text: str,
    *,
    bare_day: LimitKind = LimitKind.NATURAL_DAYS,
    bare_hour: LimitKind = LimitKind.NATURAL_HOURS,
) -> TimeLimit:
    """Read `2紧急工作时`, `15天`, `五个工作日`, `半小时`, `即时`…; raises `LimitUnreadable` naming the text.

    `bare_day` and `bare_hour` say what 天 and 小时 without 工作 mean in this standard: some cities write 天 in one
    table and 工作日 in the next for the very same row, so whoever imports a standard decides, once for the whole.
    """
    if len(text) > MAX_TEXT:
        raise LimitUnreadable(text=f"{text[:MAX_TEXT]}…", problem_zh="太长。", problem_en="it is too long.")
    words = "".join(unicodedata.normalize("NFKC", text).split())
    if (rolled := _ROLLED.search(words)) is not None:
        return _rolled(text, parse_limit(words[: rolled.start()], bare_day=bare_day, bare_hour=bare_hour))
    if words in _FIXED:
        return _FIXED[words]
    found = _LIMIT.fullmatch(words)
    if found is None:
        raise _fault(text, words, bare_day, bare_hour)
    return _limit(found, text, bare_day, bare_hour)


def _rolled(text: str, limit: TimeLimit) -> TimeLimit:
    if limit.kind not in (LimitKind.NATURAL_DAYS, LimitKind.LEGAL_DAYS):
        raise LimitUnreadable(
            text=text,
            problem_zh="只有按自然日计的时限才顺延。",
            problem_en="only calendar days are moved off days of rest.",
        )
    return _checked(LimitKind.LEGAL_DAYS, limit.amount, text)


def _limit(found: re.Match[str], text: str, bare_day: LimitKind, bare_hour: LimitKind) -> TimeLimit:
    unit = found["unit"].lower()
    kind = bare_day if unit in _BARE_DAYS else bare_hour if unit in _BARE_HOURS else _UNITS[unit]
    amount = _number(found["number"])
    if amount is None:
        raise LimitUnreadable(text=text, problem_zh="数字写法不对。", problem_en="the number is malformed.")
    return _checked(kind, amount, text)


def _checked(kind: LimitKind, amount: Decimal, text: str) -> TimeLimit:
    try:
        return TimeLimit(kind, amount)
    except LimitOutOfRange as fault:
        raise LimitUnreadable(text=text, problem_zh=fault.message("zh"), problem_en=fault.message("en")) from None


def _number(text: str) -> Decimal | None:
    if text == "半":
        return Decimal("0.5")
    if text.endswith("个半"):
        whole = _number(text.removesuffix("个半"))
        return None if whole is None else whole + Decimal("0.5")
    if text[0].isdigit():
        return Decimal(text)
    return _chinese_number(text)


def _chinese_number(text: str) -> Decimal | None:
    """一 to 九百九十九; None for what nobody writes (十十, 一二)."""
    shape = re.fullmatch(
        r"(?:([一二两三四五六七八九])百)?(零)?(?:([一二三四五六七八九])?(十))?([一二两三四五六七八九])?", text
    )
    if shape is None or (shape[2] and not shape[1]):
        return None
    hundreds, tens, ones = (_DIGITS.get(shape[group] or "零", 0) for group in (1, 3, 5))
    return Decimal(hundreds * 100 + ((tens or 1) * 10 if shape[4] else 0) + ones)


def _fault(text: str, words: str, bare_day: LimitKind, bare_hour: LimitKind) -> LimitUnreadable:
    if not words:
        return LimitUnreadable(text=text, problem_zh="是空的。", problem_en="it is empty.")
    if _RANGE.search(words):
        return LimitUnreadable(
            text=text,
            problem_zh="是一个范围，请写明一个时限。",
            problem_en="it is a range; write one limit.",
        )
    inside = list(_LIMIT.finditer(words))
    if len(inside) == 1 and not _CUT.search(words[: inside[0].start()]):
        before, after = words[: inside[0].start()], words[inside[0].end() :]
        extra = "、".join(f"“{part}”" for part in (before, after) if part)
        return LimitUnreadable(
            text=text,
            suggestion=_suggestion(inside[0], text, bare_day, bare_hour),
            problem_zh=f"时限之外还写了{extra}，请移到立案或结案条件。",
            problem_en=f"it says more than a limit ({extra}); move that to a condition.",
        )
    if _UNEVEN.search(words):
        return LimitUnreadable(
            text=text,
            problem_zh="月和年长短不一，请折合成天数。",
            problem_en="months and years differ in length; write days.",
        )
    return LimitUnreadable(
        text=text,
        problem_zh="应为数字加单位，如 2紧急工作时、4工作时、5工作日、15天、30分钟。",
        problem_en="a number and a unit are expected, such as 2紧急工作时, 4工作时, 5工作日, 15天 or 30分钟.",
    )


def _suggestion(found: re.Match[str], text: str, bare_day: LimitKind, bare_hour: LimitKind) -> TimeLimit | None:
    try:
        return _limit(found, text, bare_day, bare_hour)
    except LimitUnreadable:
        return None

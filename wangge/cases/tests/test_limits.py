"""Reading limits from the words of standards, real ones included."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wangge.cases.rules.limits import (
    MAX_DAYS,
    LimitBase,
    LimitKind,
    LimitOutOfRange,
    LimitUnreadable,
    TimeLimit,
    parse_limit,
)

STANDARDS = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "city_management_standard"


@pytest.mark.parametrize(
    ("text", "kind", "amount"),
    [
        ("2紧急工作时", LimitKind.URGENT_HOURS, "2"),
        ("1紧急工作日", LimitKind.URGENT_DAYS, "1"),
        ("4工作时", LimitKind.WORK_HOURS, "4"),
        ("4个工作小时", LimitKind.WORK_HOURS, "4"),
        ("5个工作日", LimitKind.WORK_DAYS, "5"),
        ("15天", LimitKind.NATURAL_DAYS, "15"),
        ("15 自然日", LimitKind.NATURAL_DAYS, "15"),
        ("4小时", LimitKind.NATURAL_HOURS, "4"),
        ("24小时以内", LimitKind.NATURAL_HOURS, "24"),
        ("30分钟", LimitKind.MINUTES, "30"),
        ("即时", LimitKind.MINUTES, "0"),
        ("当日", LimitKind.NATURAL_DAYS, "0"),
        ("1.5个工作日", LimitKind.WORK_DAYS, "1.5"),
        ("３个工作日内", LimitKind.WORK_DAYS, "3"),
        ("十五个工作日", LimitKind.WORK_DAYS, "15"),
        ("两小时", LimitKind.NATURAL_HOURS, "2"),
        ("半小时", LimitKind.NATURAL_HOURS, "0.5"),
        ("三个半小时", LimitKind.NATURAL_HOURS, "3.5"),
        ("一百零五日", LimitKind.NATURAL_DAYS, "105"),
    ],
)
def test_words_of_standards_are_read(text: str, kind: LimitKind, amount: str) -> None:
    assert parse_limit(text) == TimeLimit(kind, Decimal(amount))


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "天", "5", "尽快", "1个月", "1年", "1-3天", "三到五天", "1至3个工作日", "-3天", "1e5天", "零天",
        "十十天", "0工作日", "0工作时", "99999999天", "1.23456天", "5工作日内，最长10工作日",
        "5\x00天天", "一" * 1_000_000,
    ],
)  # fmt: skip
def test_what_is_no_limit_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(LimitUnreadable) as fault:
        parse_limit(text)
    for language in ("zh", "en"):
        assert text[:20] in fault.value.message(language)
        assert len(fault.value.message(language)) < 400


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("种植季节15工作日", TimeLimit(LimitKind.WORK_DAYS, Decimal(15))),
        ("1紧急工作时制止", TimeLimit(LimitKind.URGENT_HOURS, Decimal(1))),
        ("-3天", None),
        ("1e5天", None),
        ("5工作日内，最长10工作日", None),
    ],
)
def test_a_limit_inside_other_words_is_proposed_and_never_taken(text: str, suggestion: TimeLimit | None) -> None:
    with pytest.raises(LimitUnreadable) as fault:
        parse_limit(text)
    assert fault.value.suggestion == suggestion


def test_what_bare_days_and_hours_mean_is_the_standards_choice() -> None:
    means = {"bare_day": LimitKind.WORK_DAYS, "bare_hour": LimitKind.WORK_HOURS}
    assert parse_limit("3天", **means).kind is LimitKind.WORK_DAYS
    assert parse_limit("4小时", **means).kind is LimitKind.WORK_HOURS
    assert parse_limit("3自然日", **means).kind is LimitKind.NATURAL_DAYS
    assert parse_limit("4紧急工作时", **means).kind is LimitKind.URGENT_HOURS


def test_every_kind_stands_on_one_of_the_four_of_the_trade() -> None:
    assert {kind.base for kind in LimitKind} == set(LimitBase)
    assert LimitKind.URGENT_DAYS.base is LimitBase.URGENT


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity", "0.00001", "4000"])
def test_amounts_nobody_means_are_refused(amount: str) -> None:
    with pytest.raises(LimitOutOfRange):
        TimeLimit(LimitKind.NATURAL_DAYS, Decimal(amount))


def test_limits_are_told_in_both_languages() -> None:
    one, half = TimeLimit(LimitKind.WORK_DAYS, Decimal("1.0")), TimeLimit(LimitKind.WORK_DAYS, Decimal("2.50"))
    assert (one.in_words(), one.in_words("en")) == ("1工作日", "1 working day")
    assert (half.in_words(), half.in_words("en")) == ("2.5工作日", "2.5 working days")
    assert TimeLimit(LimitKind.NATURAL_DAYS, Decimal(20)).in_words() == "20自然日"


@given(st.sampled_from(LimitKind), st.integers(1, 9_999))
def test_what_a_limit_says_in_chinese_is_read_back_as_the_same_limit(kind: LimitKind, hundredths: int) -> None:
    amount = Decimal(hundredths) if kind is LimitKind.LEGAL_DAYS else Decimal(hundredths) / 100
    assume(kind is not LimitKind.LEGAL_DAYS or hundredths <= MAX_DAYS)
    limit = TimeLimit(kind, amount)
    assert parse_limit(limit.in_words()) == limit


@given(st.text(max_size=30))
def test_any_text_is_a_limit_or_a_clear_refusal(text: str) -> None:
    try:
        parse_limit(text)
    except LimitUnreadable as fault:
        assert fault.message("zh")


@pytest.mark.skipif(not STANDARDS.is_dir(), reason="the real standards (../shared/data) are not on this machine")
def test_every_limit_of_the_real_standards_is_read_but_the_two_that_say_more_than_a_limit() -> None:
    unread: dict[str, str] = {}
    read = 0
    for path in sorted(STANDARDS.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                try:
                    parse_limit(row["处置时限"])
                    read += 1
                except LimitUnreadable as fault:
                    unread[row["处置时限"]] = str(fault.suggestion)
    assert unread == {"种植季节15工作日": "15工作日", "1紧急工作时制止": "1紧急工作时"}
    assert read == 796

"""Calendar days that never end on a day of rest (民法典 第二百零三条)."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wangge.cases.rules.calendar import CalendarFault, DayRow, Shift, WorkCalendar
from wangge.cases.rules.deadlines import Extension, Pause, Timer, due, explain, moment, progress, trace_from_json
from wangge.cases.rules.deadlines import trace_as_json as as_json
from wangge.cases.rules.limits import LimitKind, LimitUnreadable, TimeLimit, parse_limit
from wangge.cases.tests.instants import PLAIN, SAME_TIME, at
from wangge.core.clock import BEIJING

ROUND_THE_CLOCK = WorkCalendar(shifts=(Shift(time(0), time(0)),))


def legal(days: float | str) -> TimeLimit:
    return TimeLimit(LimitKind.LEGAL_DAYS, Decimal(str(days)))


def due_text(start: str, days: float | str, calendar: WorkCalendar = PLAIN, *pauses: Pause) -> str:
    found = due(at(start), legal(days), calendar, pauses).at
    assert found is not None
    return f"{found.astimezone(BEIJING):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-03-02 10:00", 3, "2026-03-05 18:00"),  # Thursday is worked: its last shift
        ("2026-03-02 10:00", 4, "2026-03-06 18:00"),
        ("2026-03-02 10:00", 5, "2026-03-09 18:00"),  # a Saturday: Monday
        ("2026-03-02 10:00", 6, "2026-03-09 18:00"),
        ("2026-03-02 10:00", 7, "2026-03-09 18:00"),
        ("2026-03-02 10:00", 8, "2026-03-10 18:00"),
        # Spring Festival: rest 15 to 23 February, and Saturday the 14th is worked.
        ("2026-02-10 10:00", 4, "2026-02-14 18:00"),
        ("2026-02-10 10:00", 5, "2026-02-24 18:00"),
        ("2026-02-10 10:00", 13, "2026-02-24 18:00"),
        ("2026-02-10 10:00", 14, "2026-02-24 18:00"),
        ("2026-02-10 10:00", 15, "2026-02-25 18:00"),
        # 当日: of a working day, after its business closed, of a day of rest.
        ("2026-03-02 10:00", 0, "2026-03-02 18:00"),
        ("2026-03-02 20:00", 0, "2026-03-03 00:00"),
        ("2026-03-07 10:00", 0, "2026-03-09 18:00"),
        # Either side of midnight.
        ("2026-03-05 23:59", 1, "2026-03-06 18:00"),
        ("2026-03-06 00:01", 1, "2026-03-09 18:00"),
    ],
)
def test_the_last_day_is_never_a_day_of_rest(start: str, days: int, expected: str) -> None:
    assert due_text(start, days) == expected


def test_plain_calendar_days_are_left_as_they_are() -> None:
    found = due(at("2026-03-02 10:00"), TimeLimit(LimitKind.NATURAL_DAYS, Decimal(5)), PLAIN).at
    assert found == at("2026-03-08 00:00"), "Saturday 24:00"


def test_where_business_never_stops_the_day_ends_at_midnight() -> None:
    assert due_text("2026-03-02 10:00", 5, ROUND_THE_CLOCK) == "2026-03-10 00:00"
    assert due_text("2026-03-02 10:00", 4, ROUND_THE_CLOCK) == "2026-03-07 00:00"


def test_the_law_does_not_ask_what_was_agreed_for_other_limits() -> None:
    assert due_text("2026-03-02 20:00", 4, SAME_TIME) == "2026-03-06 18:00"
    assert due_text("2026-03-02 20:00", 5, SAME_TIME) == "2026-03-09 18:00"


def test_an_administrators_word_moves_the_last_day() -> None:
    closed = WorkCalendar(overrides=(DayRow(date(2026, 3, 9), works=False, name="大雪停工"),))
    assert due_text("2026-03-02 10:00", 5, closed) == "2026-03-10 18:00"
    worked = WorkCalendar(overrides=(DayRow(date(2026, 3, 7), works=True),))
    assert due_text("2026-03-02 10:00", 5, worked) == "2026-03-07 18:00"


def test_a_pause_moves_the_last_day_and_an_open_one_holds_it_off() -> None:
    day = Pause(at("2026-03-03 10:00"), at("2026-03-04 10:00"))
    assert due_text("2026-03-02 10:00", 4, PLAIN, day) == "2026-03-09 18:00"
    assert due_text("2026-03-02 10:00", 1, PLAIN, Pause(at("2026-03-03 10:00"), at("2026-03-03 11:00"))) == (
        "2026-03-04 18:00"
    )
    open_one = due(at("2026-03-02 10:00"), legal(4), PLAIN, [Pause(at("2026-03-03 10:00"))])
    assert open_one.at is None and open_one.amber_at is None


def test_more_time_runs_on_from_where_it_ended_and_is_moved_too() -> None:
    more = Extension(legal(3), at("2026-03-05 10:00"))
    assert due(at("2026-03-02 10:00"), legal(5), PLAIN, (), [more]).at == at("2026-03-12 18:00")
    less = Extension(legal(1), at("2026-03-05 10:00"))
    assert due(at("2026-03-02 10:00"), legal(4), PLAIN, (), [less]).at == at("2026-03-09 18:00"), "Saturday, so Monday"


def test_it_says_why_in_both_languages_and_after_being_stored() -> None:
    trace = due(at("2026-02-10 10:00"), legal(5), PLAIN).trace
    told = [explain(step) for step in trace_from_json(as_json(trace))]
    assert told[-2:] == [
        "最后一日遇春节（2026年2月15日（周日）至2026年2月23日（周一）），依《民法典》第二百零三条顺延至其后第一个工作日，"
        "以该日班次结束为准。",
        "2026年2月24日（周二）18:00到期。",
    ]
    assert told[0] == "自2026年2月10日（周二）10:00起算，时限5自然日（遇休息日顺延）。"
    weekend = due(at("2026-03-02 10:00"), legal(5), PLAIN).trace
    assert "falls on a weekend (Sat 7 Mar 2026 to Sun 8 Mar 2026); by article 203" in explain(weekend[-2], "en")
    cut = due(at("2026-03-02 10:00"), legal(3), PLAIN).trace
    assert explain(cut[-2]) == "最后一日以班次结束（2026年3月5日（周四）18:00）为准（《民法典》第二百零三条）。"
    assert "Thu 5 Mar 2026 18:00 (article 203" in explain(cut[-2], "en")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("15日（遇法定节假日顺延）", 15),
        ("15自然日，遇休息日顺延", 15),
        ("三十天顺延", 30),
        ("当日（如遇节假日顺延）", 0),
    ],
)
def test_a_standard_may_say_so(text: str, amount: int) -> None:
    assert parse_limit(text) == legal(amount)


def test_what_is_not_counted_in_calendar_days_is_not_moved() -> None:
    for text in ("5工作日（遇节假日顺延）", "2小时顺延", "1.5天（遇节假日顺延）", "半天顺延", "顺延"):
        with pytest.raises(LimitUnreadable):
            parse_limit(text)


def test_a_year_without_work_is_a_fault_of_the_calendar() -> None:
    off = tuple(DayRow(date(2026, 1, 1) + timedelta(days=n), works=False) for n in range(800))
    with pytest.raises(CalendarFault):
        due(at("2026-03-02 10:00"), legal(5), WorkCalendar(overrides=off))


instants = st.integers(0, 525_000).map(lambda minutes: at("2026-01-01 00:00") + timedelta(minutes=minutes))


@settings(max_examples=300)
@given(instants, st.integers(0, 60), st.lists(st.tuples(instants, st.integers(1, 9_000)), max_size=3))
def test_whatever_the_start_it_ends_on_a_working_day_after_plain_counting_at_most_cut_to_closing(
    start: datetime, days: int, stops: list[tuple[datetime, int]]
) -> None:
    pauses = [Pause(since, since + timedelta(minutes=minutes)) for since, minutes in stops]
    timer = Timer(start, legal(days), tuple(pauses))
    found = due(start, legal(days), PLAIN, pauses)
    assert found.at is not None
    before = [pause for pause in pauses if pause.start < found.at]  # one after business closed changes nothing
    plain = due(start, TimeLimit(LimitKind.NATURAL_DAYS, Decimal(days)), PLAIN, before).at
    assert plain is not None and found.amber_at is not None
    assert PLAIN.day((found.at - timedelta(microseconds=1)).astimezone(BEIJING).date()).works
    assert start <= found.at and found.at >= plain - timedelta(hours=6), "18:00 instead of 24:00, never earlier"
    shares = [moment(Decimal(share) / 10, timer, PLAIN) for share in range(11)]
    known = [share for share in shares if share is not None]
    assert known == sorted(known) and known[-1] == found.at
    used = progress(found.at, timer, PLAIN)
    assert used.used == used.total


@settings(max_examples=200)
@given(instants, st.integers(1, 20), st.lists(st.tuples(st.integers(-10, 300), st.integers(1, 90)), max_size=3))
def test_it_never_ends_while_it_is_paused_and_nothing_after_it_changes_it(
    start: datetime, days: int, stops: list[tuple[int, int]]
) -> None:
    pauses = [Pause(start + timedelta(hours=a), start + timedelta(hours=a + length)) for a, length in stops]
    found = due(start, legal(days), PLAIN, pauses).at
    assert found is not None and not any(pause.start < found <= (pause.end or found) for pause in pauses)
    assert due(start, legal(days), PLAIN, [*pauses, Pause(found)]).at == found
    assert due(start, legal(days), PLAIN, [*pauses, Pause(found - timedelta(minutes=1))]).at is None

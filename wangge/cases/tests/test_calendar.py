"""Which days are worked, who says so, and between which instants."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.cases.rules.calendar import (
    CalendarFault,
    DayConvention,
    DayKind,
    DayRow,
    DaySource,
    MonthDay,
    Season,
    Shift,
    WorkCalendar,
)
from wangge.core.clock import BEIJING

PLAIN = WorkCalendar()
SUMMER = (Shift(time(8), time(12)), Shift(time(15), time(18, 30)))
NIGHTS = (Shift(time(8), time(12)), Shift(time(20), time(4)))


def beijing(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BEIJING)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    "day",
    [date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10)],
)
def test_make_up_weekends_of_2026_are_worked(day: date) -> None:
    assert day.weekday() >= 5
    assert PLAIN.is_workday(day) == (True, DaySource.LIBRARY)
    assert PLAIN.day(day).kind is DayKind.MAKE_UP


def test_spring_festival_2026_is_rest_from_15_to_23_february() -> None:
    rest = [day for n in range(1, 29) if not PLAIN.is_workday(day := date(2026, 2, n))[0]]
    assert rest == [date(2026, 2, n) for n in (1, 7, 8, *range(15, 24))]
    assert PLAIN.day(date(2026, 2, 17)).name == "春节"


def test_beyond_the_library_it_is_monday_to_friday() -> None:
    assert PLAIN.is_workday(date(2027, 10, 1)) == (True, DaySource.WEEKDAY)
    assert PLAIN.is_workday(date(2027, 10, 2)) == (False, DaySource.WEEKDAY)
    assert PLAIN.is_workday(date(2003, 10, 1)) == (True, DaySource.WEEKDAY)


def test_the_state_councils_table_beats_the_library_and_an_override_beats_both() -> None:
    day = date(2026, 2, 14)
    table = (DayRow(day, works=False, name="春节"),)
    assert WorkCalendar(state_council=table).is_workday(day) == (False, DaySource.STATE_COUNCIL)
    override = (DayRow(day, works=True, name="值守"),)
    assert WorkCalendar(state_council=table, overrides=override).is_workday(day) == (True, DaySource.OVERRIDE)
    closed = WorkCalendar(overrides=(DayRow(date(2026, 3, 4), works=False, name="大雪停工"),))
    assert closed.day(date(2026, 3, 4)).kind is DayKind.HOLIDAY
    assert closed.work_intervals(date(2026, 3, 4)) == []


def test_the_state_councils_table_holds_where_the_library_ends() -> None:
    table = (DayRow(date(2027, 2, 5), works=False, name="春节"), DayRow(date(2027, 2, 13), works=True, name="春节"))
    calendar = WorkCalendar(state_council=table)
    assert calendar.is_workday(date(2027, 2, 5)) == (False, DaySource.STATE_COUNCIL)
    assert calendar.day(date(2027, 2, 13)).kind is DayKind.MAKE_UP


def test_default_shifts_are_two_spans_in_utc() -> None:
    assert PLAIN.work_intervals(date(2026, 3, 4)) == [
        (datetime(2026, 3, 4, 0, tzinfo=UTC), datetime(2026, 3, 4, 4, tzinfo=UTC)),
        (datetime(2026, 3, 4, 6, tzinfo=UTC), datetime(2026, 3, 4, 10, tzinfo=UTC)),
    ]
    assert PLAIN.work_intervals(date(2026, 3, 7)) == []


def test_a_season_holds_from_its_first_day_to_the_day_before_its_end() -> None:
    calendar = WorkCalendar(seasons=(Season(SUMMER, MonthDay(6, 1), MonthDay(9, 1), "夏令"),))
    ends = {day: calendar.work_intervals(day)[-1][1].astimezone(BEIJING).time() for day in (
        date(2026, 5, 29), date(2026, 6, 1), date(2026, 8, 31), date(2026, 9, 1),
    )}  # fmt: skip
    assert list(ends.values()) == [time(18), time(18, 30), time(18, 30), time(18)]


def test_a_season_may_pass_the_new_year_or_hold_once() -> None:
    winter = WorkCalendar(seasons=(Season(SUMMER, MonthDay(11, 1), MonthDay(3, 1)),))
    assert [winter.day(day).length for day in (date(2026, 12, 1), date(2026, 1, 5), date(2026, 3, 2))] == [
        timedelta(hours=7.5),
        timedelta(hours=7.5),
        timedelta(hours=8),
    ]
    once = WorkCalendar(seasons=(Season(SUMMER, date(2026, 6, 1), date(2026, 7, 1)),))
    assert once.day(date(2026, 6, 30)).length == timedelta(hours=7.5)
    assert once.day(date(2025, 6, 30)).length == timedelta(hours=8)


def test_a_night_shift_belongs_to_the_day_it_starts_on() -> None:
    calendar = WorkCalendar(shifts=NIGHTS)
    friday = date(2026, 3, 6)
    assert calendar.work_intervals(friday)[-1] == (beijing(2026, 3, 6, 20), beijing(2026, 3, 7, 4))
    assert calendar.work_intervals(date(2026, 3, 7)) == []


def test_where_a_season_changes_a_night_is_not_worked_twice() -> None:
    early = (Shift(time(3), time(12)),)
    calendar = WorkCalendar(shifts=early, seasons=(Season(NIGHTS, date(2026, 3, 1), date(2026, 3, 5)),))
    assert calendar.work_intervals(date(2026, 3, 4))[-1][1] == beijing(2026, 3, 5, 4)
    assert calendar.work_intervals(date(2026, 3, 5)) == [(beijing(2026, 3, 5, 4), beijing(2026, 3, 5, 12))]


@pytest.mark.parametrize(
    "shifts",
    [
        (),
        (Shift(time(8), time(12)), Shift(time(11), time(18))),
        (Shift(time(14), time(18)), Shift(time(8), time(12))),
        (Shift(time(8), time(12)), Shift(time(20), time(9))),
        (Shift(time(8, tzinfo=UTC), time(12, tzinfo=UTC)),),
    ],
)
def test_shifts_that_overlap_or_are_out_of_order_are_refused(shifts: tuple[Shift, ...]) -> None:
    with pytest.raises(CalendarFault):
        WorkCalendar(shifts=shifts)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (MonthDay(2, 30), MonthDay(5, 1)),
        (MonthDay(5, 1), MonthDay(5, 1)),
        (date(2026, 5, 1), date(2026, 5, 1)),
        (date(2026, 5, 1), MonthDay(6, 1)),
    ],
)
def test_a_season_without_days_is_refused(since: date | MonthDay, until: date | MonthDay) -> None:
    with pytest.raises(CalendarFault):
        WorkCalendar(seasons=(Season(SUMMER, since, until),))


def test_a_date_stated_twice_is_refused_with_the_date_in_the_message() -> None:
    rows = (DayRow(date(2026, 3, 4), works=False), DayRow(date(2026, 3, 4), works=True))
    with pytest.raises(CalendarFault) as fault:
        WorkCalendar(overrides=rows)
    assert "2026-03-04" in fault.value.message("zh")


def test_the_version_changes_with_what_changes_due_times_and_with_nothing_else() -> None:
    row, other = DayRow(date(2026, 3, 4), works=False, name="停工"), DayRow(date(2026, 3, 5), works=False)
    base = WorkCalendar(overrides=(row, other)).version
    assert base == WorkCalendar(overrides=(other, DayRow(date(2026, 3, 4), works=False, name="大雪"))).version
    changed = {
        WorkCalendar().version,
        WorkCalendar(overrides=(row,)).version,
        WorkCalendar(state_council=(row, other)).version,
        WorkCalendar(overrides=(row, other), shifts=SUMMER).version,
        WorkCalendar(overrides=(row, other), day_convention=DayConvention.SAME_TIME).version,
        WorkCalendar(overrides=(row, other), seasons=(Season(SUMMER, MonthDay(6, 1), MonthDay(9, 1)),)).version,
    }
    assert len(changed) == 6
    assert base not in changed


@given(st.dates(date(2000, 1, 1), date(2035, 12, 31)), st.sampled_from([PLAIN, WorkCalendar(shifts=NIGHTS)]))
def test_spans_are_in_order_apart_and_only_on_workdays(day: date, calendar: WorkCalendar) -> None:
    today = calendar.day(day)
    instants = [at for span in today.spans for at in span]
    assert instants == sorted(set(instants))
    assert bool(instants) is today.works
    after = calendar.day(day + timedelta(days=1)).spans
    if instants and after:
        assert instants[-1] <= after[0][0]

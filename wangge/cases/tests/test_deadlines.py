"""When limits run out, in Beijing days and nights."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from wangge.cases.rules.calendar import CalendarFault, DayRow, WorkCalendar
from wangge.cases.rules.deadlines import (
    Extension,
    InstantNotAware,
    Light,
    Pause,
    PauseBackwards,
    StepCode,
    Timer,
    due,
    due_after,
    elapsed,
    join_pauses,
    progress,
)
from wangge.cases.rules.limits import LimitKind, TimeLimit, parse_limit
from wangge.cases.tests.instants import NIGHTS, PLAIN, SAME_TIME, at, due_text


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        # Either side of Beijing's midnight, which is 16:00 UTC: one minute is one whole day.
        ("2026-03-02 23:59", "1工作日", "2026-03-03 18:00"),
        ("2026-03-03 00:01", "1工作日", "2026-03-04 18:00"),
        ("2026-03-02 23:59", "1天", "2026-03-04 00:00"),
        ("2026-03-03 00:01", "1天", "2026-03-05 00:00"),
        ("2026-03-02 23:59", "当日", "2026-03-03 00:00"),
        ("2026-03-02 23:59", "2工作时", "2026-03-03 10:00"),
        ("2026-03-03 00:01", "2工作时", "2026-03-03 10:00"),
        # Over a weekend: Friday 6 March.
        ("2026-03-06 17:00", "2工作时", "2026-03-09 09:00"),
        ("2026-03-06 17:00", "1工作日", "2026-03-09 18:00"),
        ("2026-03-06 17:00", "2天", "2026-03-09 00:00"),
        ("2026-03-06 17:00", "2紧急工作时", "2026-03-06 19:00"),
        ("2026-03-06 17:00", "1紧急工作日", "2026-03-07 17:00"),
        ("2026-03-06 17:00", "30分钟", "2026-03-06 17:30"),
        ("2026-03-06 17:00", "即时", "2026-03-06 17:00"),
        # Spring Festival 2026: rest 15 to 23 February; Saturdays 14 and 28 February and Sunday 4 January are worked.
        ("2026-02-13 10:00", "1工作日", "2026-02-14 18:00"),
        ("2026-02-13 10:00", "2工作日", "2026-02-24 18:00"),
        ("2026-02-14 17:00", "2工作时", "2026-02-24 09:00"),
        ("2026-02-27 10:00", "2工作日", "2026-03-02 18:00"),
        ("2026-01-02 10:00", "1工作日", "2026-01-04 18:00"),
        ("2026-02-14 17:00", "2紧急工作时", "2026-02-14 19:00"),
        # Started in the holiday, before the shift, after it, at lunch.
        ("2026-02-17 10:00", "4工作时", "2026-02-24 12:00"),
        ("2026-02-17 10:00", "1工作日", "2026-02-24 18:00"),
        ("2026-03-04 06:30", "1工作时", "2026-03-04 09:00"),
        ("2026-03-04 18:30", "1工作时", "2026-03-05 09:00"),
        ("2026-03-04 12:30", "1工作时", "2026-03-04 15:00"),
        ("2026-03-04 11:30", "1工作时", "2026-03-04 14:30"),
        # Used up at the moment a shift ends: due then, not when the next one begins.
        ("2026-03-04 10:00", "2工作时", "2026-03-04 12:00"),
        ("2026-03-04 10:00", "6工作时", "2026-03-04 18:00"),
        ("2026-03-04 10:00", "1.5工作日", "2026-03-06 12:00"),
        # Beyond the library: Monday to Friday, even on 1 October 2027, a Friday.
        ("2027-09-30 10:00", "1工作日", "2027-10-01 18:00"),
        ("2027-10-01 17:00", "2工作时", "2027-10-04 09:00"),
        ("2026-12-31 17:00", "2工作时", "2027-01-01 09:00"),
    ],
)  # fmt: skip
def test_limits_run_out_when_a_district_says_they_do(start: str, limit: str, expected: str) -> None:
    assert due_text(start, limit) == expected


def test_an_override_beats_everything() -> None:
    closed = WorkCalendar(
        overrides=(DayRow(date(2026, 3, 5), works=False, name="大雪停工"), DayRow(date(2026, 3, 7), works=True)),
        state_council=(DayRow(date(2026, 3, 5), works=True), DayRow(date(2026, 3, 7), works=False)),
    )
    assert due_text("2026-03-04 10:00", "1工作日", closed) == "2026-03-06 18:00"
    assert due_text("2026-03-04 10:00", "2工作日", closed) == "2026-03-07 18:00"


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-03-04 22:00", "3工作时", "2026-03-05 01:00"),
        ("2026-03-05 03:00", "2工作时", "2026-03-05 09:00"),  # still in the night of the 4th, then the morning
        ("2026-03-06 23:00", "6工作时", "2026-03-09 09:00"),  # the night of Friday ends on Saturday at 04:00
        ("2026-03-07 02:00", "1工作时", "2026-03-07 03:00"),
        ("2026-03-04 10:00", "1工作日", "2026-03-06 04:00"),  # the last shift of Thursday ends on Friday
        ("2026-03-05 03:00", "1工作日", "2026-03-07 04:00"),  # received on Thursday by the clock on the wall
    ],
)
def test_night_shifts_count_for_the_day_they_start_on(start: str, limit: str, expected: str) -> None:
    assert due_text(start, limit, NIGHTS) == expected


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-03-04 10:00", "1工作日", "2026-03-05 10:00"),
        ("2026-03-06 10:00", "2工作日", "2026-03-10 10:00"),
        ("2026-03-04 20:00", "1工作日", "2026-03-05 18:00"),
        ("2026-03-07 10:00", "1工作日", "2026-03-09 18:00"),
        ("2026-03-04 10:00", "1天", "2026-03-05 10:00"),
        ("2026-03-04 10:00", "当日", "2026-03-05 00:00"),
    ],
)
def test_by_the_other_convention_it_is_the_same_time_of_day(start: str, limit: str, expected: str) -> None:
    assert due_text(start, limit, SAME_TIME) == expected


@pytest.mark.parametrize(
    ("limit", "pauses", "expected"),
    [
        ("2工作时", [("2026-03-04 11:00", "2026-03-04 15:00")], "2026-03-04 16:00"),
        ("2工作时", [("2026-03-04 12:00", "2026-03-04 14:00")], "2026-03-04 12:00"),
        ("4工作时", [("2026-03-04 18:00", "2026-03-05 08:00")], "2026-03-04 16:00"),  # a night takes nothing
        ("8工作时", [("2026-03-04 17:00", "2026-03-05 09:00")], "2026-03-05 12:00"),
        ("1工作日", [("2026-03-04 11:00", "2026-03-04 23:00")], "2026-03-05 18:00"),  # the day that does not count
        ("1工作日", [("2026-03-05 08:00", "2026-03-06 08:00")], "2026-03-06 18:00"),
        ("1工作日", [("2026-03-05 10:00", "2026-03-05 11:00")], "2026-03-06 09:00"),
        ("2紧急工作时", [("2026-03-04 11:00", "2026-03-06 11:00")], "2026-03-06 12:00"),
        ("1天", [("2026-03-05 12:00", "2026-03-06 12:00")], "2026-03-07 00:00"),
        ("2工作时", [("2026-03-04 09:00", "2026-03-04 11:00")], "2026-03-04 15:00"),
        ("2紧急工作时", [("2026-03-04 12:00", "2026-03-06 11:00")], "2026-03-04 12:00"),
        ("2工作时", [("2026-03-04 12:00", "2026-03-09 14:00")], "2026-03-04 12:00"),  # used up just before
    ],
)
def test_a_pause_gives_back_the_time_it_took(limit: str, pauses: list[tuple[str, str]], expected: str) -> None:
    stops = [Pause(at(since), at(until)) for since, until in pauses]
    assert due_text("2026-03-04 10:00", limit, PLAIN, *stops) == expected


@pytest.mark.parametrize("limit", ["4工作时", "2工作日", "24小时", "3天"])
def test_nothing_is_due_behind_an_open_pause_but_what_was_due_before_stays(limit: str) -> None:
    start = at("2026-03-04 10:00")
    open_pause = Pause(start + timedelta(hours=1))
    waiting = due(start, parse_limit(limit), PLAIN, [open_pause])
    assert waiting.at is None
    assert [step.code for step in waiting.trace][-2:] == [StepCode.PAUSED, StepCode.WAITING]
    assert waiting.light(start + timedelta(days=90)) is Light.PAUSED
    plain = due(start, parse_limit(limit), PLAIN)
    assert plain.at is not None
    late = due(start, parse_limit(limit), PLAIN, [Pause(plain.at + timedelta(hours=1))])
    assert late.at == plain.at
    assert late.light(plain.at + timedelta(days=90)) is Light.RED


def test_an_extension_runs_on_from_the_old_due_time() -> None:
    start = at("2026-03-04 10:00")
    days = Extension(TimeLimit(LimitKind.WORK_DAYS, Decimal(2)), at("2026-03-09 09:00"))
    found = due(start, parse_limit("2工作日"), PLAIN, (), [days])
    assert found.at == at("2026-03-10 18:00")
    assert StepCode.EXTENDED in {step.code for step in found.trace}
    hours = Extension(TimeLimit(LimitKind.WORK_HOURS, Decimal(3)), at("2026-03-06 09:00"))
    # In the order granted: Friday 18:00, three hours make Monday 11:00, and two days after Monday are Wednesday.
    assert due(start, parse_limit("2工作日"), PLAIN, (), [days, hours]).at == at("2026-03-11 18:00")


def test_an_extension_in_days_after_a_day_ended_at_24_does_not_lose_a_day() -> None:
    extension = Extension(TimeLimit(LimitKind.WORK_DAYS, Decimal(1)), at("2026-03-04 11:00"))
    assert due(at("2026-03-03 10:00"), parse_limit("1天"), PLAIN, (), [extension]).at == at("2026-03-05 18:00")


def test_a_pause_during_an_extension_counts_too() -> None:
    extension = Extension(TimeLimit(LimitKind.URGENT_HOURS, Decimal(2)), at("2026-03-04 10:30"))
    pause = Pause(at("2026-03-04 12:30"), at("2026-03-04 20:30"))
    assert due(at("2026-03-04 10:00"), parse_limit("2紧急工作时"), PLAIN, [pause], [extension]).at == at(
        "2026-03-04 22:00"
    )


def test_lights_change_at_their_instants() -> None:
    start = at("2026-03-04 10:00")
    found = due(start, parse_limit("10紧急工作时"), PLAIN)
    moments = [(0, Light.GREEN), (6.99, Light.GREEN), (7, Light.AMBER), (9.99, Light.AMBER), (10, Light.RED)]
    assert [found.light(start + timedelta(hours=hours)) for hours, _ in moments] == [light for _, light in moments]
    half = due(start, parse_limit("10紧急工作时"), PLAIN, amber_left=Decimal("0.5"))
    assert half.light(start + timedelta(hours=5)) is Light.AMBER


def test_amber_counts_working_time_and_not_the_night() -> None:
    found = due(at("2026-03-04 16:00"), parse_limit("4工作时"), PLAIN)
    assert found.amber_at == at("2026-03-05 08:48")
    assert found.light(at("2026-03-05 07:00")) is Light.GREEN


def test_a_light_is_paused_only_while_the_pause_lasts() -> None:
    start = at("2026-03-04 10:00")
    pause = Pause(start + timedelta(hours=1), start + timedelta(hours=3))
    found = due(start, parse_limit("10紧急工作时"), PLAIN, [pause])
    lights = [found.light(start + timedelta(hours=hours)) for hours in (0.5, 1, 2.9, 3)]
    assert lights == [Light.GREEN, Light.PAUSED, Light.PAUSED, Light.GREEN]


def test_progress_adds_up_over_an_extension() -> None:
    extension = Extension(TimeLimit(LimitKind.WORK_DAYS, Decimal(1)), at("2026-03-06 09:00"))
    timer = Timer(at("2026-03-04 10:00"), parse_limit("2工作日"), (), (extension,))
    seen = [progress(at(now), timer, PLAIN) for now in ("2026-03-04 17:00", "2026-03-05 18:00", "2026-03-20 08:00")]
    assert [f"{p.used} of {p.total}, {p.remaining} left" for p in seen] == [
        "0 of 3, 3 left",
        "1 of 3, 2 left",
        "3 of 3, 0 left",
    ]
    half_day = progress(at("2026-03-09 12:00"), timer, PLAIN)
    assert half_day.used == Decimal("2.5")


def test_elapsed_working_time_leaves_out_lunch_nights_and_holidays() -> None:
    since, until = at("2026-02-14 11:00"), at("2026-02-24 15:00")
    assert elapsed(since, until, LimitKind.WORK_HOURS, PLAIN) == 5 + 5
    assert elapsed(since, until, LimitKind.NATURAL_HOURS, PLAIN) == 10 * 24 + 4
    assert elapsed(until, since, LimitKind.WORK_HOURS, PLAIN) == 0
    assert elapsed(until, since, LimitKind.NATURAL_HOURS, PLAIN) == 0


def test_a_step_after_overdue_runs_on_from_the_due_instant() -> None:
    day = TimeLimit(LimitKind.WORK_DAYS, Decimal(1))
    assert due_after(at("2026-03-06 18:00"), day, PLAIN) == at("2026-03-09 18:00")
    assert due_after(at("2026-03-09 00:00"), day, PLAIN) == at("2026-03-09 18:00")
    assert due_after(at("2026-03-06 18:00"), TimeLimit(LimitKind.MINUTES, Decimal(0)), PLAIN) == at("2026-03-06 18:00")


def test_pauses_are_joined_and_backward_ones_refused() -> None:
    a, b, c, d = (at(f"2026-03-04 {hour}:00") for hour in (10, 11, 12, 13))
    assert join_pauses([Pause(c, d), Pause(a, b), Pause(b, c), Pause(a, a)]) == (Pause(a, d),)
    assert join_pauses([Pause(b), Pause(a, b), Pause(c, d)]) == (Pause(a, None),)
    assert join_pauses([Pause(a, d), Pause(b, c)]) == (Pause(a, d),)
    with pytest.raises(PauseBackwards):
        join_pauses([Pause(b, a)])


def test_a_naive_instant_is_refused() -> None:
    naive = datetime(2026, 3, 4, 10)  # noqa: DTZ001
    with pytest.raises(InstantNotAware):
        due(naive, parse_limit("1天"), PLAIN)


def test_a_calendar_without_working_days_says_so_instead_of_searching_for_ever() -> None:
    year = tuple(DayRow(date(2026, 1, 1) + timedelta(days=n), works=False) for n in range(800))
    with pytest.raises(CalendarFault):
        due(at("2026-03-04 10:00"), parse_limit("1工作日"), WorkCalendar(overrides=year))

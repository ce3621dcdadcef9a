"""When limits run out, in Beijing days and nights, and what is said about it."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wangge.cases.rules.calendar import CalendarFault, DayConvention, DayRow, Shift, WorkCalendar
from wangge.cases.rules.deadlines import (
    Due,
    Extension,
    InstantNotAware,
    Light,
    Pause,
    PauseBackwards,
    StepCode,
    Timer,
    difference,
    due,
    due_after,
    elapsed,
    explain,
    join_pauses,
    moment,
    progress,
    trace_as_json,
    trace_from_json,
)
from wangge.cases.rules.limits import LimitKind, TimeLimit, parse_limit
from wangge.core.clock import BEIJING

PLAIN = WorkCalendar()
NIGHTS = WorkCalendar(shifts=(Shift(time(8), time(12)), Shift(time(20), time(4))))
SAME_TIME = WorkCalendar(day_convention=DayConvention.SAME_TIME)


def at(text: str) -> datetime:
    """A Beijing wall-clock time as the database gives it: aware, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING).astimezone(UTC)


def due_text(start: str, limit: str, calendar: WorkCalendar = PLAIN, *pauses: Pause) -> str:
    found = due(at(start), parse_limit(limit), calendar, pauses).at
    assert found is not None
    assert found.utcoffset() == timedelta(0)
    return f"{found.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}".removesuffix(":00")


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


def test_the_trace_tells_the_story_in_both_languages() -> None:
    found = due(at("2026-02-13 16:30"), parse_limit("3工作日"), PLAIN)
    assert [explain(step) for step in found.trace] == [
        "自2026年2月13日（周五）16:30起算，时限3工作日。",
        "2026年2月13日（周五）为起始当日，不计入。",
        "2026年2月14日（周六）为调休上班（春节），计1工作日。",
        "2026年2月15日（周日）至2026年2月23日（周一）为春节，不计。",
        "2026年2月24日（周二）至2026年2月25日（周三），计2工作日。",
        "2026年2月25日（周三）18:00到期。",
    ]
    assert [explain(step, "en") for step in found.trace][2:4] == [
        "Sat 14 Feb 2026: make-up working day (Spring Festival), 1 working day counted.",
        "Sun 15 Feb 2026 to Mon 23 Feb 2026: Spring Festival, not counted.",
    ]


def test_lunch_nights_pauses_and_24_oclock_are_told() -> None:
    pause = Pause(at("2026-03-04 15:00"), at("2026-03-04 20:00"))
    found = due(at("2026-03-04 11:00"), parse_limit("3工作时"), PLAIN, [pause])
    assert [explain(step) for step in found.trace][1:] == [
        "2026年3月4日（周三）11:00至12:00，计1工作时。",
        "2026年3月4日（周三）12:00至14:00不在班次内，不计。",
        "2026年3月4日（周三）14:00至15:00，计1工作时。",
        "2026年3月4日（周三）15:00至20:00暂停计时。",
        "2026年3月4日（周三）20:00至2026年3月5日（周四）08:00不在班次内，不计。",
        "2026年3月5日（周四）08:00至09:00，计1工作时。",
        "2026年3月5日（周四）09:00到期。",
    ]
    midnight = due(at("2026-03-04 11:00"), parse_limit("1天"), PLAIN)
    assert explain(midnight.trace[-1]) == "2026年3月5日（周四）24:00到期。"
    assert explain(midnight.trace[-1], "en") == "Due Thu 5 Mar 2026 24:00."


def test_a_long_limit_is_still_told_in_a_few_bytes() -> None:
    found = due(at("2026-03-04 10:00:00.123456"), parse_limit("60工作日"), PLAIN)
    rows = json.dumps(trace_as_json(found.trace), ensure_ascii=False, separators=(",", ":"))
    assert len(rows.encode()) < 1_500
    assert trace_from_json(json.loads(rows)) == found.trace


def test_another_calendar_gives_the_difference_and_the_same_one_none() -> None:
    start, limit = at("2026-03-04 10:00"), parse_limit("2工作日")
    before = due(start, limit, PLAIN)
    snow = WorkCalendar(overrides=(DayRow(date(2026, 3, 5), works=False, name="大雪停工"),))
    after = due(start, limit, snow)
    change = difference(before.at, before.trace, after)
    assert change is not None
    assert (change.before, change.after) == (at("2026-03-06 18:00"), at("2026-03-09 18:00"))
    assert change.shift == timedelta(days=3)
    assert any("大雪停工" in explain(step) for step in change.added)
    assert before.calendar_version != after.calendar_version
    stored = trace_from_json(trace_as_json(before.trace))
    assert difference(before.at, stored, due(start, limit, WorkCalendar())) is None


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


# Properties: calendars of two conventions and with nights; two years around the end of the library, holidays included.
CALENDARS = st.sampled_from([PLAIN, NIGHTS, SAME_TIME])
INSTANTS = st.datetimes(datetime(2025, 9, 1), datetime(2027, 3, 1)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=UTC)
)
KINDS = st.sampled_from(LimitKind)
# Two limits that each end with a business day are not one, and waiting for its close is no part of the limit.
EVEN_KINDS = st.sampled_from([kind for kind in LimitKind if kind is not LimitKind.LEGAL_DAYS])
AMOUNTS = st.integers(1, 3_000).map(lambda hundredths: Decimal(hundredths) / 100)
MINUTES = st.integers(0, 60 * 24 * 20)
ROUND_MINUTES = st.integers(1, 600).map(lambda count: count * 3)  # minutes that are round parts of an hour


@st.composite
def closed_pauses(draw: st.DrawFn, start: datetime) -> list[Pause]:
    edges = draw(st.lists(st.tuples(MINUTES, MINUTES), max_size=4))
    return [
        Pause(start + timedelta(minutes=after - 1_000), start + timedelta(minutes=after - 1_000 + length))
        for after, length in edges
    ]


def instant(found: Due) -> datetime:
    assert found.at is not None
    return found.at


@settings(deadline=None)
@given(st.data(), CALENDARS, INSTANTS, KINDS, AMOUNTS)
def test_a_later_start_or_a_larger_amount_is_never_due_earlier(
    data: st.DataObject, calendar: WorkCalendar, start: datetime, kind: LimitKind, amount: Decimal
) -> None:
    pauses = data.draw(closed_pauses(start))
    later, more = timedelta(minutes=data.draw(MINUTES)), data.draw(AMOUNTS)
    plain = instant(due(start, TimeLimit(kind, amount), calendar, pauses))
    assert plain <= instant(due(start + later, TimeLimit(kind, amount), calendar, pauses))
    assert plain <= instant(due(start, TimeLimit(kind, amount + more), calendar, pauses))
    assert start <= plain


@settings(deadline=None)
@given(st.data(), CALENDARS, INSTANTS, EVEN_KINDS, AMOUNTS)
def test_what_elapses_between_start_and_due_is_the_limit(
    data: st.DataObject, calendar: WorkCalendar, start: datetime, kind: LimitKind, amount: Decimal
) -> None:
    pauses = data.draw(closed_pauses(start))
    found = instant(due(start, TimeLimit(kind, amount), calendar, pauses))
    used = elapsed(start, found, kind, calendar, pauses)
    if kind is LimitKind.WORK_DAYS:  # to the microsecond of a day
        assert abs(used - amount) < Decimal("0.000000001")
    else:
        assert used == amount


@settings(deadline=None)
@given(st.data(), CALENDARS, INSTANTS, st.sampled_from([LimitKind.WORK_HOURS, LimitKind.WORK_DAYS]), AMOUNTS)
def test_working_limits_never_fall_due_when_nobody_works(
    data: st.DataObject, calendar: WorkCalendar, start: datetime, kind: LimitKind, amount: Decimal
) -> None:
    pauses = data.draw(closed_pauses(start))
    found = instant(due(start, TimeLimit(kind, amount), calendar, pauses))
    day = found.astimezone(BEIJING).date()
    spans = [*calendar.work_intervals(day - timedelta(days=1)), *calendar.work_intervals(day)]
    assert any(since < found <= until for since, until in spans)
    assert not any(p.end and p.start < found < p.end for p in pauses)


@settings(deadline=None)
@given(st.data(), CALENDARS, INSTANTS, KINDS, AMOUNTS)
def test_a_pause_cut_in_pieces_is_the_same_pause(
    data: st.DataObject, calendar: WorkCalendar, start: datetime, kind: LimitKind, amount: Decimal
) -> None:
    pauses = data.draw(closed_pauses(start))
    pieces: list[Pause] = []
    for pause in pauses:
        assert pause.end is not None
        cut = pause.start + (pause.end - pause.start) * data.draw(st.sampled_from([0.0, 0.25, 0.5, 1.0]))
        pieces += [Pause(cut, pause.end), Pause(pause.start, cut)]
    limit = TimeLimit(kind, amount)
    assert due(start, limit, calendar, pieces) == due(start, limit, calendar, pauses)


@settings(deadline=None)
@given(st.data(), CALENDARS, INSTANTS, EVEN_KINDS, AMOUNTS)
def test_a_limit_in_two_parts_of_one_kind_is_the_whole(
    data: st.DataObject, calendar: WorkCalendar, start: datetime, kind: LimitKind, amount: Decimal
) -> None:
    pauses, more = data.draw(closed_pauses(start)), data.draw(AMOUNTS)
    whole = instant(due(start, TimeLimit(kind, amount + more), calendar, pauses))
    parts = instant(due(start, TimeLimit(kind, amount), calendar, pauses, [Extension(TimeLimit(kind, more), start)]))
    # Where the first part ends within a working day, it is rounded up to a microsecond.
    assert abs(whole - parts) <= timedelta(microseconds=2)


@settings(deadline=None)
@given(st.data(), CALENDARS, INSTANTS, KINDS, AMOUNTS, KINDS, AMOUNTS)
def test_shares_progress_lights_and_stored_traces_agree_with_the_due_time(
    data: st.DataObject,
    calendar: WorkCalendar,
    start: datetime,
    kind: LimitKind,
    amount: Decimal,
    other: LimitKind,
    more: Decimal,
) -> None:
    pauses = tuple(data.draw(closed_pauses(start)))
    extensions = data.draw(st.sampled_from([(), (Extension(TimeLimit(other, more), start),)]))
    timer = Timer(start, TimeLimit(kind, amount), pauses, extensions)
    found = due(start, timer.limit, calendar, pauses, extensions)
    assert moment(Decimal(1), timer, calendar) == found.at
    assert found.amber_at is not None
    assert start <= found.amber_at <= instant(found)
    assert found.light(instant(found)) is Light.RED
    ended = progress(instant(found), timer, calendar)
    assert abs(ended.remaining) < Decimal("0.000000001")
    stored = json.loads(json.dumps(trace_as_json(found.trace)))
    assert trace_from_json(stored) == found.trace
    assert found.trace[-1].since == found.at
    assert all(explain(step, language) for step in found.trace for language in ("zh", "en"))


@settings(deadline=None)
@given(st.data(), CALENDARS, INSTANTS, KINDS, AMOUNTS)
def test_what_the_trace_counted_adds_up_to_the_limit(
    data: st.DataObject, calendar: WorkCalendar, start: datetime, kind: LimitKind, amount: Decimal
) -> None:
    pauses = data.draw(closed_pauses(start))
    found = due(start, TimeLimit(kind, amount), calendar, pauses)
    counted = [step.amount for step in found.trace if step.code in (StepCode.COUNTED, StepCode.DAYS)]
    assume(counted)
    assert abs(sum(used for used in counted if used is not None) - amount) < Decimal("0.0001") * (len(counted) + 1)


@settings(deadline=None, max_examples=30)
@given(INSTANTS, ROUND_MINUTES, st.lists(st.tuples(st.integers(0, 4_000), st.integers(0, 900)), max_size=3))
def test_working_hours_agree_with_counting_every_minute(
    start: datetime, minutes: int, stops: list[tuple[int, int]]
) -> None:
    start = start.replace(second=0, microsecond=0)
    spans = [(start + timedelta(minutes=a), start + timedelta(minutes=a + length)) for a, length in stops]

    def worked(minute: datetime) -> bool:
        clock = minute.astimezone(BEIJING)
        in_shift = 8 <= clock.hour < 12 or 14 <= clock.hour < 18
        return in_shift and PLAIN.is_workday(clock.date())[0] and not any(a <= minute < b for a, b in spans)

    minute, left = start, minutes
    while left:
        left -= worked(minute)
        minute += timedelta(minutes=1)
    limit = TimeLimit(LimitKind.WORK_HOURS, Decimal(minutes) / 60)
    assert due(start, limit, PLAIN, [Pause(a, b) for a, b in spans]).at == minute

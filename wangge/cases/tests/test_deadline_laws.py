"""What holds for every limit, calendar and pause: hypothesis draws them."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import ceil

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wangge.cases.rules.calendar import WorkCalendar
from wangge.cases.rules.deadlines import (
    Due,
    Extension,
    Light,
    Pause,
    StepCode,
    Timer,
    due,
    elapsed,
    explain,
    moment,
    progress,
    trace_as_json,
    trace_from_json,
)
from wangge.cases.rules.limits import LimitKind, TimeLimit
from wangge.cases.tests.instants import NIGHTS, PLAIN, SAME_TIME
from wangge.core.clock import BEIJING

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


def limit_of(kind: LimitKind, amount: Decimal) -> TimeLimit:
    """Days of the law are whole ones."""
    return TimeLimit(kind, Decimal(ceil(amount)) if kind is LimitKind.LEGAL_DAYS else amount)


def instant(found: Due) -> datetime:
    assert found.at is not None
    return found.at


@given(st.data(), CALENDARS, INSTANTS, KINDS, AMOUNTS)
def test_a_later_start_or_a_larger_amount_is_never_due_earlier(
    data: st.DataObject, calendar: WorkCalendar, start: datetime, kind: LimitKind, amount: Decimal
) -> None:
    pauses = data.draw(closed_pauses(start))
    later, more = timedelta(minutes=data.draw(MINUTES)), data.draw(AMOUNTS)
    plain = instant(due(start, limit_of(kind, amount), calendar, pauses))
    assert plain <= instant(due(start + later, limit_of(kind, amount), calendar, pauses))
    assert plain <= instant(due(start, limit_of(kind, amount + more), calendar, pauses))
    assert start <= plain


@given(st.data(), CALENDARS, INSTANTS, EVEN_KINDS, AMOUNTS)
def test_what_elapses_between_start_and_due_is_the_limit(
    data: st.DataObject, calendar: WorkCalendar, start: datetime, kind: LimitKind, amount: Decimal
) -> None:
    pauses = data.draw(closed_pauses(start))
    found = instant(due(start, limit_of(kind, amount), calendar, pauses))
    used = elapsed(start, found, kind, calendar, pauses)
    if kind is LimitKind.WORK_DAYS:  # to the microsecond of a day
        assert abs(used - amount) < Decimal("0.000000001")
    else:
        assert used == amount


@given(st.data(), CALENDARS, INSTANTS, st.sampled_from([LimitKind.WORK_HOURS, LimitKind.WORK_DAYS]), AMOUNTS)
def test_working_limits_never_fall_due_when_nobody_works(
    data: st.DataObject, calendar: WorkCalendar, start: datetime, kind: LimitKind, amount: Decimal
) -> None:
    pauses = data.draw(closed_pauses(start))
    found = instant(due(start, limit_of(kind, amount), calendar, pauses))
    day = found.astimezone(BEIJING).date()
    spans = [*calendar.work_intervals(day - timedelta(days=1)), *calendar.work_intervals(day)]
    assert any(since < found <= until for since, until in spans)
    assert not any(p.end and p.start < found < p.end for p in pauses)


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
    limit = limit_of(kind, amount)
    assert due(start, limit, calendar, pieces) == due(start, limit, calendar, pauses)


@given(st.data(), CALENDARS, INSTANTS, EVEN_KINDS, AMOUNTS)
def test_a_limit_in_two_parts_of_one_kind_is_the_whole(
    data: st.DataObject, calendar: WorkCalendar, start: datetime, kind: LimitKind, amount: Decimal
) -> None:
    pauses, more = data.draw(closed_pauses(start)), data.draw(AMOUNTS)
    whole = instant(due(start, limit_of(kind, amount + more), calendar, pauses))
    parts = instant(due(start, limit_of(kind, amount), calendar, pauses, [Extension(limit_of(kind, more), start)]))
    # Where the first part ends within a working day, it is rounded up to a microsecond.
    assert abs(whole - parts) <= timedelta(microseconds=2)


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
    extensions = data.draw(st.sampled_from([(), (Extension(limit_of(other, more), start),)]))
    timer = Timer(start, limit_of(kind, amount), pauses, extensions)
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


@given(st.data(), CALENDARS, INSTANTS, KINDS, AMOUNTS)
def test_what_the_trace_counted_adds_up_to_the_limit(
    data: st.DataObject, calendar: WorkCalendar, start: datetime, kind: LimitKind, amount: Decimal
) -> None:
    pauses = data.draw(closed_pauses(start))
    limit = limit_of(kind, amount)
    found = due(start, limit, calendar, pauses)
    counted = [step.amount for step in found.trace if step.code in (StepCode.COUNTED, StepCode.DAYS)]
    assume(counted)
    assert abs(sum(used for used in counted if used is not None) - limit.amount) < Decimal("0.0001") * (
        len(counted) + 1
    )


@settings(max_examples=30)
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

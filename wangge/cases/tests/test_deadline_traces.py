"""How a due time explains itself, and what another calendar changes in it."""

import json
from datetime import date, timedelta

from wangge.cases.rules.calendar import DayRow, WorkCalendar
from wangge.cases.rules.deadlines import (
    Pause,
    difference,
    due,
    explain,
    trace_as_json,
    trace_from_json,
)
from wangge.cases.rules.limits import parse_limit
from wangge.cases.tests.instants import PLAIN, at


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

"""Figures by hour, channel, outcome and arrival are counts of the cases and calls themselves."""

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from wangge.cases import rollups
from wangge.cases.models import Case, Category, DayByPlace, Muster
from wangge.cases.queries import figures
from wangge.cases.tests.history import SYSTEM, happen, reported
from wangge.cases.tests.made import category
from wangge.core import clock
from wangge.core.actor import acting
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World


@pytest.fixture
def a_week(committed_world: World) -> World:
    chance = random.Random(5)
    with acting(SYSTEM):
        one, other = category("71"), category("72")
        part = Category.objects.create(scheme=one.scheme, parent=one, code="01", path="71/01/", name_zh="路面沉降")
        kinds = [one.pk, part.pk, other.pk]
    for _ in range(90):
        happen(committed_world, chance, kinds)
    rollups.catch_up()
    return committed_world


def asks(world: World, who: str, what: str, **values: Any) -> Any:
    today = clock.today()
    week = {"since": today - timedelta(days=6), "until": today + timedelta(days=1)}
    answer = api_as(world[who]).get(f"/api/figures/{what}", **week | values)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def inside(world: World, who: str, code: str = "") -> list[Case]:
    by = world[who].actor
    with acting(SYSTEM):
        cases = Case.objects.select_related("category")
        return [case for case in cases if by.covers(case.reported_grid) and case.reported_grid.startswith(code)]


PLACES = [("district_seat", ""), ("street_seat", ""), ("district_seat", town.COMMUNITY), ("community", town.GRID)]


@pytest.mark.parametrize(("who", "code"), PLACES)
def test_by_channel(a_week: World, who: str, code: str) -> None:
    items = asks(a_week, who, "by-source", code=code)["items"]
    cases = inside(a_week, who, code)
    assert {row["source"]: row["reported"] for row in items if row["reported"]} == Counter(c.source for c in cases)
    assert sum(row["closed"] for row in items) == sum(case.closed_at is not None for case in cases)
    assert [row["reported"] for row in items] == sorted((row["reported"] for row in items), reverse=True)


@pytest.mark.parametrize(("who", "code"), PLACES)
def test_by_outcome(a_week: World, who: str, code: str) -> None:
    items = asks(a_week, who, "by-outcome", code=code)["items"]
    closed = [case for case in inside(a_week, who, code) if case.closed_at]
    assert {row["outcome"]: row["closed"] for row in items} == Counter(case.outcome for case in closed)
    assert sum(row["closed_in_time"] for row in items) == sum(not case.was_late for case in closed)
    assert sum(row["satisfied"] for row in items) == sum((case.satisfaction or 0) >= 4 for case in closed)


@pytest.mark.parametrize(("who", "code"), PLACES)
def test_by_hour_and_category_of_the_first_level(a_week: World, who: str, code: str) -> None:
    cases = inside(a_week, who, code)
    for root in (None, 0, *{_root(case) for case in cases}):
        asked_for = {} if root is None else {"category": root}
        days = asks(a_week, who, "by-hour", code=code, **asked_for)["days"]
        found = {(day["day"], hour): n for day in days for hour, n in enumerate(day["hours"]) if n}
        chosen = [case for case in cases if root in (None, _root(case))]
        assert found == Counter((str(clock.day_of(c.reported_at)), clock.local(c.reported_at).hour) for c in chosen)
        assert len(days) == 7


def _root(case: Case) -> int:
    return 0 if case.category is None else case.category.parent_id or case.category.pk


@pytest.mark.parametrize(("who", "code"), PLACES)
def test_departments_that_were_called_and_came(a_week: World, who: str, code: str) -> None:
    days = asks(a_week, who, "arrivals", code=code)["days"]
    by = a_week[who].actor
    with acting(SYSTEM):
        called = [
            muster
            for muster in Muster.objects.select_related("whistle")
            if by.covers(muster.whistle.code) and muster.whistle.code.startswith(code)
        ]
    took = [m.arrived_at - m.called_at for m in called if m.arrived_at is not None]
    assert sum(day["called"] for day in days) == len(called)
    assert sum(day["arrived"] for day in days) == len(took)
    assert sum(day["arrived_in_10"] for day in days) == sum(each <= timedelta(minutes=10) for each in took)
    assert sum(day["arrival_s"] for day in days) == sum(each.total_seconds() for each in took)
    assert {day["day"]: day["called"] for day in days if day["called"]} == Counter(
        str(clock.day_of(muster.called_at)) for muster in called
    )


def test_the_hour_is_beijings(committed_world: World) -> None:
    midnight = clock.day_start(date(2026, 3, 2))
    for at in (midnight - timedelta(seconds=1), midnight, midnight + timedelta(hours=1)):
        reported(committed_world, at=at)
    rollups.catch_up()
    by = committed_world["district_seat"].actor
    with acting(by):
        days = figures.by_hour(by, figures.Period(date(2026, 3, 1), date(2026, 3, 3)))["days"]
    assert [(day["day"].day, hour, n) for day in days for hour, n in enumerate(day["hours"]) if n] == [
        (1, 23, 1),
        (2, 0, 1),
        (2, 1, 1),
    ]


def test_hours_of_many_days_and_categories_are_two_statements(
    committed_world: World, django_assert_num_queries: Any
) -> None:
    with acting(SYSTEM):
        mine, other = category("01").pk, category("72").pk
    days = [date(2026, 3, 2) - timedelta(weeks=week) for week in range(5)]
    for day in days[:2]:
        for chosen in (mine, mine, other, None):
            reported(committed_world, category_id=chosen, at=clock.day_start(day) + timedelta(hours=9))
    rollups.catch_up()
    for who in ("community", "street_seat", "district_seat"):
        by = committed_world[who].actor
        with acting(by), django_assert_num_queries(1):
            found = figures.hours_of(by, days, categories={mine, 0})
        assert [found[day][9] for day in days] == [3, 3, 0, 0, 0], who


def test_an_answer_torn_by_the_reader_is_read_again(committed_world: World) -> None:
    """Between its statements a case is counted: the answer is of one moment, before or after, never of both."""
    comes = iter([True, False])

    def read() -> dict[str, Any]:
        first = _reported()
        if next(comes):
            reported(committed_world)
            rollups.catch_up()
        return {"first": first, "second": _reported()}

    answer = figures.at_one_position(read)
    assert answer["first"] == answer["second"] == 1
    assert answer["as_of"] == figures.as_of()


def _reported() -> int:
    return sum(DayByPlace.objects.filter(code=town.DISTRICT).values_list("reported", flat=True))

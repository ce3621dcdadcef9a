"""A week of whatever happened: its figures, queues and breakdowns are counts of the cases and calls themselves.

Made once for all of these tests, which only read.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from wangge.cases import rollups
from wangge.cases.models import Case, Category, DayByPlace, Muster
from wangge.cases.queries import figures
from wangge.cases.queries.counts import queue_counts
from wangge.cases.queries.filters import Queue, queue_condition
from wangge.cases.tests.history import SYSTEM, happen
from wangge.cases.tests.made import category
from wangge.core import clock
from wangge.core.actor import acting
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.committed import committed_town
from wangge.testing.world import World


@pytest.fixture(scope="module")
def a_week(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    chance = random.Random(5)
    with django_db_blocker.unblock(), committed_town() as world:
        with acting(SYSTEM):
            one, other = category("71"), category("72")
            part = Category.objects.create(scheme=one.scheme, parent=one, code="01", path="71/01/", name_zh="路面沉降")
        for _ in range(90):
            happen(world, chance, [one.pk, part.pk, other.pk])
        rollups.catch_up()
        yield world


POSTS = ["grid_worker", "community", "street_seat", "district_seat", "department_clerk", "department_leader"]


@pytest.mark.parametrize("who", POSTS)
def test_the_counts_of_the_queues_are_the_lengths_of_the_lists(a_week: World, who: str) -> None:
    by = a_week[who].actor
    with acting(by):
        answer = queue_counts(by, at=clock.now())
        for queue, number in answer["counts"].items():
            where = queue_condition(Queue(queue), by=by, at=clock.now())
            assert Case.objects.visible_to(by).filter(where).count() == number, (who, queue)
    assert answer["as_of"]["position"] > 0


@pytest.mark.parametrize("who", ["grid_chief", "community", "street_seat", "district_seat"])
def test_figures_of_a_place_are_counts_of_its_cases(a_week: World, who: str) -> None:
    by, today = a_week[who].actor, clock.today()
    period = figures.Period(today - timedelta(days=6), today + timedelta(days=1))
    inside: Callable[[str], bool] = by.covers
    with acting(SYSTEM):
        cases = [case for case in Case.objects.all() if inside(case.reported_grid)]
        still_open = [case for case in Case.objects.open() if inside(case.current_grid)]
    with acting(by):
        days = figures.by_days(by, period)["days"]
        kinds = figures.by_category(by, period)["items"]
        board = figures.dashboard(by, today=today)
    for day in days:
        came = [case for case in cases if clock.day_of(case.reported_at) == day["day"]]
        went = [case for case in cases if case.closed_at and clock.day_of(case.closed_at) == day["day"]]
        assert (day["reported"], day["closed"]) == (len(came), len(went))
        assert day["closed_in_time"] == sum(not case.was_late for case in went)
        assert day["answered_in_5"] == sum(
            case.answered_at is not None and case.answered_at - case.reported_at <= timedelta(minutes=5)
            for case in came
        )
        assert day["satisfied"] == sum((case.satisfaction or 0) >= 4 for case in went)
    assert len(days) == 7 and sum(day["reported"] for day in days) == len(cases)
    assert sum(kind["reported"] for kind in kinds) == len(cases)
    assert sum(kind["closed_in_time"] for kind in kinds) == sum(day["closed_in_time"] for day in days)
    assert board["open"]["open"] == len(still_open) == sum(board["open"]["states"].values())
    assert board["open"]["overdue"] == sum(case.is_overdue for case in still_open)


def test_children_of_a_place_add_up_to_it(a_week: World) -> None:
    by, today = a_week["district_seat"].actor, clock.today()
    period = figures.Period(today - timedelta(days=6), today + timedelta(days=1))
    with acting(by):
        streets = figures.by_place(by, period)["items"]
        communities = figures.by_place(by, period, code=town.STREET)["items"]
        grids = figures.by_place(by, period, code=town.COMMUNITY)["items"]
    assert {row["code"] for row in streets} == {town.STREET, town.OTHER_STREET}
    assert {row["code"] for row in communities} == {town.COMMUNITY, town.NEIGHBOUR_COMMUNITY}
    assert {row["code"] for row in grids} == {f"{town.COMMUNITY}00{number}" for number in (1, 2, 3)}
    own = DayByPlace.objects.filter(code=town.STREET).values_list("reported", flat=True)
    assert next(row for row in streets if row["code"] == town.STREET)["reported"] == sum(own)


def test_a_department_has_the_figures_of_its_unit(a_week: World) -> None:
    leader = api_as(a_week["department_leader"])
    board = leader.get("/api/figures/dashboard").json()
    with acting(SYSTEM):
        led = Case.objects.open().filter(lead_path__startswith=a_week.unit("D-CG").path).count()
    assert board["basis"] == "unit" and board["open"]["open"] == led
    since, until = clock.today() - timedelta(days=5), clock.today() + timedelta(days=1)
    units = leader.get("/api/figures/by-unit", since=since, until=until).json()["items"]
    assert {row["path"] for row in units} <= {a_week.unit(code).path for code in ("D-CG", "D-CG-1", "D-CG-2")}
    assert sum(row["open"] for row in units) == led


def test_figures_stay_in_scope_and_periods_in_bounds(a_week: World) -> None:
    seat, today = api_as(a_week["street_seat"]), clock.today()
    week = {"since": today - timedelta(days=7), "until": today}
    assert seat.get("/api/figures/dashboard", code=town.OTHER_STREET).status_code == 403
    assert seat.get("/api/figures/by-place", code=town.OTHER_COMMUNITY, **week).status_code == 403
    assert seat.get("/api/figures/by-unit", unit=a_week.unit("D-SW").path, **week).status_code == 403
    assert seat.get("/api/figures/days", since=today, until=today).status_code == 422
    assert seat.get("/api/figures/days", since="1999-01-01", until=today).status_code == 422
    assert api_as(a_week["grid_worker"]).get("/api/figures/dashboard").status_code == 403
    district = seat.get("/api/figures/by-place", code=town.DISTRICT, **week).json()["items"]
    assert [row["code"] for row in district] == [town.STREET]


def test_two_answers_at_one_position_agree(a_week: World) -> None:
    seat = api_as(a_week["district_seat"])
    today = clock.today()
    board = seat.get("/api/figures/dashboard").json()
    places = seat.get("/api/figures/by-place", since=today, until=today + timedelta(days=1)).json()
    counts = seat.get("/api/cases/counts").json()
    assert board["as_of"]["position"] == places["as_of"]["position"] == counts["as_of"]["position"]
    assert board["open"]["overdue"] == counts["counts"]["overdue"]


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

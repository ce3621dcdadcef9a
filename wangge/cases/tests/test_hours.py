"""Figures by hour, and answers that are of one moment."""

from datetime import date, timedelta
from typing import Any

from wangge.cases import rollups
from wangge.cases.models import DayByPlace
from wangge.cases.queries import figures
from wangge.cases.tests.history import SYSTEM, reported
from wangge.cases.tests.made import category
from wangge.core import clock
from wangge.core.actor import acting
from wangge.testing import town
from wangge.testing.world import World


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

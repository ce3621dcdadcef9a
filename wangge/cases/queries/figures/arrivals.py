"""Departments called by whistle: how many came, how many within ten minutes, and how long it took."""

from datetime import timedelta
from typing import Any

from wangge.cases.models import DayByMuster
from wangge.cases.queries.figures.asked import Period, at_one_position, places_of, sums, zeros
from wangge.core.actor import Actor

ARRIVALS = ("called", "arrived", "arrived_in_10", "arrival_s")


def arrivals(by: Actor, period: Period, *, code: str = "") -> dict[str, Any]:
    """Every day of the period, by the day of the call and the grid that asked."""
    places = places_of(by, code)

    def read() -> dict[str, Any]:
        rows = sums(DayByMuster.objects.filter(period.days, code__in=places).values("day"), ARRIVALS)
        found = {row["day"]: row for row in rows}
        days = [period.since + timedelta(days=index) for index in range((period.until - period.since).days)]
        return {"days": [{"day": day, **zeros(found.get(day), ARRIVALS)} for day in days]}

    return at_one_position(read)

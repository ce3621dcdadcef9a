"""What came in, by the hour of a Beijing day."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from wangge.cases.models import DayByHour
from wangge.cases.models.figures import HOURS
from wangge.cases.queries.figures.asked import Period, at_one_position, places_of, sums
from wangge.core.actor import Actor
from wangge.core.codes import Level

Hours = list[int]

OF_GRAINS = """
select g.reported_day, g.reported_hour, count(*) from cases_grain g
  left join cases_category k on k.id = g.category
  left join cases_category r on r.scheme_id = k.scheme_id and r.path = split_part(k.path, '/', 1) || '/'
 where g.reported_grid >= %(code)s and g.reported_grid < %(code)s || '~'
   and g.reported_day >= %(since)s and g.reported_day < %(until)s
   and (%(category)s::bigint is null or coalesce(r.id, 0) = %(category)s)
 group by g.reported_day, g.reported_hour
"""


def by_hour(by: Actor, period: Period, *, code: str = "", category: int | None = None) -> dict[str, Any]:
    """Every day of the period with its 24 hours. `category`: one of the first level, 0 for those without."""
    places = places_of(by, code)

    def read() -> dict[str, Any]:
        days = _days(places, period, category)
        return {"days": [{"day": day, "hours": hours} for day, hours in days.items()]}

    return at_one_position(read)


def _days(places: Sequence[str], period: Period, category: int | None) -> dict[date, Hours]:
    length = (period.until - period.since).days
    days: dict[date, Hours] = {period.since + timedelta(days=index): [0] * len(HOURS) for index in range(length)}
    for place in places:
        kept = len(place) <= Level.STREET
        for day, hour, number in (_kept if kept else _from_grains)(place, period, category):
            days[day][hour] += number
    return days


def _kept(place: str, period: Period, category: int | None) -> list[tuple[date, int, int]]:
    rows = DayByHour.objects.filter(period.days, code=place)
    if category is not None:
        rows = rows.filter(category=category)
    return [(row["day"], hour, row[name]) for row in sums(rows.values("day"), HOURS) for hour, name in enumerate(HOURS)]


def _from_grains(place: str, period: Period, category: int | None) -> list[tuple[date, int, int]]:
    values: dict[str, Any] = {"code": place, "since": period.since, "until": period.until, "category": category}
    with connection.cursor() as cursor:
        cursor.execute(OF_GRAINS, values)
        return list(cursor.fetchall())

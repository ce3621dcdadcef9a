"""What came in, by the hour of a Beijing day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db import connection

from wangge.cases.models import DayByHour
from wangge.cases.models.figures import HOURS
from wangge.cases.queries.figures.asked import Period, at_one_position, places_of, sums
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.codes import Level

Hours = list[int]
SAME_HOURS = 3

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


def hours_of(by: Actor, days: Collection[date], *, categories: Collection[int] | None = None) -> dict[date, Hours]:
    """Of these days alone. `categories`: of the first level; None: all."""
    found: dict[date, Hours] = {day: [0] * len(HOURS) for day in days}
    places = places_of(by, "")
    rows = DayByHour.objects.filter(code__in=[place for place in places if len(place) <= Level.STREET], day__in=days)
    if categories is not None:
        rows = rows.filter(category__in=categories)
    for row in sums(rows.values("day"), HOURS):
        found[row["day"]] = [row[name] for name in HOURS]
    for place in (place for place in places if len(place) > Level.STREET):
        for day in days:
            for category in categories if categories is not None else [None]:
                for _, hour, number in _from_grains(place, Period(day, day + timedelta(days=1)), category):
                    found[day][hour] += number
    return found


@dataclass(frozen=True, slots=True)
class Compared:
    """What came in now, and in the same hours of the weeks before, newest first."""

    key: int | str
    now: int
    before: tuple[int, ...]


def same_hours(
    by: Actor, at: datetime, *, of: Literal["category", "code"], keys: Collection[int | str] | None, weeks: int = 4
) -> list[Compared]:
    """The last three whole hours against the same hours of earlier weeks; by category of the first level, or by place.

    `keys`: the categories wanted (None: all), or the places; down to the sub-district. An hour that still runs is
    compared with nothing.
    """
    rounds = [_slots(at - timedelta(weeks=week)) for week in range(weeks + 1)]
    rows = DayByHour.objects.filter(day__in={day for slots in rounds for day, _ in slots})
    if of == "category":
        rows = rows.filter(code__in=places_of(by, ""))
        rows = rows if keys is None else rows.filter(category__in=keys)
    else:
        rows = rows.filter(code__in=[code for code in keys or () if by.covers(str(code))])
    counted: dict[tuple[Any, date], dict[str, int]] = {
        (row[of], row["day"]): row for row in sums(rows.values(of, "day"), HOURS)
    }
    found = []
    for key in {key for key, _ in counted}:
        in_round = [[(counted.get((key, day)) or {}).get(HOURS[hour]) or 0 for day, hour in slots] for slots in rounds]
        now, *before = map(sum, in_round)
        found.append(Compared(key, now, tuple(before)))
    return sorted(found, key=lambda one: (-(one.now - sum(one.before) / weeks), -one.now, str(one.key)))


def _slots(at: datetime) -> list[tuple[date, int]]:
    hours = [clock.local(at - timedelta(hours=back)) for back in range(SAME_HOURS, 0, -1)]
    return [(hour.date(), hour.hour) for hour in hours]

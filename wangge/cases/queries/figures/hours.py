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
select g.reported_day, g.reported_hour, count(*)
  from unnest(%(places)s::text[]) place(code)
  join cases_grain g on g.reported_grid >= place.code and g.reported_grid < place.code || '~'
  left join cases_category k on k.id = g.category
  left join cases_category r on r.scheme_id = k.scheme_id and r.path = split_part(k.path, '/', 1) || '/'
 where g.reported_day = any(%(days)s::date[])
   and (%(categories)s::bigint[] is null or coalesce(r.id, 0) = any(%(categories)s::bigint[]))
 group by g.reported_day, g.reported_hour
"""


def by_hour(by: Actor, period: Period, *, code: str = "", category: int | None = None) -> dict[str, Any]:
    """Every day of the period with its 24 hours. `category`: one of the first level, 0 for those without."""
    places = places_of(by, code)
    days = [period.since + timedelta(days=index) for index in range((period.until - period.since).days)]
    categories = None if category is None else [category]

    def read() -> dict[str, Any]:
        return {"days": [{"day": day, "hours": hours} for day, hours in _counted(places, days, categories).items()]}

    return at_one_position(read)


def hours_of(by: Actor, days: Sequence[date], *, categories: Collection[int] | None = None) -> dict[date, Hours]:
    """Of these days alone. `categories`: of the first level; None: all. One statement for places of each depth."""
    return _counted(places_of(by, ""), days, categories)


def _counted(places: Sequence[str], days: Sequence[date], categories: Collection[int] | None) -> dict[date, Hours]:
    found: dict[date, Hours] = {day: [0] * len(HOURS) for day in days}
    kept = [place for place in places if len(place) <= Level.STREET]
    for row in _kept(kept, days, categories) if kept else []:
        found[row["day"]] = [row[name] for name in HOURS]
    below = [place for place in places if len(place) > Level.STREET]
    for day, hour, number in _from_grains(below, days, categories) if below else []:
        found[day][hour] += number
    return found


def _kept(places: list[str], days: Sequence[date], categories: Collection[int] | None) -> list[dict[str, Any]]:
    rows = DayByHour.objects.filter(code__in=places, day__in=days)
    if categories is not None:
        rows = rows.filter(category__in=categories)
    return sums(rows.values("day"), HOURS)


def _from_grains(
    places: list[str], days: Sequence[date], categories: Collection[int] | None
) -> list[tuple[date, int, int]]:
    chosen = None if categories is None else list(categories)
    with connection.cursor() as cursor:
        cursor.execute(OF_GRAINS, {"places": places, "days": list(days), "categories": chosen})
        return list(cursor.fetchall())


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

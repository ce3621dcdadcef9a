"""When things happen: arrivals over a year, a week and a day, and how long people take."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from wangge.cases.rules.calendar import WorkCalendar
from wangge.core.clock import day_of, day_start, local
from wangge.demo.topics import RAIN, Topic

WEEKDAYS = (1.12, 1.06, 1.03, 1.0, 1.04, 0.82, 0.74)
HOLIDAY = 0.7
STORM_DAYS = 12
GROWTH = 0.35  # more is reported at the end of the year than at its beginning
DAY_OPENS, DAY_CLOSES = 8.75, 17.75  # hours at which offices work


class Calendar:
    """Working days by day, looked up once each."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self._calendar = calendar
        self._known: dict[date, bool] = {}

    def is_workday(self, day: date) -> bool:
        if day not in self._known:
            self._known[day] = self._calendar.is_workday(day)[0]
        return self._known[day]

    def office(self, at: datetime, rng: random.Random) -> datetime:
        """`at`, or some time in the next office hours when nobody sits there then."""
        here = local(at)
        hour = here.hour + here.minute / 60
        if self.is_workday(here.date()) and DAY_OPENS <= hour < DAY_CLOSES:
            return at
        day = here.date() if hour < DAY_OPENS else here.date() + timedelta(days=1)
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day_start(day) + timedelta(hours=DAY_OPENS + rng.expovariate(4) % 2)


def daytime(at: datetime, rng: random.Random) -> datetime:
    """Field work, weekends too, but nobody is sent out between 21:00 and 7:30."""
    here = local(at)
    hour = here.hour + here.minute / 60
    if 7.5 <= hour < 21:
        return at
    day = here.date() if hour < 7.5 else here.date() + timedelta(days=1)
    return day_start(day) + timedelta(hours=7.5 + 3 * rng.random())


def minutes(rng: random.Random, median: float, spread: float = 0.8) -> timedelta:
    return timedelta(minutes=rng.lognormvariate(0, spread) * median)


def hours(rng: random.Random, median: float, spread: float = 0.8) -> timedelta:
    return timedelta(hours=rng.lognormvariate(0, spread) * median)


def arrivals(
    topics: Sequence[Topic],
    count: int,
    days: int,
    now: datetime,
    calendar: Calendar,
    rng: np.random.Generator,
    *,
    lately: float = 1.0,
) -> list[tuple[datetime, int]]:
    """(reported at, index of topic), oldest first; the newest a moment ago."""
    last = day_of(now)
    dates = [last - timedelta(days=days - 1 - index) for index in range(days)]
    weights = _day_weights(dates, calendar, rng)
    weights[-7:] *= lately
    weights[-1] *= (now - day_start(last)) / timedelta(days=1)
    storms = _storms(dates, rng)
    of_day = rng.choice(days, count, p=weights / weights.sum())
    found: list[tuple[datetime, int]] = []
    for day in np.unique(of_day):
        many = int((of_day == day).sum())
        which = rng.choice(len(topics), many, p=_topic_weights(topics, dates[day], stormy=int(day) in storms))
        start, until = day_start(dates[day]), min(day_start(dates[day]) + timedelta(days=1), now)
        found += [(_instant(topics[topic], start, until, rng), int(topic)) for topic in which]
    return sorted(found)


def _day_weights(dates: Sequence[date], calendar: Calendar, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    growth = np.linspace(1 - GROWTH / 2, 1 + GROWTH / 2, len(dates))
    week = np.array([WEEKDAYS[day.weekday()] for day in dates])
    rest = np.array(
        [HOLIDAY if day.weekday() < 5 and not calendar.is_workday(day) else 1.0 for day in dates], dtype=np.float64
    )
    noise: npt.NDArray[np.float64] = rng.lognormal(0, 0.09, len(dates))
    found: npt.NDArray[np.float64] = growth * week * rest * noise
    return found


def _storms(dates: Sequence[date], rng: np.random.Generator) -> set[int]:
    rain = np.array([RAIN[day.month - 1] ** 2 for day in dates])
    return {int(index) for index in rng.choice(len(dates), min(STORM_DAYS, len(dates)), p=rain / rain.sum())}


def _topic_weights(topics: Sequence[Topic], day: date, *, stormy: bool) -> npt.NDArray[np.float64]:
    """A storm brings water, and branches on the road."""
    storm = {"flood": 14.0, "water_leak": 2.5, "tree": 3.0} if stormy else {}
    found: npt.NDArray[np.float64] = np.array(
        [topic.weight * topic.months[day.month - 1] * storm.get(topic.key, 1.0) for topic in topics]
    )
    found /= found.sum()
    return found


def _instant(topic: Topic, start: datetime, until: datetime, rng: np.random.Generator) -> datetime:
    """Within the day by the topic's own hours; today only up to now."""
    open_hours = max(1, min(24, int((until - start) / timedelta(hours=1)) + 1))
    weights = np.array(topic.hours[:open_hours], dtype=np.float64) + 0.01
    hour = int(rng.choice(open_hours, p=weights / weights.sum()))
    begin = start + timedelta(hours=hour)
    length = min(timedelta(hours=1), until - begin)
    return begin + max(length, timedelta(0)) * float(rng.random()) * 0.999

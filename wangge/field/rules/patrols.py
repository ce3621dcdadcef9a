"""When rounds are due, and whether a check-in stands where the point is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MOST_ACCURACY_M = 50.0  # what a phone may be off by and still count as being there
SUNDAY = 7


@dataclass(frozen=True, slots=True)
class Due:
    """A round may be walked from `since` to `day`, both included."""

    since: date
    day: date


def due_on(day: date, *, per: str, weekdays: Sequence[int], valid_from: date, valid_to: date | None) -> Due | None:
    """The round that is to be made on a day; None where none is. Of a week: from its first valid day to its last."""
    if day < valid_from or (valid_to is not None and day >= valid_to):
        return None
    if per == "day":
        return Due(day, day) if not weekdays or day.isoweekday() in weekdays else None
    week = period_of(day, per)
    last = week.day if valid_to is None else min(week.day, valid_to - timedelta(days=1))
    return Due(max(week.since, valid_from), last)


def period_of(day: date, per: str) -> Due:
    """The day, or the whole week from Monday, whatever the dates of a plan."""
    if per == "day":
        return Due(day, day)
    monday = day - timedelta(days=day.isoweekday() - 1)
    return Due(monday, monday + timedelta(days=SUNDAY - 1))


def is_there(distance_m: float, *, radius_m: float, accuracy_m: float) -> bool:
    return distance_m <= radius_m + min(accuracy_m, MOST_ACCURACY_M)

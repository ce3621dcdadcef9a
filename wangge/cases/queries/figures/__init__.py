"""Figures from roll-ups alone: one row for each place and day, so an answer sums days, never grids.

A post with codes is shown its places, one without its unit. Every answer says as of which position of the journal; two
answers at one position agree to the unit.
"""

from wangge.cases.queries.figures.arrivals import arrivals
from wangge.cases.queries.figures.asked import (
    COUNTS,
    OPEN,
    OUTCOME_COUNTS,
    UNIT_COUNTS,
    Period,
    TooManyDays,
    as_of,
    at_one_position,
    places_of,
)
from wangge.cases.queries.figures.board import by_days, by_place, by_unit, dashboard
from wangge.cases.queries.figures.chosen import days_of, open_by_place, open_of
from wangge.cases.queries.figures.hours import SAME_HOURS, Compared, by_hour, hours_of, same_hours
from wangge.cases.queries.figures.kinds import by_category, by_outcome, by_source

__all__ = [
    "COUNTS",
    "OPEN",
    "OUTCOME_COUNTS",
    "SAME_HOURS",
    "UNIT_COUNTS",
    "Compared",
    "Period",
    "TooManyDays",
    "arrivals",
    "as_of",
    "at_one_position",
    "by_category",
    "by_days",
    "by_hour",
    "by_outcome",
    "by_place",
    "by_source",
    "by_unit",
    "dashboard",
    "days_of",
    "hours_of",
    "open_by_place",
    "open_of",
    "places_of",
    "same_hours",
]

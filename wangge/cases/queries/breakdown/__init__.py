"""Figures broken down for analysis: by time, place, category, channel, outcome or unit, beside an earlier period.

Each row says which cases it counts: the filters of the case list that find them.
"""

from wangge.cases.queries.breakdown.asked import MEASURES, Asked, Beside, By
from wangge.cases.queries.breakdown.compared import breakdown

__all__ = ["MEASURES", "Asked", "Beside", "By", "breakdown"]

"""What people report: templates × places × details, all invented.

In the templates: {p} the place, {w} a spot in it, {n} a small number, {d} since when (wangge.demo.wording fills them).
"""

from wangge.demo.topics.compounds import COMPOUNDS
from wangge.demo.topics.people import PEOPLE
from wangge.demo.topics.shape import OFFICE, RAIN, Topic, Variant
from wangge.demo.topics.streets import STREETS
from wangge.demo.topics.trades import TRADES

__all__ = ["OFFICE", "RAIN", "TOPICS", "Topic", "Variant"]

TOPICS: tuple[Topic, ...] = (*COMPOUNDS, *STREETS, *TRADES, *PEOPLE)

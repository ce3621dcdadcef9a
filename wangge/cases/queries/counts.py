"""How many cases wait in each queue of a post: from roll-ups, exact, never cut at a page.

What is amber changes with the clock and not with a write, `mine` depends on the person, and few ask for more time at
once: those three are counted now, over open cases alone. The rest is as of a position of the journal.
"""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Sum

from wangge.accounts.permissions import Permission
from wangge.cases.models import OpenByPlace
from wangge.cases.queries.figures import OPEN, at_one_position
from wangge.cases.queries.filters import IN_STATE, Queue, queue_condition
from wangge.cases.queries.scope import Reach, ranges_of
from wangge.cases.queries.walk import how_many
from wangge.core.actor import Actor
from wangge.core.codes import END

NOW = (Queue.AMBER, Queue.MINE, Queue.TO_EXTEND)
# Cases of the unit that lie outside the post's codes, each once, whatever the number of its units below ours.
OF_UNIT = """
select state, count(*), count(*) filter (where is_overdue), count(*) filter (where is_returned),
       count(*) filter (where is_supervised)
  from (
    select distinct "case", state, is_overdue, is_returned, is_supervised from cases_opencharge
     where ((reads_below and unit_path >= %s and unit_path < %s) or (not reads_below and unit_path = %s)) {outside}
  ) found group by state
"""


def queue_counts(by: Actor, *, at: datetime) -> dict[str, Any]:
    """Raises NotAllowed. Eight queries."""
    by.require(Permission.CASE_READ)
    kept = at_one_position(lambda: {"counts": _kept(by)})
    return kept | {"counts": kept["counts"] | {str(queue): _now(by, queue, at) for queue in NOW}}


def _kept(by: Actor) -> dict[str, int]:
    states: dict[str, int] = {}
    totals = dict.fromkeys(OPEN, 0)
    for state, *numbers in [*_of_places(by), *_of_unit(by)]:
        states[state] = states.get(state, 0) + numbers[0]
        for name, number in zip(OPEN, numbers, strict=True):
            totals[name] += number
    counts = {str(queue): states.get(state, 0) for queue, state in IN_STATE.items()}
    return counts | {str(Queue(name)): totals[name] for name in OPEN}


def _of_places(by: Actor) -> list[tuple[Any, ...]]:
    rows = OpenByPlace.objects.filter(code__in=ranges_of(by)).values_list("state")
    return list(rows.annotate(*[Sum(name) for name in OPEN]).order_by())


def _of_unit(by: Actor) -> list[tuple[Any, ...]]:
    if not by.unit_path or "" in by.ranges:
        return []
    outside, values = "", []
    for prefix in ranges_of(by):
        outside += " and not (current_grid >= %s and current_grid < %s)"
        values += [prefix, prefix + END]
    with connection.cursor() as cursor:
        cursor.execute(OF_UNIT.format(outside=outside), [by.unit_path, by.unit_path + END, by.unit_path, *values])
        return list(cursor.fetchall())


def _now(by: Actor, queue: Queue, at: datetime) -> int:
    return how_many(by, queue_condition(queue, by=by, at=at), Reach(only_open=True))

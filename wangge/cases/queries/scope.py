"""How a scope is walked, not what it is: that is `Case.objects.visible_to` alone.

`in codes or of the unit` has no index. So the ways below are parts of it that have one, each built from the very Q's
that `visible_to` is made of; together they hold all of it (tests/test_queues.py compares them on made-up rows).
"""

import uuid
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Left
from django.db.models.lookups import Exact

from wangge.cases.models import Assignment, Case
from wangge.cases.models.case import CaseQuerySet, held_by, in_codes
from wangge.core.actor import Actor
from wangge.core.codes import END, Level
from wangge.core.ranges import within

# More units than this below one's own: its cases lie close together in the newest, and one walk finds them sooner.
MANY_UNITS = 20
# A district or more holds so large a part of all cases that walking all of them, newest first, finds a page soonest.
WIDE = Level.DISTRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far a question reaches; what lies outside need not be walked. The question's own condition says it again."""

    only_open: bool = False
    code: str = ""  # division or grid
    unit: str = ""  # path of a unit charged with it
    charges: Q = field(default_factory=Q)  # on Assignment: what the copies it has of the case's columns can say


@dataclass(frozen=True, slots=True)
class Way:
    """One part of a scope. `unit_paths`: walk these units' charges, which lie in the order of their cases."""

    where: Q
    unit_paths: tuple[str, ...] = ()


def ways(by: Actor, reach: Reach) -> list[Way]:
    """Parts whose union holds all of the scope that lies in `code` and is charged to `unit`, or all its open cases."""
    only_open, code, unit = reach.only_open, reach.code, reach.unit
    if unit and len(paths := _paths_below(unit)) <= MANY_UNITS:
        if only_open:
            return [Way(Q(pk__in=_lasting(unit))), Way(Q(reopenings__gt=0))]
        return [Way(Q(), tuple(paths))] if paths else []
    if "" in by.ranges:
        return [Way(Q())]
    if code and by.covers(code):
        return [Way(under(code))]
    if any(len(prefix) <= WIDE for prefix in by.ranges):
        return [Way(open_cover(by) if only_open else Q())]
    codes = [Way(under(prefix)) for prefix in ranges_of(by) if not code or prefix.startswith(code)]
    if not by.unit_path:
        return codes
    held = Way(held_by(by))
    if only_open:
        return [*codes, held, Way(Q(pk__in=_lasting(by.unit_path))), Way(Q(reopenings__gt=0))]
    paths = _paths_below(by.unit_path)
    if len(paths) > MANY_UNITS:
        return [Way(Q())]
    return [*codes, held, Way(Q(), tuple(paths))] if paths else [*codes, held]


def open_cover(by: Actor) -> Q:
    """Holds every open case of the scope, and few others; cheap to ask of each row, where `visible_to` is dear."""
    if "" in by.ranges or not by.unit_path:
        return Q()
    return in_codes(by) | Q(pk__in=_lasting(by.unit_path)) | held_by(by) | Q(reopenings__gt=0)


def _lasting(unit_path: str) -> "QuerySet[Assignment, uuid.UUID]":
    """Cases that the unit or one below it is or was charged with and that did not end its charge by being closed.

    An open case's charge is among these, unless the case was closed and opened again (`reopenings`).
    """
    below = Assignment.objects.filter(unit_path__gte=unit_path, unit_path__lt=unit_path + END)
    return below.exclude(ended_how="closed").values_list("case", flat=True)


def visible(by: Actor) -> CaseQuerySet:
    return Case.objects.visible_to(by)


def ranges_of(by: Actor) -> list[str]:
    """The post's ranges, without those that stand inside another."""
    kept: list[str] = []
    for prefix in sorted(set(by.ranges)):
        if not any(prefix.startswith(shorter) for shorter in kept):
            kept.append(prefix)
    return kept


def under(code: str) -> Q:
    """`within` for one code; exactly a sub-district by the index that is in order of time there."""
    if len(code) == Level.STREET:
        return Q(Exact(Left("current_grid", int(Level.STREET)), Value(code)))
    return within("current_grid", (code,))


# The different paths below one's own, by hopping from one to the next in the index. Not from the table of units: a unit
# that was moved has left its old path in the charges of its time.
PATHS = """
with recursive found(path) as (
  (select unit_path from cases_assignment where unit_path >= %(low)s and unit_path < %(high)s
    order by unit_path limit 1)
  union all
  select (select unit_path from cases_assignment where unit_path > found.path and unit_path < %(high)s
          order by unit_path limit 1)
    from found where found.path is not null
)
select path from found where path is not null limit %(most)s
"""


def _paths_below(unit_path: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(PATHS, {"low": unit_path, "high": unit_path + END, "most": MANY_UNITS + 1})
        return [path for (path,) in cursor.fetchall()]

"""The ids of one page of a scope, in order: each way of the scope by its own index, then merged.

Where a page is searched for by text, see text.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet, UUIDField
from django.db.models.expressions import RawSQL

from wangge.cases.models import Assignment, Case
from wangge.cases.models.case import CaseQuerySet
from wangge.cases.queries.order import Found, Place, Sort
from wangge.cases.queries.scope import Reach, Way, visible, ways
from wangge.core.actor import Actor
from wangge.core.codes import END

Sql = tuple[str, list[Any]]
Sieve = Callable[[Sql], Sql]  # lets rows of one walk through, in their order


@dataclass(frozen=True, slots=True)
class Walk:
    """A question on its ways: whose, which parts of the scope, and what must hold of a case and of its charges."""

    by: Actor
    scope: CaseQuerySet
    parts: list[Way]
    where: Q
    charges: Q

    @classmethod
    def of(cls, by: Actor, where: Q, reach: Reach) -> "Walk":
        return cls(by, visible(by), ways(by, reach), where, reach.charges)


def page_ids(by: Actor, where: Q, place: Place, *, reach: Reach, limit: int) -> list[Found]:
    """One query (two where units are walked); by due time one more, where a page runs over into what has no clock."""
    walk = Walk.of(by, where, reach)
    found = fetch(walk, place, limit)
    if place.by_due and len(found) < limit:
        found += fetch(walk, place.rest(), limit - len(found))
    return found


def fetch(walk: Walk, place: Place, limit: int, *, far: int = 0, sieve: Sieve | None = None) -> list[Found]:
    """`far`: how many cases of each way are looked at for what the sieve lets through."""
    found = merged(walk, place, limit, far=far, sieve=sieve)
    if found is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*found)
        return [Found(at, key, place.no_clock) for at, key in cursor.fetchall()]


def is_longer(walk: Walk, place: Place, far: int) -> bool:
    """Whether one of the ways goes on behind so many cases."""
    pieces = _parts(walk, place, far, None)
    if not pieces:
        return False
    counts = " union all ".join(f"select count(*) as cases from ({sql}) walked" for sql, _ in pieces)  # noqa: S608
    with connection.cursor() as cursor:
        sql = f"select max(cases) from ({counts}) walked"  # noqa: S608
        cursor.execute(sql, [value for _, found in pieces for value in found])
        return int(cursor.fetchone()[0]) >= far


def how_many(by: Actor, where: Q, reach: Reach) -> int:
    """Each case once, however many ways lead to it."""
    pieces = _parts(Walk.of(by, where, reach), Place(sort=Sort.NEWEST), None, None)
    if not pieces:
        return 0
    union = " union ".join(f"({sql})" for sql, _ in pieces)
    with connection.cursor() as cursor:
        sql = f"select count(*) from ({union}) found"  # noqa: S608
        cursor.execute(sql, [value for _, found in pieces for value in found])
        return int(cursor.fetchone()[0])


def merged(walk: Walk, place: Place, limit: int, *, far: int = 0, sieve: Sieve | None = None) -> Sql | None:
    """None: nothing can match."""
    pieces = _parts(walk, place, far or limit, sieve)
    if not pieces:
        return None
    if len(walk.parts) == 1 and sieve is None:
        return pieces[0]
    down = " desc" if place.sort is Sort.NEWEST else ""
    union = " union ".join(f"({sql})" for sql, _ in pieces)
    values = [value for _, found in pieces for value in found]
    return f"select at, key from ({union}) found order by at{down}, key{down} limit {limit:d}", values  # noqa: S608


def _parts(walk: Walk, place: Place, limit: int | None, sieve: Sieve | None) -> list[Sql]:
    found = []
    for way in walk.parts:
        try:
            piece = _charges(walk, way, place, limit) if way.unit_paths else _cases(walk, way, place, limit)
        except EmptyResultSet:  # asked for what nobody can find: a telephone, by somebody who may not know reporters
            continue
        found.append(sieve(piece) if sieve else piece)
    return found


def _cases(walk: Walk, way: Way, place: Place, limit: int | None) -> Sql:
    rows = walk.scope.filter(way.where & walk.where & place.where & place.behind(place.field, "pk"))
    ordered = rows.order_by(*place.order(place.field, "pk")).values_list(place.field, "pk")
    sql, values = compiled(ordered[:limit])
    return f"select * from ({sql}) rows(at, key)", values  # noqa: S608


def _charges(walk: Walk, way: Way, place: Place, limit: int | None) -> Sql:
    """Units charged with cases: the charge carries the case's time, so its index is in the order of the page.

    The units' charges are read as one stream in that order (a merge of index scans), and each case is looked at once
    until the page is full (`offset 0`: nothing may be turned round).
    """
    union, values = _stream(walk, way, place)
    cases = Case.objects if all(path.startswith(walk.by.unit_path or END) for path in way.unit_paths) else walk.scope
    key = RawSQL("walked.key", [], output_field=UUIDField())
    looked_at = cases.filter(way.where & walk.where & place.where, pk=key).order_by()
    down = " desc" if place.sort is Sort.NEWEST else ""
    if place.by_due:
        seen, more = compiled(looked_at.filter(place.behind("due_at", "pk")).values_list("due_at"))
        shown = "seen.at"
    else:
        seen, more = compiled(looked_at.values_list("reported_at"))
        shown = "walked.at"
    sql = f"""
    select distinct {shown} as at, walked.key from ({union}) walked(at, key)
     cross join lateral ({seen} offset 0) seen(at) order by at{down}, key{down}
    """  # noqa: S608
    return sql + (f" limit {limit:d}" if limit is not None else ""), [*values, *more]


def _stream(walk: Walk, way: Way, place: Place) -> Sql:
    """Each unit's charges in the order of the page: unordered, PostgreSQL would read all of them and sort."""
    charges = Assignment.objects.filter(walk.charges)
    if not place.by_due:
        charges = charges.filter(place.behind("reported_at", "case"))
    ordered = charges.order_by(*place.order("reported_at", "case_id")).values_list("reported_at", "case")
    each = [compiled(ordered.filter(unit_path=path)) for path in way.unit_paths]
    return " union all ".join(f"({sql})" for sql, _ in each), [value for _, values in each for value in values]


def compiled(rows: "QuerySet[Any, Any]") -> Sql:
    sql, values = rows.query.get_compiler(using=rows.db).as_sql()
    return sql, list(values)

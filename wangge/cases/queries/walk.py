"""The ids of one page of a scope, in order: each way of the scope by its own index, then merged.

Where a page is searched for by text, see text.py.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, QuerySet, TextField
from django.db.models.expressions import RawSQL

from wangge.cases.queries.order import Found, Place, Sort
from wangge.cases.queries.scope import Way, visible, ways
from wangge.core.actor import Actor

Sql = tuple[str, list[Any]]
Sieve = Callable[[Sql], Sql]  # lets rows of one walk through, in their order


def page_ids(
    by: Actor, where: Q, place: Place, *, only_open: bool, code: str = "", unit: str = "", limit: int
) -> list[Found]:
    """One query (two where units are walked); by due time one more, where a page runs over into what has no clock."""
    parts = ways(by, only_open=only_open, code=code, unit=unit)
    found = fetch(by, parts, where, place, limit)
    if place.by_due and len(found) < limit:
        found += fetch(by, parts, where, place.rest(), limit - len(found))
    return found


def fetch(
    by: Actor, parts: list[Way], where: Q, place: Place, limit: int, *, reach: int = 0, sieve: Sieve | None = None
) -> list[Found]:
    """`reach`: how far each way is walked for what the sieve lets through."""
    found = merged(by, parts, where, place, limit, reach=reach, sieve=sieve)
    if found is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*found)
        return [Found(at, key, place.no_clock) for at, key in cursor.fetchall()]


def is_longer(by: Actor, parts: list[Way], where: Q, place: Place, reach: int) -> bool:
    """Whether one of the ways goes on behind `reach` cases."""
    pieces = _parts(by, parts, where, place, reach, None)
    if not pieces:
        return False
    counts = " union all ".join(f"select count(*) as cases from ({sql}) walked" for sql, _ in pieces)  # noqa: S608
    with connection.cursor() as cursor:
        sql = f"select max(cases) from ({counts}) walked"  # noqa: S608
        cursor.execute(sql, [value for _, found in pieces for value in found])
        return int(cursor.fetchone()[0]) >= reach


def how_many(by: Actor, where: Q, *, only_open: bool) -> int:
    """Each case once, however many ways lead to it."""
    pieces = _parts(by, ways(by, only_open=only_open), where, Place(sort=Sort.NEWEST), None, None)
    if not pieces:
        return 0
    union = " union ".join(f"({sql})" for sql, _ in pieces)
    with connection.cursor() as cursor:
        sql = f"select count(*) from ({union}) found"  # noqa: S608
        cursor.execute(sql, [value for _, found in pieces for value in found])
        return int(cursor.fetchone()[0])


def merged(
    by: Actor, parts: list[Way], where: Q, place: Place, limit: int, *, reach: int = 0, sieve: Sieve | None = None
) -> Sql | None:
    """None: nothing can match."""
    pieces = _parts(by, parts, where, place, reach or limit, sieve)
    if not pieces:
        return None
    down = " desc" if place.sort is Sort.NEWEST else ""
    union = " union ".join(f"({sql})" for sql, _ in pieces)
    values = [value for _, found in pieces for value in found]
    if len(parts) == 1 and not parts[0].unit_paths and sieve is None:
        return pieces[0]
    return f"select at, key from ({union}) found order by at{down}, key{down} limit {limit:d}", values  # noqa: S608


def _parts(by: Actor, parts: list[Way], where: Q, place: Place, limit: int | None, sieve: Sieve | None) -> list[Sql]:
    found = []
    for way in parts:
        try:
            found.append(_part(by, way, where, place, limit, sieve))
        except EmptyResultSet:  # asked for what nobody can find: a telephone, by somebody who may not know reporters
            continue
    return found


def _part(by: Actor, way: Way, where: Q, place: Place, limit: int | None, sieve: Sieve | None) -> Sql:
    let = sieve or (lambda found: found)
    if not way.unit_paths:
        return let(compiled(_rows(by, way.where & where, place, "pk", place.field)[:limit]))
    # The charge carries the case's time, so its own index is in the order of the page; one unit after the other.
    where &= Q(assignments__unit_path=RawSQL("walked.path", [], output_field=TextField()))
    field = place.field if place.by_due else "assignments__reported_at"
    each, values = let(compiled(_rows(by, where, place, "assignments__case_id", field).distinct()[:limit]))
    sql = f"select page.at, page.key from unnest(%s::text[]) walked(path) cross join lateral ({each}) page"  # noqa: S608
    return sql, [list(way.unit_paths), *values]


def _rows(by: Actor, where: Q, place: Place, key: str, field: str) -> "QuerySet[Any, Any]":
    rows = visible(by).filter(where & place.where & place.behind(field, key)).annotate(at=F(field), key=F(key))
    return rows.order_by(*place.order("at", "key")).values_list("at", "key")


def compiled(rows: "QuerySet[Any, Any]") -> Sql:
    sql, values = rows.query.get_compiler(using=rows.db).as_sql()
    return sql, list(values)

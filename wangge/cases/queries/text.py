"""A page of cases whose title, address or description holds what was typed, from one character on.

Half of all cases hold 路, a handful hold 𠮷: a common word is found by walking the scope in its order until the page is
full, a rare one by the index of tokens. Which it is, PostgreSQL's own statistics say (statistics.py); a walk that has
gone far without filling its page is given up for the index.
"""

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from wangge.cases.queries import statistics
from wangge.cases.queries.order import Found, Place
from wangge.cases.queries.scope import Reach, visible
from wangge.cases.queries.walk import Sql, Walk, compiled, fetch, is_longer
from wangge.cases.search import Question, tsquery
from wangge.core.actor import Actor

# As many cases are fetched by the index of tokens in about 60 ms; for more, walking is quicker.
BY_INDEX = 10_000
# Cases looked at one by one on each way: enough for what is common everywhere. What is common as a whole and not among
# the newest (ice in summer) is looked for as far again as the index would have to fetch, which costs more a case.
FAR = 8_000
FARTHEST = 100_000

CASE_TEXT = "lower(normalize(c.title || chr(10) || c.address || chr(10) || t.description, nfkc))"


def text_ids(by: Actor, asked: Question, where: Q, place: Place, *, reach: Reach, limit: int) -> list[Found]:
    """Up to four queries."""
    walk = Walk.of(by, where, reach)
    found: list[Found] = []
    for stretch in [place, place.rest()] if place.by_due else [place]:
        if len(found) < limit:
            found += _stretch(walk, asked, stretch, limit - len(found))
    return found


def _stretch(walk: Walk, asked: Question, place: Place, limit: int) -> list[Found]:
    matches = int(statistics.share(asked) * statistics.total())
    if matches > BY_INDEX:
        for far in (FAR, FAR + min(matches, FARTHEST)):
            found = fetch(walk, place, limit, far=far, sieve=lambda cases: _holding(cases, asked, limit))
            if len(found) == limit or not is_longer(walk, place, far):
                return found
    return _by_index(walk.by, asked, walk.where, place, limit)


def _holding(walk: Sql, asked: Question, limit: int) -> Sql:
    """Case by case in the order of the walk (`offset 0`: nothing may be turned round), until the page is full."""
    check, values = _check(asked)
    sql = f"""
    select walk.at, walk.key from ({walk[0]}) walk cross join lateral (
      select from cases_text t join cases_case c on c.id = t.case_id where t.case_id = walk.key and {check} offset 0
    ) holding limit {limit:d}
    """  # noqa: S608
    return sql, [*walk[1], *values]


def _by_index(by: Actor, asked: Question, where: Q, place: Place, limit: int) -> list[Found]:
    check, values = _check(asked)
    rows = visible(by).filter(where & place.where & place.behind(place.field, "pk"))
    listed = rows.order_by(*place.order(place.field, "pk")).values_list(place.field, "pk")
    table = rows.model._meta.db_table
    hits = f"{table}.id in (select case_id from holding)"  # noqa: S608
    try:
        page, page_values = compiled(listed.extra(where=[hits])[:limit])  # noqa: S610
    except EmptyResultSet:  # the other filters exclude each other
        return []
    # Materialised: otherwise the planner may walk cases in order and look each one's tokens up.
    sql = f"""
    with hit as materialized (select case_id from cases_text where tokens @@ %s::tsquery),
         holding as materialized (
           select t.case_id from hit join cases_text t using (case_id) join cases_case c on c.id = t.case_id
            where {check}
         )
    {page}
    """  # noqa: S608
    if asked.is_exact:
        sql = f"with holding as materialized (select case_id from cases_text where tokens @@ %s::tsquery) {page}"  # noqa: S608
        values = []
    with connection.cursor() as cursor:
        cursor.execute(sql, [tsquery(statistics.telling(asked)), *values, *page_values])
        return [Found(at, key, place.no_clock) for at, key in cursor.fetchall()]


def _check(asked: Question) -> Sql:
    """Of one text `t` and its case `c`. What the tokens decide alone needs no look at the text."""
    query = "t.tokens @@ %s::tsquery"
    if asked.is_exact:
        return query, [asked.query]
    return " and ".join([query, *[f"{CASE_TEXT} like %s" for _ in asked.parts]]), [asked.query, *asked.patterns]


def holding_text(asked: Question) -> Q:
    """As a condition on cases, for where no page is walked."""
    check, values = _check(asked)
    own = "select 1 from cases_text t join cases_case c on c.id = t.case_id where t.case_id = cases_case.id and "
    return Q(RawSQL(f"exists ({own}{check})", values, output_field=BooleanField()))  # noqa: S611

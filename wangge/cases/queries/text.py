"""A page of cases whose title, address or description holds what was typed, from one character on.

Half of all cases hold 路, a handful hold 𠮷: a common word is found by walking the scope in its order until the page is
full, a rare one by the index of tokens. Which it is, PostgreSQL's own statistics say (statistics.py); a walk that has
gone far without filling its page is given up for the index, which knows the week of each text.
"""

from collections.abc import Iterator

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Q, UUIDField
from django.db.models.expressions import RawSQL

from wangge.cases.models import CaseText
from wangge.cases.queries import statistics
from wangge.cases.queries.order import Found, Place, Sort
from wangge.cases.queries.plain import searchable
from wangge.cases.queries.scope import Reach, Way, visible
from wangge.cases.queries.walk import Sql, Walk, compiled, fetch, is_longer
from wangge.cases.search import Question, of_weeks, tsquery, week
from wangge.core.actor import Actor

# As many cases are fetched by the index of tokens in about 60 ms; for more, walking is quicker.
BY_INDEX = 10_000
# Cases looked at one by one on each way: enough for what is common everywhere. What is common as a whole and not among
# the newest (ice in summer) is looked for by its weeks in a scope that holds nearly every case; in a smaller one as far
# again as the index would have to fetch, which costs more a case.
FAR = 8_000
FARTHEST = 100_000
# Texts that the first stretch of weeks should hold, by their share; each further stretch is twice as long.
BY_WEEKS = 4_000

CASE_TEXT = "lower(normalize(c.title || chr(10) || c.address || chr(10) || t.description, nfkc))"


def text_ids(by: Actor, asked: Question, where: Q, place: Place, *, reach: Reach, limit: int) -> list[Found]:
    """Up to four queries. Only where the reader may search (plain.py)."""
    walk = Walk.of(by, where & searchable(by), reach)
    if place.sort is not Sort.DUE and not where and walk.parts == [Way(Q())]:
        return _wide(walk, asked, place, limit)
    found: list[Found] = []
    for stretch in [place, place.rest()] if place.by_due else [place]:
        if len(found) < limit:
            found += _stretch(walk, asked, stretch, limit - len(found))
    return found


def _wide(walk: Walk, asked: Question, place: Place, limit: int) -> list[Found]:
    """The scope holds nearly every case, and nothing else is asked."""
    matches = _matches(asked)
    if matches <= BY_INDEX:
        return _among(_by_index(asked), walk, asked, place, limit)
    if len(found := _among(_newest_texts(asked, place, FAR), walk, asked, place, limit)) == limit:
        return found
    found = []
    for weeks in _stretches_of_weeks(place, matches):
        found += _among(_by_index(asked, weeks), walk, asked, place, limit - len(found))
        if len(found) == limit:
            break
    return found


def _stretches_of_weeks(place: Place, matches: int) -> Iterator[range]:
    """From where the page begins to the other end of all texts, one behind the other."""
    with connection.cursor() as cursor:
        cursor.execute("select min(reported_at), max(reported_at) from cases_text")
        earliest, latest = cursor.fetchone()
    if earliest is None:
        return
    first, last = week(earliest), week(latest)
    wide = max(1, BY_WEEKS * (last - first + 1) // matches)
    down = place.sort is Sort.NEWEST
    begin = week(place.at) if place.at else last if down else first
    while first <= begin <= last:
        yield range(max(begin - wide + 1, first), begin + 1) if down else range(begin, min(begin + wide, last + 1))
        begin += -wide if down else wide
        wide *= 2


def _stretch(walk: Walk, asked: Question, place: Place, limit: int) -> list[Found]:
    matches = _matches(asked)
    if matches > BY_INDEX:
        for far in (FAR, FAR + min(matches, FARTHEST)):
            found = fetch(walk, place, limit, far=far, sieve=lambda cases: _holding(cases, asked, limit))
            if len(found) == limit or not is_longer(walk, place, far):
                return found
    return _among(_by_index(asked), walk, asked, place, limit)


def _matches(asked: Question) -> int:
    return int(statistics.share(asked) * statistics.total())


def _holding(walk: Sql, asked: Question, limit: int) -> Sql:
    """Case by case in the order of the walk (`offset 0`: nothing may be turned round), until the page is full."""
    check, values = _check(asked)
    sql = f"""
    select walk.at, walk.key from ({walk[0]}) walk cross join lateral (
      select from cases_text t join cases_case c on c.id = t.case_id where t.case_id = walk.key and {check} offset 0
    ) holding limit {limit:d}
    """  # noqa: S608
    return sql, [*walk[1], *values]


def _by_index(asked: Question, weeks: range | None = None) -> Sql:
    """Materialised: otherwise the planner may walk cases in order and look each one's tokens up."""
    sql = """
    with hit as materialized (
      select case_id, reported_at from cases_text where cases_text_found_by(reported_at, tokens) @@ %s::tsquery)
    select case_id, reported_at from hit
    """
    query = tsquery(statistics.telling(asked))
    return sql, [query if weeks is None else of_weeks(query, weeks)]


def _newest_texts(asked: Question, place: Place, far: int) -> Sql:
    """Texts by the time they came, whoever may see them: where a scope holds nearly all, their tokens are asked first,
    each a fifth of the cost of finding the case and then its text."""
    rows = CaseText.objects.filter(place.behind("reported_at", "case"))
    texts, values = compiled(
        rows.order_by(*place.order("reported_at", "case_id")).values_list("case", "reported_at", "tokens")[:far]
    )
    sql = f"select case_id, reported_at from ({texts}) texts(case_id, reported_at, tokens) where tokens @@ %s::tsquery"  # noqa: S608
    return sql, [*values, asked.query]


def _among(hits: Sql, walk: Walk, asked: Question, place: Place, limit: int) -> list[Found]:
    """Of texts that may hold it, those of cases on the page. The scope is asked before the words, which cost more; in
    the order of time the page is full after the first few (`offset 0`: nothing may be turned round)."""
    key = RawSQL("hit.case_id", [], output_field=UUIDField())
    rows = visible(walk.by).filter(walk.where & place.where & place.behind(place.field, "pk"), pk=key)
    if not asked.is_exact:
        rows = rows.filter(holding_text(asked))
    try:
        seen, seen_values = compiled(rows.order_by().values_list(place.field))
    except EmptyResultSet:  # the other filters exclude each other
        return []
    down = " desc" if place.sort is Sort.NEWEST else ""
    shown = "seen.at" if place.by_due else "hit.reported_at"
    sql = f"""
    select {shown} as at, hit.case_id as key
      from (select * from ({hits[0]}) hits order by reported_at{down}, case_id{down}) hit
     cross join lateral ({seen} offset 0) seen(at)
     order by at{down}, key{down} limit {limit:d}
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*hits[1], *seen_values])
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

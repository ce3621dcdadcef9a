"""Counts below the sub-district, which no roll-up keeps by what a case is: from the grains of that place."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When

from wangge.cases.models import Grain
from wangge.cases.queries.figures.asked import Period
from wangge.core.ranges import within

# As rollups_facts.py counts them.
CAME = {
    "reported": Count("pk"),
    "answered": Count("pk", filter=Q(is_answered=True)),
    "answered_in_5": Count("pk", filter=Q(answered_in_5=True)),
}
WENT = {
    "closed": Count("pk"),
    "closed_in_time": Count("pk", filter=Q(in_time=True)),
    "self_settled": Count("pk", filter=Q(self_settled=True)),
    "rated": Count("pk", filter=Q(satisfaction__isnull=False)),
    "satisfied": Count("pk", filter=Q(satisfaction__gte=4)),
}


def of_grains(places: Sequence[str], period: Period, key: str, where: Q | None = None) -> dict[Any, dict[str, Any]]:
    """Of these places together, none inside another, by `key`: a column of the grain, `day`, or `code` for the place.

    Two queries. What came and what went may each be missing from a row.
    """
    inside = Grain.objects.filter(within("reported_grid", tuple(places)), where or Q())
    came = inside.filter(reported_day__gte=period.since, reported_day__lt=period.until)
    went = inside.filter(closed_day__gte=period.since, closed_day__lt=period.until)
    found: dict[Any, dict[str, Any]] = {}
    for rows, day, numbers in ((came, "reported_day", CAME), (went, "closed_day", WENT)):
        for row in _by(rows, places, key, day).annotate(**numbers).order_by():
            found.setdefault(row.pop("of"), {}).update(row)
    return found


def _by(rows: "QuerySet[Grain]", places: Sequence[str], key: str, day: str) -> "QuerySet[Any, Any]":
    if key == "code":
        whens = (When(within("reported_grid", (place,)), then=Value(place)) for place in places)
        return rows.annotate(of=Case(*whens, output_field=CharField())).values("of")
    return rows.annotate(of=F(day if key == "day" else key)).values("of")

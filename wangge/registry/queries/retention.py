"""What retention (actions/retention.py) empties within a month, and emptied in the last: by field and by area."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, F, Func, Q, QuerySet, TextField, Value

from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.codes import Level
from wangge.core.errors import NotFound
from wangge.core.ranges import within
from wangge.grids.queries.divisions import names_of
from wangge.registry.actions.retention import KEPT, PHONE_KEPT, sooner
from wangge.registry.dictionary import Field, Type
from wangge.registry.models import Change, OrganisationPerson, Person, RetentionRun

MONTH = timedelta(days=30)
DUTIES = ("people", "fields", "parts")  # care is for its own department


class Of(NamedTuple):
    """`field`: "" is the whole record."""

    kind: str
    field: str


Counts = Counter[tuple[Of, str]]  # by what, and the part of the area


def retention(code: str, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Of what stands next under `code`; without one under the reader's own, where that is one. What is late by more
    than a month is not counted: `done_at` says that somebody should look. Eight queries. Raises NotFound."""
    by.require(Permission.REGISTRY_READ)
    if code and not by.covers(code):
        raise NotFound()
    if not code and len(by.ranges) == 1:
        (code,) = by.ranges
    soon, emptied = _soon(code, by, at), _emptied(code, by, at)
    parts = sorted({part for _, part in soon | emptied})
    names = names_of(parts)
    return {
        "code": code,
        "fields": [
            {"kind": of.kind, "field": of.field, "days": days, "soon": _sum(soon, of), "emptied": _sum(emptied, of)}
            for of, days in _times().items()
        ],
        "items": [
            {
                "code": part,
                "name": names.get(part, part),
                "values_soon": _in(soon, part, whole=False),
                "values_emptied": _in(emptied, part, whole=False),
                "records_soon": _in(soon, part, whole=True),
                "records_emptied": _in(emptied, part, whole=True),
            }
            for part in parts
        ],
        **_latest_run(),
    }


def _times() -> dict[Of, int]:
    """Days after the end, in the order in which they come."""
    fields = {Of("person", field.name): days for days, fields in sooner().items() for field in fields}
    part = {Of("organisation", "phone"): PHONE_KEPT.days, Of("organisation", ""): KEPT.days}
    return dict(sorted((fields | {Of("person", ""): KEPT.days} | part).items(), key=lambda one: one[1]))


def _soon(code: str, by: Actor, at: datetime) -> Counts:
    due = {days: Q(ended_at__gte=from_at, ended_at__lt=to_at) for days, from_at, to_at in _windows(at)}
    counts = {
        Of("person", field.name): due[days] & _holds(field) for days, fields in sooner().items() for field in fields
    } | {Of("person", ""): due[KEPT.days]}
    any_due = Q()
    for one in due.values():
        any_due |= one
    found = _counted(Person.objects.filter(any_due, erased_at=None), counts, code, by)
    days_due = {
        days: Q(to_date__gte=clock.day_of(from_at), to_date__lt=clock.day_of(to_at))
        for days, from_at, to_at in _windows(at)
    }
    reached, known = days_due[PHONE_KEPT.days], days_due[KEPT.days]
    of_parts = {
        Of("organisation", "phone"): reached & Q(phone_sealed__isnull=False),
        Of("organisation", ""): known,
    }
    ended = OrganisationPerson.objects.filter(reached | known, erased_at=None)
    return found + _counted(ended, of_parts, code, by)


def _windows(at: datetime) -> Iterator[tuple[int, datetime, datetime]]:
    for days in {*sooner(), PHONE_KEPT.days, KEPT.days}:
        due = at - timedelta(days=days)
        yield days, due - MONTH, due + MONTH


def _emptied(code: str, by: Actor, at: datetime) -> Counts:
    since = at - MONTH
    lines = _in_parts(Change.objects.filter(source="retention", at__gt=since), code, by)
    fields = lines.values_list("field", "part").annotate(count=Count("pk")).order_by()
    found: Counts = Counter({(Of("person", field), part): count for field, part, count in fields})
    gone = Person.objects.filter(erased_at__gt=since, ended_at__lt=F("erased_at") - KEPT)  # not at somebody's request
    found += _counted(gone, {Of("person", ""): Q()}, code, by)
    reached = OrganisationPerson.objects.filter(phone_emptied_at__gt=since)
    found += _counted(reached, {Of("organisation", "phone"): Q()}, code, by)
    known = OrganisationPerson.objects.filter(erased_at__gt=since)
    return found + _counted(known, {Of("organisation", ""): Q()}, code, by)


def _counted(rows: Any, counts: dict[Of, Q], code: str, by: Actor) -> Counts:
    named = {f"count_{number}": of for number, of in enumerate(counts)}
    asked = {name: Count("pk", filter=counts[of]) for name, of in named.items()}
    sums = _in_parts(rows, code, by).order_by().values("part").annotate(**asked)
    return Counter({(of, row["part"]): row[name] for row in sums for name, of in named.items() if row[name]})


def _in_parts(rows: Any, code: str, by: Actor) -> QuerySet[Any]:
    seen = rows.visible_to(by).filter(within("code", (code,))) if code else rows.visible_to(by)
    length = next((level for level in Level if level > len(code)), Level.MICRO)
    cut = Func("code", Value(int(length)), function="left", output_field=TextField())
    of_parts: QuerySet[Any] = seen.annotate(part=cut)
    return of_parts


def _holds(field: Field) -> Q:
    if field.is_sealed:
        return Q(**{f"{field.name}_sealed__isnull": False})
    return Q(**{f"{field.name}__isnull": False}) if field.type is Type.DATE else ~Q(**{field.name: ""})


def _sum(counts: Counts, of: Of) -> int:
    return sum(count for (one, _), count in counts.items() if one == of)


def _in(counts: Counts, part: str, *, whole: bool) -> int:
    return sum(count for (of, where), count in counts.items() if where == part and (of.field == "") is whole)


def _latest_run() -> dict[str, Any]:
    """Of the three that empty records the one that ran, and the one that was done, longest ago."""
    runs = list(RetentionRun.objects.filter(name__in=DUTIES))
    if len(runs) < len(DUTIES):
        return {"ran_at": None, "done_at": None}
    done = [run.done_at for run in runs]
    return {"ran_at": min(run.ran_at for run in runs), "done_at": min(at for at in done if at) if all(done) else None}

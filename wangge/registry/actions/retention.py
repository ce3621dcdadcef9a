"""What is kept no longer than its purpose lasts (PIPL § 19, § 47): fields of people who are gone, each for its time;
the people themselves; who had a part in an organisation; care long ended."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, JSONField, Value
from django.db.models.expressions import CombinedExpression

from wangge.core import clock, journal
from wangge.core.actor import Actor
from wangge.core.ids import new_id
from wangge.registry.actions.ends import forget
from wangge.registry.actions.settle import as_text
from wangge.registry.dictionary import PERSON, Field
from wangge.registry.models import Care, Change, Difference, OrganisationPerson, Person
from wangge.registry.models.base import FORGOTTEN
from wangge.registry.stored import emptied

KEPT = timedelta(days=max(field.kept for field in PERSON))
CARE_KEPT = timedelta(days=730)
PHONE_KEPT = timedelta(days=next(field.kept for field in PERSON if field.name == "phone"))


def forget_fields(*, by: Actor, at: datetime, limit: int) -> int:
    """Fields of ended people whose own time is over, with what history and open differences hold of them; a line of
    history says that it was done. A record comes once for each of the dictionary's times; returns how many came,
    `limit` at most."""
    done = 0
    for days, fields in sooner().items():
        due = _due(days, fields, at).select_for_update(no_key=True, of=("self",), skip_locked=True)
        people = list(due.order_by("ended_at", "pk")[: limit - done])
        if people:
            _empty(people, fields, by=by, at=at)
        done += len(people)
    return done


def sooner() -> dict[int, tuple[Field, ...]]:
    """Fields of people that go before the whole record, by days."""
    by_days = defaultdict[int, list[Field]](list)
    for field in PERSON:
        if field.kept < KEPT.days:
            by_days[field.kept].append(field)
    return {days: tuple(fields) for days, fields in sorted(by_days.items())}


def _due(days: int, fields: Iterable[Field], at: datetime) -> Any:
    ended = Person.objects.filter(ended_at__lt=at - timedelta(days=days), erased_at=None)
    return ended.exclude(sources__contains={field.name: [FORGOTTEN] for field in fields})


def _empty(people: Sequence[Person], fields: Sequence[Field], *, by: Actor, at: datetime) -> None:
    """As the house; the rows are held. What they said is marked in their sources, so that nobody is looked at again."""
    ids, names = [one.pk for one in people], [field.name for field in fields]
    held = {one.pk: [field.name for field in fields if _holds(one, field)] for one in people}
    marks = Value({name: ["", at.isoformat(), FORGOTTEN] for name in names}, output_field=JSONField())
    marked = CombinedExpression(F("sources"), "||", marks, output_field=JSONField())
    rows = Person.objects.filter(pk__in=ids)
    rows.update(**emptied("person", fields), sources=marked, version=F("version") + 1, changed_at=at)
    told = Change.objects.filter(kind="person", record__in=ids, field__in=names)
    told.update(old="", new="", old_sealed=None, new_sealed=None)
    Difference.objects.filter(kind="person", record__in=ids, field__in=names).delete()
    acts = {pk: new_id() for pk in ids}
    Change.objects.bulk_create(_line(one, name, acts[one.pk], at) for one in people for name in held[one.pk])
    entries = (
        journal.Entry(
            kind="person.fields_erased",
            subject=("person", str(one.pk)),
            code=one.code,
            changed=held[one.pk],
            data={"reason": "retention", "act": str(acts[one.pk])},
        )
        for one in people
        if held[one.pk]
    )
    journal.record_all(entries, by=by, at=at)


def _holds(one: Person, field: Field) -> bool:
    return as_text(getattr(one, f"{field.name}_sealed" if field.is_sealed else field.name)) != ""


def _line(one: Person, name: str, act: UUID, at: datetime) -> Change:
    return Change(kind="person", record=one.pk, act=act, field=name, source="retention", at=at, code=one.code)


def forget_gone(*, by: Actor, at: datetime, limit: int) -> int:
    """People whose record ended before the dictionary's time: a tombstone stays. Returns how many."""
    gone = Person.objects.filter(ended_at__lt=at - KEPT, erased_at=None).order_by("ended_at", "pk")[:limit]
    people = list(gone.values_list("pk", "code"))
    for person_id, _ in people:
        forget(person_id, at=at)
    journal.record_all(
        (
            journal.Entry(kind="person.erased", subject=("person", str(pk)), code=code, data={"reason": "retention"})
            for pk, code in people
        ),
        by=by,
        at=at,
    )
    return len(people)


def forget_parts(*, by: Actor, at: datetime, limit: int) -> int:
    """Parts in organisations that ended: the telephone with the time of people's telephones, and with that of people
    who it was. The role and its days remain. A part comes once for each; returns how many came, `limit` at most."""
    ended = OrganisationPerson.objects.filter(to_date__isnull=False, erased_at=None)
    reached = ended.filter(to_date__lt=clock.day_of(at - PHONE_KEPT)).exclude(phone_sealed=None)
    called = _emptied_parts(reached, limit, by=by, at=at, phone_sealed=None, phone_masked="", phone_emptied_at=at)
    known = ended.filter(to_date__lt=clock.day_of(at - KEPT), phone_sealed=None)
    return called + _emptied_parts(known, limit - called, by=by, at=at, person=None, name="", erased_at=at)


def _emptied_parts(due: Any, limit: int, *, by: Actor, at: datetime, **emptied: Any) -> int:
    """As the house."""
    held = due.select_for_update(no_key=True, of=("self",), skip_locked=True)
    parts = list(held.order_by("to_date", "pk")[:limit])
    OrganisationPerson.objects.filter(pk__in=[one.pk for one in parts]).update(**emptied)
    changed = ["name"] if "name" in emptied else ["phone"]
    entries = (
        journal.Entry(
            kind="organisation.part_emptied",
            subject=("organisation", str(one.organisation_id)),
            code=one.code,
            changed=changed,
            data={"reason": "retention", "part": str(one.pk)},
        )
        for one in parts
    )
    journal.record_all(entries, by=by, at=at)
    return len(parts)


def forget_care(*, by: Actor, at: datetime, limit: int) -> int:
    ids = list(Care.objects.filter(ended_at__lt=at - CARE_KEPT).order_by("pk").values_list("pk", flat=True)[:limit])
    Care.objects.filter(pk__in=ids).delete()
    entries = (journal.Entry(kind="care.erased", subject=("care", str(pk)), data={"reason": "retention"}) for pk in ids)
    journal.record_all(entries, by=by, at=at)
    return len(ids)

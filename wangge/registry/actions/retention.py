"""What is kept no longer than its purpose lasts (PIPL § 19, § 47): people long gone, care long ended."""

from datetime import datetime, timedelta

from wangge.core import journal
from wangge.core.actor import Actor
from wangge.registry.actions.ends import forget
from wangge.registry.dictionary import PERSON
from wangge.registry.models import Care, Person

KEPT = timedelta(days=max(field.kept for field in PERSON))
CARE_KEPT = timedelta(days=730)


def forget_gone(*, by: Actor, at: datetime, limit: int) -> int:
    """People whose record ended before the dictionary's time: a tombstone stays. Returns how many."""
    gone = Person.objects.filter(ended_at__lt=at - KEPT, erased_at=None).order_by("pk")[:limit]
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


def forget_care(*, by: Actor, at: datetime, limit: int) -> int:
    ids = list(Care.objects.filter(ended_at__lt=at - CARE_KEPT).order_by("pk").values_list("pk", flat=True)[:limit])
    Care.objects.filter(pk__in=ids).delete()
    entries = (journal.Entry(kind="care.erased", subject=("care", str(pk)), data={"reason": "retention"}) for pk in ids)
    journal.record_all(entries, by=by, at=at)
    return len(ids)

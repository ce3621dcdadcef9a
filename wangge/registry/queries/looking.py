"""Who has looked at a person, for the resident who asks (PIPL § 44, § 45): at their file and at each that shows them.

Lists and searches, which show a masked line, leave no entry for each person in them and are not told here.
"""

from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor, acting
from wangge.core.models import JournalEntry
from wangge.core.paging import table_page
from wangge.registry.access import access
from wangge.registry.actions.ends import rows_of_one
from wangge.registry.models import Care, Member, OrganisationPerson, Person, Residence
from wangge.registry.rules.looking import READ, REVEALED


def who_has_seen(person_id: UUID, *, by: Actor, offset: int, limit: int) -> dict[str, Any]:
    """Newest first, all of it. `via`: the kind of file that showed them. Care only as far as the reader sees it.

    Raises NotFound, NotAllowed.
    """
    person = access(Person, person_id, by, to=Permission.REGISTRY_REVEAL)
    shown = reduce(or_, _subjects(person, by))
    rows = JournalEntry.objects.filter(shown, kind__in=(*READ, *REVEALED))
    page = table_page(rows.order_by("-id"), offset=offset, limit=limit)
    return {"items": [_look(row) for row in page["items"]], "count": page["count"]}


def _subjects(person: Person, by: Actor) -> list[Q]:
    """A file shows who belongs to it from the day they were put there, and also afterwards."""
    with acting(Actor.system("registry")):
        rows = rows_of_one(person.pk)
        homes = list(Residence.objects.filter(person__in=rows).values_list("dwelling_id", "at"))
        households = list(Member.objects.filter(person__in=rows).values_list("household_id", flat=True))
        parts = OrganisationPerson.objects.filter(person__in=rows).values_list("organisation_id", flat=True)
        organisations = list(parts)
    care = list(Care.objects.visible_to(by).filter(person__in=rows).values_list("pk", flat=True))
    return [
        _of("person", rows),
        _of("household", households),
        _of("organisation", organisations),
        _of("care", care),
        *(_of("dwelling", [dwelling]) & Q(at__gte=at) for dwelling, at in homes),
    ]


def _of(kind: str, ids: list[UUID]) -> Q:
    return Q(subject_type=kind, subject_id__in=[str(one) for one in ids])


def _look(row: JournalEntry) -> dict[str, Any]:
    return {
        "at": row.at,
        "name": row.actor_name,
        "post_id": row.actor_post,
        "via": row.subject_type,
        "revealed": row.kind.endswith("revealed"),
        "fields": row.data.get("fields", []),
        "purpose": row.data.get("purpose", ""),
    }

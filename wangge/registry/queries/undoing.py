"""What a merge that is undone gives back, and what it cannot: fields of the row that went have their time meanwhile
(actions/retention.py). Asked as the house: the names of fields only.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wangge.core.actor import Actor, acting
from wangge.registry.dictionary import PERSON
from wangge.registry.models import Change, Merge, OrganisationPerson

PART_PHONE = {"zh": "任职联系电话", "en": "Telephone of a post"}


def emptied_since(merge: Merge) -> set[str]:
    """Fields of the row that went, emptied after the merge and before it was undone."""
    return _changed(merge, merge.gone, source="retention")


def still_given(merge: Merge) -> set[str]:
    """Fields that the row which stands was given by the merge, and nobody changed since: they are the other's yet."""
    given = {what for name, _, what in merge.moved if name == "person"}
    return given - _changed(merge, merge.kept)


def lost_in(merges: Sequence[Merge]) -> dict[UUID, list[dict[str, str]]]:
    """By merge: labels of what the row that comes back lacks, or would lack. Three queries for each."""
    with acting(Actor.system("registry")):
        return {merge.pk: _lost(merge) for merge in merges}


def _lost(merge: Merge) -> list[dict[str, str]]:
    names = emptied_since(merge) - still_given(merge)
    labels = [{"zh": field.zh, "en": field.en} for field in PERSON if field.name in names]
    closed = [pk for name, pk, what in merge.moved if name == "part" and what == "closed"]
    emptied = OrganisationPerson.objects.filter(pk__in=closed, phone_emptied_at__gt=merge.at)
    return [*labels, PART_PHONE] if emptied.exists() else labels


def _changed(merge: Merge, record: UUID, **of: Any) -> set[str]:
    lines = Change.objects.filter(record=record, at__gt=merge.at, **of)
    if merge.undone_at is not None:
        lines = lines.filter(at__lt=merge.undone_at)
    return set(lines.order_by().values_list("field", flat=True))

"""How a record ends, and how a person is erased: what remains of them is an id, a grid and a day (PIPL § 47)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from wangge.accounts.permissions import Permission
from wangge.core import clock, journal
from wangge.core.actor import Actor, acting
from wangge.core.errors import Conflict, invalid
from wangge.registry.access import access, table_of
from wangge.registry.actions.differences import close_differences
from wangge.registry.actions.following import leave_home
from wangge.registry.actions.source import Act, Source
from wangge.registry.dictionary import PERSON
from wangge.registry.models import (
    LIVING,
    Apart,
    Care,
    Change,
    Difference,
    Dwelling,
    Member,
    Merge,
    OrganisationPerson,
    Person,
    Residence,
    Token,
)
from wangge.registry.stored import emptied

ROWS_OF_ONE = """
with recursive up as (
    select id, merged_into_id from registry_person where id = %s
    union select p.id, p.merged_into_id from registry_person p join up on p.id = up.merged_into_id
), down as (
    select id from up union select p.id from registry_person p join down on p.merged_into_id = down.id
) select id from down order by id
"""
# By kind, the usual first. Nobody is demolished, and no house dies.
REASONS: dict[str, tuple[str, ...]] = {
    "person": ("moved_away", "died", "request", "mistake"),
    "household": ("moved_away", "closed", "mistake"),
    "building": ("demolished", "mistake"),
    "dwelling": ("demolished", "mistake"),
    "organisation": ("closed", "moved_away", "mistake"),
    "place": ("closed", "demolished", "mistake"),
    "facility": ("demolished", "mistake"),
}


class StillLivedIn(Conflict):
    code = "registry.still_lived_in"
    zh = "里面还有人居住或有房屋，请先处理。"
    en = "Somebody still lives there, or dwellings stand in it; see to that first."


def end_record(*, kind: str, record_id: UUID, reason: str, why: str = "", by: Actor, at: datetime) -> None:
    """Raises NotFound, NotAllowed, Ended, Invalid, StillLivedIn."""
    table: Any = table_of(kind)
    if reason not in REASONS[kind]:
        raise invalid("reason", "请选择注销原因。", "Choose why it ends.")
    row = access(table, record_id, by, to=Permission.REGISTRY_EDIT, lock=True, standing=True)
    if _is_lived_in(kind, record_id):
        raise StillLivedIn()
    act = Act(why=why, source=Source(), at=at)
    with acting(Actor.system("registry")):
        row.ended_at, row.end_reason, row.changed_at = at, reason, at
        row.version += 1
        row.save(update_fields=["ended_at", "end_reason", "changed_at", "version"])
        if kind == "person":
            _leaves(row.pk, at)
        if kind == "organisation":
            OrganisationPerson.objects.filter(organisation_id=row.pk, to_date=None).update(to_date=clock.day_of(at))
        close_differences(row, why="ended", by=by, at=at)
        Change.objects.create(
            kind=kind, record=row.pk, act=act.id, field="ended_at", new=reason, why=why, source="console",
            by_post=by.post_id, by_name=by.name, at=at, code=row.code,
        )  # fmt: skip
        entry = journal.Entry(
            kind=f"{kind}.ended",
            subject=(kind, str(row.pk)),
            code=row.code,
            permission=Permission.REGISTRY_EDIT,
            changed=["ended_at"],
            data={"reason": reason, "act": str(act.id)},
        )
        journal.record(entry, by=by, at=at)


def erase_person(*, person_id: UUID, why: str, by: Actor, at: datetime) -> None:
    """By the person's own request, or when retention ends. Cannot be undone; only that it was done remains.

    Raises NotFound, NotAllowed, Invalid.
    """
    if len(why.strip()) < 2:
        raise invalid("why", "请写明依据。", "Say on what ground.")
    person = access(Person, person_id, by, to=Permission.REGISTRY_EDIT, lock=True)
    by.require(Permission.REGISTRY_REVEAL)
    with acting(Actor.system("registry")):
        rows = rows_of_one(person.pk)
        [standing] = Person.objects.filter(pk__in=rows, merged_into=None).values_list("pk", flat=True)
    access(Person, standing, by, to=Permission.REGISTRY_EDIT, lock=True)  # what was merged goes with it
    with acting(Actor.system("registry")):
        for one in rows:
            forget(one, at=at)
        entry = journal.Entry(
            kind="person.erased",
            subject=("person", str(person.pk)),
            code=person.code,
            permission=Permission.REGISTRY_EDIT,
            data={"rows": len(rows)},
        )
        journal.record(entry, by=by, at=at)


def forget(person_id: UUID, *, at: datetime) -> None:
    """Everything of a person in this room; as the house. The row itself stays as a tombstone."""
    for of_person in (Residence, Member, OrganisationPerson, Care):
        of_person._default_manager.filter(person_id=person_id).delete()
    for of_record in (Token, Change, Difference):
        of_record._default_manager.filter(record=person_id).delete()
    Merge.objects.filter(Q(kept=person_id) | Q(gone=person_id)).delete()
    Apart.objects.filter(Q(one=person_id) | Q(other=person_id)).delete()
    marks = {"sources": {}, "end_reason": "erased", "erased_at": at, "changed_at": at}
    Person.objects.filter(pk=person_id).update(**emptied("person", PERSON), **marks)
    Person.objects.filter(pk=person_id, ended_at=None).update(ended_at=at)


def rows_of_one(person_id: UUID) -> list[UUID]:
    """All rows that merging made one person, however often: up to the one that stands, and down. As the house."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS_OF_ONE, [person_id])
        return [row[0] for row in cursor.fetchall()]


def _leaves(person_id: UUID, at: datetime) -> None:
    day = clock.day_of(at)
    leave_home(person_id, day)
    Residence.objects.filter(person_id=person_id, to_date=None).update(to_date=day)
    Member.objects.filter(person_id=person_id, to_date=None).update(to_date=day)
    OrganisationPerson.objects.filter(person_id=person_id, to_date=None).update(to_date=day)
    Care.objects.filter(person_id=person_id, ended_at=None).update(ended_at=at, end_reason="person_ended")
    Token.objects.filter(record=person_id).delete()


def _is_lived_in(kind: str, record_id: UUID) -> bool:
    with acting(Actor.system("registry")):
        match kind:
            case "dwelling":
                return Residence.objects.filter(dwelling_id=record_id, to_date=None, tie__in=LIVING).exists()
            case "building":
                return Dwelling.objects.filter(building_id=record_id, ended_at=None).exists()
    return False

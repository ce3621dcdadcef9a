"""Who lives in, rents or owns what; households and their members; who answers for an organisation."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from wangge.accounts.permissions import Permission
from wangge.core import clock, crypto, journal
from wangge.core.actor import Actor, acting
from wangge.core.errors import Conflict, NotFound, invalid
from wangge.core.ids import new_id
from wangge.core.masking import mask_phone
from wangge.core.phone_numbers import normalise_phone
from wangge.registry.access import access
from wangge.registry.actions.following import leave_home, records_moved
from wangge.registry.codelists import CODE_LISTS
from wangge.registry.models import (
    LIVING,
    Change,
    Dwelling,
    Household,
    Member,
    Organisation,
    OrganisationPerson,
    Person,
    Residence,
)
from wangge.registry.rules.names import is_name, tidy
from wangge.registry.sealing import PART_PHONE

HEAD = "02"  # GB/T 4761: 户主


class TiedAlready(Conflict):
    code = "registry.tied_already"
    zh = "已经有这层关系。"
    en = "They are tied so already."


@dataclass(frozen=True, slots=True, kw_only=True)
class PartGiven:
    role: str
    name: str = ""
    phone: str = ""
    person_id: UUID | None = None


def tie_person(
    *,
    person_id: UUID,
    dwelling_id: UUID,
    tie: str,
    from_date: date | None,
    by: Actor,
    at: datetime,
    why: str = "",
    source: str = "console",
) -> Residence:
    """They live, rent or own there from that day. A new home ends the one before, and the person goes to its grid.

    Raises NotFound, NotAllowed, Ended, Invalid, TiedAlready.
    """
    # The dwelling first, as whatever moves or ends it does: nobody moves into a room that ends or leaves in between.
    dwelling = access(Dwelling, dwelling_id, by, to=Permission.REGISTRY_EDIT, lock=True, standing=True)
    person = access(Person, person_id, by, to=Permission.REGISTRY_EDIT, lock=True, standing=True)
    if tie not in CODE_LISTS["tie"].names:
        raise invalid("tie", "没有这种关系。", "There is no such tie.")
    day = from_date or clock.day_of(at)
    if day > clock.day_of(at):
        raise invalid("from_date", "不能晚于今天。", "This cannot be later than today.")
    open_ties = Residence.objects.filter(person=person, dwelling=dwelling, to_date=None)
    if open_ties.filter(tie__in=LIVING if tie in LIVING else (tie,)).exists():
        raise TiedAlready()
    before = person.code
    with acting(Actor.system("registry")):
        if tie in LIVING:
            leave_home(person.pk, day)
        values: dict[str, Any] = {"tie": tie, "from_date": from_date, "code": dwelling.code, "at": at}
        residence = Residence.objects.create(id=new_id(), person=person, dwelling=dwelling, **values)
        if tie in LIVING:
            _goes_to(person, dwelling.code, at)
        _remember(person, tie, dwelling.pk, by=by, at=at, why=why, source=source)
        _record("person.tied", ("person", person.pk), dwelling.code, [tie], by, at, frm=before, dwelling=dwelling.pk)
    return residence


def untie(
    *, residence_id: UUID, to_date: date | None, by: Actor, at: datetime, why: str = "", source: str = "console"
) -> None:
    """They live there or own it no more. The person stays in the grid's books until somebody says where they are.

    Raises NotFound, NotAllowed, TiedAlready when it has ended before.
    """
    row = Residence.objects.visible_to(by).select_related("person").filter(pk=residence_id).first()
    if row is None or not Person.objects.visible_to(by).filter(pk=row.person_id).exists():
        raise NotFound()
    by.require(Permission.REGISTRY_EDIT)
    if row.to_date is not None:
        raise TiedAlready()
    day = min(to_date or clock.day_of(at), clock.day_of(at))
    row.to_date = max(day, row.from_date or day)
    with acting(Actor.system("registry")):
        row.save(update_fields=["to_date"])
        _remember(row.person, f"-{row.tie}", row.dwelling_id, by=by, at=at, why=why, source=source)
        _record("person.untied", ("person", row.person_id), row.code, [row.tie], by, at, dwelling=row.dwelling_id)


def add_member(
    *, household_id: UUID, person_id: UUID, relation: str, from_date: date | None, by: Actor, at: datetime
) -> Member:
    """Raises NotFound, NotAllowed, Ended, Invalid, TiedAlready (in it already; a second head)."""
    household = access(Household, household_id, by, to=Permission.REGISTRY_EDIT, lock=True, standing=True)
    person = access(Person, person_id, by, to=Permission.REGISTRY_EDIT, standing=True)
    if relation not in CODE_LISTS["relation"].names:
        raise invalid("relation", "不在代码表里。", "Not in the code list.")
    members = Member.objects.filter(household=household, to_date=None)
    if members.filter(person=person).exists() or (relation == HEAD and members.filter(relation=HEAD).exists()):
        raise TiedAlready()
    with acting(Actor.system("registry")):
        values: dict[str, Any] = {"relation": relation, "from_date": from_date, "code": household.code}
        member = Member.objects.create(id=new_id(), household=household, person=person, **values)
        subject = ("household", household.pk)
        _record("household.joined", subject, household.code, ["members"], by, at, person=person.pk)
    return member


def remove_member(*, member_id: UUID, by: Actor, at: datetime) -> None:
    """Raises NotFound, NotAllowed."""
    row = Member.objects.visible_to(by).filter(pk=member_id, to_date=None).first()
    if row is None:
        raise NotFound()
    by.require(Permission.REGISTRY_EDIT)
    with acting(Actor.system("registry")):
        row.to_date = max(clock.day_of(at), row.from_date or clock.day_of(at))
        row.save(update_fields=["to_date"])
        subject = ("household", row.household_id)
        _record("household.left", subject, row.code, ["members"], by, at, person=row.person_id)


def add_part(*, organisation_id: UUID, given: PartGiven, by: Actor, at: datetime) -> OrganisationPerson:
    """Who answers for an organisation, works in it or joined it. Raises NotFound, NotAllowed, Invalid."""
    organisation = access(Organisation, organisation_id, by, to=Permission.REGISTRY_EDIT, lock=True, standing=True)
    if given.role not in CODE_LISTS["org_role"].names:
        raise invalid("role", "不在代码表里。", "Not in the code list.")
    person = access(Person, given.person_id, by, standing=True) if given.person_id else None
    name = person.name if person else tidy(given.name)
    if not is_name(name):
        raise invalid("name", "请填写姓名。", "Give a name.")
    if given.phone and normalise_phone(given.phone) is None:
        raise invalid("phone", "不是电话号码。", "Not a telephone number.")
    part = OrganisationPerson(id=new_id(), organisation=organisation, person=person, role=given.role, name=name)
    part.code, part.from_date, part.phone_masked = organisation.code, clock.day_of(at), mask_phone(given.phone)
    part.phone_sealed = crypto.seal(given.phone, context=PART_PHONE, row=str(part.pk)) if given.phone else None
    with acting(Actor.system("registry")):
        part.save(force_insert=True)
        subject = ("organisation", organisation.pk)
        _record("organisation.part_added", subject, organisation.code, [given.role], by, at, part=part.pk)
    return part


def end_part(*, part_id: UUID, by: Actor, at: datetime) -> None:
    """Raises NotFound, NotAllowed."""
    row = OrganisationPerson.objects.visible_to(by).filter(pk=part_id, to_date=None).first()
    if row is None:
        raise NotFound()
    by.require(Permission.REGISTRY_EDIT)
    with acting(Actor.system("registry")), transaction.atomic():
        row.to_date = clock.day_of(at)
        row.save(update_fields=["to_date"])
        subject = ("organisation", row.organisation_id)
        _record("organisation.part_ended", subject, row.code, [row.role], by, at, part=row.pk)


def _goes_to(person: Person, code: str, at: datetime) -> None:
    person.code, person.changed_at = code, at
    person.checked_at = at
    person.version += 1
    person.save(update_fields=["code", "changed_at", "checked_at", "version"])
    records_moved("person", [person.pk])


def _remember(person: Person, tie: str, dwelling_id: UUID, *, by: Actor, at: datetime, why: str, source: str) -> None:
    Change.objects.create(
        kind="person",
        record=person.pk,
        act=new_id(),
        field="residence",
        new=f"{tie}:{dwelling_id}",
        why=why,
        source=source,
        by_post=by.post_id,
        by_name=by.name,
        at=at,
        code=person.code,
    )


def _record(
    kind: str, subject: tuple[str, UUID], code: str, changed: list[str], by: Actor, at: datetime, **data: Any
) -> None:
    entry = journal.Entry(
        kind=kind,
        subject=(subject[0], str(subject[1])),
        code=code,
        permission=Permission.REGISTRY_EDIT,
        changed=changed,
        data={("from" if name == "frm" else name): str(value) for name, value in data.items() if value},
    )
    journal.record(entry, by=by, at=at)

"""One person, household, dwelling, building, organisation, grid: all that this reader may see of it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.codes import Level
from wangge.core.errors import Message, NotFound
from wangge.core.paging import CursorPage, decode_cursor, encode_cursor
from wangge.core.ranges import within
from wangge.grids.queries.divisions import lineage, names_of
from wangge.registry.access import TABLES, access, table_of
from wangge.registry.actions.reveal import note_reading
from wangge.registry.models import (
    LIVING,
    Building,
    Difference,
    Dwelling,
    Household,
    Member,
    Organisation,
    OrganisationPerson,
    Person,
    Residence,
)
from wangge.registry.queries.quality import quality_within
from wangge.registry.queries.search import person_hits
from wangge.registry.queries.words import dwelling_words, shown_fields
from wangge.registry.rules.looking import SHOWING_PEOPLE

PAGE = 50
# By which field the records of a kind fall into parts that a grid's file counts and lists.
PART_OF = {"person": "registration", "dwelling": "occupancy"}
NUMBERED = {"organisation": "credit_code", "facility": "number"}
UNNUMBERED = Message("未编户号", "No household number")


def record_file(kind: str, record_id: UUID, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Raises NotFound, NoSuchKind. Opening people's files is on the record. A constant number of queries."""
    record: Any = access(table_of(kind), record_id, by)
    if kind in SHOWING_PEOPLE:
        note_reading(kind, record, by=by, at=at)
    waiting = Difference.objects.visible_to(by).filter(record=record.pk, state="open").count()
    return _head(kind, record, by) | {"differences": waiting, **PARTS[kind](record, by)}


def grid_file(code: str, *, by: Actor) -> dict[str, Any]:
    """How much of each kind stands in a grid, or in a community or village, of the reader's own, the parts of PART_OF
    among it, and how good its records are. Nothing of who is under care. Rows are counted, so no wider place has such
    a file. A constant number of queries. Raises NotFound."""
    by.require(Permission.REGISTRY_READ)
    if len(code) < Level.COMMUNITY or not by.covers(code):
        raise NotFound()
    parts = {kind: _by_part(kind, field, code, by) for kind, field in PART_OF.items()}
    counts = {
        kind: sum(parts[kind].values()) if kind in parts else _standing(kind, code, by).count() for kind in TABLES
    }
    return {
        "code": code,
        "lineage": lineage(code),
        "counts": counts,
        "registrations": parts["person"],
        "occupancies": parts["dwelling"],
        "quality": quality_within(code, by=by),
    }


def listed(kind: str, *, by: Actor, code: str, part: str, cursor: str) -> CursorPage[dict[str, Any]]:
    """Standing records of a grid or division as masked lines, in the order of grid and id.

    `part` narrows to one value of the kind's field in PART_OF; other kinds have none of any part. Raises NoSuchKind.
    """
    by.require(Permission.REGISTRY_READ)
    rows = _standing(kind, code, by)
    if part:
        rows = rows.filter(**{PART_OF[kind]: part}) if kind in PART_OF else rows.none()
    if cursor:
        last_code, last_id = decode_cursor(cursor, kinds=[str, UUID])
        rows = rows.filter(Q(code__gt=last_code) | Q(code=last_code, pk__gt=last_id))
    if kind == "dwelling":
        rows = rows.select_related("building")
    found = list(rows.order_by("code", "pk")[: PAGE + 1])
    shown = found[:PAGE]
    following = encode_cursor([shown[-1].code, shown[-1].pk]) if len(found) > PAGE else None
    places = names_of({row.code for row in shown})
    items = [line | {"grid": places.get(line["code"], line["code"])} for line in _lines(kind, shown, by)]
    return CursorPage(items=items, next=following)


def title(kind: str, record: Any, language: str) -> str:
    match kind:
        case "dwelling":
            return dwelling_words(record)
        case "household":
            return str(record.number) or UNNUMBERED.in_language(language)
        case "building":
            return str(record.name or record.address)
    return str(record.name)


def _standing(kind: str, code: str, by: Actor) -> Any:
    """Raises NoSuchKind."""
    table: Any = table_of(kind)
    rows = table.objects.visible_to(by).standing()
    return rows.filter(within("code", (code,))) if code else rows


def _by_part(kind: str, field: str, code: str, by: Actor) -> dict[str, int]:
    return dict(_standing(kind, code, by).order_by().values_list(field).annotate(Count("pk")))


def _lines(kind: str, records: Sequence[Any], by: Actor) -> list[dict[str, Any]]:
    if kind == "person":
        return person_hits(records)
    return [
        {
            "kind": kind,
            "id": row.pk,
            "title": title(kind, row, by.language),
            "number": getattr(row, NUMBERED.get(kind, ""), ""),
            "address": getattr(row, "address", ""),
            "code": row.code,
        }
        for row in records
    ]


def _may_erase(person: Person, by: Actor) -> bool:
    """Who has left, too: what is kept of them is theirs to have erased."""
    needed = (Permission.REGISTRY_EDIT, Permission.REGISTRY_REVEAL)
    return all(by.may(one) for one in needed) and by.covers(person.code) and person.erased_at is None


def _head(kind: str, record: Any, by: Actor) -> dict[str, Any]:
    may_edit = by.may(Permission.REGISTRY_EDIT) and by.covers(record.code) and record.ended_at is None
    return {
        "kind": kind,
        "id": record.pk,
        "title": title(kind, record, by.language),
        "code": record.code,
        "lineage": lineage(record.code),
        "values": shown_fields(kind, record),
        "sources": record.sources,
        "source": record.source,
        "version": record.version,
        "made_at": record.made_at,
        "changed_at": record.changed_at,
        "checked_at": record.checked_at,
        "ended_at": record.ended_at,
        "end_reason": record.end_reason,
        "lon": getattr(record, "lon", None),
        "lat": getattr(record, "lat", None),
        "permissions": {
            "edit": may_edit,
            "reveal": by.may(Permission.REGISTRY_REVEAL),
            "erase": kind == "person" and _may_erase(record, by),
        },
    }


def _person(person: Person, by: Actor) -> dict[str, Any]:
    ties = Residence.objects.visible_to(by).filter(person=person).select_related("dwelling__building")
    memberships = Member.objects.visible_to(by).filter(person=person).select_related("household")
    parts = OrganisationPerson.objects.visible_to(by).filter(person=person).select_related("organisation")
    return {
        "merged_into": person.merged_into_id,
        "ties": [_tie(tie, dwelling_words(tie.dwelling), tie.dwelling_id) for tie in ties],
        "households": [
            {"id": one.household_id, "number": one.household.number, "relation": one.relation, "to_date": one.to_date}
            for one in memberships
        ],
        "organisations": [
            {"id": one.organisation_id, "name": one.organisation.name, "role": one.role, "to_date": one.to_date}
            for one in parts
        ],
    }


def _household(household: Household, by: Actor) -> dict[str, Any]:
    members = Member.objects.visible_to(by).filter(household=household).select_related("person")
    dwelling = (
        Dwelling.objects.visible_to(by).select_related("building").filter(pk=household.dwelling_id).first()
        if household.dwelling_id
        else None
    )
    return {
        "dwelling": {"id": dwelling.pk, "address": dwelling_words(dwelling)} if dwelling else None,
        "members": [
            _one(one.person) | {"member_id": one.pk, "relation": one.relation, "to_date": one.to_date}
            for one in members
        ],
    }


def _dwelling(dwelling: Dwelling, by: Actor) -> dict[str, Any]:
    ties = Residence.objects.visible_to(by).filter(dwelling=dwelling).select_related("person")
    seen = set(Person.objects.visible_to(by).filter(residences__dwelling=dwelling).values_list("pk", flat=True))
    building = Building.objects.filter(pk=dwelling.building_id).first() if dwelling.building_id else None
    return {
        "building": {"id": building.pk, "address": building.address} if building else None,
        "people": [_one(tie.person) | _tie(tie, "", None) for tie in ties if tie.person_id in seen],
        "households": [
            {"id": one.pk, "number": one.number}
            for one in Household.objects.visible_to(by).filter(dwelling=dwelling, ended_at=None)
        ],
    }


def _building(building: Building, by: Actor) -> dict[str, Any]:
    """Its dwellings from the top floor down, each with how many live there."""
    rows = list(Dwelling.objects.visible_to(by).standing().filter(building=building).order_by("unit", "room_key", "id"))
    living = Counter(
        Residence.objects.visible_to(by)
        .filter(dwelling__building=building, to_date=None, tie__in=LIVING)
        .order_by()
        .values_list("dwelling", flat=True)
    )
    floors: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        floors[row.floor].append(
            {
                "id": row.pk,
                "unit": row.unit,
                "room": row.room,
                "occupancy": row.occupancy,
                "hazard": row.hazard,
                "people": living.get(row.pk, 0),
            }
        )
    order = sorted(floors, key=lambda floor: -1000 if floor is None else floor, reverse=True)
    organisations = Organisation.objects.visible_to(by).standing().filter(building=building)
    return {
        "stack": [{"floor": floor, "dwellings": floors[floor]} for floor in order],
        "dwelling_count": len(rows),
        "people_count": sum(living.values()),
        "organisations": [{"id": one.pk, "name": one.name} for one in organisations[:PAGE]],
    }


def _organisation(organisation: Organisation, by: Actor) -> dict[str, Any]:
    people = OrganisationPerson.objects.visible_to(by).filter(organisation=organisation, erased_at=None)
    return {
        "parts": [
            {
                "id": one.pk,
                "role": one.role,
                "name": one.name,
                "phone": one.phone_masked,
                "person_id": one.person_id,
                "to_date": one.to_date,
            }
            for one in people
        ]
    }


def _nothing(record: Any, by: Actor) -> dict[str, Any]:
    return {}


def _tie(tie: Residence, address: str, dwelling_id: Any) -> dict[str, Any]:
    return {
        "tie_id": tie.pk,
        "tie": tie.tie,
        "from_date": tie.from_date,
        "to_date": tie.to_date,
        "address": address,
        "dwelling_id": dwelling_id,
    }


def _one(person: Person) -> dict[str, Any]:
    age = None
    if person.birth_date is not None:
        today = clock.today()
        age = (
            today.year
            - person.birth_date.year
            - ((today.month, today.day) < (person.birth_date.month, person.birth_date.day))
        )
    return {
        "id": person.pk,
        "name": person.name,
        "sex": person.sex,
        "age": age,
        "phone": person.phone_masked,
        "registration": person.registration,
    }


PARTS: dict[str, Any] = {
    "person": _person,
    "household": _household,
    "dwelling": _dwelling,
    "building": _building,
    "organisation": _organisation,
    "place": _nothing,
    "facility": _nothing,
}

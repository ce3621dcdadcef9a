"""One box: a name or a part of it, an identity or telephone number, an address in free words, an organisation, a place,
a facility's number.

What is typed comes by POST only, so that it stands in no access log. Numbers are found by keyed hash; names through the
keyed tokens, whose index is read in the asker's own ranges, and then under the policy of people; addresses,
organisations and public places by trigrams.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Collate

from wangge.accounts.permissions import Permission
from wangge.core import codes, crypto
from wangge.core.actor import Actor
from wangge.core.phone_numbers import normalise_phone
from wangge.core.ranges import within
from wangge.grids.queries.divisions import names_of
from wangge.registry.dictionary import PERSON
from wangge.registry.models import LIVING, Building, Dwelling, Facility, Organisation, Person, Place, Residence
from wangge.registry.models.doubled import holding
from wangge.registry.queries.words import dwelling_words
from wangge.registry.rules import addresses, facilities, identity, names, tokens
from wangge.registry.sealing import NAME_PURPOSE, found_by

MOST = 50
NUMBER = next(field for field in PERSON if field.name == "id_number")
PHONE = next(field for field in PERSON if field.name == "phone")
PROBE = 1_000  # tokens counted to see which gram of a long name is the rarest

# What a line of the list shows or is judged by: fifty whole records cost more than finding them.
OF_A_PERSON = (
    "code", "name", "name_key", "former_name", "sex", "birth_date", "id_number_masked", "phone_masked",
    "residence_address",
)  # fmt: skip
OF_A_HOME = ("address", "unit", "room", "building__address")

HOLDING = """
select t.record from registry_token t where t.token = %s and t.code >= %s and t.code < %s order by t.code limit %s
"""
HOW_MANY = """
select count(*) from (select from registry_token where token = %s and code >= %s and code < %s limit %s) probe
"""


def search(q: str, *, by: Actor, code: str = "") -> dict[str, Any]:
    """Hits of every kind, people first; `more` where there are more than are shown.

    `code` narrows to one division or grid of the asker's own.
    """
    by.require(Permission.REGISTRY_READ)
    asked = q.strip()
    ranges = _ranges(by, code)
    if not asked or not ranges:
        return {"items": [], "more": False}
    hits = [
        *_people(asked, by, ranges),
        *_organisations(asked, by, ranges),
        *_public_places(asked, by, ranges),
        *_facilities(asked, by, ranges),
        *_places(asked, by, ranges),
    ]
    grid_names = names_of({hit["code"] for hit in hits})
    for hit in hits:
        hit["grid"] = grid_names.get(hit["code"], hit["code"])
    return {"items": hits, "more": len(hits) >= MOST}


def _ranges(by: Actor, code: str) -> tuple[str, ...]:
    if not code:
        return by.ranges
    if by.covers(code):
        return (code,)
    return tuple(one for one in by.ranges if one.startswith(code))


def _people(asked: str, by: Actor, ranges: tuple[str, ...]) -> list[dict[str, Any]]:
    number, phone = identity.upgraded(identity.normalise_number(asked)), normalise_phone(asked)
    rows = Person.objects.visible_to(by).standing().filter(within("code", ranges)).only(*OF_A_PERSON)
    if identity.has_identity_form(number) or re.fullmatch(r"[A-Z]{1,3}\d{6,10}[A-Z]?", number):
        found = list(rows.filter(id_number_hash=found_by(NUMBER, number))[:MOST])
    elif phone is not None:
        found = list(rows.filter(phone_hash=found_by(PHONE, phone)).order_by("pk")[:MOST])
    elif names.is_name(names.tidy(asked)):
        found = _named(asked, rows, ranges)
    else:
        return []
    return person_hits(found)


def person_hits(people: Sequence[Person]) -> list[dict[str, Any]]:
    """Masked lines, each with where they live. One query."""
    homes = _homes([person.pk for person in people])
    return [_person_hit(person, homes.get(person.pk, "")) for person in people]


def _named(asked: str, rows: Any, ranges: tuple[str, ...]) -> list[Person]:
    """Those called just so first, then those whose name holds it."""
    hashed = crypto.hasher(NAME_PURPOSE)
    ids: dict[Any, None] = {}
    [whole] = tokens.numbers([tokens.whole(asked)], hashed)
    grams = tokens.numbers(tokens.wanted(asked), hashed)
    with connection.cursor() as cursor:
        for low, high in map(codes.code_range, ranges):
            for token in (whole, _rarest(cursor, grams, low, high)):
                if token is not None and len(ids) < MOST:
                    limit = MOST if len(grams) == 1 else PROBE
                    cursor.execute(HOLDING, [token, low, high, limit])
                    ids |= dict.fromkeys(record for (record,) in cursor.fetchall())
    held = {person.pk: person for person in rows.filter(pk__in=list(ids))}
    key = names.key(asked)
    found = [held[pk] for pk in ids if pk in held]
    return [one for one in found if key in one.name_key or key in names.key(one.former_name)][:MOST]


def _rarest(cursor: Any, grams: list[int], low: str, high: str) -> int | None:
    if len(grams) < 2:
        return next(iter(grams), None)
    counts = []
    for gram in grams:
        cursor.execute(HOW_MANY, [gram, low, high, PROBE])
        counts.append((cursor.fetchone()[0], gram))
    return min(counts)[1]


def _homes(ids: list[Any]) -> dict[Any, str]:
    """Where each lives now, in words. One query; under the policy of ties."""
    rows = Residence.objects.filter(person__in=ids, to_date=None, tie__in=LIVING)
    rows = rows.select_related("dwelling__building").only("person", *(f"dwelling__{one}" for one in OF_A_HOME))
    return {row.person_id: dwelling_words(row.dwelling) for row in rows}


def _person_hit(person: Person, home: str) -> dict[str, Any]:
    return {
        "kind": "person",
        "id": person.pk,
        "title": person.name,
        "sex": person.sex,
        "born": person.birth_date.year if person.birth_date else None,
        "number": person.id_number_masked,
        "phone": person.phone_masked,
        "address": home or person.residence_address,
        "code": person.code,
    }


def _organisations(asked: str, by: Actor, ranges: tuple[str, ...]) -> list[dict[str, Any]]:
    rows = Organisation.objects.visible_to(by).standing().filter(within("code", ranges))
    code = identity.normalise_number(asked)
    if identity.has_credit_form(code):
        rows = rows.filter(credit_code=code)
    elif len(names.key(asked)) < 2 or asked.isdigit():
        return []
    else:
        rows = holding(rows, "name_key", names.key(asked))
    return [
        {
            "kind": "organisation",
            "id": row.pk,
            "title": row.name,
            "number": row.credit_code,
            "phone": row.phone,
            "address": row.address,
            "code": row.code,
        }
        for row in rows.order_by("name_key", "id")[: MOST // 2]
    ]


def _public_places(asked: str, by: Actor, ranges: tuple[str, ...]) -> list[dict[str, Any]]:
    """Nothing of them is masked or sealed."""
    if len(names.key(asked)) < 2 or asked.isdigit():
        return []
    rows = Place.objects.visible_to(by).standing().filter(within("code", ranges))
    return [
        {"kind": "place", "id": row.pk, "title": row.name, "address": row.address, "code": row.code}
        for row in holding(rows, "name_key", names.key(asked)).order_by("name_key", "id")[: MOST // 2]
    ]


def _facilities(asked: str, by: Actor, ranges: tuple[str, ...]) -> list[dict[str, Any]]:
    """By the number on its plate."""
    if facilities.told_by(asked) is None:
        return []
    rows = Facility.objects.visible_to(by).standing().filter(within("code", ranges), number=asked)
    return [
        {"kind": "facility", "id": row.pk, "title": row.name, "number": row.number, "address": row.address}
        | {"code": row.code}
        for row in rows
    ]


def _places(asked: str, by: Actor, ranges: tuple[str, ...]) -> list[dict[str, Any]]:
    """Buildings whose address holds the words, and the dwelling when a room is named."""
    parts = addresses.parts_of(asked)
    room = addresses.room_key(unit=parts.unit, room=parts.room)
    words = [addresses.key(word) for word in _address_words(asked, parts if room else None)]
    if not words or max(map(len, words)) < 2 or asked.replace(" ", "").isdigit():
        return []
    rows = Building.objects.visible_to(by).standing().filter(within("code", ranges))
    for word in words:
        rows = holding(rows, "address_key", word)
    # Not in the order of the index of addresses: PostgreSQL would read along it until the words are found.
    buildings = list(rows.order_by(Collate("address_key", "C"), "id")[: MOST // 2])
    hits = list(_rooms(buildings, room, by)) if room else []
    return hits + [
        {
            "kind": "building",
            "id": row.pk,
            "title": row.name or row.address,
            "address": row.address,
            "code": row.code,
        }
        for row in buildings
    ]


def _address_words(asked: str, parts: addresses.Parts | None) -> list[str]:
    if parts is None:
        return asked.split()[:6]
    return ["".join((parts.region, parts.road, parts.number, parts.estate, parts.building)) or parts.rest]


def _rooms(buildings: list[Building], room: str, by: Actor) -> Iterator[dict[str, Any]]:
    known = {row.pk: row for row in buildings}
    same = Q(room_key=room) | Q(room_key__endswith=f"-{room}")
    rows = Dwelling.objects.visible_to(by).standing().filter(same, building__in=list(known))
    for row in rows.order_by("building", "room_key", "id")[: MOST // 2]:
        building = known.get(row.building_id)  # type: ignore[arg-type]  # filtered by it
        address = (building.address if building else "") + row.room_key
        yield {"kind": "dwelling", "id": row.pk, "title": address, "address": row.address, "code": row.code}

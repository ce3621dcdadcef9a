"""People whose row gives no document number: the same row again must lead to the same person.

They are told by grid, name and one thing more: birthday, telephone, house code, or address, the first that is given.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from wangge.core import crypto
from wangge.registry.dictionary import PERSON
from wangge.registry.models import LIVING, Person, Residence
from wangge.registry.models.among import Among
from wangge.registry.rules import names, tokens
from wangge.registry.sealing import NAME_PURPOSE, found_by

PHONE = next(field for field in PERSON if field.name == "phone")

NAMED = """
select t.record from unnest(%s::bigint[], %s::text[]) as w (token, code)
  join registry_token t on t.token = w.token and t.code = w.code
"""
Key = tuple[str, str, str, str]  # code, name, what tells, its value


def key_of(values: Mapping[str, Any], code: str, home: str) -> Key | None:
    """None where nothing but the name is given: that tells nobody."""
    born, phone, address = (values.get(name) for name in ("birth_date", "phone", "residence_address"))
    told = (
        ("born", born.isoformat() if born else ""),
        ("phone", found_by(PHONE, phone).hex() if phone else ""),
        ("home", home),
        ("address", address or ""),
    )
    tells, value = next((one for one in told if one[1]), ("", ""))
    return (code, names.key(values.get("name", "")), tells, value) if value else None


def standing(keys: Iterable[Key]) -> dict[Key, list[Person]]:
    """Who each may be. Where some have no number either, only those. As the house; three queries.

    Not those whom the file itself made: their tokens are written at its end.
    """
    wanted = set(keys)
    rows = list(Person.objects.filter(Among("pk", _named(wanted)), ended_at=None).order_by("made_at", "id"))
    homes = _homes(rows)
    found = defaultdict[Key, list[Person]](list)
    for row in rows:
        for key in _keys(row, homes.get(row.pk, "")):
            if key in wanted:
                found[key].append(row)
    return {key: [one for one in rows if one.id_number_hash is None] or rows for key, rows in found.items()}


def _named(keys: Iterable[Key]) -> list[UUID]:
    """People of these names in these grids, by the token of the whole name: people have no index of names."""
    hashed = crypto.hasher(NAME_PURPOSE)
    pairs = {(tokens.as_number(hashed(tokens.whole(name))), code) for code, name, _, _ in keys}
    with connection.cursor() as cursor:
        cursor.execute(NAMED, [[token for token, _ in pairs], [code for _, code in pairs]])
        return [row[0] for row in cursor.fetchall()]


def _homes(people: list[Person]) -> dict[Any, str]:
    rows = Residence.objects.filter(
        Among("person", [one.pk for one in people]), to_date=None, tie__in=LIVING
    ).order_by()
    return dict(rows.values_list("person_id", "dwelling__house_no"))


def _keys(row: Person, home: str) -> list[Key]:
    told = (
        ("born", row.birth_date.isoformat() if row.birth_date else ""),
        ("phone", bytes(row.phone_hash).hex() if row.phone_hash else ""),
        ("home", home),
        ("address", row.residence_address),
    )
    return [(row.code, row.name_key, tells, value) for tells, value in told if value]

"""People whose row gives no document number: the same row again must lead to the same person.

They are told by grid, name and one thing more: birthday, telephone, house code, or address. Whatever a row gives is
tried in this order, for a later file may give more than the one before (a house code beside the address that was all we
had); who is known to differ in a stronger thing is not found by a weaker one.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
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
TELLS = ("born", "phone", "home", "address")  # the strongest first
Key = tuple[str, str, str, str]  # code, name, what tells, its value
Keys = tuple[Key, ...]  # of one row, the strongest first
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Told = tuple[V, ...]  # values in the order of TELLS, empty or 0 where nothing is given
Standing = Mapping[K, Sequence[tuple[T, Told[V]]]]  # by key: who has it, with all that tells them


@dataclass(frozen=True, slots=True)
class Namesake:
    """`told`: as they are known."""

    person: Person
    told: Told[str]

    def is_surely(self, keys: Keys) -> bool:
        """Of the same birthday and home."""
        given = {tells: value for _, _, tells, value in keys}
        return all((value := given.get(tells)) and value == self.told[TELLS.index(tells)] for tells in ("born", "home"))


def keys_of(values: Mapping[str, Any], code: str, home: str) -> Keys:
    """Empty where nothing but the name is given: that tells nobody."""
    born, phone, address = (values.get(name) for name in ("birth_date", "phone", "residence_address"))
    told = (born.isoformat() if born else "", found_by(PHONE, phone).hex() if phone else "", home, address or "")
    name = names.key(values.get("name", ""))
    return tuple((code, name, tells, value) for tells, value in zip(TELLS, told, strict=True) if value)


class OfFile:
    """Rows of one file, by the same rule. Kept as hashes of a word each: a file may have a million of them."""

    def __init__(self) -> None:
        self._by_key: dict[int, tuple[tuple[int, Told[int]], ...]] = {}

    def first(self, keys: Keys, row: int) -> int:
        """The row that is about the same person and came first; this one where none is."""
        hashed = [(hash(key), TELLS.index(key[2]), hash(key[3])) for key in keys]
        values = {at: value for _, at, value in hashed}
        told = tuple(values.get(at, 0) for at in range(len(TELLS)))
        first = next(iter(_first(hashed, self._by_key)), row)
        for key, _, _ in hashed:
            if (first, told) not in (held := self._by_key.get(key, ())):
                self._by_key[key] = (*held, (first, told))
        return first


def standing(rows: Iterable[Keys]) -> dict[Keys, list[Namesake]]:
    """Who each row may be, by its keys. Where some have no number either, only those. As the house; three queries.

    Not those whom the file itself made: their tokens are written at its end.
    """
    wanted = {keys for keys in rows if keys}
    known = list(Person.objects.filter(Among("pk", _named(wanted)), ended_at=None).order_by("made_at", "id"))
    homes = _homes(known)
    by_key = defaultdict[Key, list[tuple[Namesake, Told[str]]]](list)
    for one in known:
        told = _told(one, homes.get(one.pk, ""))
        for tells, value in zip(TELLS, told, strict=True):
            by_key[one.code, one.name_key, tells, value].append((Namesake(one, told), told))
    by_row = {keys: _first([(key, TELLS.index(key[2]), key[3]) for key in keys], by_key) for keys in wanted}
    return {
        keys: [one for one in several if one.person.id_number_hash is None] or several
        for keys, several in by_row.items()
    }


def _first(keys: Sequence[tuple[K, int, V]], standing: Standing[K, T, V]) -> list[T]:
    """By the strongest key that finds somebody who differs in nothing stronger. Keys with their place in TELLS."""
    for number, (key, _, _) in enumerate(keys):
        stronger = keys[:number]
        found = [
            one
            for one, told in standing.get(key, ())
            if all(not told[at] or told[at] == value for _, at, value in stronger)
        ]
        if found:
            return found
    return []


def _named(rows: Iterable[Keys]) -> list[UUID]:
    """People of these names in these grids, by the token of the whole name: people have no index of names."""
    hashed = crypto.hasher(NAME_PURPOSE)
    pairs = {(tokens.as_number(hashed(tokens.whole(name))), code) for keys in rows for code, name, _, _ in keys[:1]}
    with connection.cursor() as cursor:
        cursor.execute(NAMED, [[token for token, _ in pairs], [code for _, code in pairs]])
        return [row[0] for row in cursor.fetchall()]


def _homes(people: list[Person]) -> dict[Any, str]:
    rows = Residence.objects.filter(
        Among("person", [one.pk for one in people]), to_date=None, tie__in=LIVING
    ).order_by()
    return dict(rows.values_list("person_id", "dwelling__house_no"))


def _told(row: Person, home: str) -> Told[str]:
    born = row.birth_date.isoformat() if row.birth_date else ""
    return born, bytes(row.phone_hash).hex() if row.phone_hash else "", home, row.residence_address

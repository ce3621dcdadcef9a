"""Who is likely registered twice in a community, to be laid side by side; not those told apart.

Reading it opens no sealed value.
"""

from collections import Counter
from collections.abc import Hashable, Iterator
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor
from wangge.core.codes import Level
from wangge.core.errors import NotFound, invalid
from wangge.core.ranges import within
from wangge.registry.models import LIVING, Apart, Person, Residence
from wangge.registry.models.among import Among
from wangge.registry.rules import addresses
from wangge.registry.rules.alike import Sign, Traits, alike

MOST = 200
Pair = tuple[Traits, Traits, frozenset[Sign]]
COLUMNS = (
    "code",
    "id",
    "name_key",
    "birth_date",
    "sex",
    "id_number_hash",
    "number_faulty",
    "phone_hash",
    "residence_address",
)


def duplicates(code: str, *, by: Actor) -> dict[str, Any]:
    """Pairs in a community or grid, those with the most signs first; five queries. Raises NotFound, Invalid."""
    by.require(Permission.REGISTRY_READ)
    if not code and len(by.ranges) == 1:
        (code,) = by.ranges
    if len(code) < Level.COMMUNITY:
        raise invalid("code", "请选择一个社区或网格。", "Choose a community or grid.")
    if not by.covers(code):
        raise NotFound()
    found = sorted(_likely(_people(code, by), code, by), key=lambda pair: (-len(pair[2]), str(pair[0].id)))
    shown = found[:MOST]
    rows = Person.objects.visible_to(by).in_bulk({one.id for pair in shown for one in pair[:2]})
    items = [
        {"one": _line(rows[one.id]), "other": _line(rows[other.id]), "signs": sorted(signs)}
        for one, other, signs in shown
        if one.id in rows and other.id in rows
    ]
    return {"code": code, "items": items, "count": len(found)}


def doubled_by_grid(community: str, *, by: Actor) -> dict[str, int]:
    """How many people of each grid stand in a likely pair of the community; four queries."""
    people = _people(community, by)
    doubled = {one.id for pair in _likely(people, community, by) for one in pair[:2]}
    return dict(Counter(one.code for one in people if one.id in doubled))


def _likely(people: list[Traits], code: str, by: Actor) -> Iterator[Pair]:
    told = set(Apart.objects.visible_to(by).filter(within("code", (code,))).values_list("one", "other"))
    return (pair for pair in alike(people) if _ids(pair) not in told)


def _ids(pair: Pair) -> tuple[Hashable, Hashable]:
    one, other = sorted((pair[0].id, pair[1].id), key=str)
    return one, other


def _people(code: str, by: Actor) -> list[Traits]:
    standing = Person.objects.visible_to(by).standing().filter(within("code", (code,)))
    rows = list(standing.order_by("pk").values_list(*COLUMNS))
    # By their ids: ties have no index of grids, and would be read to the last one of the city.
    homes = Residence.objects.visible_to(by).filter(Among("person", [row[1] for row in rows]), to_date=None)
    home_of = dict(homes.filter(tie__in=LIVING).order_by().values_list("person_id", "dwelling_id"))
    return [
        Traits(
            id=pk,
            code=code,
            name=name,
            birth=birth,
            sex=sex,
            number=bytes(number) if number else None,
            has_fault=faulty,
            phone=bytes(phone) if phone else None,
            home=home_of.get(pk),
            address=addresses.key(address),
        )
        for code, pk, name, birth, sex, number, faulty, phone, address in rows
    ]


def _line(row: Person) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "sex": row.sex,
        "born": row.birth_date.year if row.birth_date else None,
        "number": row.id_number_masked,
        "phone": row.phone_masked,
        "code": row.code,
    }

"""A building, its dwellings and the people in them, made by the actions as one of the people of the test town."""

from datetime import date
from typing import Any
from uuid import UUID

from wangge.core import clock
from wangge.core.actor import acting
from wangge.core.ids import new_id
from wangge.registry.actions import Source, Where, put, tie_person
from wangge.registry.models import Building, Dwelling, Person
from wangge.registry.rules.identity import identity_check
from wangge.testing import town
from wangge.testing.world import World


def number(order: int, *, born: str = "19900307", region: str = "320104") -> str:
    digits = f"{region}{born}{order % 1000:03}"
    return digits + identity_check(digits + "0")


def write(world: World, kind: str, values: dict[str, Any], *, key: str = "community", **how: Any) -> Any:
    by = world[key].actor
    how.setdefault("where", Where(code=town.GRID))
    with acting(by):
        return put(kind=kind, record_id=how.pop("id", new_id()), values=values, by=by, at=clock.now(), **how)


def building(world: World, code: str = town.GRID, *, key: str = "community", **values: Any) -> Building:
    lon, lat = town.point_in(code)
    given = {"address": "平江府路12号金陵花园3幢", "floors": 6} | values
    record = write(world, "building", given, key=key, where=Where(lon=lon, lat=lat)).record
    assert isinstance(record, Building)
    return record


def dwelling(world: World, inside: Building, *, key: str = "community", **values: Any) -> Dwelling:
    given = {"unit": "2", "room": "301", "floor": 3} | values
    record = write(world, "dwelling", given, key=key, where=Where(building_id=inside.pk)).record
    assert isinstance(record, Dwelling)
    return record


def person(world: World, name: str = "张伟明", *, key: str = "community", order: int = 1, **how: Any) -> Person:
    values = {"name": name, "id_number": number(order), "registration": "registered", "phone": f"1990000{order:04}"}
    record = write(world, "person", values | how.pop("values", {}), key=key, **how).record
    assert isinstance(record, Person)
    return record


def moves_in(world: World, who: UUID, where: UUID, *, key: str = "community", tie: str = "lives", **how: Any) -> None:
    by = world[key].actor
    with acting(by):
        tie_person(person_id=who, dwelling_id=where, tie=tie, from_date=how.get("day"), by=by, at=clock.now())


DEPARTMENT = Source(kind="department", owner="police")
OLD_FILE = Source(kind="import")
SOME_DAY = date(2020, 1, 1)

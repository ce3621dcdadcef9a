"""A building, its dwellings and the people in them, made by the actions as one of the people of the test town."""

from datetime import date
from typing import Any
from uuid import UUID

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.registry.actions import PartGiven, Source, Where, add_member, add_part, merge, put, tie_person
from wangge.registry.actions.care import CareGiven, begin_care
from wangge.registry.models import Building, CareCategory, Difference, Dwelling, Person, Residence
from wangge.registry.rules.identity import identity_check
from wangge.testing import town
from wangge.testing.world import World

SYSTEM = Actor.system("test")


def one(pk: Any) -> Person:
    """As it stands in the database, whoever may see it."""
    with acting(SYSTEM):
        return Person.objects.get(pk=pk)


def people() -> list[Person]:
    with acting(SYSTEM):
        return list(Person.objects.order_by("made_at", "id"))


def number(order: int, *, born: str = "19900307", region: str = "320104") -> str:
    digits = f"{region}{born}{order % 1000:03}"
    return digits + identity_check(digits + "0")


def write(world: World, kind: str, values: dict[str, Any], *, key: str = "community", **how: Any) -> Any:
    by = world[key].actor
    how.setdefault("where", Where(code=town.GRID))
    at = how.pop("at", clock.now())
    with acting(by):
        return put(kind=kind, record_id=how.pop("id", new_id()), values=values, by=by, at=at, **how)


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


def tie(world: World, who: UUID, where: UUID) -> UUID:
    moves_in(world, who, where)
    with acting(world["community"].actor):
        return Residence.objects.get(person=who, to_date=None).pk


def merged(world: World, *, order: int) -> UUID:
    kept, gone = person(world, "钱一", order=order), person(world, "钱乙", values={"id_number": ""}, order=order)
    by = world["community"].actor
    with acting(by):
        return merge(kept_id=kept.pk, gone_id=gone.pk, why="同一人", by=by, at=clock.now()).pk


def difference(world: World, *, order: int) -> UUID:
    who = person(world, "周甲", order=order)
    write(world, "person", {"name": "周假"}, id=who.pk, where=None, source=DEPARTMENT)
    write(world, "person", {"name": "周佳"}, id=who.pk, where=None)
    with acting(world["community"].actor):
        return Difference.objects.get(record=who.pk).pk


def member(world: World, household: UUID, *, order: int) -> UUID:
    who, by = person(world, "吴丁", order=order), world["community"].actor
    with acting(by):
        return add_member(
            household_id=household, person_id=who.pk, relation="20", from_date=None, by=by, at=clock.now()
        ).pk


def part(world: World, organisation: UUID) -> UUID:
    by = world["community"].actor
    with acting(by):
        return add_part(
            organisation_id=organisation, given=PartGiven(role="legal", name="郑戊"), by=by, at=clock.now()
        ).pk


def competent(category: str = "elderly_alone", unit: str = "城市管理") -> None:
    """The test town has no civil affairs; its city management stands for it."""
    CareCategory.objects.filter(code=category).update(units=[unit])


def care(world: World, *, order: int) -> UUID:
    """Begun by the leader of a department, visited by the grid worker."""
    person(world, "冯己", order=order)
    competent()
    by = world["department_leader"].actor
    given = CareGiven(
        id_number=number(order),
        category="elderly_alone",
        basis="民政〔2026〕1号",
        start_date=SOME_DAY,
        worker_post=world["grid_worker"].post.pk,
    )
    with acting(by):
        return begin_care(given=given, by=by, at=clock.now()).pk

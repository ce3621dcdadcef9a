"""While a file is written, over a second connection: what it finds as it is stays free, what it changes is held."""

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module

import pytest
from django.db import OperationalError, connection

from wangge.core import clock
from wangge.core.actor import acting
from wangge.core.ids import new_id
from wangge.core.importing.importer import Counts, ImportContext, StagedRow
from wangge.registry.importers.people import PeopleImporter
from wangge.registry.models import Person
from wangge.registry.tests.made import SYSTEM, building, dwelling, number, person, tie, write
from wangge.testing import town
from wangge.testing.committed import at_once
from wangge.testing.world import World

NAMES = ("张伟明", "李四", "王五", "赵六", "钱七", "孙八")


@pytest.fixture(autouse=True)
def chunks_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("wangge.registry.importers.chunks"), "CHUNK", 1)


def brought(world: World, meanwhile: Callable[[], object], at: datetime, **said: str) -> Counts:
    """Six people of a file, `said` of the first; he has long been settled when the last is read."""

    def rows() -> Iterator[StagedRow]:
        for order, name in enumerate(NAMES, 1):
            if order == len(NAMES):
                meanwhile()
            values = {"name": name, "id_number": number(order), "code": town.GRID}
            yield StagedRow(order + 1, values | (said if order == 1 else {}))

    by = world["community"].actor
    with acting(by):
        return PeopleImporter().apply(rows(), ImportContext(by, at, {}), new_id())


def elsewhere(call: Callable[[], object]) -> BaseException | None:
    """On a connection of its own, which waits for nobody's lock longer than a second."""

    def done() -> None:
        with connection.cursor() as cursor:
            cursor.execute("set lock_timeout = '1s'")
        call()

    [outcome] = at_once(done)
    return outcome


def one(who: Person) -> Person:
    with acting(SYSTEM):
        return Person.objects.get(pk=who.pk)


def test_a_clerk_writes_what_the_file_found_as_it_is_without_waiting(committed_world: World) -> None:
    who, at, outcomes = person(committed_world), clock.now(), list[BaseException | None]()
    edit = {"phone": "13812345678"}

    def meanwhile() -> None:
        outcomes.append(
            elsewhere(lambda: write(committed_world, "person", edit, id=who.pk, where=None, why="本人来电"))
        )

    counts = brought(committed_world, meanwhile, at)
    found = one(who)
    assert outcomes == [None] and counts == Counts(created=5, unchanged=1)
    assert found.phone_masked == "138****5678"
    assert found.checked_at > at, "the clerk's word is the later one"


def test_what_the_file_changes_is_held_until_it_is_there(committed_world: World) -> None:
    who, outcomes = person(committed_world), list[BaseException | None]()
    edit = {"employer": "桃叶超市"}

    def meanwhile() -> None:
        outcomes.append(elsewhere(lambda: write(committed_world, "person", edit, id=who.pk, where=None, why="更正")))

    counts = brought(committed_world, meanwhile, clock.now(), employer="秦淮书店")
    assert isinstance(outcomes[0], OperationalError) and counts.changed == 1
    assert one(who).employer == "秦淮书店"
    assert elsewhere(lambda: write(committed_world, "person", edit, id=who.pk, where=None, why="更正")) is None
    assert one(who).employer == "桃叶超市"


def test_what_a_file_finds_as_it_is_was_seen_then(committed_world: World) -> None:
    who, later = person(committed_world), clock.now()
    brought(committed_world, lambda: None, later)
    assert one(who).checked_at == later


def test_whoever_moves_in_meanwhile_is_not_housed_twice(committed_world: World) -> None:
    who, house = person(committed_world), building(committed_world)
    home, other = dwelling(committed_world, house, house_no="F1"), dwelling(committed_world, house, room="302")
    outcomes: list[BaseException | None] = []

    def meanwhile() -> None:
        outcomes.append(elsewhere(lambda: tie(committed_world, who.pk, other.pk)))

    def rows() -> Iterator[StagedRow]:
        for order, name in enumerate(NAMES[:3], 1):
            if order == 3:  # the first was looked up, and is not tied yet
                meanwhile()
            values = {"name": name, "id_number": number(order), "code": town.GRID}
            yield StagedRow(order + 1, values | ({"house_no": "F1"} if order == 1 else {}))

    by = committed_world["community"].actor
    with acting(by):
        PeopleImporter().apply(rows(), ImportContext(by, clock.now(), {}), new_id())
    with acting(SYSTEM):
        assert outcomes == [None] and home.residences.count() == 0 and other.residences.count() == 1

"""What somebody changes while a file is written stands: a row is settled on its record as it is then, or refused."""

from collections.abc import Callable, Iterator
from importlib import import_module

import pytest

from wangge.core import clock
from wangge.core.actor import acting
from wangge.core.ids import new_id
from wangge.core.importing.importer import Counts, ImportContext, StagedRow
from wangge.registry.actions import end_record, erase_person
from wangge.registry.importers.people import PeopleImporter
from wangge.registry.importers.settling import ChangedSinceCheck
from wangge.registry.models import Change
from wangge.registry.tests.made import SYSTEM, number, one, person, write
from wangge.testing import town
from wangge.testing.world import World


@pytest.fixture(autouse=True)
def chunks_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("wangge.registry.importers.chunks"), "CHUNK", 1)


def brought_while(world: World, meanwhile: Callable[[], object], **said: str) -> Counts:
    """Three people of a file; when the third is read, the first has been looked up and not yet written."""

    def rows() -> Iterator[StagedRow]:
        for order, name in enumerate(("张伟明", "李四", "王五"), 1):
            if order == 3:
                meanwhile()
            values = {"name": name, "id_number": number(order), "code": town.GRID}
            yield StagedRow(order + 1, values | (said if order == 1 else {}))

    by = world["community"].actor
    with acting(by):
        return PeopleImporter().apply(rows(), ImportContext(by, clock.now(), {}), new_id())


def test_what_somebody_changed_while_the_file_was_read_stays(world: World) -> None:
    who = person(world)
    edit = {"phone": "13812345678"}
    counts = brought_while(
        world, lambda: write(world, "person", edit, id=who.pk, where=None, why="本人来电"), employer="桃叶超市"
    )
    found = one(who.pk)
    assert (found.phone_masked, found.employer, counts.changed) == ("138****5678", "桃叶超市", 1)
    with acting(SYSTEM):
        assert set(Change.objects.filter(record=who.pk).values_list("field", flat=True)) >= {"phone", "employer"}


def test_whoever_was_erased_while_the_file_was_read_stays_erased(world: World) -> None:
    who, by = person(world), world["community"].actor

    def erased() -> None:
        with acting(by):
            erase_person(person_id=who.pk, why="本人申请", by=by, at=clock.now())

    with pytest.raises(ChangedSinceCheck) as refused:
        brought_while(world, erased, employer="桃叶超市")
    assert refused.value.data["row"] == 2


@pytest.mark.parametrize("change", ["ended", "renumbered"])
def test_a_row_is_not_written_into_what_is_no_longer_its_record(world: World, change: str) -> None:
    who, by = person(world), world["community"].actor

    def changed() -> None:
        with acting(by):
            if change == "ended":
                end_record(kind="person", record_id=who.pk, reason="died", by=by, at=clock.now())
            else:
                write(world, "person", {"id_number": number(9)}, id=who.pk, where=None, why="登记有误")

    with pytest.raises(ChangedSinceCheck):
        brought_while(world, changed, employer="桃叶超市")

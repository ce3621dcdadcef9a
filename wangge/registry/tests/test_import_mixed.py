"""One file with everything a monthly file holds: new people, known ones as they were, changed, contradicted, merged,
and erased, who come in anew. In pages of any size: what one page changes was read by the next before it.
"""

from importlib import import_module

import pytest

from wangge.core import clock
from wangge.core.actor import acting
from wangge.core.ids import new_id
from wangge.core.importing.importer import Counts, ImportContext, StagedRow
from wangge.core.models import JournalEntry
from wangge.registry.actions import erase_person, merge
from wangge.registry.importers.people import PeopleImporter
from wangge.registry.models import Change, Difference, Person, Token
from wangge.registry.tests.made import DEPARTMENT, SYSTEM, number, person, write
from wangge.registry.tests.test_search import found
from wangge.testing import town
from wangge.testing.world import World


@pytest.fixture(autouse=True, params=[1, 2, 5_000])
def pages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("wangge.registry.importers.chunks"), "CHUNK", request.param)


def brought(world: World, rows: list[dict[str, str]], **options: str) -> Counts:
    by = world["community"].actor
    staged = [StagedRow(at, {"code": town.GRID, **row}) for at, row in enumerate(rows, 2)]
    with acting(by):
        return PeopleImporter().apply(staged, ImportContext(by, clock.now(), options), new_id())


def test_each_row_of_a_mixed_file_finds_what_is_due_to_it(world: World) -> None:
    same, changed = person(world, "张伟明", order=1), person(world, "李四", order=2)
    police, gone = person(world, "王五", order=3), person(world, "赵六", order=4)
    write(world, "person", {"name": "王武"}, id=police.pk, where=None, source=DEPARTMENT)
    kept, merged = person(world, "钱七", order=5), person(world, "钱柒", values={"id_number": ""}, order=6)
    by = world["community"].actor
    with acting(by):
        erase_person(person_id=gone.pk, why="本人申请", by=by, at=clock.now())
        merge(kept_id=kept.pk, gone_id=merged.pk, why="同一人", by=by, at=clock.now())
    counts = brought(
        world,
        [
            {"name": "孙八", "id_number": number(8)},
            {"name": "张伟明", "id_number": number(1)},
            {"name": "李四", "id_number": number(2), "employer": "桃叶超市"},
            {"name": "王五", "id_number": number(3)},
            {"name": "赵六", "id_number": number(4)},
            {"name": "钱七", "id_number": number(5), "phone": "13812345678"},
            {"name": "周九", "id_number": number(9), "employer": "a\tb\\N\\c"},
        ],
    )
    assert counts == Counts(created=3, changed=3, unchanged=1)
    with acting(SYSTEM):
        people = {one.pk: one for one in Person.objects.all()}
        assert (people[same.pk].version, people[changed.pk].employer) == (same.version, "桃叶超市")
        assert people[police.pk].name == "王武", "the police's word stands"
        assert [(one.record, one.offered) for one in Difference.objects.all()] == [(police.pk, "王五")]
        erased, gone_too = people[gone.pk], people[merged.pk]
        assert (erased.name, erased.id_number_hash, bool(erased.ended_at)) == ("", None, True)
        assert gone_too.merged_into_id == kept.pk and gone_too.changed_at < people[kept.pk].changed_at
        assert people[kept.pk].phone_masked == "138****5678"
        assert not Token.objects.filter(record__in=[gone.pk, merged.pk]).exists()
        fields = set(Change.objects.filter(source="import").values_list("record", "field"))
        assert fields == {(changed.pk, "employer"), (kept.pk, "phone")}
        [new] = [one for one in people.values() if one.name == "周九"]
        assert (new.employer, new.source) == ("a\tb\\N\\c", "import")
        [entry] = JournalEntry.objects.filter(kind="registry.imported")
        assert (entry.data["created"], entry.data["changed"]) == (3, 3)
    assert found(world, "周九") == [("person", "周九")] and found(world, number(8)) == [("person", "孙八")]


def test_two_rows_of_one_person_settle_one_after_the_other(world: World) -> None:
    """The check refuses such a file; the second row must still not be settled on what was before the first."""
    who = person(world, values={"id_number": "", "birth_date": "1990-03-07", "phone": "13812345678"})
    rows = [
        {"name": "张伟明", "phone": "13812345678", "employer": "桃叶超市", "education": "20"},
        {"name": "张伟明", "birth_date": "1990-03-07", "employer": "秦淮书店"},
    ]
    assert brought(world, rows) == Counts(changed=2)
    with acting(SYSTEM):
        found = Person.objects.get()
        assert (found.pk, found.employer, found.education) == (who.pk, "秦淮书店", "20")
        assert [(one.field, one.old, one.new) for one in Change.objects.order_by("id")] == [
            ("education", "", "20"),
            ("employer", "", "桃叶超市"),
            ("employer", "桃叶超市", "秦淮书店"),
        ]

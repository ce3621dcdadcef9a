"""Two rows of one file that are one known record, each told by something else: said of the second, and nothing lost."""

from pathlib import Path

from wangge.core import clock
from wangge.core.actor import acting
from wangge.core.ids import new_id
from wangge.core.importing.importer import ImportContext, StagedRow
from wangge.registry.importers.people import PeopleImporter
from wangge.registry.models import Change, Dwelling, Person, Residence
from wangge.registry.tests.made import SYSTEM, building, dwelling, number, person
from wangge.registry.tests.test_importers import HOUSES, bring
from wangge.testing import town
from wangge.testing.world import World

HEAD = "姓名,公民身份号码,出生日期,联系方式,服务处所,学历,网格编码,房屋编码"


def test_a_person_told_by_telephone_and_by_birthday_is_said_of_the_second_row(world: World, tmp_path: Path) -> None:
    person(world, values={"id_number": "", "birth_date": "1990-03-07", "phone": "13812345678"})
    rows = [f"张伟明,,,13812345678,甲,,{town.GRID},", f"张伟明,,1990-03-07,,,大学本科,{town.GRID},"]
    outcome = bring(world, tmp_path, rows, head=HEAD)
    assert [(fault.row, fault.code) for fault in outcome.errors] == [(3, "registry.person_twice")]


def test_a_person_told_by_number_and_by_birthday_is_said_of_the_row_without_a_number(
    world: World, tmp_path: Path
) -> None:
    person(world)
    rows = [f"张伟明,{number(1)},,,甲,,{town.GRID},", f"张伟明,,1990-03-07,,,大学本科,{town.GRID},"]
    for given, wrong in ((rows, 3), (rows[::-1], 2)):
        outcome = bring(world, tmp_path, given, head=HEAD)
        assert [(fault.row, fault.code) for fault in outcome.errors] == [(wrong, "registry.person_twice")]


def test_a_dwelling_told_by_house_code_and_by_room_is_said_of_the_second_row(world: World, tmp_path: Path) -> None:
    lon, lat = town.point_in(town.GRID)
    here = f"平江府路12号金陵花园3幢2单元101室,{{}},1,{{}},{lon},{lat}"
    bring(world, tmp_path, [here.format("F1", "出租")], "dwellings", head=HOUSES)
    rows = [here.replace("101室", "").format("F1", "空置"), here.format("", "自住")]
    outcome = bring(world, tmp_path, rows, "dwellings", head=HOUSES)
    assert [(fault.row, fault.code) for fault in outcome.errors] == [(3, "registry.same_twice")]
    with acting(SYSTEM):
        assert Dwelling.objects.count() == 1


def test_both_rows_are_kept_where_the_check_did_not_see_that_they_are_one(world: World) -> None:
    """Somebody added the birthday after the check."""
    who = person(world, values={"id_number": "", "birth_date": "1990-03-07", "phone": "13812345678"})
    dwelling(world, building(world), house_no="F1")
    by, base = world["community"].actor, {"name": "张伟明", "code": town.GRID, "house_no": "F1"}
    rows = [
        StagedRow(2, base | {"phone": "13812345678", "employer": "桃叶超市"}),
        StagedRow(3, base | {"birth_date": "1990-03-07", "education": "20"}),
    ]
    with acting(by):
        PeopleImporter().apply(rows, ImportContext(by, clock.now(), {}), new_id())
    with acting(SYSTEM):
        found = Person.objects.get()
        assert (found.pk, found.employer, found.education) == (who.pk, "桃叶超市", "20")
        assert set(Change.objects.values_list("field", flat=True)) == {"employer", "education"}
        assert Residence.objects.filter(person=who).count() == 1

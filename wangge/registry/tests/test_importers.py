"""People, dwellings, organisations and facilities from spreadsheets: faults by row, nothing twice."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wangge.cases.tests.importing import Outcome, bring_in, write_csv
from wangge.core import clock
from wangge.core.actor import acting
from wangge.core.errors import NotAllowed
from wangge.core.ids import new_id
from wangge.core.importing.faults import FaultLevel
from wangge.core.importing.importer import ImportContext, StagedRow
from wangge.core.importing.mapping import Mapped
from wangge.core.models import JournalEntry
from wangge.registry.actions import Where
from wangge.registry.importers.columns import refused_columns
from wangge.registry.importers.people import PeopleImporter
from wangge.registry.importers.records import DwellingsImporter, OrganisationsImporter
from wangge.registry.importers.settling import ChangedSinceCheck
from wangge.registry.models import Building, Change, Dwelling, Facility, Organisation, Person, Residence, Token
from wangge.registry.rules.identity import credit_check
from wangge.registry.tests.made import SYSTEM, building, dwelling, number, people, person
from wangge.registry.tests.test_search import found
from wangge.testing import town
from wangge.testing.world import World

HEAD = "姓名,公民身份号码,性别,文化程度,联系方式,人口类别,网格编码,民族,房屋编码"


def bring(
    world: World, path: Path, rows: list[str], kind: str = "people", key: str = "community", head: str = HEAD
) -> Outcome:
    return bring_in(kind, write_csv(path / "a.csv", "\n".join([head, *rows]) + "\n"), world[key].actor)


def row(name: str, order: int, *, grid: str = town.GRID, id_number: str | None = None, house: str = "") -> str:
    card = number(order) if id_number is None else id_number
    return f"{name},{card},女性,大学本科,1380000{order:04},户籍,{grid},01,{house}"


def test_people_come_in_sealed_findable_and_with_codes_for_names(world: World, tmp_path: Path) -> None:
    outcome = bring(world, tmp_path, [row("张伟明", 1), row("𠮷田·买买提", 2)])
    assert (outcome.errors, outcome.counts.created) == ([], 2)
    first = people()[0]
    assert (first.sex, first.education, first.code, first.source) == ("2", "20", town.GRID, "import")
    assert str(first.birth_date) == "1990-03-07" and first.id_number_masked.startswith("3201")
    assert found(world, "𠮷") == [("person", "𠮷田·买买提")] and found(world, number(1)) == [("person", "张伟明")]
    with acting(SYSTEM):
        entry = JournalEntry.objects.get(kind="registry.imported")
    assert entry.data == {"of": "person", "created": 2, "changed": 0, "codes": [town.GRID]}


def test_refused_columns_are_said_and_never_kept(world: World, tmp_path: Path) -> None:
    bring(world, tmp_path, [row("张伟明", 1)])
    said = list(refused_columns(["姓名", "民族", "宗教信仰", "政治面貌", "是否重点关注人员"]))
    assert [fault.column for fault in said] == ["民族", "宗教信仰", "政治面貌", "是否重点关注人员"]
    assert {fault.level for fault in said} == {FaultLevel.WARNING}
    names = {field.zh for field in PeopleImporter.fields}
    assert not names & {"民族", "宗教信仰", "政治面貌"}


def test_a_wrong_check_digit_is_a_warning_in_bulk_and_marked(world: World, tmp_path: Path) -> None:
    wrong = number(1)[:17] + ("0" if number(1)[17] != "0" else "1")
    outcome = bring(world, tmp_path, [row("张伟明", 1, id_number=wrong)])
    assert outcome.errors == [] and "registry.check_digit" in outcome.codes()
    assert [one.number_faulty for one in people()] == [True]


def test_faults_are_said_by_row_and_quote_no_number(world: World, tmp_path: Path) -> None:
    outcome = bring(
        world,
        tmp_path,
        [
            row("张伟明", 1),
            row("张伟明", 1),
            row("=cmd()", 3),
            row("李四", 4, grid=town.OTHER_GRID),
            row("王五", 5, grid="999"),
            row("阿" * 51, 6),
        ],
    )
    assert {(fault.row, fault.code) for fault in outcome.errors} == {
        (3, "registry.number_twice"),
        (4, "registry.wrong_value"),
        (5, "registry.row_out_of_area"),
        (6, "registry.no_grid"),
        (7, "registry.wrong_value"),
    }
    assert all(number(order) not in fault.zh for fault in outcome.faults for order in range(1, 7))
    assert [one.name for one in people()] == ["张伟明"]


def test_the_same_file_again_changes_nothing(world: World, tmp_path: Path) -> None:
    bring(world, tmp_path, [row("张伟明", 1), row("李四", 2)])
    with acting(SYSTEM):
        tokens = Token.objects.count()
    again = bring(world, tmp_path, [row("张伟明", 1), row("李四", 2)])
    assert (again.counts.created, again.counts.changed, again.counts.unchanged) == (0, 0, 2)
    with acting(SYSTEM):
        assert (Token.objects.count(), Change.objects.count()) == (tokens, 0)


def test_what_a_file_says_differently_is_a_line_of_history(world: World, tmp_path: Path) -> None:
    bring(world, tmp_path, [row("张伟明", 1)])
    changed = bring(world, tmp_path, [row("张伟明", 1).replace("大学本科", "研究生")])
    assert changed.counts.changed == 1
    with acting(SYSTEM):
        assert [(line.field, line.old, line.new) for line in Change.objects.all()] == [("education", "20", "10")]


def test_a_file_without_a_column_says_nothing_of_it(world: World, tmp_path: Path) -> None:
    """Whoever is new is taken for registered here; who is known stays what they are."""
    person(world, values={"registration": "floating"})
    head = "姓名,公民身份号码,网格编码"
    rows = [f"张伟明,{number(1)},{town.GRID}", f"李四,{number(2)},{town.GRID}"]
    outcome = bring(world, tmp_path, rows, head=head)
    assert (outcome.errors, outcome.counts.changed) == ([], 0)
    assert {one.name: one.registration for one in people()} == {"张伟明": "floating", "李四": "registered"}


def test_nobody_is_moved_by_a_file(world: World, tmp_path: Path) -> None:
    person(world, key="stranger_community", where=Where(code=town.OTHER_GRID))
    outcome = bring(world, tmp_path, [row("张伟明", 1)])
    assert outcome.codes() == {"registry.row_known_elsewhere"}
    assert [one.code for one in people()] == [town.OTHER_GRID]


def test_who_may_not_edit_the_registry_imports_nothing(world: World, tmp_path: Path) -> None:
    for key in ("administrator", "district_seat"):
        with pytest.raises(NotAllowed):
            bring(world, tmp_path, [row("张伟明", 1)], key=key)


HOUSES = "房屋地址,房屋编码,楼层,使用状态,经度,纬度"


def test_dwellings_make_their_buildings_once_and_people_are_tied_to_them(world: World, tmp_path: Path) -> None:
    lon, lat = town.point_in(town.GRID)
    rows = [f"平江府路12号金陵花园3幢2单元{floor}01室,F{floor},{floor},出租,{lon},{lat}" for floor in (1, 2, 3)]
    outcome = bring(world, tmp_path, rows, "dwellings", head=HOUSES)
    assert (outcome.errors, outcome.counts.created) == ([], 3)
    with acting(SYSTEM):
        assert Building.objects.get().address == "平江府路12号金陵花园3幢"
        assert {one.room_key for one in Dwelling.objects.all()} == {"2-101", "2-201", "2-301"}
        assert {one.occupancy for one in Dwelling.objects.all()} == {"rented"}
    assert bring(world, tmp_path, rows, "dwellings", head=HOUSES).counts.unchanged == 3
    outcome = bring(world, tmp_path, [row("张伟明", 1, house="F2"), row("李四", 2, house="F9")])
    assert [fault.row for fault in outcome.of("registry.no_dwelling")] == [3]
    with acting(SYSTEM):
        assert Residence.objects.get().dwelling.room_key == "2-201"


def test_the_grid_of_whoever_gets_a_home_by_a_file_is_to_be_counted(world: World, tmp_path: Path) -> None:
    """The reader of a city's file counts the grids that its entry names (rollups.py)."""
    person(world)
    dwelling(world, building(world), house_no="F1")
    outcome = bring(world, tmp_path, [f"张伟明,{number(1)},F1,{town.GRID}"], head="姓名,公民身份号码,房屋编码,网格编码")
    assert outcome.counts.unchanged == 1
    assert JournalEntry.objects.get(kind="registry.imported").data["codes"] == [town.GRID]


def credit(order: int) -> str:
    digits = f"91320104{order:09}"
    return digits + credit_check(digits)


@pytest.mark.parametrize(
    ("importer", "values", "index"),
    [
        (PeopleImporter(), lambda order: {"name": "张伟明", "house_no": f"F{order}"}, "registry_dwelling_house"),
        (
            DwellingsImporter(),
            lambda order: {"building": "渡口路5号", "house_no": f"F{order}"},
            "registry_dwelling_house",
        ),
        (
            OrganisationsImporter(),
            lambda order: {"name": "桃叶超市", "credit_code": credit(order)},
            "organisation_code_once",
        ),
    ],
)
def test_what_the_rows_of_a_file_name_is_found_by_an_index(
    world: World, importer: Any, values: Callable[[int], dict[str, str]], index: str
) -> None:
    """However many they are. Of tables as small as here the planner is told not to read the whole."""
    rows = [Mapped(order, {"code": town.GRID, "name": "张伟明"} | values(order), None, ()) for order in range(1, 200)]
    by, column = world["community"].actor, "house_no" if "house" in index else "credit_code"
    with acting(by), CaptureQueriesContext(connection) as queries:
        list(importer.check(rows, ImportContext(by, clock.now(), {})))
    [asked] = [one["sql"] for one in queries if f'"{column}" = any(' in one["sql"]]
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("explain " + asked)
        assert index in str(cursor.fetchall())


def test_a_room_and_a_house_code_stand_once_each_whichever_the_row_gives(world: World, tmp_path: Path) -> None:
    lon, lat = town.point_in(town.GRID)
    here = f"平江府路12号金陵花园3幢2单元101室,{{}},1,出租,{lon},{lat}"
    outcome = bring(world, tmp_path, [here.format("F1"), here.format("F2"), here.format("")], "dwellings", head=HOUSES)
    assert [(fault.row, fault.code) for fault in outcome.errors] == [
        (3, "registry.same_twice"),
        (4, "registry.same_twice"),
    ]
    other = here.replace("101室", "102室").format("F2")
    assert bring(world, tmp_path, [other], "dwellings", head=HOUSES).counts.created == 1
    clash = bring(world, tmp_path, [here.format("F2")], "dwellings", head=HOUSES)
    assert [(fault.row, fault.code) for fault in clash.errors] == [(2, "registry.room_of_another")]


def test_what_leads_to_a_dwelling_can_be_added_and_corrected_by_a_file(world: World, tmp_path: Path) -> None:
    """A room that gets its code, and a code whose room was written wrong."""
    lon, lat = town.point_in(town.GRID)
    here = f"平江府路12号金陵花园3幢2单元{{}}室,{{}},1,出租,{lon},{lat}"
    assert bring(world, tmp_path, [here.format(101, "")], "dwellings", head=HOUSES).counts.created == 1
    for room in (101, 102):
        outcome = bring(world, tmp_path, [here.format(room, "F1")], "dwellings", head=HOUSES)
        assert (outcome.errors, outcome.counts.changed, outcome.counts.created) == ([], 1, 0)
    with acting(SYSTEM):
        one = Dwelling.objects.get()
    assert (one.house_no, one.room_key) == ("F1", "2-102")


def test_two_organisations_of_one_name_in_two_grids_are_two(world: World, tmp_path: Path) -> None:
    rows = [f"桃叶超市,,企业,{grid}" for grid in (town.GRID, town.NEIGHBOUR_GRID)]
    outcome = bring(world, tmp_path, rows, "organisations", head="名称,统一社会信用代码,类别,网格编码")
    assert (outcome.errors, outcome.counts.created) == ([], 2)


def test_a_record_of_another_grid_is_a_fault_of_its_row(world: World, tmp_path: Path) -> None:
    head, line = "部件编码,名称,大类,网格编码", "3201040101000001,井盖,公用设施,"
    bring(world, tmp_path, [line + town.OTHER_GRID], "facilities", key="stranger_community", head=head)
    outcome = bring(world, tmp_path, [line + town.GRID], "facilities", head=head)
    assert [(fault.row, fault.code) for fault in outcome.errors] == [(2, "registry.record_elsewhere")]


def test_what_changed_after_the_check_stops_the_file_instead_of_losing_rows(world: World) -> None:
    by, values = world["community"].actor, {"name": "张伟明", "id_number": number(1), "code": town.GRID}
    person(world, key="stranger_community", where=Where(code=town.OTHER_GRID))
    with acting(by), pytest.raises(ChangedSinceCheck):
        context = ImportContext(by, clock.now(), {})
        PeopleImporter().apply([StagedRow(2, values)], context, new_id())


@pytest.mark.parametrize(
    ("kind", "head", "line", "table"),
    [
        ("organisations", "名称,统一社会信用代码,类别,网格编码", "桃叶超市,91350100M000100Y43,企业", Organisation),
        ("facilities", "部件编码,名称,大类,网格编码", "3201040101000001,井盖,公用设施", Facility),
    ],
)
def test_organisations_and_facilities_come_once(
    world: World, tmp_path: Path, kind: str, head: str, line: str, table: Any
) -> None:
    for created in (1, 0):
        outcome = bring(world, tmp_path, [f"{line},{town.GRID}"], kind, head=head)
        assert (outcome.errors, outcome.counts.created) == ([], created)
    with acting(SYSTEM):
        assert table.objects.count() == 1


def test_a_sheet_in_gb18030_with_rare_characters_is_read(world: World, tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_bytes("\n".join([HEAD, row("㐂𠮷·吐尔逊", 1)]).encode("gb18030"))
    outcome = bring_in("people", path, world["community"].actor)
    assert outcome.errors == [] and [one.name for one in people()] == ["㐂𠮷·吐尔逊"]


def test_a_file_that_says_the_same_again_renews_when_it_was_seen(world: World, tmp_path: Path) -> None:
    bring(world, tmp_path, [row("张伟明", 1), row("李四", 2)])
    old = clock.now() - timedelta(days=400)
    with acting(SYSTEM):
        Person.objects.update(checked_at=old, changed_at=old)
    bring(world, tmp_path, [row("张伟明", 1), row("李四", 2).replace("大学本科", "研究生")])
    assert all(one.checked_at > old for one in people())
    assert {one.name for one in people() if one.changed_at > old} == {"李四"}

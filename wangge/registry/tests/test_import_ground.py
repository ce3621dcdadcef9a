"""Buildings and public places from files of their own: faults by row, nothing twice, nothing of anywhere else."""

from pathlib import Path
from typing import Any

from wangge.core.actor import acting
from wangge.registry.models import Building, Change, Difference, Place
from wangge.registry.tests.made import SYSTEM, building, write
from wangge.registry.tests.test_importers import HOUSES, bring
from wangge.testing import town
from wangge.testing.world import World

BUILDINGS = "楼栋名称,地址,建筑用途,地上层数,有电梯,经度,纬度"
PLACES = "名称,类别,地址,可容纳人数,网格编码"


def standing(table: Any) -> list[Any]:
    with acting(SYSTEM):
        return list(table.objects.order_by("made_at", "id"))


def test_buildings_come_once_however_their_address_is_written(world: World, tmp_path: Path) -> None:
    lon, lat = town.point_in(town.GRID)
    rows = [f"金陵花园{order}幢,平江府路12号金陵花园{order}幢,住宅,6,是,{lon},{lat}" for order in (1, 2)]
    outcome = bring(world, tmp_path, rows, "buildings", head=BUILDINGS)
    assert (outcome.errors, outcome.counts.created) == ([], 2)
    first = standing(Building)[0]
    assert (first.code, first.use, first.floors, first.has_lift) == (town.GRID, "01", 6, True)
    assert (first.lon, first.lat) == (lon, lat)
    again = [row.replace("府路12号金陵花园1幢", "府路12号金陵花园1号楼") for row in rows]
    outcome = bring(world, tmp_path, [rows[0].replace(",6,", ",7,"), again[1]], "buildings", head=BUILDINGS)
    assert (outcome.counts.created, outcome.counts.changed, outcome.counts.unchanged) == (0, 1, 1)
    with acting(SYSTEM):
        assert [(line.field, line.old, line.new) for line in Change.objects.all()] == [("floors", "6", "7")]
    bring(world, tmp_path, [f"平江府路12号金陵花园2号楼1单元101室,F1,1,出租,{lon},{lat}"], "dwellings", head=HOUSES)
    assert len(standing(Building)) == 2, "dwellings find them"


def test_bad_rows_of_buildings_are_said_and_the_others_come_in(world: World, tmp_path: Path) -> None:
    lon, lat = town.point_in(town.GRID)
    there = town.point_in(town.OTHER_GRID)
    rows = [
        f"甲,渡口路1号,住宅,6,是,{lon},{lat}",
        f"乙,渡口路1号,住宅,6,是,{lon},{lat}",
        f"丙,,住宅,6,是,{lon},{lat}",
        f"丁,渡口路4号,住宅,许多,是,{lon},{lat}",
        f"戊,=HYPERLINK(1),住宅,6,是,{lon},{lat}",
        f"己,渡口路6号,住宅,6,是,{there[0]},{there[1]}",
        "庚,渡口路7号,住宅,6,是,,",
    ]
    outcome = bring(world, tmp_path, rows, "buildings", head=BUILDINGS)
    assert {fault.row for fault in outcome.errors} == {3, 4, 6, 7, 8}
    assert [fault.code for fault in outcome.errors if fault.row in (3, 7, 8)] == [
        "registry.same_twice",
        "registry.row_out_of_area",
        "registry.no_grid",
    ]
    assert {fault.row for fault in outcome.faults} - {fault.row for fault in outcome.errors} == {5}
    assert {one.name: one.floors for one in standing(Building)} == {"甲": 6, "丁": None}


def test_a_building_that_somebody_else_put_there_is_found_by_its_address(world: World, tmp_path: Path) -> None:
    known = building(world, floors=5)
    lon, lat = town.point_in(town.GRID)
    row = f"金陵花园,平江府路12号金陵花园3栋,住宅,5,,{lon},{lat}"
    outcome = bring(world, tmp_path, [row], "buildings", head=BUILDINGS)
    assert (outcome.counts.created, outcome.counts.changed) == (0, 1)
    [one] = standing(Building)
    assert (one.pk, one.name, one.use) == (known.pk, "金陵花园", "01")


def test_public_places_come_once_and_a_later_file_changes_them_by_the_policy(world: World, tmp_path: Path) -> None:
    rows = [f"听雨广场,广场,听雨路8号,300,{grid}" for grid in (town.GRID, town.NEIGHBOUR_GRID)]
    assert bring(world, tmp_path, rows, "public_places", head=PLACES).counts.created == 2
    again = bring(world, tmp_path, rows, "public_places", head=PLACES)
    assert (again.counts.created, again.counts.changed, again.counts.unchanged) == (0, 0, 2)
    later = bring(world, tmp_path, [rows[0].replace("300", "350")], "public_places", head=PLACES)
    assert later.counts.changed == 1
    assert [one.capacity for one in standing(Place)] == [350, 300]
    with acting(SYSTEM):
        assert not Difference.objects.exists()


def test_bad_rows_of_places_are_said_by_row(world: World, tmp_path: Path) -> None:
    write(world, "place", {"name": "旧广场", "kind": "square"})
    rows = [
        f"听雨广场,广场,听雨路8号,300,{town.GRID}",
        f"听雨广场,公园,听雨路9号,300,{town.GRID}",
        f",广场,听雨路8号,300,{town.GRID}",
        f"乙,飞船场,听雨路8号,300,{town.GRID}",
        f"丙,广场,听雨路8号,-900,{town.GRID}",
        f"丁,广场,听雨路8号,300,{town.OTHER_GRID}",
        f"旧广场,广场,听雨路1号,20,{town.GRID}",
    ]
    outcome = bring(world, tmp_path, rows, "public_places", head=PLACES)
    assert {fault.row for fault in outcome.errors} == {3, 4, 5, 7}
    assert {fault.row for fault in outcome.faults} == {3, 4, 5, 6, 7}
    assert {one.name: one.capacity for one in standing(Place)} == {"旧广场": 20, "听雨广场": 300, "丙": None}

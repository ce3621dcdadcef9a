"""Divisions, grids, boundaries, teams and places from files: every fault by its row, code and place."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from coord_convert.transform import wgs2gcj
from shapely import Polygon

from wangge.cases.models import Case
from wangge.grids import queries
from wangge.grids.models import Alias, Boundary, Division, Grid, Place, Redraw, TeamMember
from wangge.imports.tests.made import (
    NEW_COMMUNITY,
    applied,
    checked,
    codes_of,
    csv_file,
    faults,
    geojson_file,
    geopackage,
    go,
    shapefile,
)
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, settings: Any) -> None:
    settings.FILES = tmp_path / "files"


@pytest.fixture
def admin(world: World) -> Api:
    return api_as(world["administrator"])


@pytest.fixture
def fresh(world: World) -> dict[str, Any]:
    """A community with two general grids that are not drawn yet, and the shapes they should have."""
    Division.objects.create(code=NEW_COMMUNITY, name="新河社区", level=12, valid_from="2020-01-01")
    codes = [f"{NEW_COMMUNITY}001", f"{NEW_COMMUNITY}002"]
    Grid.objects.bulk_create(
        Grid(code=code, name=code, type="general", community=NEW_COMMUNITY, valid_from="2020-01-01") for code in codes
    )
    west, east = 118.80, 118.81
    return {
        NEW_COMMUNITY: shapely.box(west, 32.03, east, 32.04),
        codes[0]: shapely.box(west, 32.03, 118.805, 32.04),
        codes[1]: shapely.box(118.805, 32.03, east, 32.04),
    }


def rows_of(api: Api, report: Any) -> set[tuple[int | None, str]]:
    return {(one["row"], one["code"]) for one in faults(api, report)}


def test_every_fault_of_a_division_is_told_by_its_row(admin: Api) -> None:
    Division.objects.create(
        code=f"{town.STREET}009", name="旧", level=12, valid_from="2020-01-01", valid_to="2021-01-01"
    )
    report = checked(
        admin,
        "divisions",
        csv_file(
            "代码,名称",
            "32010400100,少一位",
            f"{NEW_COMMUNITY},新河社区",
            f"{NEW_COMMUNITY},新河社区",
            f"{NEW_COMMUNITY},另一个社区",
            "320104077001,没有街道",
            f"{town.STREET}009,想再用",
            f"{town.COMMUNITY},柳岸新社区",
            "320199001,不归我管",
            f"{town.GRID},这是网格",
        ),
    )
    assert rows_of(admin, report) == {
        (2, "code.malformed"),
        (4, "code.repeated"),
        (5, "code.twice"),
        (6, "code.unknown_parent"),
        (7, "code.ended"),
        (8, "division.renamed"),
        (9, "code.out_of_area"),
        (9, "code.unknown_parent"),
        (10, "code.malformed"),
    }
    assert go(admin, report, "stage", skip_faulty=True)["rows_staged"] == 3
    assert go(admin, report, "apply")["counts"] == {"created": 1, "changed": 1, "unchanged": 1}


def test_one_file_of_several_levels_is_imported_level_by_level(admin: Api) -> None:
    content = csv_file(
        "streetCode,街道,社区代码,社区",
        f"{town.DISTRICT}011,新街街道,{town.DISTRICT}011001,甲社区居委会",
        f"{town.DISTRICT}011,新街街道,{town.DISTRICT}011002,乙社区居委会",
        f"{town.DISTRICT}012,老街街道,{town.DISTRICT}012001,丙社区居委会",
    )
    street = applied(admin, "divisions", content, mapping="code=streetCode,name=街道")
    assert street["counts"] == {"created": 2, "changed": 0, "unchanged": 1}
    assert applied(admin, "divisions", content, mapping="code=社区代码,name=社区")["counts"]["created"] == 3
    assert Division.objects.get(code=f"{town.DISTRICT}011").name == "新街街道"


def test_every_fault_of_a_grid_is_told_by_its_row(admin: Api) -> None:
    report = checked(
        admin,
        "grids",
        csv_file(
            "网格编码,网格名称,类型,户数",
            f"{town.COMMUNITY}004,新一格,综合,300",
            f"{town.COMMUNITY}004,新二格,综合,300",
            "12345,短,综合,",
            "320104001099001,没有社区,综合,",
            f"{town.COMMUNITY}05501,没有网格,微网格,",
            f"{town.COMMUNITY}006,类型不符,微网格,",
            f"{town.DEDICATED_GRID},改类型,综合,",
            f"{town.COMMUNITY}007,坏类型,大网格,",
            f"{town.COMMUNITY}008,坏户数,综合,三百",
            f"{town.COMMUNITY}000,零号,综合,",
        ),
    )
    assert rows_of(admin, report) == {
        (3, "code.twice"),
        (4, "code.malformed"),
        (5, "code.unknown_parent"),
        (6, "code.unknown_parent"),
        (7, "grid.wrong_type"),
        (8, "grid.type_changed"),
        (9, "cell.bad_value"),
        (10, "cell.bad_value"),
        (11, "code.malformed"),
    }
    go(admin, report, "stage", skip_faulty=True)
    assert go(admin, report, "apply")["counts"]["created"] == 1
    assert Grid.objects.get(code=f"{town.COMMUNITY}004").households == 300


def test_grids_are_drawn_from_a_file(admin: Api, fresh: dict[str, Any]) -> None:
    done = applied(admin, "boundaries", geojson_file(fresh), valid_from="2024-01-01")
    assert done["counts"] == {"created": 3, "changed": 0, "unchanged": 0}
    assert queries.grid_at(118.802, 32.035) == f"{NEW_COMMUNITY}001"
    assert admin.get("/api/coverage", community=NEW_COMMUNITY).json()["is_whole"]
    redraw = Redraw.objects.get()
    assert (redraw.kind, redraw.community) == ("import", NEW_COMMUNITY) and redraw.effective_at is not None
    again = applied(admin, "boundaries", geojson_file(fresh), valid_from="2024-01-01", again=True)
    assert again["counts"] == {"created": 0, "changed": 0, "unchanged": 3}


@pytest.mark.parametrize("kind", ["shapefile", "geopackage"])
def test_a_zipped_shapefile_and_a_geopackage_say_the_same(
    admin: Api, fresh: dict[str, Any], kind: str, tmp_path: Path
) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    content = shapefile(fresh, folder) if kind == "shapefile" else geopackage(fresh, folder)
    assert applied(admin, "boundaries", content)["counts"]["created"] == 3
    assert queries.grid_at(118.808, 32.035) == f"{NEW_COMMUNITY}002"


def test_a_gcj02_file_is_brought_to_where_it_belongs(admin: Api, fresh: dict[str, Any]) -> None:
    def shift(points: Any) -> Any:
        return [wgs2gcj(*point) for point in points]

    shifted = {code: shapely.transform(shape, shift) for code, shape in fresh.items()}
    applied(admin, "boundaries", geojson_file(shifted), crs="gcj02")
    assert Boundary.objects.get(code=NEW_COMMUNITY).west == pytest.approx(118.80, abs=1e-6)


def test_a_bow_tie_a_missing_shape_and_a_stranger_are_told_by_row(admin: Api, fresh: dict[str, Any]) -> None:
    one, two = f"{NEW_COMMUNITY}001", f"{NEW_COMMUNITY}002"
    bow_tie = Polygon([(118.80, 32.03), (118.805, 32.04), (118.80, 32.04), (118.805, 32.03)])
    report = checked(admin, "boundaries", geojson_file({one: bow_tie, two: None, "320104001099001": fresh[two]}))
    assert rows_of(admin, report) == {
        (1, "boundary.invalid_ring"),
        (2, "boundary.missing"),
        (3, "code.unknown"),
    }
    ring = next(fault for fault in faults(admin, report) if fault["code"] == "boundary.invalid_ring")
    assert ring["subject"] == one and 118.80 <= ring["lon"] <= 118.805
    assert len(admin.get(f"/api/imports/{report['id']}/faults.geojson").json()["features"]) == 1


def test_a_gap_and_an_overlap_are_told_with_their_square_metres(admin: Api, fresh: dict[str, Any]) -> None:
    one, two = f"{NEW_COMMUNITY}001", f"{NEW_COMMUNITY}002"
    shapes = {
        NEW_COMMUNITY: fresh[NEW_COMMUNITY],
        one: shapely.box(118.80, 32.03, 118.806, 32.04),
        two: shapely.box(118.805, 32.03, 118.809, 32.04),
    }
    report = checked(admin, "boundaries", geojson_file(shapes))
    found = {fault["code"]: fault for fault in faults(admin, report)}
    assert set(found) == {"boundary.gap", "boundary.overlap", "division.outside"}
    assert found["division.outside"]["level"] == "warning"  # the street was not drawn with this community in it
    strip_m2 = 94.4 * 1109
    assert found["boundary.overlap"]["area_m2"] == pytest.approx(strip_m2, rel=0.01)
    assert found["boundary.gap"]["area_m2"] == pytest.approx(strip_m2, rel=0.01)
    assert found["boundary.overlap"]["row"] == 2 and found["boundary.overlap"]["subject"] == one
    assert found["boundary.gap"]["row"] is None and found["boundary.gap"]["subject"] == NEW_COMMUNITY
    drawn = admin.get(f"/api/imports/{report['id']}/faults.geojson").json()["features"]
    assert {one["properties"]["code"] for one in drawn} == set(found)
    assert all(shapely.from_geojson(json.dumps(one["geometry"])).area > 0 for one in drawn)
    assert admin.post(f"/api/imports/{report['id']}/stage", {"skip_faulty": True}).status_code == 409
    warned = checked(admin, "boundaries", geojson_file(shapes), options='{"net": "warn"}')
    assert (warned["errors"], warned["warnings"]) == (0, 3)


def test_a_crossed_border_and_two_grids_for_one_place_are_told(admin: Api, fresh: dict[str, Any]) -> None:
    one, two = f"{NEW_COMMUNITY}001", f"{NEW_COMMUNITY}002"
    crossing = shapely.box(118.80, 32.03, 118.811, 32.04)
    report = checked(
        admin, "boundaries", geojson_file({NEW_COMMUNITY: fresh[NEW_COMMUNITY], one: crossing, two: crossing})
    )
    assert {"boundary.outside_community", "boundary.same_place"} <= set(codes_of(report))


def test_the_net_is_checked_with_what_is_drawn_already(admin: Api) -> None:
    """The eastern half grows over the western one, which is not in the file."""
    grown = town.SHAPES[town.NEIGHBOUR_GRID].union(shapely.box(118.794, 32.02, 118.795, 32.03))
    report = checked(admin, "boundaries", geojson_file({town.NEIGHBOUR_GRID: grown}))
    assert codes_of(report) == {"boundary.overlap": 1}
    assert town.GRID in faults(admin, report)[0]["message"]


def test_cases_go_with_imported_boundaries(admin: Api, world: World, fresh: dict[str, Any]) -> None:
    seat = api_as(world["street_seat"])
    body = {"source": "telephone", "title": "积水", "lon": 118.802, "lat": 32.035, "code": NEW_COMMUNITY}
    case = seat.post("/api/cases", body).json()
    assert Case.objects.get(pk=case["id"]).current_grid == NEW_COMMUNITY
    applied(admin, "boundaries", geojson_file(fresh))
    row = Case.objects.get(pk=case["id"])
    assert (row.reported_grid, row.current_grid) == (NEW_COMMUNITY, f"{NEW_COMMUNITY}001")


def test_teams_come_from_a_file(admin: Api) -> None:
    content = csv_file(
        "网格编码,类别,姓名,专业,账号,公示电话",
        f"{town.NEIGHBOUR_GRID},网格长,周格长,,,025-1",
        f"{town.NEIGHBOUR_GRID},专职网格员,吴专职,,grid_worker,025-2",
        f"{town.NEIGHBOUR_GRID},网格长,郑格长,,,",
        f"{town.GRID},网格长,另一个,,,",
        f"{town.GRID},专业力量,片警,,,",
        f"{town.GRID},专业力量,片警,公安,,",
        f"{town.GRID},志愿者,热心人,,nobody,",
        "320104001001099,志愿者,热心人,,,",
        f"{town.OTHER_GRID},志愿者,热心人,,,",
    )
    report = checked(admin, "teams", content)
    assert rows_of(admin, report) == {
        (4, "team.two_chiefs"),
        (5, "team.two_chiefs"),
        (6, "team.profession"),
        (7, "team.repeated"),
        (8, "team.unknown_account"),
        (9, "code.unknown"),
    }
    go(admin, report, "stage", skip_faulty=True)
    assert go(admin, report, "apply")["counts"]["created"] == 4
    worker = TeamMember.objects.get(grid=town.NEIGHBOUR_GRID, kind="full_time")
    assert worker.user is not None and worker.user.username == "grid_worker" and worker.phone == "025-2"
    assert admin.get("/api/vacancies", under=town.NEIGHBOUR_GRID).json()["count"] == 0


def test_places_are_matched_with_addresses(admin: Api) -> None:
    lon, lat = town.point_in(town.GRID)
    shifted = wgs2gcj(lon, lat)
    content = csv_file(
        "名称,经度,纬度", f"桃叶 渡小区,{shifted[0]:.8f},{shifted[1]:.8f}", "很远的地方,100,30", "没有坐标,,"
    )
    report = checked(admin, "places", content, crs="gcj02")
    assert rows_of(admin, report) == {(3, "place.outside"), (4, "place.no_point")}
    go(admin, report, "stage", skip_faulty=True)
    go(admin, report, "apply")
    place = Place.objects.get(key="桃叶渡小区")
    assert place.grid == town.GRID and place.lon == pytest.approx(lon, abs=1e-5)
    found = queries.place_named_in("测试区桃叶渡小区３幢")
    assert found is not None and found.code == town.GRID


def test_places_go_with_the_ground(admin: Api, world: World) -> None:
    Place.objects.create(name="北院", key="北院", lon=118.791, lat=32.029, grid=town.GRID)
    line = {"type": "LineString", "coordinates": [[118.789, 32.026], [118.7955, 32.026]]}
    world.allow("street_seat", "grid.redraw")
    assert api_as(world["street_seat"]).post(f"/api/grids/{town.GRID}/split", {"line": line}).status_code == 200
    assert Place.objects.get().grid == f"{town.COMMUNITY}004"
    assert not Alias.objects.exists()

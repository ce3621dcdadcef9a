"""What the map gets: the level that fits the zoom, small enough, kept by its revision; and where 一张网 fails."""

import json
from typing import Any

import numpy as np
import pytest
import shapely

from wangge.grids.ground import put_boundaries
from wangge.grids.models import Boundary, Division, Grid, Place, TeamMember
from wangge.grids.tests.districts import qinhuai_sized, real_qinhuai
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import SINCE, World

WHOLE = "118.78,32.01,118.83,32.04"


@pytest.fixture
def seat(world: World) -> Api:
    return api_as(world["street_seat"])


def layers(api: Api, zoom: float, bbox: str = WHOLE, **query: Any) -> Any:
    answer = api.get("/api/grids/map", bbox=bbox, zoom=zoom, **query)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def test_the_level_follows_the_zoom(seat: Api) -> None:
    def codes(zoom: float) -> list[str]:
        return [one["properties"]["code"] for one in layers(seat, zoom)["features"]]

    assert codes(8) == [town.DISTRICT]
    assert codes(10) == [town.STREET, town.OTHER_STREET]
    assert codes(12) == list(town.COMMUNITIES)
    assert set(codes(14)) == {code for code in town.GRIDS if len(code) == 15}
    assert set(codes(16)) == set(town.GRIDS)
    assert codes(3) == [town.DISTRICT]  # nothing coarser is drawn here


def test_only_what_is_in_view_is_sent(seat: Api) -> None:
    west, south, east, north = town.SHAPES[town.DEDICATED_GRID].bounds
    found = layers(seat, 14, f"{west + 1e-4},{south + 1e-4},{east - 1e-4},{north - 1e-4}")
    codes = {one["properties"]["code"] for one in found["features"]}
    assert town.DEDICATED_GRID in codes and town.GRID not in codes


def test_a_browser_keeps_what_has_not_changed(world: World, seat: Api) -> None:
    path = f"/api/grids/map?zoom=14&bbox={WHOLE}"
    first = seat.client.get(path)
    again = seat.client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    seat.patch(f"/api/grids/{town.GRID}", {"name": "改了名"})
    changed = seat.client.get(path, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200 and "改了名" in changed.content.decode()


@pytest.mark.parametrize("bbox", ["", "1,2,3", "a,b,c,d", "10,10,5,5", "0,0,nan,1", "0,-95,1,1", "0,0,inf,1"])
def test_a_view_that_is_none_is_refused(seat: Api, bbox: str) -> None:
    assert seat.get("/api/grids/map", bbox=bbox, zoom=12).status_code == 422


def test_a_whole_real_district_fits_into_half_a_megabyte(world: World, seat: Api) -> None:
    outline = real_qinhuai()
    Boundary.objects.all().delete()
    shapes, grids = {}, []
    for s, street in enumerate(qinhuai_sized(outline), 11):
        for c, community in enumerate(street.communities, 1):
            code = f"320104{s:03}{c:03}"
            shapes[code] = community.boundary
            Division.objects.create(code=code, name=code, level=12, valid_from=SINCE)
            for number, shape in enumerate((*community.general, *community.dedicated), 1):
                grids.append(
                    Grid(code=f"{code}{number:03}", name="网格", type="general", community=code, valid_from=SINCE)
                )
                shapes[f"{code}{number:03}"] = shape
    Grid.objects.bulk_create(grids)
    put_boundaries(shapes, SINCE, source="test")
    west, south, east, north = outline.bounds
    bbox = f"{west},{south},{east},{north}"
    for zoom in (3, 8, 10, 12, 13, 15, 18):
        answer = seat.get("/api/grids/map", bbox=bbox, zoom=zoom)
        assert len(answer.content) <= 500_000, zoom
        assert all(shapely.from_geojson(json.dumps(one["geometry"])) for one in json.loads(answer.content)["features"])
    assert len(layers(seat, 13, bbox)["features"]) == 1334
    summary = seat.get("/api/coverage/summary", under="320104", limit=200).json()
    drawn = [one for one in summary["items"] if one["is_drawn"]]
    assert len(drawn) == 110 and all(one["is_whole"] for one in drawn)


def test_redrawn_borders_are_drawn_without_crossing_themselves(world: World, seat: Api) -> None:
    Boundary.objects.filter(code__startswith=town.GRID, code__gt=town.GRID).delete()
    Grid.objects.filter(code__startswith=town.GRID, code__gt=town.GRID).delete()
    ring = [[118.7931, 32.0188], [118.7983, 32.0192], [118.7979, 32.0253], [118.7928, 32.0249], [118.7931, 32.0188]]
    body = {"under": town.COMMUNITY, "name": "新", "clip": True, "shape": {"type": "Polygon", "coordinates": [ring]}}
    assert api_as(world["administrator"]).post("/api/grids", body).status_code == 201
    for zoom in (13, 14, 15, 16, 17):
        drawn = [shapely.from_geojson(json.dumps(one["geometry"])) for one in layers(seat, zoom)["features"]]
        assert len(drawn) > 3 and all(map(shapely.is_valid, drawn)), zoom


@pytest.mark.long  # half a minute of simplifying
def test_an_outline_of_a_million_points_still_fits(world: World, seat: Api) -> None:
    angle = np.linspace(0, 2 * np.pi, 200_000, endpoint=False)
    wobble = 0.02 + 0.002 * np.sin(angle * 20_000)
    ring = np.column_stack([118.8 + wobble * np.cos(angle), 32.02 + wobble * np.sin(angle)])
    put_boundaries({town.STREET: shapely.Polygon(ring)}, SINCE, source="test")
    assert len(seat.get("/api/grids/map", bbox=WHOLE, zoom=10.9).content) <= 500_000


def test_a_point_finds_its_grid_and_its_neighbours_otherwise(seat: Api) -> None:
    lon, lat = town.point_in(town.GRID)
    found = seat.get("/api/grids/locate", lon=lon, lat=lat).json()
    assert found["code"] == town.GRID and found["micro"] in (f"{town.GRID}01", f"{town.GRID}02")
    assert found["lineage"][-2]["name"] == "柳岸社区"
    outside = seat.get("/api/grids/locate", lon=118.789, lat=32.021).json()
    assert outside["code"] is None and outside["nearest"]["code"] == town.GRID
    assert 80 < outside["nearest"]["distance_m"] < 110
    assert seat.get("/api/grids/locate", lon=200, lat=0).status_code == 422


def test_a_whole_net_has_no_faults_and_a_hole_is_shown_with_its_place(seat: Api) -> None:
    whole = seat.get("/api/coverage", community=town.COMMUNITY).json()
    assert whole["is_whole"] and whole["faults"]["features"] == []
    shrunk = town.SHAPES[town.GRID].buffer(-0.001)
    put_boundaries({town.NEIGHBOUR_GRID: town.SHAPES[town.NEIGHBOUR_GRID]}, SINCE, source="test")
    put_boundaries({town.GRID: shapely.Polygon(shrunk.exterior)}, SINCE, source="test")
    Grid.objects.filter(community=town.COMMUNITY, type="micro").delete()
    seat.patch(f"/api/grids/{town.NEIGHBOUR_GRID}", {"name": "换一个修订号"})
    broken = seat.get("/api/coverage", community=town.COMMUNITY).json()
    (gap,) = broken["faults"]["features"]
    assert gap["properties"]["kind"] == "boundary.gap" and not broken["is_whole"]
    assert broken["gap_m2"] == gap["properties"]["area_m2"] > 100_000
    assert town.SHAPES[town.GRID].contains(shapely.Point(gap["properties"]["lon"], gap["properties"]["lat"]))
    assert shapely.from_geojson(json.dumps(gap["geometry"])).area > 0
    line = seat.get("/api/coverage/summary", under=town.STREET).json()["items"][0]
    assert (line["community"], line["is_whole"], line["breaches"]) == (town.COMMUNITY, False, 1)


def test_coverage_of_an_unknown_community_is_not_found(seat: Api) -> None:
    assert seat.get("/api/coverage", community="320104999999").status_code == 404


def test_borders_are_those_of_the_divisions_above_what_is_drawn(seat: Api) -> None:
    def codes(zoom: float) -> set[str]:
        return {one["properties"]["code"] for one in layers(seat, zoom, layer="borders")["features"]}

    assert codes(14) == {*town.COMMUNITIES, town.STREET, town.OTHER_STREET}
    assert codes(12) == {town.STREET, town.OTHER_STREET, town.DISTRICT}
    assert codes(8) == set()


def staffing(api: Api, zoom: float) -> dict[str, Any]:
    items = api.get("/api/grids/map/teams", bbox=WHOLE, zoom=zoom).json()["items"]
    return {one["code"]: one for one in items}


def test_teams_are_told_by_grid_from_near_and_summed_by_division_from_afar(seat: Api) -> None:
    near = staffing(seat, 14)
    assert near[town.GRID]["chief"] and near[town.GRID]["workers"] == 1
    assert town.DEDICATED_GRID not in near  # only general grids need a team
    TeamMember.objects.filter(grid=town.GRID, kind="chief").delete()
    assert staffing(seat, 14)[town.GRID]["without_chief"] == 1
    far = staffing(seat, 12)[town.COMMUNITY]
    assert far["grids"] == 2 and far["without_chief"] >= 1 and far["chief"] == ""


def test_known_places_are_those_in_view(seat: Api) -> None:
    lon, lat = town.point_in(town.GRID)
    Place.objects.create(name="柳岸小学", key="柳岸小学", lon=lon, lat=lat, grid=town.GRID)
    Place.objects.create(name="远处", key="远处", lon=100.0, lat=30.0)
    found = seat.get("/api/grids/map/places", bbox=WHOLE, zoom=16).json()
    assert [one["name"] for one in found["items"]] == ["柳岸小学"] and not found["is_partial"]

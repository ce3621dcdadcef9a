"""What lies beside the ground somebody redraws: neighbours of other posts, and plans made on the old boundary."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wangge.core import clock
from wangge.grids.models import Boundary, Grid, Redraw
from wangge.imports.tests.made import applied, checked, codes_of, faults, geojson_file, go
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

ACROSS = {"type": "LineString", "coordinates": [[118.789, 32.026], [118.7955, 32.026]]}
WIDER = shapely.box(118.79, 32.02, 118.796, 32.03)  # the western grid, a strip of the eastern one with it
NARROWER = shapely.box(118.796, 32.02, 118.80, 32.03) - town.SHAPES[town.DEDICATED_GRID]


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, settings: Any) -> None:
    settings.FILES = tmp_path / "files"


@pytest.fixture(autouse=True)
def bare(world: World) -> None:
    Boundary.objects.filter(code__startswith=town.GRID, code__gt=town.GRID).delete()
    Grid.objects.filter(code__startswith=town.GRID, code__gt=town.GRID).delete()


@pytest.fixture
def admin(world: World) -> Api:
    return api_as(world["administrator"])


def of_one_grid(world: World) -> Api:
    world.allow("street_seat", "grid.redraw")
    post = world["street_seat"].post
    post.codes = [town.GRID]
    post.save(update_fields=["codes"])
    return api_as(world["street_seat"])


def plan_a_split(world: World) -> str:
    body = {"line": ACROSS, "valid_from": clock.today() + timedelta(days=3)}
    world.allow("street_seat", "grid.redraw")
    planned = api_as(world["street_seat"]).post(f"/api/grids/{town.GRID}/split", body)
    assert planned.status_code == 200, planned.content.decode()
    return str(planned.json()["redraw"])


@pytest.mark.parametrize("preview", [True, False])
def test_nobody_takes_ground_from_a_grid_of_another_post(world: World, preview: bool) -> None:
    ring = [list(point) for point in shapely.get_coordinates(WIDER)]
    body = {"shape": {"type": "Polygon", "coordinates": [ring]}, "preview": preview}
    refused = of_one_grid(world).post(f"/api/grids/{town.GRID}/draw", body)
    assert refused.status_code == 404, refused.content.decode()
    assert not Redraw.objects.exists()


def test_a_boundary_is_not_imported_over_a_plan_drawn_on_the_old_one(admin: Api, world: World) -> None:
    redraw = plan_a_split(world)
    content = geojson_file({town.GRID: WIDER, town.NEIGHBOUR_GRID: NARROWER})
    report = checked(admin, "boundaries", content)
    assert codes_of(report) == {"boundary.planned_otherwise": 1}
    (fault,) = faults(admin, report)
    assert (fault["row"], fault["subject"], fault["level"]) == (1, town.GRID, "error")
    assert admin.post(f"/api/redraws/{redraw}/cancel", {"reason": "先导入边界"}).status_code == 200
    applied(admin, "boundaries", content, again=True)


def test_a_boundary_that_stays_as_it_is_disturbs_no_plan(admin: Api, world: World) -> None:
    plan_a_split(world)
    done = applied(admin, "boundaries", geojson_file({town.GRID: town.SHAPES[town.GRID]}))
    assert done["counts"] == {"created": 0, "changed": 0, "unchanged": 1}


def test_a_plan_made_after_the_check_stops_the_import(admin: Api, world: World) -> None:
    report = checked(admin, "boundaries", geojson_file({town.GRID: WIDER, town.NEIGHBOUR_GRID: NARROWER}))
    assert report["errors"] == 0, faults(admin, report)
    assert go(admin, report, "stage")["state"] == "staged"
    plan_a_split(world)
    before = list(Boundary.objects.order_by("pk").values_list("code", "area_m2", "valid_from", "valid_to"))
    assert go(admin, report, "apply")["state"] == "failed"
    assert list(Boundary.objects.order_by("pk").values_list("code", "area_m2", "valid_from", "valid_to")) == before


def test_an_import_of_boundaries_waits_for_those_who_redraw_there(admin: Api) -> None:
    with CaptureQueriesContext(connection) as captured:
        applied(admin, "boundaries", geojson_file({town.GRID: WIDER, town.NEIGHBOUR_GRID: NARROWER}))
    asked = [one["sql"] or "" for one in captured]
    (locking,) = [sql for sql in asked if "grids_division" in sql and "FOR NO KEY UPDATE" in sql]
    assert town.COMMUNITY in locking and "ORDER BY" in locking
    assert asked.index(locking) < [sql.startswith('INSERT INTO "grids_boundary"') for sql in asked].index(True)

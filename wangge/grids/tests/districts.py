"""Cut districts for the tests of geometry: a square community, and a real district when the shared data is there."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely import Polygon

from wangge.grids.rules.geometry import Area, as_area, in_degrees
from wangge.grids.rules.partition import StreetCells, partition_district

SHARED_DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
ORIGIN = (118.79, 32.03)  # lon, lat, in 秦淮
QINHUAI_PLAN = (12, 110, 1026, 308)  # streets, communities, general grids, dedicated grids


def box_m(west: float, south: float, east: float, north: float, *holes: tuple[float, float, float, float]) -> Polygon:
    """A rectangle in metres from ORIGIN, as degrees; holes are rectangles too."""
    rings = [list(shapely.box(*hole).exterior.coords) for hole in holes]
    shape = Polygon(shapely.box(west, south, east, north).exterior, rings)
    polygon = in_degrees(shape, ORIGIN)
    assert isinstance(polygon, Polygon)
    return polygon


def boundary_file(name: str) -> list[tuple[dict[str, Any], Area]]:
    path = SHARED_DATA / "boundaries" / name
    if not path.exists():
        pytest.skip(f"real boundaries are not here: {path}")
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return [(one["properties"], as_area(shapely.from_geojson(json.dumps(one["geometry"])))) for one in features]


def real_qinhuai() -> Area:
    districts = boundary_file("nanjing_districts_tianditu_wgs84.geojson")
    return next(area for properties, area in districts if properties["adcode"] == "320104")


def qinhuai_sized(outline: Area, seed: int = 1) -> list[StreetCells]:
    streets, communities, general, dedicated = QINHUAI_PLAN
    grids = list(zip(_shares(general, communities), _shares(dedicated, communities), strict=True))
    starts = np.cumsum([0, *_shares(communities, streets)])
    plan = [grids[start:end] for start, end in pairwise(starts)]
    return partition_district(outline, plan, np.random.default_rng(seed))


def _shares(total: int, among: int) -> list[int]:
    return [total // among + (index < total % among) for index in range(among)]

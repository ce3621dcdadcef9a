import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon

from wangge.grids.rules.geometry import Area, area_m2, areas_m2, in_degrees, in_metres, is_lonlat, place_of, polygonal
from wangge.grids.tests.districts import boundary_file, box_m

GEOD = pyproj.Geod(a=6_378_137.0, rf=298.257222101)

lons = st.floats(74, 134)
lats = st.floats(4, 53)


def geodesic_area_m2(polygon: Area) -> float:
    """The independent answer: pyproj, with edges cut small so that they stay straight in degrees as ours do."""
    return abs(GEOD.geometry_area_perimeter(shapely.segmentize(polygon, 0.0005))[0])


@given(lons, lats, st.floats(0.001, 0.2), st.floats(0.001, 0.2))
def test_the_area_is_that_of_the_ellipsoid(lon: float, lat: float, width: float, height: float) -> None:
    polygon = Polygon([(lon, lat), (lon + width, lat), (lon + 0.7 * width, lat + height), (lon, lat + 0.9 * height)])
    assert area_m2(polygon) == pytest.approx(geodesic_area_m2(polygon), rel=1e-5)


def test_the_areas_of_real_districts_agree_with_pyproj() -> None:
    for properties, area in boundary_file("nanjing_districts_tianditu_wgs84.geojson"):
        assert area_m2(area) == pytest.approx(geodesic_area_m2(area), rel=2e-5), properties["name"]


def test_a_triangle_without_width_has_no_area() -> None:
    sliver = Polygon([(118.0, 32.0), (118.005, 32.0), (118.01, 32.0)])
    assert area_m2(sliver) == 0.0


def test_what_is_empty_or_a_line_measures_nothing() -> None:
    assert areas_m2([Polygon(), LineString([(118, 32), (119, 33)]), Point(118, 32)]).tolist() == [0.0, 0.0, 0.0]


@given(lons, lats)
def test_metres_and_back_are_the_same_place(lon: float, lat: float) -> None:
    point = Point(lon + 0.01, lat - 0.02)
    assert in_degrees(in_metres(point, (lon, lat)), (lon, lat)).distance(point) < 1e-12


def test_a_rectangle_in_metres_measures_what_it_should() -> None:
    assert area_m2(box_m(0, 0, 500, 300)) == pytest.approx(150_000, rel=1e-4)


def test_coordinates_in_metres_are_not_taken_for_degrees() -> None:
    assert not is_lonlat(shapely.box(353_000, 3_545_000, 354_000, 3_546_000))
    assert not is_lonlat(Polygon([(118, 32), (np.inf, 32), (118, 33)]))
    assert is_lonlat(box_m(0, 0, 10, 10))


def test_only_the_polygons_of_an_overlay_are_kept() -> None:
    square = shapely.box(0, 0, 1, 1)
    other = shapely.box(2, 2, 3, 3)
    mixed = GeometryCollection([Point(9, 9), LineString([(0, 0), (5, 5)]), MultiPolygon([square]), other])
    assert polygonal(mixed).equals(shapely.union(square, other))
    assert polygonal(Point(1, 1)).is_empty


def test_the_place_of_a_ring_lies_on_it_and_not_in_its_hole() -> None:
    ring = box_m(0, 0, 100, 100, (10, 10, 90, 90))
    assert ring.distance(Point(place_of(ring))) < 1e-7

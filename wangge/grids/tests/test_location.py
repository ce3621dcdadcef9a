from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from wangge.grids.location import LocationIndex, LocationIndexes, Row
from wangge.grids.rules.geometry import Area, in_degrees
from wangge.grids.tests.districts import ORIGIN, box_m, qinhuai_sized, real_qinhuai

WEST, EAST, CAMPUS = (f"32010400100100{number}" for number in range(1, 4))
SHAPES: dict[str, Area] = {
    WEST: box_m(0, 0, 400, 500, (100, 100, 200, 200)),
    EAST: box_m(400, 0, 1000, 500),
    CAMPUS: box_m(100, 100, 200, 200),
    WEST + "01": box_m(0, 0, 100, 500),
    EAST + "02": box_m(395, 0, 500, 500),  # drawn across the border by mistake
}


def at_m(x: float, y: float) -> tuple[float, float]:
    point = in_degrees(Point(x, y), ORIGIN)
    return point.x, point.y


def rows(shapes: dict[str, Area]) -> list[Row]:
    return [(code, shapely.to_wkb(shape)) for code, shape in shapes.items()]


INDEX = LocationIndex(rows(SHAPES))


@pytest.mark.parametrize(
    ("place", "code"),
    [((50, 50), WEST), ((500, 50), EAST), ((150, 150), CAMPUS), ((-10, 50), None), ((500, 501), None)],
)
def test_a_point_lies_in_its_grid(place: tuple[float, float], code: str | None) -> None:
    assert INDEX.locate(*at_m(*place)) == code


@pytest.mark.parametrize("place", [(400, 250), (400, 0), (100, 150), (200, 200)])
def test_a_point_on_a_common_border_is_the_lower_codes(place: tuple[float, float]) -> None:
    assert INDEX.locate(*at_m(*place)) == WEST
    lon, lat = at_m(*place)
    assert INDEX.locate_many([lon], [lat]).tolist() == [WEST]


def test_the_order_of_loading_changes_nothing() -> None:
    backwards = LocationIndex(reversed(rows(SHAPES)))
    assert backwards.locate(*at_m(400, 250)) == WEST


def test_a_point_in_the_hair_between_two_grids_is_not_lost() -> None:
    index = LocationIndex(rows({WEST: box_m(0, 0, 399.9, 500), EAST: box_m(400, 0, 1000, 500)}))
    lon, lat = at_m(399.95, 250)
    assert index.locate(lon, lat) == WEST
    assert index.locate_many([lon], [lat]).tolist() == [WEST]
    assert index.locate(*at_m(-0.9, 250)) is None


def test_a_micro_grid_is_looked_up_within_its_grid() -> None:
    assert INDEX.locate_micro(*at_m(50, 250)) == WEST + "01"
    assert INDEX.locate_micro(*at_m(300, 250)) is None
    assert INDEX.locate_micro(*at_m(450, 250)) == EAST + "02"
    assert INDEX.locate_micro(*at_m(397, 250)) is None  # that place is of WEST
    assert INDEX.locate_micro(*at_m(-50, 250)) is None


@pytest.mark.parametrize("place", [(float("nan"), 32.0), (118.0, float("inf")), (181.0, 32.0), (118.0, -91.0)])
def test_what_is_no_place_lies_in_no_grid(place: tuple[float, float]) -> None:
    assert INDEX.locate(*place) is None
    assert INDEX.nearest_grid(*place) is None
    assert INDEX.locate_many([place[0], at_m(50, 50)[0]], [place[1], at_m(50, 50)[1]]).tolist() == [None, WEST]


def test_nothing_asked_is_nothing_answered() -> None:
    assert INDEX.locate_many([], []).tolist() == []


def test_an_empty_district_has_no_grid_anywhere() -> None:
    empty = LocationIndex([])
    assert (len(empty), empty.locate(*ORIGIN), empty.nearest_grid(*ORIGIN)) == (0, None, None)
    assert empty.locate_many([ORIGIN[0]], [ORIGIN[1]]).tolist() == [None]


def test_the_nearest_grid_outside_is_told_with_its_distance() -> None:
    nearest = INDEX.nearest_grid(*at_m(1250, 250))
    assert nearest is not None
    assert nearest.code == EAST
    assert nearest.distance_m == pytest.approx(250, rel=1e-3)
    inside = INDEX.nearest_grid(*at_m(50, 50))
    assert inside is not None
    assert (inside.code, inside.distance_m) == (WEST, 0.0)
    assert INDEX.nearest_grid(*at_m(1250, 250), within_m=200) is None


def test_nearest_is_meant_in_metres_not_in_degrees() -> None:
    # At 32° N a degree of longitude is 15 % shorter: 950 m east is more degrees than 1000 m north.
    index = LocationIndex(rows({WEST: box_m(1050, -10, 1100, 10), EAST: box_m(-10, 1000, 10, 1100)}))
    nearest = index.nearest_grid(*ORIGIN)
    assert nearest is not None
    assert nearest.code == EAST
    assert nearest.distance_m == pytest.approx(1000, rel=1e-3)


@given(st.lists(st.tuples(st.floats(-50, 1050), st.floats(-50, 550)), max_size=30))
def test_one_by_one_and_in_bulk_are_one_answer_and_the_true_one(places: list[tuple[float, float]]) -> None:
    points = [at_m(*place) for place in places]
    bulk = INDEX.locate_many([lon for lon, _ in points], [lat for _, lat in points]).tolist()
    assert bulk == [INDEX.locate(*point) for point in points]
    for point, code in zip(points, bulk, strict=True):
        holding = [key for key in (WEST, EAST, CAMPUS) if SHAPES[key].intersects(Point(point))]
        assert code == (holding[0] if holding else None) or SHAPES[code].distance(Point(point)) < 6e-6


def test_every_place_of_a_real_district_has_exactly_the_grid_that_holds_it() -> None:
    grids = [
        grid
        for street in qinhuai_sized(real_qinhuai())
        for community in street.communities
        for grid in community.general + community.dedicated
    ]
    index = LocationIndex(rows({f"{number:015}": grid for number, grid in enumerate(grids)}))
    points = shapely.get_coordinates(shapely.point_on_surface(np.array(grids, dtype=object)))
    assert index.locate_many(points[:, 0], points[:, 1]).tolist() == [f"{number:015}" for number in range(len(grids))]
    far = index.nearest_grid(118.60, 32.03)
    assert far is not None
    geod = pyproj.Geod(ellps="WGS84")
    ring = shapely.get_coordinates(shapely.segmentize(grids[int(far.code)], 1e-5))
    away = geod.inv(np.full(len(ring), 118.60), np.full(len(ring), 32.03), ring[:, 0], ring[:, 1])[2]
    assert far.distance_m == pytest.approx(min(away), rel=1e-4)


def test_threads_reading_together_get_what_one_thread_gets() -> None:
    rng = np.random.default_rng(3)
    points = [at_m(*place) for place in rng.uniform((-50, -50), (1050, 550), (2000, 2))]
    expected = [INDEX.locate(*point) for point in points]
    fresh = LocationIndex(rows(SHAPES))
    start = Barrier(4)

    def read(_: int) -> list[str | None]:
        start.wait()
        return [fresh.locate(*point) for point in points]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, range(4))) == [expected] * 4


class Redrawn:
    """A district whose border between west and east moved on 1 May."""

    def __init__(self) -> None:
        self.loads: list[date] = []
        self.revision = 1

    def load(self, day: date) -> Iterable[Row]:
        self.loads.append(day)
        border = 400 if day < date(2026, 5, 1) else 600
        return rows({WEST: box_m(0, 0, border, 500), EAST: box_m(border, 0, 1000, 500)})

    def version(self, day: date) -> tuple[int, bool]:
        return self.revision, day >= date(2026, 5, 1)


def test_a_day_is_answered_with_its_own_boundaries_and_loaded_once() -> None:
    district = Redrawn()
    indexes = LocationIndexes(district.load, district.version)
    place = at_m(500, 250)
    days = [date(2026, 4, 1), date(2026, 5, 1), date(2026, 4, 30), date(2026, 6, 1)]
    assert [indexes.on(day).locate(*place) for day in days] == [EAST, WEST, EAST, WEST]
    assert district.loads == [date(2026, 4, 1), date(2026, 5, 1)]


def test_a_new_revision_is_loaded_and_old_ones_are_let_go() -> None:
    district = Redrawn()
    indexes = LocationIndexes(district.load, district.version, keep=2)
    for district.revision in (1, 2, 3, 3, 1):
        indexes.on(date(2026, 4, 1))
    assert len(district.loads) == 4


def test_callers_that_come_together_load_once() -> None:
    district = Redrawn()
    indexes = LocationIndexes(district.load, district.version)
    start = Barrier(4)

    def read(_: int) -> LocationIndex:
        start.wait()
        return indexes.on(date(2026, 4, 1))

    with ThreadPoolExecutor(4) as pool:
        assert len({id(index) for index in pool.map(read, range(4))}) == 1
    assert len(district.loads) == 1


def test_a_failed_load_is_tried_again() -> None:
    answers: list[object] = [OSError("database is away"), rows(SHAPES)]

    def load(day: date) -> Iterable[Row]:
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return rows(SHAPES)

    indexes = LocationIndexes(load, lambda day: 1)
    with pytest.raises(OSError, match="away"):
        indexes.on(date(2026, 4, 1))
    assert len(indexes.on(date(2026, 4, 1))) == 3

import math

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon

from wangge.grids.rules.geometry import Area, area_m2, as_area, in_degrees
from wangge.grids.rules.redraw import (
    Community,
    GridWouldVanish,
    LeavesCommunity,
    LineDoesNotCut,
    NobodyToTakeOver,
    NotNeighbours,
    Redrawing,
    WrongNumberOfPieces,
    merge_grids,
    move_border,
    reshape_grid,
    split_grid,
    within_its_room,
)
from wangge.grids.tests.districts import ORIGIN, box_m

A, B, C, D, NEW, NEWER = (f"32010400100100{number}" for number in range(1, 7))

# A | B
# --+--   with a dedicated D inside A
# C   C
GRIDS: dict[str, Area] = {
    A: box_m(0, 200, 500, 500, (100, 300, 200, 400)),
    B: box_m(500, 200, 1000, 500),
    C: box_m(0, 0, 1000, 200),
    D: box_m(100, 300, 200, 400),
}
COMMUNITY = Community(boundary=box_m(0, 0, 1000, 500), grids=GRIDS, dedicated=frozenset({D}), tolerance_m2=1.0)


def line_m(*points: tuple[float, float]) -> LineString:
    line = in_degrees(LineString(points), ORIGIN)
    assert isinstance(line, LineString)
    return line


def moved(redrawing: Redrawing) -> dict[tuple[str, str], int]:
    return {(one.old, one.new): round(one.area_m2 / 500) * 500 for one in redrawing.successions}


def test_a_grid_is_split_along_a_line_and_its_parts_succeed_it() -> None:
    redrawing = split_grid(COMMUNITY, B, line_m((700, 100), (700, 600)), [NEW, NEWER])
    assert redrawing.ended == (B,)
    assert moved(redrawing) == {(B, NEW): 60_000, (B, NEWER): 90_000}
    assert redrawing.findings == ()
    assert redrawing.shapes[NEW].centroid.x < redrawing.shapes[NEWER].centroid.x


@given(st.floats(0, 3.141592), st.lists(st.floats(0, 6.283185), min_size=3, max_size=8, unique=True))
def test_a_line_through_a_grid_divides_it_however_its_border_slants(turn: float, angles: list[float]) -> None:
    corners = [(500 + 300 * math.cos(angle), 500 + 300 * math.sin(angle)) for angle in sorted(angles)]
    grid = as_area(in_degrees(Polygon(corners), ORIGIN))
    assume(area_m2(grid) > 5_000)
    middle = Polygon(corners).centroid
    x, y = 900 * math.cos(turn), 900 * math.sin(turn)
    line = line_m((middle.x - x, middle.y - y), (middle.x + x, middle.y + y))
    done = split_grid(Community(boundary=grid, grids={A: grid}, tolerance_m2=1.0), A, line, [NEW, NEWER])
    assert sum(map(area_m2, done.shapes.values())) == pytest.approx(area_m2(grid), rel=1e-6)
    assert done.findings == ()


def test_what_is_cut_off_along_a_slanting_border_keeps_no_spike() -> None:
    slant = [(0.0, 137.3), (1000.0, 11.9)]
    community = as_area(in_degrees(Polygon([*slant, (1000, 700), (0, 700)]), ORIGIN))
    whole = Community(boundary=community, grids={A: community, B: Polygon()}, tolerance_m2=1.0)
    for west in range(100, 600, 37):
        drawn = as_area(in_degrees(shapely.box(west, 0, west + 313, 411), ORIGIN))
        done = reshape_grid(whole, B, within_its_room(whole, B, drawn))
        for grid in done.shapes.values():
            slim = shapely.buffer(grid, -1e-8, join_style="mitre").buffer(1e-8, join_style="mitre")
            assert shapely.hausdorff_distance(grid.boundary, slim.boundary) < 1e-6


def test_a_split_may_keep_the_old_code_for_one_part() -> None:
    redrawing = split_grid(COMMUNITY, B, line_m((700, 100), (700, 600)), [B, NEW])
    assert redrawing.ended == ()
    assert set(redrawing.shapes) == {B, NEW}


def test_a_split_through_a_dedicated_grid_leaves_it_alone() -> None:
    redrawing = split_grid(COMMUNITY, A, line_m((150, 100), (150, 600)), [NEW, NEWER])
    assert redrawing.findings == ()
    assert set(redrawing.shapes) == {NEW, NEWER}


def test_micro_grids_of_a_grid_that_ends_end_with_it() -> None:
    with_micro = Community(boundary=COMMUNITY.boundary, grids=GRIDS | {B + "01": box_m(500, 200, 600, 300)})
    redrawing = split_grid(with_micro, B, line_m((700, 100), (700, 600)), [NEW, NEWER])
    assert redrawing.ended == (B, B + "01")
    assert redrawing.findings == ()


def test_a_line_drawn_a_little_short_still_cuts() -> None:
    redrawing = split_grid(COMMUNITY, B, line_m((700, 200.4), (700, 499.5)), [NEW, NEWER])
    assert redrawing.findings == ()


def test_a_line_that_ends_inside_does_not_cut() -> None:
    with pytest.raises(LineDoesNotCut):
        split_grid(COMMUNITY, B, line_m((700, 100), (700, 400)), [NEW, NEWER])


def test_a_line_along_the_border_makes_no_crumbs() -> None:
    with pytest.raises(LineDoesNotCut):
        split_grid(COMMUNITY, B, line_m((499, 200.001), (750, 200.001), (1001, 199.999)), [NEW, NEWER])


def test_as_many_codes_as_pieces() -> None:
    with pytest.raises(WrongNumberOfPieces) as raised:
        split_grid(COMMUNITY, B, line_m((600, 100), (600, 600), (700, 600), (700, 100)), [NEW, NEWER])
    assert raised.value.data == {"pieces": 3, "codes": 2}


def test_neighbours_are_merged() -> None:
    redrawing = merge_grids(COMMUNITY, [A, B], NEW)
    assert redrawing.ended == (A, B)
    assert redrawing.findings == ()
    assert area_m2(redrawing.shapes[NEW]) == pytest.approx(290_000, rel=1e-3)
    assert moved(redrawing) == {(A, NEW): 140_000, (B, NEW): 150_000}


def test_a_dedicated_grid_merged_into_its_neighbour_fills_the_hole() -> None:
    redrawing = merge_grids(COMMUNITY, [A, D], A)
    assert redrawing.ended == (D,)
    assert not shapely.get_parts(redrawing.shapes[A])[0].interiors


def test_grids_without_a_common_border_are_not_merged() -> None:
    with pytest.raises(NotNeighbours):
        merge_grids(COMMUNITY, [B, D], NEW)


def test_grids_that_meet_in_a_point_are_not_neighbours() -> None:
    corner = Community(boundary=box_m(0, 0, 20, 20), grids={A: box_m(0, 0, 10, 10), B: box_m(10, 10, 20, 20)})
    with pytest.raises(NotNeighbours):
        merge_grids(corner, [A, B], NEW)


def test_a_hairline_between_imported_neighbours_closes_when_they_merge() -> None:
    slit = Community(
        boundary=box_m(0, 0, 100, 20), grids={A: box_m(0, 0, 50, 20), B: box_m(50.1, 0, 100, 20)}, tolerance_m2=10.0
    )
    redrawing = merge_grids(slit, [A, B], NEW)
    assert isinstance(redrawing.shapes[NEW], Polygon)
    assert area_m2(redrawing.shapes[NEW]) == pytest.approx(2000, rel=1e-3)


def test_a_common_border_moves_and_nobody_else_is_touched() -> None:
    redrawing = move_border(COMMUNITY, A, B, line_m((400, 100), (450, 300), (400, 600)))
    assert set(redrawing.shapes) == {A, B}
    assert redrawing.ended == ()
    assert redrawing.findings == ()
    assert (B, A) not in moved(redrawing)
    assert moved(redrawing)[(A, B)] > 10_000


def test_a_border_moved_far_leaves_each_its_side() -> None:
    redrawing = move_border(COMMUNITY, A, B, line_m((60, 100), (60, 600)))
    assert area_m2(redrawing.shapes[A]) == pytest.approx(18_000, rel=1e-3)
    assert redrawing.findings == ()


def test_neighbours_follow_a_grid_that_is_given_a_new_shape() -> None:
    redrawing = reshape_grid(COMMUNITY, B, box_m(450, 150, 1000, 500))
    assert set(redrawing.shapes) == {A, B, C}
    assert redrawing.findings == ()
    assert moved(redrawing)[(C, B)] == 27_500


def test_what_a_shrinking_grid_leaves_goes_to_its_neighbour() -> None:
    redrawing = reshape_grid(COMMUNITY, B, box_m(500, 250, 1000, 500))
    assert set(redrawing.shapes) == {B, C}
    assert moved(redrawing) == {(B, B): 125_000, (B, C): 25_000, (C, C): 200_000}
    assert redrawing.findings == ()


def test_a_general_grid_takes_nothing_from_a_dedicated_one() -> None:
    redrawing = reshape_grid(COMMUNITY, B, box_m(150, 200, 1000, 500))
    assert D not in redrawing.shapes
    assert redrawing.findings == ()


def test_a_dedicated_grid_grows_into_its_neighbour() -> None:
    redrawing = reshape_grid(COMMUNITY, D, box_m(100, 300, 250, 400))
    assert set(redrawing.shapes) == {A, D}
    assert redrawing.findings == ()


def test_a_shape_rounded_by_the_page_leaves_no_slivers() -> None:
    rounded = shapely.transform(box_m(450, 200, 1000, 500), lambda points: points.round(6))
    redrawing = reshape_grid(COMMUNITY, B, rounded)
    assert redrawing.findings == ()
    assert all(isinstance(shape, Polygon) for shape in redrawing.shapes.values())
    assert set(redrawing.shapes) == {A, B}


def test_a_shape_outside_the_community_is_refused() -> None:
    with pytest.raises(LeavesCommunity) as raised:
        reshape_grid(COMMUNITY, B, box_m(500, 200, 1100, 500))
    assert raised.value.data["area_m2"] == pytest.approx(30_000, rel=1e-3)


def test_a_neighbour_may_not_be_swallowed() -> None:
    with pytest.raises(GridWouldVanish):
        reshape_grid(COMMUNITY, B, box_m(0, 0, 1000, 500))


def test_what_nobody_can_take_over_is_not_given_up() -> None:
    alone = Community(boundary=box_m(0, 0, 100, 100), grids={A: box_m(0, 0, 100, 100)})
    with pytest.raises(NobodyToTakeOver):
        reshape_grid(alone, A, box_m(0, 0, 100, 80))


@settings(max_examples=60)
@given(
    st.sampled_from([A, B, C]),
    st.tuples(st.floats(10, 990), st.floats(10, 490), st.floats(20, 300), st.floats(20, 300)),
    st.tuples(st.floats(10, 990), st.floats(10, 490)),
)
def test_whatever_is_drawn_the_net_holds_or_it_is_refused(
    code: str, grown: tuple[float, float, float, float], bitten: tuple[float, float]
) -> None:
    x, y, width, height = grown
    x2, y2 = bitten
    drawn = shapely.union(GRIDS[code], box_m(x, y, min(x + width, 1000), min(y + height, 500)))
    shape = shapely.difference(drawn, box_m(x2, y2, x2 + 30, y2 + 30))
    try:
        redrawing = reshape_grid(COMMUNITY, code, as_area(shape))
    except (GridWouldVanish, NobodyToTakeOver):
        return
    assert redrawing.findings == ()
    kept = sum(one.area_m2 for one in redrawing.successions)
    assert kept == pytest.approx(sum(area_m2(GRIDS[old]) for old in {one.old for one in redrawing.successions}), abs=10)


@settings(max_examples=60)
@given(st.floats(-50, 1050), st.floats(-50, 1050), st.floats(-50, 1050))
def test_whatever_line_is_drawn_the_parts_make_up_the_whole(bottom: float, middle: float, top: float) -> None:
    line = line_m((bottom, -10), (middle, 100), (top, 210))
    try:
        redrawing = split_grid(COMMUNITY, C, line, [NEW, NEWER])
    except (LineDoesNotCut, WrongNumberOfPieces):
        return
    assert redrawing.findings == ()
    assert sum(area_m2(shape) for shape in redrawing.shapes.values()) == pytest.approx(area_m2(GRIDS[C]), rel=1e-9)

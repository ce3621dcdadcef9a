import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry

from wangge.grids.rules.coverage import Cell, Finding, FindingKind, check_coverage, check_partition
from wangge.grids.tests.districts import boundary_file, box_m

COMMUNITY = box_m(0, 0, 1000, 500)
WEST, EAST = "320104001001001", "320104001001002"
DEDICATED = "320104001001003"


def check(
    *cells: tuple[str, BaseGeometry], boundary: BaseGeometry = COMMUNITY, tolerance_m2: float = 1.0
) -> list[Finding]:
    return check_coverage(boundary, [Cell(code, shape) for code, shape in cells], tolerance_m2=tolerance_m2)


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1, findings
    return findings[0]


def test_two_halves_make_one_net() -> None:
    assert check((WEST, box_m(0, 0, 400, 500)), (EAST, box_m(400, 0, 1000, 500))) == []


def test_a_strip_between_them_is_a_gap_with_its_area_and_place() -> None:
    gap = only(check((WEST, box_m(0, 0, 400, 500)), (EAST, box_m(402, 0, 1000, 500))))
    assert (gap.kind, gap.codes) == (FindingKind.GAP, ())
    assert gap.area_m2 == pytest.approx(1000, rel=1e-3)
    assert box_m(400, 0, 402, 500).buffer(1e-9).contains(Point(gap.place))


def test_each_of_two_gaps_is_found_largest_first() -> None:
    gaps = check((WEST, box_m(0, 0, 400, 500, (10, 10, 20, 20))), (EAST, box_m(402, 0, 1000, 500)))
    assert [round(gap.area_m2) for gap in gaps] == [1000, 100]


def test_a_strip_held_twice_is_an_overlap() -> None:
    overlap = only(check((EAST, box_m(399, 0, 1000, 500)), (WEST, box_m(0, 0, 400, 500))))
    assert (overlap.kind, overlap.codes) == (FindingKind.OVERLAP, (WEST, EAST))
    assert overlap.area_m2 == pytest.approx(500, rel=1e-3)


def test_a_grid_across_the_border_is_told_how_much_is_outside() -> None:
    outside = only(check((WEST, box_m(-3, 0, 400, 500)), (EAST, box_m(400, 0, 1000, 500))))
    assert (outside.kind, outside.codes) == (FindingKind.OUTSIDE, (WEST,))
    assert outside.area_m2 == pytest.approx(1500, rel=1e-3)


def test_a_dedicated_grid_is_a_hole_in_its_neighbour() -> None:
    campus = (DEDICATED, box_m(100, 100, 200, 200))
    east = (EAST, box_m(400, 0, 1000, 500))
    assert check((WEST, box_m(0, 0, 400, 500, (100, 100, 200, 200))), east, campus) == []
    overlap = only(check((WEST, box_m(0, 0, 400, 500)), east, campus))
    assert (overlap.kind, overlap.codes) == (FindingKind.OVERLAP, (WEST, DEDICATED))


def test_a_hole_that_nobody_fills_is_a_gap() -> None:
    gap = only(check((WEST, box_m(0, 0, 400, 500, (100, 100, 200, 200))), (EAST, box_m(400, 0, 1000, 500))))
    assert gap.kind is FindingKind.GAP


def test_two_grids_drawn_for_one_place_are_told_apart_from_an_overlap() -> None:
    twice = only(check((WEST, COMMUNITY), (EAST, box_m(0, 0, 999, 500))))
    assert (twice.kind, twice.codes) == (FindingKind.SAME_PLACE, (WEST, EAST))


def test_a_vertex_only_one_neighbour_has_is_no_gap() -> None:
    west, east = box_m(0, 0, 400, 500), box_m(400, 0, 1000, 500)
    with_vertex = shapely.segmentize(west, 0.0007)
    assert check((WEST, with_vertex), (EAST, east), tolerance_m2=1e-6) == []


def test_the_tolerance_is_the_largest_that_passes() -> None:
    cells = ((WEST, box_m(0, 0, 400, 500)), (EAST, box_m(402, 0, 1000, 500)))
    assert check(*cells, tolerance_m2=1001.0) == []
    assert len(check(*cells, tolerance_m2=999.0)) == 1


def test_many_crumbs_are_one_finding_when_together_they_are_too_much() -> None:
    holes = [(float(x), 10.0, x + 2.0, 12.0) for x in range(10, 310, 10)]  # 30 of 4 m²
    crumbs = only(check((WEST, box_m(0, 0, 1000, 500, *holes)), tolerance_m2=10.0))
    assert crumbs.kind is FindingKind.GAP
    assert crumbs.area_m2 == pytest.approx(120, rel=1e-3)


def test_a_bow_tie_is_named_with_its_crossing_and_hides_nothing_else() -> None:
    bow_tie = Polygon([(118.0, 32.0), (118.01, 32.01), (118.01, 32.0), (118.0, 32.01)])
    findings = check((WEST, bow_tie), (EAST, box_m(400, 0, 1000, 500)))
    kinds = {finding.kind for finding in findings}
    assert kinds == {FindingKind.INVALID_RING, FindingKind.GAP, FindingKind.OUTSIDE}
    ring = next(finding for finding in findings if finding.kind is FindingKind.INVALID_RING)
    assert ring.place == (118.005, 32.005)
    assert ring.reason.startswith("Self-intersection")


@pytest.mark.parametrize("shape", [Polygon(), Point(118.79, 32.03), shapely.box(118.79, 32.03, 118.79, 32.04)])
def test_what_has_no_area_is_no_grid(shape: BaseGeometry) -> None:
    assert FindingKind.NO_AREA in {finding.kind for finding in check((WEST, shape))}


def test_projected_coordinates_are_told_as_such() -> None:
    findings = check((WEST, shapely.box(353_000, 3_545_000, 354_000, 3_546_000)), (EAST, COMMUNITY))
    assert [(finding.kind, finding.codes) for finding in findings] == [(FindingKind.NOT_LONLAT, (WEST,))]


def test_a_boundary_in_metres_does_not_crash_the_check() -> None:
    findings = check((WEST, COMMUNITY), boundary=shapely.box(353_000, 3_545_000, 354_000, 3_546_000))
    assert [finding.kind for finding in findings] == [FindingKind.NOT_LONLAT]


def test_micro_grids_stand_outside_the_partition_but_inside_their_grid() -> None:
    halves = ((WEST, box_m(0, 0, 400, 500)), (EAST, box_m(400, 0, 1000, 500)))
    good = (WEST + "01", box_m(0, 0, 200, 500))
    assert check(*halves, good) == []
    outside = only(check(*halves, (WEST + "01", box_m(300, 0, 410, 500))))
    assert (outside.kind, outside.codes) == (FindingKind.MICRO_OUTSIDE, (WEST + "01",))
    overlap = only(check(*halves, good, (WEST + "02", box_m(199, 0, 400, 500))))
    assert overlap.kind is FindingKind.MICRO_OVERLAP
    lost = only(check(*halves, ("32010400100100901", box_m(0, 0, 10, 10))))
    assert lost.kind is FindingKind.MICRO_WITHOUT_GRID


def test_a_community_without_grids_is_one_gap() -> None:
    gap = only(check())
    assert gap.area_m2 == pytest.approx(500_000, rel=1e-3)


@given(st.integers(1, 399), st.integers(1, 50))
def test_a_gap_or_an_overlap_is_always_measured(at: int, width: int) -> None:
    def found(left: int, right: int) -> Finding:
        return only(check((WEST, box_m(0, 0, left, 500)), (EAST, box_m(right, 0, 1000, 500))))

    assert found(at, at + width).area_m2 == pytest.approx(500 * width, rel=1e-3)
    assert found(at + width, at).area_m2 == pytest.approx(500 * width, rel=1e-3)


def test_real_sub_districts_of_haidian_are_checked_like_cells() -> None:
    streets = boundary_file("beijing_haidian_streets_wgs84.geojson")
    cells = [Cell(properties["stat_code_2023"] or properties["name"], area) for properties, area in streets]
    union = shapely.union_all([cell.geometry for cell in cells])
    findings = list(check_partition(union, cells, tolerance_m2=10.0))
    overlapping = sum(finding.area_m2 for finding in findings if finding.kind is FindingKind.OVERLAP)
    summed = sum(cell.geometry.area for cell in cells)
    assert overlapping == pytest.approx((summed - union.area) / union.area * 430_000_000, rel=0.1, abs=2_000)

import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon

from wangge.grids.rules.coverage import Cell, check_coverage
from wangge.grids.rules.geometry import area_m2, polygons_of
from wangge.grids.rules.partition import partition, partition_district
from wangge.grids.tests.districts import QINHUAI_PLAN, box_m, qinhuai_sized, real_qinhuai

CONCAVE = Polygon([(118.0, 32.0), (118.04, 32.0), (118.04, 32.04), (118.02, 32.004), (118.0, 32.04)])
WITH_HOLE = box_m(0, 0, 900, 400, (300, 100, 500, 300))


@settings(max_examples=40)
@given(st.integers(1, 40), st.integers(0, 10_000), st.sampled_from([CONCAVE, WITH_HOLE]))
def test_cells_are_as_many_as_asked_and_cover_exactly(n: int, seed: int, outline: Polygon) -> None:
    cells = partition(outline, n, np.random.default_rng(seed))
    assert len(cells) == n
    assert shapely.coverage_is_valid(cells)
    assert all(cell.is_valid for cell in cells)
    missing = area_m2(shapely.symmetric_difference(shapely.coverage_union_all(cells), outline))
    assert missing < 0.02 * outline.length * 111_000  # a centimetre and more along the outline is never lost


def test_the_same_seed_draws_the_same_cells() -> None:
    one, other = (partition(CONCAVE, 7, np.random.default_rng(5)) for _ in range(2))
    assert all(a.equals_exact(b) for a, b in zip(one, other, strict=True))


def test_cells_are_near_in_size() -> None:
    areas = [area_m2(cell) for cell in partition(box_m(0, 0, 1000, 1000), 30, np.random.default_rng(2))]
    assert max(areas) < 5 * min(areas)


def test_nothing_is_no_partition() -> None:
    with pytest.raises(ValueError, match="at least one"):
        partition(CONCAVE, 0, np.random.default_rng(1))


def test_more_parts_than_cells_is_refused() -> None:
    two_islands = MultiPolygon([box_m(0, 0, 10, 10), box_m(50, 0, 60, 10)])
    with pytest.raises(ValueError, match="separate parts"):
        partition(two_islands, 1, np.random.default_rng(1))


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_every_community_of_a_cut_district_passes_the_rule(seed: int) -> None:
    plan = [[(4, 2), (1, 0)], [(9, 3)], [(1, 1), (2, 5), (3, 0)]]
    streets = partition_district(CONCAVE, plan, np.random.default_rng(seed))
    assert [[(len(one.general), len(one.dedicated)) for one in street.communities] for street in streets] == plan
    for street in streets:
        for community in street.communities:
            grids = community.general + community.dedicated
            cells = [Cell(f"320104001001{number:03}", grid) for number, grid in enumerate(grids, 1)]
            assert check_coverage(community.boundary, cells, tolerance_m2=1e-6) == []


@pytest.mark.parametrize("seed", [0, 3, 4])
def test_nothing_is_lost_between_the_communities_of_a_street(seed: int) -> None:
    """Slivers thinner than a hair would be drawn as lines across it."""
    streets = partition_district(CONCAVE, [[(6, 1)] * 5] * 3, np.random.default_rng(seed))
    pieces = [piece for street in streets for piece in polygons_of(street.boundary)]
    assert [len(piece.interiors) for piece in pieces] == [0] * len(pieces)
    together = polygons_of(shapely.coverage_union_all(pieces))
    assert [len(piece.interiors) for piece in together] == [0]


def test_a_real_district_is_cut_to_the_size_of_qinhuai_and_survives_being_written() -> None:
    streets = qinhuai_sized(real_qinhuai())
    communities = [community for street in streets for community in street.communities]
    general = [grid for community in communities for grid in community.general]
    dedicated = [grid for community in communities for grid in community.dedicated]
    assert (len(streets), len(communities), len(general), len(dedicated)) == QINHUAI_PLAN
    written = shapely.from_geojson([json.dumps(_rounded(grid)) for grid in general + dedicated])
    assert shapely.coverage_is_valid(written)


def _rounded(polygon: Polygon) -> dict[str, object]:
    rings = [polygon.exterior, *polygon.interiors]
    return {"type": "Polygon", "coordinates": [np.round(ring.coords, 7).tolist() for ring in rings]}

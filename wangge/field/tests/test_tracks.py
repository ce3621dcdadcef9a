"""Tracks: distance, stops and gaps; what of a plan was kept."""

import math

import numpy as np
import pytest
from shapely import LineString

from wangge.field.rules.points import Odd
from wangge.field.rules.tracks import PlanPoint, Positions, points_seen, route_done, track_of

NOON = 1_790_000_000_000
LAT = 32.0
EAST = 1 / (math.cos(math.radians(LAT)) * 111_195)  # degrees of longitude for a metre, to 0.2 %


def walk(*legs: tuple[float, float, float], every: float = 10.0, noise: float = 0.0) -> Positions:
    """From (0, 0): each leg is (seconds, metres east, metres north) from where one is."""
    rng = np.random.default_rng(1)
    ms, east, north = [NOON], [0.0], [0.0]
    for seconds, x, y in legs:
        count = round(seconds / every)
        for _ in range(count):
            ms.append(ms[-1] + round(every * 1000))
            east.append(east[-1] + x / count)
            north.append(north[-1] + y / count)
    shaken = rng.normal(0, noise, (2, len(ms))) if noise else np.zeros((2, len(ms)))
    return Positions(
        np.array(ms),
        118.8 + (np.array(east) + shaken[0]) * EAST,
        LAT + (np.array(north) + shaken[1]) / 110_900,
        np.zeros(len(ms), dtype=np.uint8),
    )


def without(positions: Positions, since: int, until: int) -> Positions:
    """A dead zone between two seconds."""
    keep = (positions.ms < NOON + since * 1000) | (positions.ms > NOON + until * 1000)
    return Positions(positions.ms[keep], positions.lon[keep], positions.lat[keep], positions.odd[keep])


def test_a_straight_walk_is_as_long_as_it_is() -> None:
    track = track_of(walk((600, 720, 0)))
    assert track.metres == pytest.approx(720, rel=0.01)
    assert track.seconds == 600
    assert track.stops == []
    assert track.gaps == []


def test_standing_still_is_a_stop_and_no_distance() -> None:
    track = track_of(walk((300, 360, 0), (600, 0, 0), (300, 360, 0), noise=4.0))
    assert len(track.stops) == 1
    assert track.stops[0].until_ms - track.stops[0].since_ms == pytest.approx(600_000, abs=60_000)
    assert track.metres == pytest.approx(720, rel=0.12)


def test_the_time_at_a_stop_is_no_time_on_the_way() -> None:
    track = track_of(walk((300, 360, 0), (600, 0, 0), (300, 360, 0)))
    assert track.moving_s == pytest.approx(600, abs=60) and track.seconds == 1200


def test_a_gap_has_no_length_and_cuts_the_line() -> None:
    track = track_of(without(walk((1800, 1800, 0)), 600, 1200))
    assert len(track.gaps) == 1
    assert track.gaps[0].metres == pytest.approx(620, rel=0.02)
    assert track.metres == pytest.approx(1180, rel=0.02)
    assert len(track.line.geoms) == 2


def test_silence_at_the_ends_of_a_span_is_a_gap() -> None:
    track = track_of(walk((600, 600, 0)), since_ms=NOON - 1_800_000, until_ms=NOON + 3_600_000)
    assert [(gap.since_ms - NOON, gap.until_ms - NOON) for gap in track.gaps] == [
        (-1_800_000, 0),
        (600_000, 3_600_000),
    ]


def test_nothing_heard_at_all_is_one_gap_and_no_fault() -> None:
    nobody = without(walk((600, 600, 0)), -1, 601)
    track = track_of(nobody, since_ms=NOON, until_ms=NOON + 600_000)
    assert (track.points, track.metres, len(track.gaps)) == (0, 0.0, 1)
    assert points_seen(nobody, [PlanPoint(118.8, LAT, 30)])[0].at_ms is None


def test_a_jump_is_counted_and_not_walked() -> None:
    positions = walk((600, 600, 0))
    positions.lon[30] += 0.2
    positions.odd[30] = int(Odd.JUMP)
    track = track_of(positions)
    assert track.metres == pytest.approx(600, rel=0.01)
    assert track.odd["jump"] == 1


def test_a_bend_stays_in_the_drawn_line_and_a_straight_needs_two_points() -> None:
    assert len(track_of(walk((600, 600, 0))).line.geoms[0].coords) == 2
    assert len(track_of(walk((600, 600, 0), (600, 0, 600))).line.geoms[0].coords) == 3


def test_a_point_passed_between_two_positions_is_seen() -> None:
    positions = walk((600, 6000, 0), every=60.0)  # 600 m from one position to the next
    plan = [PlanPoint(118.8 + 900 * EAST, LAT, 30), PlanPoint(118.8 + 900 * EAST, LAT + 0.01, 30)]
    passed, missed = points_seen(positions, plan)
    assert passed.at_ms == pytest.approx(NOON + 87_000, abs=500)
    assert passed.stayed_s == pytest.approx(6, abs=0.1)
    assert missed.at_ms is None


def test_dwelling_is_asked_for_where_the_plan_asks() -> None:
    positions = walk((300, 300, 0), (240, 0, 0), (300, 300, 0))
    there = PlanPoint(118.8 + 300 * EAST, LAT, 30, dwell_s=180)
    longer = PlanPoint(118.8 + 300 * EAST, LAT, 30, dwell_s=600)
    seen, same = points_seen(positions, [there, longer])
    assert seen.is_kept(there)
    assert not same.is_kept(longer)


def test_a_stay_is_not_counted_over_a_gap() -> None:
    positions = without(walk((60, 0, 0), (1200, 0, 0)), 120, 1140)
    [seen] = points_seen(positions, [PlanPoint(118.8, LAT, 30)])
    assert seen.stayed_s == 110


def test_half_a_route_is_half_a_route() -> None:
    route = LineString([(118.8, LAT), (118.8 + 1000 * EAST, LAT)])
    assert route_done(walk((500, 500, 0)), route) == pytest.approx(0.535, abs=0.01)  # and what lies near its end
    assert route_done(walk((1000, 1000, 10)), route) == 1.0
    assert route_done(walk((500, 0, 500)), route) < 0.05

"""Where the demonstration's workers go: round the points of their patrol plan, along streets that run north and east.

The same at whatever moment it is asked for, so that what was made at the beginning goes on where it stopped. Times ms
since 1970, lon, lat WGS-84 degrees, lengths metres.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from wangge.field.rules.points import COARSE_M, Odd, Point, distance_m

STEP_MS = 20_000
PACE_M_S = 1.2
STOP_S = 240
NOISE_DEG = 2.5e-5  # about 2.5 m, as a phone is off between houses
GAP_EVERY_MS, GAP_MS = 97 * 60_000, 8 * 60_000  # a cellar, a lift
COARSE_SHARE = 0.02

Place = tuple[float, float]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Walk:
    """Seconds from its beginning, and where one is then; it begins again after the last."""

    seconds: Floats
    lon: Floats
    lat: Floats

    def points(self, *, began_ms: int, since_ms: int, until_ms: int, seed: int) -> list[Point]:
        """`(since, until]`, one each STEP_MS, without the gaps."""
        first = (since_ms // STEP_MS + 1) * STEP_MS
        ms = np.arange(first, until_ms + 1, STEP_MS, dtype=np.int64)
        ms = ms[(ms + seed * 1_000_003) % GAP_EVERY_MS >= GAP_MS]
        at = ((ms - began_ms) / 1000) % self.seconds[-1]
        drawn = np.random.default_rng([seed, first // STEP_MS])
        lon = np.interp(at, self.seconds, self.lon) + drawn.normal(0, NOISE_DEG, len(ms))
        lat = np.interp(at, self.seconds, self.lat) + drawn.normal(0, NOISE_DEG, len(ms))
        accuracy = drawn.uniform(5, 16, len(ms))
        coarse = drawn.random(len(ms)) < COARSE_SHARE
        accuracy[coarse] = drawn.uniform(COARSE_M + 20, 4 * COARSE_M, int(coarse.sum()))
        speed = np.where(self._stands(at), 0.0, PACE_M_S)
        columns = (ms, lon.round(6), lat.round(6), accuracy.round(1), speed, coarse)
        return [
            Point(ms, lon, lat, accuracy, speed, Odd.COARSE if is_coarse else Odd.NOTHING)
            for ms, lon, lat, accuracy, speed, is_coarse in zip(*(one.tolist() for one in columns), strict=True)
        ]

    def _stands(self, at: Floats) -> npt.NDArray[np.bool_]:
        leg = np.searchsorted(self.seconds, at, side="right") - 1
        after = np.minimum(leg + 1, len(self.seconds) - 1)
        stands: npt.NDArray[np.bool_] = (self.lon[leg] == self.lon[after]) & (self.lat[leg] == self.lat[after])
        return stands


def street_route(places: Sequence[Place]) -> list[Place]:
    """From one to the next by a corner."""
    route: list[Place] = list(places[:1])
    for place in places[1:]:
        corner = (place[0], route[-1][1])
        route += [one for one in (corner, place) if one != route[-1]]
    return route


def walk_round(stops: Sequence[Place]) -> Walk:
    """There and back along `street_route`, standing a while at each."""
    there = street_route(stops)
    seconds, lon, lat = [0.0], [there[0][0]], [there[0][1]]
    for took, place in _moments([*there, *reversed(there[:-1])], set(stops)):
        seconds.append(seconds[-1] + took)
        lon.append(place[0])
        lat.append(place[1])
    return Walk(np.array(seconds), np.array(lon), np.array(lat))


def _moments(route: Sequence[Place], stops: set[Place]) -> Iterator[tuple[float, Place]]:
    yield STOP_S, route[0]
    for one, other in pairwise(route):
        yield max(distance_m(Point(0, *one, 0), Point(0, *other, 0)) / PACE_M_S, 1), other
        if other in stops:
            yield STOP_S, other

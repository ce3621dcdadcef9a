"""Tracks from positions: where somebody went, stood, and was not heard of; and a patrol compared with its plan.

Arrays are numpy; times in ms since 1970 UTC, lon/lat WGS-84 degrees, lengths in metres in the plane around the track's
own middle (good to a millimetre per metre over a district). A gap is a gap: it has no length, no speed and no place.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely
from shapely import LineString, MultiLineString, STRtree

from wangge.field.rules.points import Odd
from wangge.grids.rules.geometry import in_metres

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

GAP_MS = 300_000  # longer without a position is a gap
STOP_M = 30.0
STOP_MS = 180_000
DRAWN_M = 3.0  # what a drawn line may be off by
SAMPLE_M = 5.0  # how closely a route is looked along
NEAR_ROUTE_M = 35.0  # half a street, and what a phone between houses is off by
NOT_DRAWN = Odd.COARSE | Odd.JUMP


@dataclass(frozen=True, slots=True)
class Positions:
    """One somebody's, of one span of time, in order of time."""

    ms: Ints
    lon: Floats
    lat: Floats
    odd: npt.NDArray[np.uint8]

    def sound(self) -> "Positions":
        """Without those that are no place to stand on."""
        keep = (self.odd & int(NOT_DRAWN)) == 0
        return Positions(self.ms[keep], self.lon[keep], self.lat[keep], self.odd[keep])


@dataclass(frozen=True, slots=True)
class Stop:
    since_ms: int
    until_ms: int
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Gap:
    """`metres`: how far apart its ends are; what lies between nobody knows."""

    since_ms: int
    until_ms: int
    metres: float


@dataclass(frozen=True, slots=True)
class Track:
    """`line` in lon, lat, one part between two gaps; `seconds` heard of."""

    line: MultiLineString
    metres: float
    seconds: float
    stops: list[Stop]
    gaps: list[Gap]
    points: int
    odd: dict[str, int]

    @property
    def moving_s(self) -> float:
        """Heard of, and not at a stop: what `metres` were walked in."""
        return self.seconds - sum(stop.until_ms - stop.since_ms for stop in self.stops) / 1000


@dataclass(frozen=True, slots=True)
class PlanPoint:
    """To be seen within `radius_m`, for `dwell_s` at least."""

    lon: float
    lat: float
    radius_m: float
    dwell_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """`at_ms` None: not seen. `stayed_s`: the longest stay within its radius."""

    at_ms: int | None
    stayed_s: float

    def is_kept(self, point: PlanPoint) -> bool:
        return self.at_ms is not None and self.stayed_s >= point.dwell_s


def track_of(positions: Positions, *, since_ms: int | None = None, until_ms: int | None = None) -> Track:
    """Of a span `[since, until]`: silence at its ends is a gap like any other."""
    sound = positions.sound()
    odd = {str(flag.name).lower(): int(np.count_nonzero(positions.odd & int(flag))) for flag in Odd if flag}
    if not len(sound.ms):
        whole = [Gap(since_ms, until_ms, 0.0)] if since_ms is not None and until_ms is not None else []
        return Track(MultiLineString(), 0.0, 0.0, [], whole, 0, odd)
    plane = _plane(sound)
    steps = np.hypot(*np.diff(plane, axis=0).T)
    waits = np.diff(sound.ms)
    heard = waits <= GAP_MS
    stops = _stops(sound, plane, heard)
    return Track(
        line=_line(sound, plane, heard),
        metres=float(steps[heard & ~_standing(sound.ms, stops)].sum()),
        seconds=float(waits[heard].sum()) / 1000,
        stops=stops,
        gaps=_gaps(sound.ms, steps, heard, since_ms, until_ms),
        points=len(positions.ms),
        odd=odd,
    )


def points_seen(positions: Positions, plan: Sequence[PlanPoint]) -> list[Seen]:
    """For each point of a plan when it was first seen, and how long at the most. Between two positions not further
    apart than a gap, the way is taken as straight and even."""
    sound = positions.sound()
    if not len(sound.ms):
        return [Seen(None, 0.0) for _ in plan]
    return [_seen(sound, point) for point in plan]


def route_done(positions: Positions, route: LineString) -> float:
    """Share of the route's length (0–1) along which somebody went within NEAR_ROUTE_M, to SAMPLE_M.

    Looked up along the route: a day's track goes round many times, and what lies near it whole takes a second.
    """
    track = track_of(positions).line
    origin = (float(route.coords[0][0]), float(route.coords[0][1]))
    way = in_metres(route, origin)
    if track.is_empty or way.length == 0:
        return 0.0
    pieces = math.ceil(way.length / SAMPLE_M)
    samples = shapely.line_interpolate_point(way, (np.arange(pieces) + 0.5) / pieces, normalized=True)
    near = STRtree(_segments(in_metres(track, origin))).query(samples, predicate="dwithin", distance=NEAR_ROUTE_M)
    return float(len(np.unique(near[0])) / pieces)


def _segments(track: MultiLineString) -> npt.NDArray[np.object_]:
    coordinates, part = shapely.get_coordinates(shapely.get_parts(track), return_index=True)
    ends = np.stack([coordinates[:-1], coordinates[1:]], axis=1)[part[:-1] == part[1:]]
    lines: npt.NDArray[np.object_] = shapely.linestrings(ends)
    return lines


def _plane(positions: Positions) -> Floats:
    """Shape (n, 2): metres east and north of the first position."""
    points = shapely.points(positions.lon, positions.lat)
    origin = (float(positions.lon[0]), float(positions.lat[0]))
    return np.asarray(shapely.get_coordinates(in_metres(points, origin)), dtype=np.float64)


def _parts(heard: npt.NDArray[np.bool_], count: int) -> list[slice]:
    """Between two gaps, as slices of the positions."""
    edges = [0, *(np.flatnonzero(~heard) + 1).tolist(), count]
    return [slice(since, until) for since, until in pairwise(edges)]


def _line(positions: Positions, plane: Floats, heard: npt.NDArray[np.bool_]) -> MultiLineString:
    lines = []
    for part in _parts(heard, len(plane)):
        if part.stop - part.start < 2:
            continue
        drawn = shapely.simplify(LineString(plane[part]), DRAWN_M)
        kept = np.isin(plane[part].view("c16").ravel(), shapely.get_coordinates(drawn).view("c16").ravel())
        lines.append(np.column_stack([positions.lon[part][kept], positions.lat[part][kept]]))
    return MultiLineString([line for line in lines if len(line) > 1])


def _stops(positions: Positions, plane: Floats, heard: npt.NDArray[np.bool_]) -> list[Stop]:
    """Where somebody stayed within STOP_M of where they began to stand, for STOP_MS or longer."""
    stops = []
    for part in _parts(heard, len(plane)):
        start = part.start
        while start < part.stop - 1:
            away = np.hypot(*(plane[start : part.stop] - plane[start]).T) > STOP_M
            end = start + (int(np.argmax(away)) if away.any() else part.stop - start) - 1
            if positions.ms[end] - positions.ms[start] < STOP_MS:
                start += 1
                continue
            here = slice(start, end + 1)
            middle = float(np.median(positions.lon[here])), float(np.median(positions.lat[here]))
            stops.append(Stop(int(positions.ms[start]), int(positions.ms[end]), *middle))
            start = end + 1
    return stops


def _standing(ms: Ints, stops: Sequence[Stop]) -> npt.NDArray[np.bool_]:
    """The steps that lie within a stop: a receiver wanders while one stands, which is no distance walked."""
    standing = np.zeros(max(len(ms) - 1, 0), dtype=bool)
    for stop in stops:
        standing |= (ms[:-1] >= stop.since_ms) & (ms[1:] <= stop.until_ms)
    return standing


def _gaps(
    ms: Ints, steps: Floats, heard: npt.NDArray[np.bool_], since_ms: int | None, until_ms: int | None
) -> list[Gap]:
    found = [Gap(int(ms[index]), int(ms[index + 1]), float(steps[index])) for index in np.flatnonzero(~heard)]
    if since_ms is not None and ms[0] - since_ms > GAP_MS:
        found.insert(0, Gap(since_ms, int(ms[0]), 0.0))
    if until_ms is not None and until_ms - ms[-1] > GAP_MS:
        found.append(Gap(int(ms[-1]), until_ms, 0.0))
    return found


def _seen(positions: Positions, point: PlanPoint) -> Seen:
    """Each step of the way is cut by the circle; what lies inside is the stay."""
    origin = (point.lon, point.lat)
    plane = shapely.get_coordinates(in_metres(shapely.points(positions.lon, positions.lat), origin))
    inside = np.hypot(plane[:, 0], plane[:, 1]) <= point.radius_m
    first = int(positions.ms[np.argmax(inside)]) if inside.any() else None
    longest = _longest_stay(positions.ms, inside)
    enter, leave = _crossings(plane, point.radius_m)
    waits = np.diff(positions.ms)
    through = (leave > enter) & (waits <= GAP_MS)
    if through.any():
        step = int(np.argmax(through))
        at = int(positions.ms[step] + enter[step] * waits[step])
        first = at if first is None else min(first, at)
        longest = max(longest, float(((leave - enter) * waits)[through].max()) / 1000)
    return Seen(first, longest)


def _longest_stay(ms: Ints, inside: npt.NDArray[np.bool_]) -> float:
    """Seconds of the longest run of positions inside, without gaps."""
    longest, since = 0, None
    for index in range(len(ms)):
        if since is not None and (not inside[index] or ms[index] - ms[index - 1] > GAP_MS):
            since = None
        if inside[index]:
            since = int(ms[index]) if since is None else since
            longest = max(longest, int(ms[index]) - since)
    return longest / 1000


def _crossings(plane: Floats, radius: float) -> tuple[Floats, Floats]:
    """For each step the shares of it (0–1) at which it enters and leaves the circle about 0,0; equal: it misses."""
    start, way = plane[:-1], np.diff(plane, axis=0)
    a = (way**2).sum(axis=1)
    b = 2 * (start * way).sum(axis=1)
    c = (start**2).sum(axis=1) - radius**2
    under = b**2 - 4 * a * c
    hits = (under > 0) & (a > 0)
    root = np.sqrt(np.where(hits, under, 0.0))
    twice = np.where(a > 0, 2 * a, 1.0)
    enter = np.where(hits, np.clip((-b - root) / twice, 0, 1), 0.0)
    leave = np.where(hits, np.clip((-b + root) / twice, 0, 1), 0.0)
    return enter, leave

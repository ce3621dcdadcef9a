"""Positions as terminals send them: which are kept, what is odd about them, and how a batch is stored.

Nothing odd is punished here: a flag says what was seen, people judge. Times are milliseconds since 1970 UTC; lon, lat
WGS-84 degrees; accuracy in metres (one standard deviation, as phones give it); speed in m/s.
"""

import math
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntFlag, StrEnum
from functools import lru_cache
from itertools import accumulate
from operator import attrgetter, sub
from typing import NamedTuple

AHEAD_MS = 120_000  # a clock may be this far ahead of ours; more is a wrong clock, put right by `sent_ms`
COARSE_M = 100.0  # worse is no place to stand on: a mast, not a satellite
FASTEST_M_S = 55.0  # 200 km/h
LATE_MS = 600_000  # came so long after it was taken: out of a dead zone
NOWHERE_DEG = 1e-4  # 0,0 is what a receiver says that knows nothing
M_PER_DEGREE = 111_195.0  # of a sphere; enough to tell a jump
MOST = 5_000  # points in a batch: a whole day without a network, one each 10 s, comes in two


class Odd(IntFlag):
    NOTHING = 0
    COARSE = 1
    JUMP = 2
    MOCK = 4  # the phone says that another program gave the place
    LATE = 8
    CLOCK = 16  # the phone's clock was wrong and its times were shifted


_COARSE, _JUMP, _MOCK, _LATE = int(Odd.COARSE), int(Odd.JUMP), int(Odd.MOCK), int(Odd.LATE)
_UNSOUND = _COARSE | _JUMP
_FLAGS = [Odd(number) for number in range(2 * Odd.CLOCK)]


class Refusal(StrEnum):
    NO_PLACE = "no_place"
    FUTURE = "future"
    OFF_DUTY = "off_duty"
    TWICE = "twice"


class Point(NamedTuple):
    """Made a thousand times a second and more: a tuple costs a third of what a frozen dataclass does."""

    ms: int
    lon: float
    lat: float
    accuracy: float
    speed: float = 0.0
    odd: Odd = Odd.NOTHING


_BY_TIME = attrgetter("ms")


@dataclass(frozen=True, slots=True)
class Screened:
    """`kept` in order of time. `shift_ms` was added to each time because the phone's clock was wrong."""

    kept: list[Point]
    refused: Counter[Refusal] = field(default_factory=Counter)
    shift_ms: int = 0


Span = tuple[int, int]  # on duty, `[from, until)` in ms


def screen(
    points: Iterable[Point], *, sent_ms: int, received_ms: int, duty: Sequence[Span], last: Point | None
) -> Screened:
    """Of one batch: what is kept. `sent_ms` is the phone's clock when it sent; `last` the newest kept before.

    Half of what taking a batch costs is here, so flags are plain numbers and a point that needs no change is itself.
    """
    shift = received_ms - sent_ms if abs(received_ms - sent_ms) > AHEAD_MS else 0
    every = int(Odd.CLOCK) if shift else 0
    kept: list[Point] = []
    refused: Counter[Refusal] = Counter()
    seen = {last.ms} if last else set[int]()
    sound = last if last and not last.odd & _JUMP else None  # from a doubtful place nothing is measured
    for point in sorted(points, key=_BY_TIME):
        ms = point.ms + shift
        if why := _refusal(point, ms, received_ms, duty, seen):
            refused[why] += 1
            continue
        seen.add(ms)
        odd = _odd(point, ms, sound, received_ms) | every
        if shift or odd != point.odd:
            point = Point(ms, point.lon, point.lat, point.accuracy, point.speed, _FLAGS[odd])
        kept.append(point)
        if not odd & _UNSOUND:
            sound = point
    return Screened(kept, refused, shift)


def distance_m(one: Point, other: Point) -> float:
    """On a plane: of two points a few kilometres apart."""
    across = (other.lon - one.lon) * math.cos(math.radians((one.lat + other.lat) / 2))
    return math.hypot(across, other.lat - one.lat) * M_PER_DEGREE


def _refusal(point: Point, ms: int, received_ms: int, duty: Sequence[Span], seen: set[int]) -> Refusal | None:
    if not _is_place(point):
        return Refusal.NO_PLACE
    if ms > received_ms + AHEAD_MS:
        return Refusal.FUTURE
    for since, until in duty:
        if since <= ms < until:
            return Refusal.TWICE if ms in seen else None
    return Refusal.OFF_DUTY


def _is_place(point: Point) -> bool:
    if not (-180 <= point.lon <= 180 and -90 <= point.lat <= 90):  # false for nan too
        return False
    if not (0 <= point.accuracy < math.inf and 0 <= point.speed < math.inf):
        return False
    return abs(point.lon) > NOWHERE_DEG or abs(point.lat) > NOWHERE_DEG


def _odd(point: Point, ms: int, before: Point | None, received_ms: int) -> int:
    odd = _MOCK if point.odd and point.odd & Odd.MOCK else 0
    if point.accuracy > COARSE_M:
        odd |= _COARSE
    if received_ms - ms > LATE_MS:
        odd |= _LATE
    if before is not None and ms > before.ms:
        # What both may be wrong by is no movement.
        far = distance_m(before, point) - before.accuracy - point.accuracy
        if far > FASTEST_M_S * (ms - before.ms) / 1000:
            odd |= _JUMP
    return odd


# -- how a batch is stored ---------------------------------------------------------------------------------------------
# A version byte, then deflated columns: differences of times (ms), of lon and lat (1e-6 degrees, about 0.1 m), then
# accuracy (0.1 m), speed (0.1 m/s) and flags. Neighbours differ by little, so columns of differences deflate well.

VERSION = 1
_DEGREE = 1_000_000
_TENTH = 10
_HIGHEST = 0xFFFF / _TENTH  # 1e308 times ten would be no number at all
_HEAD = struct.Struct("<BH")


def pack(points: Sequence[Point]) -> bytes:
    """Of points in order of time; `unpack` gives them back to 0.1 m, 0.1 m/s and the millisecond."""
    count = len(points)
    ms, lon, lat, accuracy, speed, odd = zip(*points, strict=True) if points else ((),) * 6
    columns = _shape(count).pack(
        *_differences(ms),
        *_differences([round(value * _DEGREE) for value in lon]),
        *_differences([round(value * _DEGREE) for value in lat]),
        *[round(min(value, _HIGHEST) * _TENTH) for value in accuracy],
        *[round(min(value, _HIGHEST) * _TENTH) for value in speed],
        *odd,
    )
    return _HEAD.pack(VERSION, count) + zlib.compress(columns, 6)


@lru_cache(maxsize=64)
def _shape(count: int) -> struct.Struct:
    return struct.Struct(f"<{count}q{2 * count}i{2 * count}H{count}B")


def unpack(packed: bytes) -> list[Point]:
    """Raises ValueError for what `pack` did not make."""
    return [
        Point(ms, lon, lat, accuracy, speed, Odd(flags))
        for ms, lon, lat, accuracy, speed, flags in zip(*columns_of(packed), strict=True)
    ]


def columns_of(packed: bytes) -> tuple[list[int], list[float], list[float], list[float], list[float], bytes]:
    """ms, lon, lat, accuracy, speed, flags. Raises ValueError."""
    try:
        version, count = struct.unpack_from("<BH", packed)
        raw = zlib.decompress(packed[3:])
    except (struct.error, zlib.error) as problem:
        raise ValueError("not a batch of positions") from problem
    if version != VERSION or len(raw) != count * 21:
        raise ValueError("not a batch of positions")
    ms, lon, lat = (
        struct.unpack_from(f"<{count}{kind}", raw, at * count) for kind, at in (("q", 0), ("i", 8), ("i", 12))
    )
    accuracy, speed = (struct.unpack_from(f"<{count}H", raw, at * count) for at in (16, 18))
    return (
        list(accumulate(ms)),
        [value / _DEGREE for value in accumulate(lon)],
        [value / _DEGREE for value in accumulate(lat)],
        [value / _TENTH for value in accuracy],
        [value / _TENTH for value in speed],
        raw[20 * count :],
    )


def _differences(values: Sequence[int]) -> list[int]:
    return [*values[:1], *map(sub, values[1:], values)]

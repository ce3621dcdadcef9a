"""Stored batches of one somebody as arrays: in order of time, each instant once (a batch may have come twice)."""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from wangge.field.rules.points import VERSION, Odd, Point, pack
from wangge.field.rules.tracks import Floats, Ints, Positions

HEAD = struct.Struct("<BH")
DEGREE, TENTH = 1_000_000, 10
CLOCK = int(Odd.CLOCK)
SAME_MS = 5_000  # of one place, to the decimetre, by a wrong clock; phones take one each 10 s
LONGEST_ROW = 0xFFFF  # points; its count is two bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """ms, degrees, metres, m/s, flags (points.Odd)."""

    ms: Ints
    lon: Floats
    lat: Floats
    accuracy: Floats
    speed: Floats
    odd: npt.NDArray[np.uint8]

    def positions(self) -> Positions:
        return Positions(self.ms, self.lon, self.lat, self.odd)

    def between(self, since_ms: int, until_ms: int) -> "Stored":
        """`[since, until)`."""
        return self.part(slice(*np.searchsorted(self.ms, [since_ms, until_ms]).tolist()))

    def part(self, which: slice) -> "Stored":
        return Stored(*(getattr(self, name)[which] for name in self.__dataclass_fields__))

    def packed(self) -> bytes:
        """As one row. At most LONGEST_ROW points."""
        columns = (getattr(self, name).tolist() for name in self.__dataclass_fields__)
        return pack(
            [
                Point(ms, lon, lat, accuracy, speed, Odd(odd))
                for ms, lon, lat, accuracy, speed, odd in zip(*columns, strict=True)
            ]
        )


def stored(rows: Iterable[bytes]) -> Stored:
    """Of rows that `points.pack` made. Raises ValueError for others."""
    parts = [_columns(row) for row in rows]
    if not parts:
        nothing = np.zeros(0)
        return Stored(nothing.astype(np.int64), nothing, nothing, nothing, nothing, nothing.astype(np.uint8))
    ms, lon, lat, accuracy, speed, odd = (np.concatenate(column) for column in zip(*parts, strict=True))
    _, first = np.unique(ms, return_index=True)
    return _once(Stored(ms[first], lon[first], lat[first], accuracy[first], speed[first], odd[first]))


def _once(found: Stored) -> Stored:
    """Without what a phone with a wrong clock sent twice: its times are put right by how wrong it is as it sends, and
    that comes out a little different each time."""
    shifted = np.flatnonzero(found.odd & CLOCK)
    again = np.zeros(len(found.ms), dtype=bool)
    for one, other in pairwise(shifted.tolist()):
        if found.ms[other] - found.ms[one] < SAME_MS:
            again[other] = all(column[one] == column[other] for column in (found.lon, found.lat, found.accuracy))
    if not again.any():
        return found
    return Stored(*(getattr(found, name)[~again] for name in found.__dataclass_fields__))


def _columns(packed: bytes) -> tuple[npt.NDArray[np.generic], ...]:
    try:
        version, count = HEAD.unpack_from(packed)
        raw = zlib.decompress(packed[HEAD.size :])
    except (struct.error, zlib.error) as problem:
        raise ValueError("not a batch of positions") from problem
    if version != VERSION or len(raw) != count * 21:
        raise ValueError("not a batch of positions")
    return (
        np.frombuffer(raw, "<i8", count).cumsum(),
        np.frombuffer(raw, "<i4", count, 8 * count).cumsum(dtype=np.int64) / DEGREE,
        np.frombuffer(raw, "<i4", count, 12 * count).cumsum(dtype=np.int64) / DEGREE,
        np.frombuffer(raw, "<u2", count, 16 * count) / TENTH,
        np.frombuffer(raw, "<u2", count, 18 * count) / TENTH,
        np.frombuffer(raw, np.uint8, count, 20 * count),
    )

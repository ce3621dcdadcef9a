"""Where the samples of a track lie in an ISO media file (stsz, stsc, stco, co64; ISO/IEC 14496-12, 8.7)."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import BinaryIO

from wangge.cases.evidence.faults import Damaged

_MOST_SAMPLES = 10_000_000


def sample_ranges(file: BinaryIO, tables: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[int, int]]:
    """`[start, end)` byte ranges of the file; `tables` are the boxes of one `stbl` as (kind, body)."""
    found = dict(tables)
    offsets = _numbers(found[b"co64"], 8) if b"co64" in found else _numbers(found.get(b"stco", b""), 4)
    sizes = _sizes(found.get(b"stsz", b""))
    sample = 0
    for offset, count in zip(offsets, _samples_per_chunk(found.get(b"stsc", b""), len(offsets)), strict=False):
        length = sum(sizes[sample : sample + count])
        sample += count
        yield offset, offset + length


def _numbers(body: bytes, width: int) -> list[int]:
    return [int.from_bytes(body[at : at + width], "big") for at in range(8, len(body) - width + 1, width)]


def _sizes(body: bytes) -> list[int]:
    same, count = int.from_bytes(body[4:8], "big"), int.from_bytes(body[8:12], "big")
    if same:
        if count > _MOST_SAMPLES:
            raise Damaged
        return [same] * count
    return [int.from_bytes(body[at : at + 4], "big") for at in range(12, len(body) - 3, 4)]


def _samples_per_chunk(body: bytes, chunks: int) -> Iterator[int]:
    runs = [
        (int.from_bytes(body[at : at + 4], "big"), int.from_bytes(body[at + 4 : at + 8], "big"))
        for at in range(8, len(body) - 11, 12)
    ]
    for (first, count), (following, _) in pairwise([*runs, (chunks + 1, 0)]):
        yield from [count] * max(0, min(following, chunks + 1) - first)

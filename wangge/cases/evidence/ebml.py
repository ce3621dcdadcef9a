"""WebM, as far as we ask: which tracks a recording has. EBML: RFC 8794; elements of Matroska: RFC 9559."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from wangge.cases.evidence.faults import Damaged

_SEGMENT, _TRACKS, _TRACK, _TRACK_TYPE, _CLUSTER = 0x18538067, 0x1654AE6B, 0xAE, 0x83, 0x1F43B675
VIDEO, AUDIO = 1, 2


def track_types(file: BinaryIO) -> frozenset[int]:
    """The types of all tracks; `Damaged` where there is none before the first picture or sound."""
    end = file.seek(0, io.SEEK_END)
    found = frozenset(
        int.from_bytes(_read(file, start, stop), "big")
        for segment in _inside(file, 0, end, _SEGMENT)
        for tracks in _inside(file, *segment, _TRACKS)
        for track in _inside(file, *tracks, _TRACK)
        for start, stop in _inside(file, *track, _TRACK_TYPE)
    )
    if not found:
        raise Damaged
    return found


def _inside(file: BinaryIO, start: int, end: int, wanted: int) -> Iterator[tuple[int, int]]:
    """Bodies of the elements of that id. What follows the first cluster is not looked at: recorders do not close it."""
    while start < end:
        file.seek(start)
        head = file.read(12)  # an id of four bytes and a length of eight
        name, width = _number(head, keep_marker=True)
        length, more = _number(head[width:], keep_marker=False)
        body = start + width + more
        is_open = length == (1 << 7 * more) - 1  # length not known: a recording sent while it was made
        stop = end if is_open else body + length
        if stop > end or name == _CLUSTER:
            return
        if name == wanted:
            yield body, stop
        start = stop


def _number(head: bytes, *, keep_marker: bool) -> tuple[int, int]:
    """Value and bytes of a number whose first bit set says how long it is."""
    if not head or head[0] == 0:
        raise Damaged
    width = 9 - head[0].bit_length()
    if len(head) < width:
        raise Damaged
    value = int.from_bytes(head[:width], "big")
    return (value if keep_marker else value & ((1 << 7 * width) - 1)), width


def _read(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(min(end - start, 8))

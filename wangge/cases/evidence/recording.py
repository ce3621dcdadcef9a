"""Sound and video: is the structure whole, where and when was it taken, and the copy that no longer tells.

Metadata is overwritten in place (boxes become `free`, WAVE chunks `JUNK`), so that no offset moves and nothing is
re-encoded. Boxes: ISO/IEC 14496-12, QuickTime File Format; `loci`: 3GPP TS 26.244 8.3.
"""

import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from wangge.cases.evidence.faults import Damaged, KindNotAllowed
from wangge.cases.evidence.place import Place, place_or_none
from wangge.cases.evidence.samples import sample_ranges

_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_TELLING = frozenset((b"udta", b"meta", b"uuid"))
# Tracks of other handlers are timed metadata: phones and action cameras write the way they went, frame by frame.
_PLAYED = frozenset((b"vide", b"soun", b"text", b"sbtl", b"subt", b"clcp", b"tmcd", b"hint"))
_ISO_6709 = re.compile(rb"([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)(?:[+-]\d+(?:\.\d+)?)?/?")
_MOST_TELLING_BYTES = 8 * 1024 * 1024
_BLOCK = 1024 * 1024
_BRANDS = {
    "heic": (b"heic", b"heix", b"heim", b"heis", b"mif1"),
    "m4a": (b"M4A ", b"M4B "),
    "mov": (b"qt  ",),
    "3gp": (b"3gp", b"3g2", b"3ge", b"3gg", b"3gr", b"3gs"),
    "mp4": (b"mp4", b"iso", b"avc1", b"M4V", b"MSNV", b"dash", b"mmp4", b"f4v "),
}


@dataclass(frozen=True)
class Box:
    kind: bytes
    start: int
    body: int
    end: int


@dataclass(frozen=True)
class RecordingFacts:
    taken_at: datetime | None
    place: Place | None


def container_of(file: BinaryIO) -> str:
    """heic, m4a, mov, 3gp or mp4 by brand; without a picture track it is sound. Raises KindNotAllowed."""
    file.seek(8)
    brand = file.read(4)
    name = next((name for name, brands in _BRANDS.items() if brand.startswith(brands)), None)
    if name is None:
        raise KindNotAllowed
    if name in {"mp4", "3gp"} and b"vide" not in {_handler(file, track) for track in _tracks(file)}:
        return "m4a"
    return name


def check_boxes(file: BinaryIO) -> frozenset[str]:
    kinds = [box.kind for box in _boxes(file)]
    if b"moov" not in kinds or not _tracks(file):
        raise Damaged
    return frozenset()


def read_facts(file: BinaryIO, extension: str) -> RecordingFacts:
    """What MP4, MOV, 3GP and M4A tell; nothing for other formats. Place in WGS-84."""
    if extension not in {"mp4", "mov", "3gp", "m4a"}:
        return RecordingFacts(None, None)
    telling = [_bytes(file, box) for box in _telling(file)]
    return RecordingFacts(_taken_at(file), next(filter(None, map(_place, telling)), None))


def write_served_copy(source: BinaryIO, extension: str, target: BinaryIO) -> None:
    """Copies to `target` (readable, writable, seekable, empty) and removes what tells of place, device and people."""
    source.seek(0)
    if extension in {"mp3", "aac"}:
        start, end = _sound_between_tags(source)
        _copy(source, target, start, end)
        return
    shutil.copyfileobj(source, target, _BLOCK)
    if extension in {"mp4", "mov", "3gp", "m4a"}:
        _silence_boxes(target)
    elif extension == "wav":
        _silence_chunks(target)
    target.seek(0)


def check_mpeg_audio(file: BinaryIO) -> frozenset[str]:
    start, end = _sound_between_tags(file)
    file.seek(start)
    head = file.read(4)
    is_frame = len(head) == 4 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0
    # An ADTS header (AAC) has layer 0; in MPEG audio layer 0, version 1, bitrate 15 and sampling rate 3 are reserved.
    is_adts = is_frame and head[1] & 0xF6 == 0xF0
    is_mpeg = is_frame and head[1] & 6 != 0 and head[1] & 0x18 != 8 and head[2] >> 4 != 15 and head[2] & 12 != 12
    if not (is_adts or is_mpeg) or end - start < 16:
        raise Damaged
    return frozenset()


def check_wave(file: BinaryIO) -> frozenset[str]:
    if b"data" not in {box.kind for box in _chunks(file)}:
        raise Damaged
    return frozenset()


def check_webm(file: BinaryIO) -> frozenset[str]:
    file.seek(0)
    if b"webm" not in file.read(64):
        raise KindNotAllowed
    return frozenset()


# -- ISO boxes ---------------------------------------------------------------------------------------------------------
def _boxes(file: BinaryIO, parent: Box | None = None) -> list[Box]:
    """The boxes of a parent, or of the file. Raises Damaged where sizes contradict each other."""
    place, end = (parent.body, parent.end) if parent else (0, file.seek(0, io.SEEK_END))
    found = []
    while end - place >= 8:
        file.seek(place)
        head = file.read(16)
        size, body = int.from_bytes(head[:4], "big"), place + 8
        if size == 1:
            size, body = int.from_bytes(head[8:16], "big"), place + 16
        elif size == 0:
            if parent and parent.kind == b"udta":
                break  # QuickTime closes user data with a zero
            size = end - place
        if size < body - place or place + size > end:
            raise Damaged
        found.append(Box(head[4:8], place, body, place + size))
        place += size
    return found


def _inside(file: BinaryIO, parents: list[Box], kind: bytes) -> list[Box]:
    return [box for parent in parents for box in _boxes(file, parent) if box.kind == kind]


def _movie(file: BinaryIO) -> list[Box]:
    return [box for box in _boxes(file) if box.kind == b"moov"]


def _tracks(file: BinaryIO) -> list[Box]:
    return _inside(file, _movie(file), b"trak")


def _handler(file: BinaryIO, track: Box) -> bytes:
    for box in _inside(file, _inside(file, [track], b"mdia"), b"hdlr"):
        file.seek(box.body + 8)
        return file.read(4)
    return b""


def _telling(file: BinaryIO) -> Iterator[Box]:
    tracks = _tracks(file)
    media = _inside(file, tracks, b"mdia")
    levels = [_boxes(file), *(_boxes(file, parent) for parent in (*_movie(file), *tracks, *media))]
    yield from (box for level in levels for box in level if box.kind in _TELLING)


def _silence_boxes(file: BinaryIO) -> None:
    for track in _tracks(file):
        if _handler(file, track) not in _PLAYED:
            for start, end in sample_ranges(file, [*_sample_tables(file, track)]):
                _zero(file, start, end)
            _free(file, track)
    for box in list(_telling(file)):
        _free(file, box)


def _sample_tables(file: BinaryIO, track: Box) -> Iterator[tuple[bytes, bytes]]:
    information = _inside(file, _inside(file, [track], b"mdia"), b"minf")
    for table in _inside(file, information, b"stbl"):
        yield from ((box.kind, _bytes(file, box)) for box in _boxes(file, table))


def _free(file: BinaryIO, box: Box) -> None:
    file.seek(box.start + 4)
    file.write(b"free")
    _zero(file, box.body, box.end)


def _zero(file: BinaryIO, start: int, end: int) -> None:
    end = min(end, file.seek(0, io.SEEK_END))
    file.seek(min(start, end))
    while (left := end - file.tell()) > 0:
        file.write(bytes(min(left, _BLOCK)))


def _bytes(file: BinaryIO, box: Box) -> bytes:
    file.seek(box.body)
    return file.read(min(box.end - box.body, _MOST_TELLING_BYTES))


def _taken_at(file: BinaryIO) -> datetime | None:
    for box in _inside(file, _movie(file), b"mvhd"):
        data = _bytes(file, box)
        seconds = int.from_bytes(data[4:12] if data[:1] == b"\x01" else data[4:8], "big")
        # Cameras without a clock write 0, or count from 1970 and land before it.
        if timedelta(days=66 * 365) < timedelta(seconds=min(seconds, 2**33)) < timedelta(days=66 * 365 + 36525):
            return _EPOCH + timedelta(seconds=seconds)
    return None


def _place(data: bytes) -> Place | None:
    where = data.find(b"loci")
    if where >= 0:
        name_end = data.find(b"\0", where + 10)
        lon, lat = (int.from_bytes(data[name_end + 2 + at : name_end + 6 + at], "big", signed=True) for at in (0, 4))
        return place_or_none(lon / 65536, lat / 65536)
    if b"\xa9xyz" in data or b"location.ISO6709" in data:
        # The longest match: a version number elsewhere in the box could look like a short one.
        match = max(_ISO_6709.finditer(data), key=lambda found: len(found[0]), default=None)
        return place_or_none(float(match[2]), float(match[1])) if match else None
    return None


# -- MPEG audio and WAVE -----------------------------------------------------------------------------------------------
def _sound_between_tags(file: BinaryIO) -> tuple[int, int]:
    """Without ID3v2 in front and ID3v1 and APE behind."""
    end = file.seek(0, io.SEEK_END)
    start = 0
    while _at(file, start, 3) == b"ID3":
        a, b, c, d = (byte & 0x7F for byte in _at(file, start + 6, 4).ljust(4, b"\0"))
        start += 10 + (a << 21 | b << 14 | c << 7 | d)
    while start < end and _at(file, start, 1) == b"\0":
        start += 1  # padding that some recorders leave outside their tag
    if _at(file, end - 128, 3) == b"TAG":
        end -= 128
    if _at(file, end - 32, 8) == b"APETAGEX":
        end -= int.from_bytes(_at(file, end - 20, 4), "little") + 32
    return start, max(start, end)


def _at(file: BinaryIO, place: int, length: int) -> bytes:
    if place < 0:
        return b""
    file.seek(place)
    return file.read(length)


def _copy(source: BinaryIO, target: BinaryIO, start: int, end: int) -> None:
    source.seek(start)
    while (left := end - source.tell()) > 0 and (block := source.read(min(left, _BLOCK))):
        target.write(block)
    target.seek(0)


def _chunks(file: BinaryIO) -> list[Box]:
    end = file.seek(0, io.SEEK_END)
    place, found = 12, []
    while end - place >= 8:
        head = _at(file, place, 8)
        # Recorders that were switched off leave the length of `data` at 0xFFFFFFFF or too long.
        body_end = min(place + 8 + int.from_bytes(head[4:], "little"), end)
        found.append(Box(head[:4], place, place + 8, body_end))
        place = body_end + (body_end - place) % 2
    return found


def _silence_chunks(file: BinaryIO) -> None:
    for chunk in _chunks(file):
        if chunk.kind not in {b"fmt ", b"data", b"fact", b"JUNK"}:
            file.seek(chunk.start)
            file.write(b"JUNK")
            _zero(file, chunk.body, chunk.end)

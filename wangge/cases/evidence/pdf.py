"""PDF: is it whole, and does it carry something active (script, launch, attachment)?

A caution, not a refusal: forms of authorities carry scripts. Object streams are unpacked with a bound, because names
inside them are not seen in the raw bytes.
"""

import re
import zlib
from typing import BinaryIO

from wangge.cases.evidence.faults import Damaged

_MOST_UNPACKED = 64 * 1024 * 1024
_STREAM = re.compile(rb"/Type\s*/ObjStm.{0,300}?stream\r?\n", re.DOTALL)
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")  # /J#61vaScript is /JavaScript (ISO 32000-1, 7.3.5)
_NAMES = {
    "script": re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia|XFA)(?![A-Za-z])"),
    "embedded_file": re.compile(rb"/EmbeddedFiles?(?![A-Za-z])"),
    "encrypted": re.compile(rb"/Encrypt(?![A-Za-z])"),
}


def cautions(file: BinaryIO) -> frozenset[str]:
    file.seek(0)
    data = file.read()
    if b"%%EOF" not in data[-2048:]:
        raise Damaged
    parts = [data, *_object_streams(data)]
    return frozenset(name for name, pattern in _NAMES.items() if any(pattern.search(_plain(part)) for part in parts))


def _plain(part: bytes) -> bytes:
    return _HEX.sub(lambda match: bytes((int(match[1], 16),)), part)


def _object_streams(data: bytes) -> list[bytes]:
    view = memoryview(data)  # slices of it are not copies
    found, left = [], _MOST_UNPACKED
    for match in _STREAM.finditer(data):
        try:
            unpacked = zlib.decompressobj().decompress(view[match.end() :], left)
        except zlib.error:
            continue
        found.append(unpacked)
        left -= len(unpacked)
        if left <= 0:
            break
    return found

"""DOCX and XLSX judged from the ZIP directory and the first bytes of each part: nothing is unpacked as a whole."""

import re
import zipfile
import zlib
from typing import BinaryIO

from wangge.cases.evidence.faults import Bomb, Damaged, KindNotAllowed, MacrosNotAllowed

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MOST_PARTS = 5_000
MOST_BYTES = 500 * 1024 * 1024
# A sheet of repeated values packs 1:60; deflate's own limit is 1:1032, which only made-up content reaches.
HIGHEST_RATIO = 200
_RATIO_FROM_BYTES = 1024 * 1024  # below this a high ratio harms nobody
_XML = (".xml", ".rels")
_PROLOG_BYTES = 8192
_ROOT = re.compile(rb"<[A-Za-z_]")
_MAIN_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}


def kind_of(file: BinaryIO) -> str:
    """`docx` or `xlsx`; any other archive is not allowed."""
    names = {entry.filename for entry in _entries(file)}
    if "[Content_Types].xml" not in names:
        raise KindNotAllowed
    kinds = {kind for part, kind in _MAIN_PARTS.items() if part in names}
    if len(kinds) != 1:
        raise KindNotAllowed
    return kinds.pop()


def check(file: BinaryIO) -> frozenset[str]:
    entries = _entries(file)
    packed, unpacked = sum(entry.compress_size for entry in entries), sum(entry.file_size for entry in entries)
    if len(entries) > MOST_PARTS or unpacked > MOST_BYTES or any(_is_bomb(entry) for entry in entries):
        raise Bomb
    # More packed bytes than the file has: parts overlap, each byte counted many times over (Fifield 2019).
    if packed > file.seek(0, 2):
        raise Bomb
    names = [entry.filename.lower() for entry in entries]
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise MacrosNotAllowed
    if _defines_entities(file, entries):
        raise Bomb
    return frozenset({"embedded_file"} if any("/embeddings/" in name for name in names) else ())


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > _RATIO_FROM_BYTES and entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1)


def _defines_entities(file: BinaryIO, entries: list[zipfile.ZipInfo]) -> bool:
    """Parts of a document have no DTD (ECMA-376 part 2); one that has wants its reader to multiply what it says."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            return any(_has_dtd(archive, entry) for entry in entries if entry.filename.lower().endswith(_XML))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError, NotImplementedError):
        raise Damaged from None


def _has_dtd(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    with archive.open(entry) as part:
        head = part.read(_PROLOG_BYTES).replace(b"\0", b"")  # UTF-16 reads the same then
    root = _ROOT.search(head)
    # Where the first element is out of sight, a DTD may be, too.
    return b"<!DOCTYPE" in head[: root.start() if root else None] or (root is None and len(head) >= _PROLOG_BYTES // 2)


def _entries(file: BinaryIO) -> list[zipfile.ZipInfo]:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Damaged from None

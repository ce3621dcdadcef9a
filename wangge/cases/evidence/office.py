"""DOCX and XLSX judged from the ZIP directory alone: nothing is unpacked before its declared size is known."""

import zipfile
from typing import BinaryIO

from wangge.cases.evidence.faults import Bomb, Damaged, KindNotAllowed, MacrosNotAllowed

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MOST_PARTS = 5_000
MOST_BYTES = 500 * 1024 * 1024
# A sheet of repeated values packs 1:60; deflate's own limit is 1:1032, which only made-up content reaches.
HIGHEST_RATIO = 200
_RATIO_FROM_BYTES = 1024 * 1024  # below this a high ratio harms nobody
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
    return frozenset({"embedded_file"} if any("/embeddings/" in name for name in names) else ())


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > _RATIO_FROM_BYTES and entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1)


def _entries(file: BinaryIO) -> list[zipfile.ZipInfo]:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Damaged from None

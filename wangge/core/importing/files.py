"""What kind a file is, by its bytes and not its name, and whether it is safe to open.

A zip is believed only after every member was inflated and counted: the sizes it declares may lie.
"""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from wangge.core.importing.faults import FaultKind, FileRefused

MEGABYTE = 1 << 20
CHUNK = 1 << 18
LOCAL_HEADER_SIZE = 30
ENCRYPTED_FLAG = 1
PARQUET_MAGIC, PARQUET_SEALED = b"PAR1", b"PARE"

EMPTY = FaultKind("file.empty", "文件是空的。", "The file is empty.")
TOO_LARGE = FaultKind(
    "file.too_large",
    "文件太大：{size_mb} MB，上限 {limit_mb} MB。",
    "The file is too large: {size_mb} MB of {limit_mb} MB.",
)
ZIP_BOMB = FaultKind(
    "file.zip_bomb",
    "压缩包展开后过大（{name}），已拒绝打开。",
    "The archive unpacks to far too much ({name}); it was not opened.",
)
ZIP_BROKEN = FaultKind("file.zip_broken", "压缩包已损坏：{name}。", "The archive is damaged: {name}.")
ZIP_ENCRYPTED = FaultKind(
    "file.encrypted", "文件有密码保护，请去掉密码后再导入。", "The file is protected by a password; remove it first."
)
UNKNOWN_KIND = FaultKind(
    "file.unknown_kind",
    "不认识的文件类型。请用 CSV、XLSX、XLS、Parquet、GeoJSON、GeoPackage 或打包成 zip 的 Shapefile。",
    "Unknown kind of file. Use CSV, XLSX, XLS, Parquet, GeoJSON, GeoPackage or a zipped Shapefile.",
)
WEB_PAGE = FaultKind(
    "file.web_page",
    "这是网页，不是表格（有些系统导出的 .xls 其实是网页）。请在表格软件里另存为 XLSX。",
    "This is a web page, not a table (some systems export pages as .xls). Save it as XLSX first.",
)


class FileKind(StrEnum):
    CSV = "csv"
    SPREADSHEET = "spreadsheet"  # XLSX, XLS, XLSB, ODS
    PARQUET = "parquet"
    GEOJSON = "geojson"
    GEOPACKAGE = "geopackage"
    SHAPEFILE = "shapefile"  # in a zip


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    file_bytes: int = 512 * MEGABYTE
    json_bytes: int = 200 * MEGABYTE  # read whole
    unpacked_bytes: int = 2048 * MEGABYTE
    ratio: int = 200  # unpacked to packed; XLSX of equal rows reach about 60
    ratio_free_bytes: int = 8 * MEGABYTE  # under this any ratio is harmless
    members: int = 5_000
    columns: int = 1_000
    line_chars: int = 4_000_000
    rows: int = 5_000_000


DEFAULT_LIMITS = Limits()


def kind_of(path: Path, limits: Limits = DEFAULT_LIMITS) -> FileKind:
    """Raises FileRefused: empty, too large, unknown, or an archive that is not safe to open."""
    size = path.stat().st_size
    if size == 0:
        raise FileRefused(EMPTY())
    if size > limits.file_bytes:
        raise FileRefused(TOO_LARGE(size_mb=size // MEGABYTE, limit_mb=limits.file_bytes // MEGABYTE))
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(path, limits)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return FileKind.SPREADSHEET
    if head.startswith(PARQUET_MAGIC):
        return FileKind.PARQUET
    if head.startswith(PARQUET_SEALED):
        raise FileRefused(ZIP_ENCRYPTED())
    if head.startswith(b"SQLite format 3\0"):
        return _kind_of_sqlite(head)
    with opened(path, limits) as text:
        return _kind_of_text(text.read(512))


def is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def opened(path: Path, limits: Limits = DEFAULT_LIMITS) -> "Unpacked":
    """The bytes of a plain or gzipped file; reading raises FileRefused where it unpacks to too much or is damaged."""
    return Unpacked(path, limits)


class Unpacked:
    """A file to read from, unpacked as it is read and counted on the way."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._file: IO[bytes] = path.open("rb")
        self._name = path.name
        self._size = path.stat().st_size
        self._limits = limits
        self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16) if is_gzip(path) else None
        self._total = 0

    def __enter__(self) -> "Unpacked":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, size: int = CHUNK) -> bytes:
        """Up to about `size` bytes, none at the end."""
        data = self._file.read(size) if self._inflate is None else self._unpack(size)
        self._total += len(data)
        _refuse_bomb(self._name, self._total, self._size, self._limits)
        return data

    def chunks(self) -> Iterator[bytes]:
        while data := self.read():
            yield data

    def _unpack(self, size: int) -> bytes:
        inflate = self._inflate
        while inflate is not None:
            packed = inflate.unconsumed_tail or self._file.read(CHUNK)
            try:
                data = inflate.decompress(packed, size)
            except zlib.error as error:
                raise FileRefused(ZIP_BROKEN(name=self._name)) from error
            if not (packed or data or inflate.eof):
                raise FileRefused(ZIP_BROKEN(name=self._name))
            if inflate.eof:
                inflate = self._inflate = self._next_member(inflate.unused_data)
            if data:
                return data
            if inflate is None:
                return b""
        return b""

    def _next_member(self, rest: bytes) -> "zlib._Decompress | None":
        """A gzip file may hold several members, one after the other."""
        rest = rest or self._file.read(CHUNK)
        if not rest.lstrip(b"\0"):
            self._inflate = None
            return None
        self._file.seek(-len(rest), 1)
        return zlib.decompressobj(zlib.MAX_WBITS | 16)


def check_zip(path: Path, limits: Limits = DEFAULT_LIMITS) -> list[zipfile.ZipInfo]:
    """The members of an archive that is safe to unpack. Raises FileRefused."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > limits.members:
                raise FileRefused(ZIP_BOMB(name=f"{len(members)} files"))
            _refuse_bomb(path.name, sum(member.file_size for member in members), path.stat().st_size, limits)
            for member in members:
                _check_member(archive, member)
    except (zipfile.BadZipFile, EOFError, OSError, zlib.error, NotImplementedError, ValueError) as error:
        raise FileRefused(ZIP_BROKEN(name=path.name)) from error
    return members


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    if member.flag_bits & ENCRYPTED_FLAG:
        raise FileRefused(ZIP_ENCRYPTED())
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileRefused(ZIP_BROKEN(name=member.filename))
    unpacked = sum(len(data) for data in _inflated(archive, member))
    if unpacked != member.file_size:
        raise FileRefused(ZIP_BOMB(name=member.filename))


def _inflated(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """What the member really holds, one byte past what it declares at most: zipfile itself stops at the declaration."""
    file = archive.fp
    if file is None:
        return
    file.seek(member.header_offset)
    header = file.read(LOCAL_HEADER_SIZE)
    if len(header) < LOCAL_HEADER_SIZE or header[:4] != b"PK\x03\x04":
        raise FileRefused(ZIP_BROKEN(name=member.filename))
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if member.compress_type == zipfile.ZIP_DEFLATED else None
    packed, total = member.compress_size, 0
    while packed > 0 and total <= member.file_size:
        data = file.read(min(CHUNK, packed))
        if not data:
            raise FileRefused(ZIP_BROKEN(name=member.filename))
        packed -= len(data)
        while data and total <= member.file_size:
            plain = inflate.decompress(data, CHUNK) if inflate else data
            data = inflate.unconsumed_tail if inflate else b""
            total += len(plain)
            yield plain


def _refuse_bomb(name: str, unpacked: int, packed: int, limits: Limits) -> None:
    too_dense = unpacked > limits.ratio_free_bytes and unpacked > limits.ratio * max(packed, 1)
    if unpacked > limits.unpacked_bytes or too_dense:
        raise FileRefused(ZIP_BOMB(name=name))


def _kind_of_zip(path: Path, limits: Limits) -> FileKind:
    names = [member.filename.lower() for member in check_zip(path, limits)]
    if any(name.startswith("xl/workbook.") for name in names) or "content.xml" in names:
        return FileKind.SPREADSHEET
    if any(name.endswith(".shp") for name in names):
        return FileKind.SHAPEFILE
    raise FileRefused(UNKNOWN_KIND())


def _kind_of_sqlite(head: bytes) -> FileKind:
    if head[68:72] in (b"GPKG", b"GP10", b"GP11"):  # application id, OGC 12-128r18 clause 1.1.1.1.1
        return FileKind.GEOPACKAGE
    raise FileRefused(UNKNOWN_KIND())


def _kind_of_text(head: bytes) -> FileKind:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        return FileKind.GEOJSON
    if start[:1] == b"<":
        raise FileRefused(WEB_PAGE() if b"html" in start.lower() else UNKNOWN_KIND())
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x7fELF", b"MZ\x90\0")):
        raise FileRefused(UNKNOWN_KIND())
    return FileKind.CSV

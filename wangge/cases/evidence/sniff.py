"""What an upload is, by its bytes. Names and declared types are never looked at.

`filetype` guesses from the first bytes; then each format's own structure must hold to the end of the file, so that what
we call a picture cannot also be read as an archive or a page. Text is what is left, if it is text.
"""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

import filetype
import pillow_heif
from PIL import Image, UnidentifiedImageError

from wangge.cases.evidence import ebml, office, pdf, recording
from wangge.cases.evidence.faults import Bomb, Damaged, Disguised, Empty, KindNotAllowed, TooLarge

pillow_heif.register_heif_opener()

_MB = 1024 * 1024
_HEAD = 8192  # as much as filetype looks at
_CHUNK = 1024 * 1024
_OVERLAP = 32  # longer than any marker, so that none is cut in two by a chunk's edge


class Kind(StrEnum):
    PICTURE = "picture"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Format:
    kind: Kind
    mime: str
    extension: str


class Caution(StrEnum):
    """Not refused, but never shown inside our pages: offered for download, with the caution beside it."""

    SCRIPT = "script"
    ENCRYPTED = "encrypted"
    EMBEDDED_FILE = "embedded_file"


@dataclass(frozen=True)
class Sniffed:
    format: Format
    size: int
    cautions: frozenset[Caution] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bytes for each kind; pixels for pictures."""

    picture: int = 30 * _MB
    audio: int = 60 * _MB
    video: int = 300 * _MB
    document: int = 50 * _MB
    pixels: int = 80_000_000  # under Pillow's own warning at 89 million; phones of 2025 reach 50 million in JPEG

    def of(self, kind: Kind) -> int:
        return int(getattr(self, kind.value))


FORMATS = {
    "jpg": Format(Kind.PICTURE, "image/jpeg", "jpg"),
    "png": Format(Kind.PICTURE, "image/png", "png"),
    "gif": Format(Kind.PICTURE, "image/gif", "gif"),
    "webp": Format(Kind.PICTURE, "image/webp", "webp"),
    "heic": Format(Kind.PICTURE, "image/heic", "heic"),
    "mp3": Format(Kind.AUDIO, "audio/mpeg", "mp3"),
    "aac": Format(Kind.AUDIO, "audio/aac", "aac"),
    "m4a": Format(Kind.AUDIO, "audio/mp4", "m4a"),
    "amr": Format(Kind.AUDIO, "audio/amr", "amr"),
    "ogg": Format(Kind.AUDIO, "audio/ogg", "ogg"),
    "wav": Format(Kind.AUDIO, "audio/wav", "wav"),
    "weba": Format(Kind.AUDIO, "audio/webm", "weba"),
    "mp4": Format(Kind.VIDEO, "video/mp4", "mp4"),
    "mov": Format(Kind.VIDEO, "video/quicktime", "mov"),
    "3gp": Format(Kind.VIDEO, "video/3gpp", "3gp"),
    "webm": Format(Kind.VIDEO, "video/webm", "webm"),
    "pdf": Format(Kind.DOCUMENT, "application/pdf", "pdf"),
    "docx": Format(Kind.DOCUMENT, office.DOCX, "docx"),
    "xlsx": Format(Kind.DOCUMENT, office.XLSX, "xlsx"),
    "txt": Format(Kind.DOCUMENT, "text/plain", "txt"),
}
_PILLOW = {"jpg": ("JPEG",), "png": ("PNG",), "gif": ("GIF",), "webp": ("WEBP",), "heic": ("HEIF",)}


def sniff(file: BinaryIO, limits: Limits) -> Sniffed:
    """Reads a seekable file wherever it stands and leaves it at its beginning. Raises what faults.py holds."""
    size = file.seek(0, io.SEEK_END)
    if size == 0:
        raise Empty
    found = _format(file, size)
    if size > limits.of(found.kind):
        raise TooLarge(size_mb=round(size / _MB, 1), limit_mb=round(limits.of(found.kind) / _MB, 1))
    if found.extension not in {"docx", "xlsx"}:
        _refuse_second_kind(file, found)
    if found.extension in _PILLOW:
        _check_picture(file, _PILLOW[found.extension], limits.pixels)
    cautions = _CHECKS.get(found.extension, _nothing)(file)
    file.seek(0)
    return Sniffed(found, size, frozenset(Caution(name) for name in cautions))


def _format(file: BinaryIO, size: int) -> Format:
    file.seek(0)
    head = file.read(_HEAD)
    if head[4:8] == b"ftyp":
        return FORMATS[recording.container_of(file)]
    if zipfile.is_zipfile(file) and head.startswith(b"PK"):
        return FORMATS[office.kind_of(file)]
    guess = filetype.guess(head)
    name = "" if guess is None else str(guess.extension)
    if name == "webm" and ebml.VIDEO not in ebml.track_types(file):
        name = "weba"
    if name in FORMATS:
        return FORMATS[name]
    if name == "" and _is_text(file, size):
        return FORMATS["txt"]
    raise KindNotAllowed


_MARKERS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"<(?:script|html|iframe|svg)[\s>]|<!doctype\s+(?:html|svg)|<\?php", re.IGNORECASE), "HTML"),
    (re.compile(rb"%PDF-\d\.\d"), "PDF"),
)


def _refuse_second_kind(file: BinaryIO, found: Format) -> None:
    """A ZIP is read from its end and a page from anywhere, so either may ride on a file that is something else."""
    if zipfile.is_zipfile(file):
        raise Disguised(hidden="ZIP")
    file.seek(0)
    before = b""
    while chunk := file.read(_CHUNK):
        window = before + chunk
        for pattern, hidden in _MARKERS:
            if hidden != found.extension.upper() and pattern.search(window):
                if found.extension == "pdf":  # a PDF may speak of pages; browsers never read it as one
                    continue
                raise Disguised(hidden=hidden)
        before = window[-_OVERLAP:]


def _check_picture(file: BinaryIO, formats: tuple[str, ...], pixels: int) -> None:
    file.seek(0)
    try:
        with Image.open(file, formats=formats) as image:
            # The size is in the header: nothing has been decoded yet.
            if image.width * image.height > pixels:
                raise Bomb
            image.verify()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Bomb from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise Damaged from None


def _is_text(file: BinaryIO, size: int) -> bool:
    """UTF-8, UTF-16 with a mark, or GB18030, without control characters. Markup is not text."""
    if size > Limits().document:
        return False
    file.seek(0)
    data = file.read()
    text = _decoded(data)
    if text is None or re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", text):
        return False
    return not re.match(r"\s*<(?:[!?]|[a-z]+[\s>])", text, re.IGNORECASE)


def _decoded(data: bytes) -> str | None:
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _nothing(file: BinaryIO) -> frozenset[str]:
    return frozenset()


_CHECKS: dict[str, Callable[[BinaryIO], frozenset[str]]] = {
    "pdf": pdf.cautions,
    "docx": office.check,
    "xlsx": office.check,
    "mp4": recording.check_boxes,
    "mov": recording.check_boxes,
    "3gp": recording.check_boxes,
    "m4a": recording.check_boxes,
    "mp3": recording.check_mpeg_audio,
    "aac": recording.check_mpeg_audio,
    "wav": recording.check_wave,
    "webm": recording.check_webm,
    "weba": recording.check_webm,
}

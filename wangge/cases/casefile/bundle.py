"""The case file as ZIP, streamed: case.pdf, case.json, the evidence, and sums that `sha256sum -c` can check."""

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from wangge.cases.casefile.content import CaseFile, Evidence, Kind, as_json
from wangge.cases.casefile.document import Language, as_pdf
from wangge.cases.rules.evidence import Phase
from wangge.core.clock import local

_BLOCK = 256 * 1024
_LONGEST_NAME = 40
_WORDS: dict[Language, dict[str, str]] = {
    "zh": {
        "before": "处置前",
        "during": "处置中",
        "after": "处置后",
        "picture": "照片",
        "audio": "录音",
        "video": "视频",
        "document": "文档",
    },
    "en": {key: key for key in [*Phase, *Kind]},
}


def stream_zip(
    case: CaseFile,
    open_evidence: Callable[[Evidence], BinaryIO | None],
    *,
    language: Language = "zh",
    more_fonts: tuple[Path, ...] = (),
) -> Iterator[bytes]:
    """`open_evidence` gives what this reader may have (original or served copy), or None when there is none.

    The PDF is made before the first byte is sent, so that its failure is still an answer.
    """
    parts = {"case.pdf": as_pdf(case, language=language, more_fonts=more_fonts), "case.json": as_json(case)}
    return _streamed(case, parts, open_evidence, language)


def safe_name(number: int, one: Evidence, language: Language) -> str:
    """`evidence/03-处置后-照片-井盖已复位.jpg`: nothing of a sender's name but letters and digits."""
    caption = re.sub(r"\W+", "-", one.caption.replace("_", "-")).strip("-")[:_LONGEST_NAME].strip("-")
    extension = re.sub(r"[^a-z0-9]", "", one.extension.lower())[:8] or "bin"
    words = [f"{number:02}", _WORDS[language][one.phase], _WORDS[language][one.kind], caption]
    return f"evidence/{'-'.join(word for word in words if word)}.{extension}"


def _streamed(
    case: CaseFile,
    parts: dict[str, bytes],
    open_evidence: Callable[[Evidence], BinaryIO | None],
    language: Language,
) -> Iterator[bytes]:
    pipe = _Pipe()
    sums: list[str] = []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(_entry(name, case.printed.at, zipfile.ZIP_DEFLATED), content)
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}")
            yield pipe.taken()
        for number, one in enumerate(case.evidence, 1):
            name = safe_name(number, one, language)
            source = open_evidence(one)
            if source is None:
                sums.append(f"# {name}: {'没有内容' if language == 'zh' else 'no content'}")
                continue
            with source:
                # Pictures and films are packed already; packing them again costs time and gains nothing.
                digest = hashlib.sha256()
                with archive.open(_entry(name, case.printed.at, zipfile.ZIP_STORED), "w", force_zip64=True) as target:
                    while block := source.read(_BLOCK):
                        digest.update(block)
                        target.write(block)
                        yield pipe.taken()
            sums.append(f"{digest.hexdigest()}  {name}")
        archive.writestr(_entry("manifest.txt", case.printed.at, zipfile.ZIP_DEFLATED), "\n".join(sums) + "\n")
    yield pipe.taken()


def _entry(name: str, at: datetime, packing: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, local(at).timetuple()[:6])
    entry.compress_type = packing
    entry.external_attr = 0o644 << 16
    return entry


class _Pipe:
    """A file that can only be written to; what was written is taken away piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None: ...

    def close(self) -> None: ...

    def taken(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data

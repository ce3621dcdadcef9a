"""Files that come in parts, until the last one is here: a folder for each sender and upload, a file for each part.

Has no HTTP, no table and asks nobody's permission. Parts count from 1; all but the last are PART bytes long.
"""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from wangge.cases.evidence.faults import Empty, TooLarge
from wangge.cases.evidence.store import FULL, StoreFull
from wangge.core.errors import DomainError, invalid

PART = 256 * 1024
MOST_WAITING = 200  # uploads of one sender begun and not finished
_MB = 1024 * 1024


class OtherContent(DomainError):
    code = "upload.other_content"
    status = 422
    zh = "这个附件编号已用于别的内容，请用新的编号再传。"
    en = "This upload id was used for other content; send it again under a new one."


class TooManyWaiting(DomainError):
    code = "upload.too_many_waiting"
    status = 429
    zh = "没有传完的附件太多，请先把它们传完。"
    en = "Too many uploads are begun and not finished; finish those first."


@dataclass(frozen=True)
class Waiting:
    """One upload of one sender (a post), as far as it has come."""

    folder: Path

    @classmethod
    def of(cls, upload_id: uuid.UUID, *, post_id: int) -> "Waiting":
        return cls(_root() / str(post_id) / str(upload_id))

    def received(self) -> list[int]:
        try:
            return sorted(int(path.name) for path in self.folder.iterdir() if path.name.isdigit())
        except FileNotFoundError:
            return []

    def parts(self) -> int:
        """How many there will be, as the first one said; 0 when none has come."""
        try:
            return int((self.folder / "parts").read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def put(self, part: int, parts: int, content: bytes) -> None:
        """Raises Invalid, Empty, TooLarge, TooManyWaiting, OtherContent, StoreFull."""
        _check(part, parts, content)
        said = self.parts()
        if said and said != parts:
            raise OtherContent()
        place = self.folder / str(part)
        if place.exists():
            if place.read_bytes() != content:
                raise OtherContent()
            return
        try:
            if not said:
                self._begin(parts)
            _write(place, content)
        except OSError as error:
            if error.errno in FULL:
                raise StoreFull from error
            raise

    @contextmanager
    def whole(self) -> Iterator[BinaryIO]:
        """All parts in one file, which is gone afterwards."""
        with tempfile.TemporaryFile(dir=self.folder) as file:
            for part in self.received():
                file.write((self.folder / str(part)).read_bytes())
            file.seek(0)
            yield file

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _begin(self, parts: int) -> None:
        sender = self.folder.parent
        sender.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sum(1 for _ in sender.iterdir()) >= MOST_WAITING:
            raise TooManyWaiting()
        self.folder.mkdir(mode=0o700, exist_ok=True)
        _write(self.folder / "parts", str(parts).encode())


def forget_older(before: datetime) -> int:
    """Uploads nobody has added to since."""
    stale = [path for path in _root().glob("*/*") if path.is_dir() and path.stat().st_mtime < before.timestamp()]
    for path in stale:
        shutil.rmtree(path, ignore_errors=True)
    return len(stale)


def _root() -> Path:
    return Path(settings.FILES) / "parts"


def _check(part: int, parts: int, content: bytes) -> None:
    most = max(settings.EVIDENCE_MB.values())
    if parts * PART > most * _MB:
        raise TooLarge(size_mb=round(parts * PART / _MB, 1), limit_mb=most)
    if not 1 <= part <= parts:
        raise invalid("part", "没有这一部分。", "There is no such part.")
    if not content:
        raise Empty()
    if len(content) > PART or (part < parts and len(content) != PART):
        raise invalid("part", f"除最后一部分外，每部分应为 {PART} 字节。", f"Each part but the last has {PART} bytes.")


def _write(place: Path, content: bytes) -> None:
    """Whole or not at all: a part cut short must not look like one that is here."""
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix="x")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

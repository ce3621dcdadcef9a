"""Bytes by their SHA-256 under one folder. Has no HTTP and asks nobody's permission: callers do.

Two stores are used side by side: originals (metadata kept) and served copies. A file appears under its hash whole or
not at all; the name it came with is never looked at.
"""

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BufferedRandom, BufferedReader
from pathlib import Path
from typing import BinaryIO, ClassVar

from wangge.cases.evidence.faults import TooLarge
from wangge.core.errors import DomainError

_BLOCK = 1024 * 1024
_HASH = re.compile(r"[0-9a-f]{64}")
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class StoreFull(DomainError):
    code = "evidence.store_full"
    status = 507
    zh = "服务器存储空间不足，文件没有保存，请联系管理员。"
    en = "The server is out of space; the file was not kept. Tell the administrator."


class ContentMissing(DomainError):
    """The database knows it, the disk does not: a backup is needed."""

    code = "evidence.content_missing"
    status = 500
    zh = "文件内容缺失，请联系管理员从备份恢复。"
    en = "The file's content is missing; the administrator must restore it from the backup."


@dataclass(frozen=True)
class Stored:
    sha256: str
    size: int
    is_new: bool


@dataclass(frozen=True)
class ContentStore:
    root: Path
    _unfinished: ClassVar[str] = "unfinished"

    def put(self, source: BinaryIO, *, limit: int | None = None) -> Stored:
        """Reads `source` from where it stands. Raises TooLarge, StoreFull; then nothing is kept."""
        with self.writing() as target:
            size = 0
            while block := source.read(_BLOCK):
                size += len(block)
                if limit is not None and size > limit:
                    raise TooLarge(size_mb=f">{limit / _BLOCK:.1f}", limit_mb=round(limit / _BLOCK, 1))
                target.write(block)
            return self.keep(target)

    @contextmanager
    def writing(self) -> Iterator[BufferedRandom]:
        """A file, readable and writable, gone at the end unless given to `keep`. Raises StoreFull."""
        folder = self.root / self._unfinished
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=folder)
            os.close(descriptor)
            try:
                with open(name, "w+b") as file:
                    yield file
            finally:
                Path(name).unlink(missing_ok=True)
        except OSError as error:
            if error.errno in FULL:
                raise StoreFull from error
            raise

    def keep(self, file: BufferedRandom) -> Stored:
        """Gives a file from `writing` its place; what is there already under the hash is not written twice."""
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
        place = self._place(digest)
        if self._is_there(place, size):
            return Stored(digest, size, is_new=False)
        self._make_folder(place.parent)
        os.chmod(file.name, 0o400)
        os.replace(file.name, place)
        _sync(place.parent)
        return Stored(digest, size, is_new=True)

    def open(self, sha256: str) -> BufferedReader:
        """Raises ContentMissing."""
        try:
            return self._place(sha256).open("rb")
        except FileNotFoundError:
            raise ContentMissing(sha256=sha256) from None

    def has(self, sha256: str) -> bool:
        return self._place(sha256).exists()

    def is_whole(self, sha256: str) -> bool:
        """Reads everything: is the content still what its hash says?"""
        with self.open(sha256) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256

    def remove(self, sha256: str) -> None:
        """For retention. The caller knows that no row names it any more."""
        self._place(sha256).unlink(missing_ok=True)

    def remove_older(self, sha256: str, *, before: datetime) -> bool:
        """Like `remove`, but not what was put again since `before`: a row that names it may be about to commit."""
        place, aside = self._place(sha256), self.root / self._unfinished / f"{sha256}.removed"
        try:
            if place.stat().st_mtime >= before.timestamp():
                return False
            aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.replace(place, aside)
        except FileNotFoundError:
            return False
        if aside.stat().st_mtime >= before.timestamp():  # put again between the two steps
            os.replace(aside, place)
            return False
        aside.unlink()
        return True

    def remove_unfinished(self, *, before: datetime) -> int:
        """What a killed process left behind."""
        stale = [path for path in (self.root / self._unfinished).glob("*") if path.stat().st_mtime < before.timestamp()]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    @staticmethod
    def _is_there(place: Path, size: int) -> bool:
        try:
            os.utime(place)  # used again: remove_older must leave it alone
            return place.stat().st_size == size
        except FileNotFoundError:
            return False

    def _place(self, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256):
            raise ContentMissing(sha256="?")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def _make_folder(self, folder: Path) -> None:
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync(folder.parent)
            _sync(self.root)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

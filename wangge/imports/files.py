"""Where uploaded files wait: under their SHA-256, sealed, until applied or cancelled: they hold people's data.

A sealed file: MAGIC, an id of 16 bytes, then pieces of up to CHUNK bytes, each its length (4 bytes) and a sealed value
(core/crypto.py) bound to the file's id, its place, and whether it is the last. What stands in `open-…` is the plain
file while somebody reads it, in `incoming-…` what is still being written: each held by a lock, and swept when nobody
holds it (who read or wrote it was killed).
"""

import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from wangge.core import clock, crypto
from wangge.core.errors import DomainError
from wangge.core.keyring import key_of

CHUNK = 1 << 20
MAGIC = b"WANGGE-SEALED-1\n"
ID_BYTES = 16
CONTEXT = "imports.file"
OPEN, INCOMING = "open-", "incoming-"
GRACE_S = 60  # a file is made before it can be locked


class FileTooLarge(DomainError):
    code = "import.too_large"
    status = 413
    zh = "文件超过 {limit_mb} MB，请拆成几个，或由管理员用命令行导入。"
    en = "The file is over {limit_mb} MB; split it, or let an operator import it by command."


class FileGone(DomainError):
    code = "import.file_gone"
    status = 409
    zh = "上传的文件已不在，请重新上传。"
    en = "The uploaded file is gone; upload it again."


@dataclass(frozen=True, slots=True)
class KeptFile:
    sha256: str
    size: int


def keep(chunks: Iterable[bytes], *, limit: int | None = None) -> KeptFile:
    """Raises FileTooLarge. A file of the same content is kept once."""
    folder = _folder()
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=folder, prefix=INCOMING)
    try:
        with os.fdopen(handle, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            sealing = _Sealing(file)
            for chunk in chunks:
                size += len(chunk)
                if limit is not None and size > limit:
                    raise FileTooLarge(limit_mb=limit >> 20)
                digest.update(chunk)
                sealing.write(chunk)
            sealing.finish()
            file.flush()
            os.fsync(file.fileno())
            os.replace(name, folder / digest.hexdigest())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return KeptFile(digest.hexdigest(), size)


def keep_path(path: Path) -> KeptFile:
    with path.open("rb") as file:
        return keep(iter(lambda: file.read(CHUNK), b""))


@contextmanager
def opened(sha256: str) -> Iterator[Path]:
    """The plain file, for readers that want a path; gone with the block. Raises FileGone, CannotUnseal, UnknownKey."""
    kept = _folder() / sha256
    if not kept.exists():
        raise FileGone()
    sweep()
    handle, made = tempfile.mkstemp(dir=_folder(), prefix=INCOMING)
    name = str(_folder() / (OPEN + Path(made).name))
    try:
        with os.fdopen(handle, "wb") as plain:
            fcntl.flock(plain, fcntl.LOCK_SH)
            os.replace(made, name)  # locked before it has the name that is swept
            with kept.open("rb") as sealed:
                for chunk in _unsealed(sealed):
                    plain.write(chunk)
            plain.flush()
            yield Path(name)
    finally:
        for one in (name, made):
            Path(one).unlink(missing_ok=True)


def sweep() -> None:
    """Plain files that a killed reader left, and pieces of an upload that was cut short."""
    newest = clock.now().timestamp() - GRACE_S
    for left in (*_folder().glob(f"{OPEN}*"), *_folder().glob(f"{INCOMING}*")):
        try:
            with left.open("rb") as file:
                if left.name.startswith(INCOMING) and os.fstat(file.fileno()).st_mtime > newest:
                    continue
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                left.unlink(missing_ok=True)
        except OSError:
            continue  # somebody reads it, or swept it first


def forget(sha256: str) -> None:
    (_folder() / sha256).unlink(missing_ok=True)


def kept_files() -> Iterator[tuple[str, str]]:
    """SHA-256 of each that waits, and the key that sealed it; "" for one from before they were sealed."""
    for path in _folder().iterdir():
        if re.fullmatch(r"[0-9a-f]{64}", path.name):
            try:
                yield path.name, _key_of(path)
            except FileNotFoundError:
                continue  # its import ended


def seal_anew(sha256: str) -> None:
    """Nothing where the file is gone. Raises CannotUnseal, UnknownKey."""
    try:
        with (_folder() / sha256).open("rb") as sealed:
            keep(_unsealed(sealed))
    except FileNotFoundError:
        return


def _key_of(path: Path) -> str:
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            return ""
        file.read(ID_BYTES)
        return key_of(file.read(int.from_bytes(file.read(4), "big")))


class _Sealing:
    """Pieces of one file, each sealed for its place; a file cut short or put together anew does not open."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._id, self._place, self._waiting = file, os.urandom(ID_BYTES), 0, bytearray()
        file.write(MAGIC + self._id)

    def write(self, chunk: bytes) -> None:
        self._waiting += chunk
        while len(self._waiting) > CHUNK:  # the last piece is kept back: it is sealed as such
            self._seal(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]

    def finish(self) -> None:
        self._seal(bytes(self._waiting), is_last=True)

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        sealed = crypto.seal(piece, context=CONTEXT, row=_row(self._id, self._place, is_last))
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)
        self._place += 1


def _unsealed(file: IO[bytes]) -> Iterator[bytes]:
    """Raises CannotUnseal. A file from before they were sealed is handed through."""
    head = file.read(len(MAGIC))
    if head != MAGIC:
        yield head
        yield from iter(lambda: file.read(CHUNK), b"")
        return
    file_id, place = file.read(ID_BYTES), 0
    length = file.read(4)
    while True:
        sealed = file.read(int.from_bytes(length, "big"))
        length = file.read(4)
        yield crypto.unseal(sealed, context=CONTEXT, row=_row(file_id, place, not length))
        if not length:
            return
        place += 1


def _row(file_id: bytes, place: int, is_last: bool) -> str:
    return f"{file_id.hex()}:{place}{':last' if is_last else ''}"


def _folder() -> Path:
    folder = Path(settings.FILES) / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder

"""Where uploaded files wait: under their SHA-256, until applied or cancelled: they hold people's data."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from wangge.core.errors import DomainError

CHUNK = 1 << 20


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
    handle, name = tempfile.mkstemp(dir=folder, prefix="incoming-")
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if limit is not None and size > limit:
                    raise FileTooLarge(limit_mb=limit >> 20)
                digest.update(chunk)
                file.write(chunk)
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


def path_of(sha256: str) -> Path:
    """Raises FileGone."""
    path = _folder() / sha256
    if not path.exists():
        raise FileGone()
    return path


def forget(sha256: str) -> None:
    (_folder() / sha256).unlink(missing_ok=True)


def _folder() -> Path:
    folder = Path(settings.FILES) / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder

"""Where finished tables lie: under their id, outside what is served."""

import hashlib
from pathlib import Path

from django.conf import settings

from wangge.insight.models import Export


def path_of(row: Export) -> Path:
    return Path(settings.FILES) / "exports" / f"{row.pk}.{row.format}"


def name_of(row: Export) -> str:
    """As its owner sees it when it is saved."""
    plain = "".join(sign if sign.isalnum() or sign in " -_（）" else " " for sign in row.title).strip()
    return f"{plain[:60] or row.kind}.{row.format}"


def measured(row: Export) -> tuple[int, str]:
    """Bytes, and the SHA-256 of them."""
    with path_of(row).open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), sha256

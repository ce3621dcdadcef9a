"""Logs that processes of ours append to, kept from growing without end."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

LIMIT_BYTES = 32 * 1024 * 1024


def keep_small(log: Path) -> None:
    """Whoever writes it appends, so it may be emptied under them. Never fails: a log must not end what it tells of."""
    with suppress(OSError):
        if log.stat().st_size > LIMIT_BYTES:
            _put_aside(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)


def _put_aside(log: Path, older: Path) -> None:
    try:
        shutil.copyfile(log, older)
    except OSError:  # no room for two: half of one is worth less than the room
        older.unlink(missing_ok=True)

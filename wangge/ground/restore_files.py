"""Files and keys of a backup: first laid beside what they replace, then put in its place by renames alone.

The folder of files itself stays, for it may be a mount point.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wangge.ground.words import Fault

FILES, KEYS = "files", "keys.json"  # in the backup
INCOMING, OUTGOING = ".restore-incoming", ".restore-outgoing"  # in the folder of files, on its own disk


class Halfway(Fault):
    """Neither the backup nor what was there before is whole."""


@contextmanager
def staged(unpacked: Path, files: Path, keys: Path) -> Iterator["Staged"]:
    """Laid out for the time of the block; a Fault where that cannot be, and nothing has changed."""
    found = Staged(files, keys)
    try:
        found.lay_out(unpacked)
        yield found
    except OSError as error:
        raise Fault(
            f"文件放不回去:{error}。原来的数据没有变。",
            f"The files cannot be put back: {error}. The data is as it was.",
        ) from None
    finally:
        with suppress(OSError):
            found.tidy()


class Staged:
    def __init__(self, files: Path, keys: Path) -> None:
        self._files, self._keys = files, keys
        self._incoming, self._outgoing = files / INCOMING, files / OUTGOING
        self._incoming_keys = keys.with_name(keys.name + INCOMING)
        self._outgoing_keys = keys.with_name(keys.name + OUTGOING)
        self._outgoing_is_ours = False  # what a restore that was killed left there may be all that is left
        self._moved: list[tuple[Path, Path]] = []

    def lay_out(self, unpacked: Path) -> None:
        """All that takes room and time."""
        self._files.mkdir(parents=True, exist_ok=True)
        _remove(self._incoming)
        if (unpacked / FILES).exists():
            shutil.move(unpacked / FILES, self._incoming)
        else:
            self._incoming.mkdir()
        self._incoming_keys.unlink(missing_ok=True)
        keys = unpacked / KEYS
        if keys.exists() and not (self._keys.exists() and self._keys.read_bytes() == keys.read_bytes()):
            self._keys.parent.mkdir(parents=True, exist_ok=True)
            _write_secret(self._incoming_keys, keys.read_bytes())

    def swap(self) -> None:
        _remove(self._outgoing)
        self._outgoing.mkdir()
        self._outgoing_is_ours = True
        self._move_all(self._files, self._outgoing)
        self._move_all(self._incoming, self._files)
        if self._incoming_keys.exists():
            if self._keys.exists():
                _write_secret(self._outgoing_keys, self._keys.read_bytes())
                self._moved.append((self._keys, self._outgoing_keys))
                os.replace(self._incoming_keys, self._keys)
            else:
                self._move(self._incoming_keys, self._keys)

    def undo(self) -> None:
        try:
            while self._moved:
                was, now = self._moved[-1]
                now.rename(was)
                self._moved.pop()
        except OSError as error:
            raise Halfway(
                f"恢复中断,也退不回去:{error}。原来的文件在 {self._outgoing},请排除故障后重新恢复。",
                f"The restore broke off and cannot be undone: {error}. What was there before is in {self._outgoing}; "
                "put the disk right and restore again.",
            ) from None

    def keep(self) -> None:
        self._moved.clear()

    def tidy(self) -> None:
        _remove(self._incoming)
        self._incoming_keys.unlink(missing_ok=True)
        if self._outgoing_is_ours and not self._moved:
            _remove(self._outgoing)
            self._outgoing_keys.unlink(missing_ok=True)

    def _move_all(self, source: Path, target: Path) -> None:
        for entry in sorted(source.iterdir()):
            if entry not in (self._incoming, self._outgoing):
                self._move(entry, target / entry.name)

    def _move(self, was: Path, now: Path) -> None:
        was.rename(now)
        self._moved.append((was, now))


def _write_secret(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)

"""kill -9 of a random process of `wangge up`, now and then: what was answered must survive it."""

import os
import random
import re
import signal
import threading
from pathlib import Path


class NobodyToKill(Exception):
    """No `wangge up` runs with this home."""


class Killer:
    """Kills children of the one that runs in `home`, never itself: it is the one that starts them again."""

    def __init__(self, home: Path, *, every_s: tuple[float, float], seed: int) -> None:
        self._up = _pid_of_up(home)
        self._every_s, self._rng = every_s, random.Random(seed)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.killed: list[str] = []

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(self._rng.uniform(*self._every_s)):
            victims = children_of(self._up)
            if not victims:
                continue
            pid = self._rng.choice(victims)
            name = _name(pid)
            try:
                os.kill(pid, signal.SIGKILL)
                self.killed.append(name)
            except ProcessLookupError:
                pass


def children_of(pid: int) -> list[int]:
    """It and everything it started, less itself. Linux."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue
        parents.setdefault(int(words[1]), []).append(int(stat.parent.name))
    found, waiting = [], list(parents.get(pid, ()))
    while waiting:
        child = waiting.pop()
        found.append(child)
        waiting += parents.get(child, ())
    return found


def _pid_of_up(home: Path) -> int:
    try:
        found = re.search(r"\(pid (\d+)\)", (home / "up.lock").read_text())
    except OSError:
        found = None
    if found is None or not Path(f"/proc/{found[1]}").exists():
        raise NobodyToKill
    return int(found[1])


def _name(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").split()
    except OSError:
        return "?"
    return " ".join(Path(word).name for word in words[:4])[:60]

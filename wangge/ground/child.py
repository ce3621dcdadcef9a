"""One process of `wangge up`: its own process group, its own log, killed with us, started again when it dies."""

import ctypes
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from wangge.ground import logs

PR_SET_PDEATHSIG = 1  # linux/prctl.h
FIRST_DELAY_S, LONGEST_DELAY_S = 0.5, 30.0
STEADY_S = 60  # a child that lived this long starts again with no memory of earlier deaths

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Recipe:
    name: str
    command: list[str]
    environment: dict[str, str]
    serves: bool = True  # what does not begins when those that do are there


class Child:
    def __init__(self, recipe: Recipe, folder: Path) -> None:
        self.recipe = recipe
        self.log = folder / f"{recipe.name}.log"
        self.starts_again_at: float | None = None  # monotonic seconds; None while it runs
        self._delay = FIRST_DELAY_S
        self._started_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        return self.recipe.name

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        logs.keep_small(self.log)
        parent = os.getpid()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.recipe.command,
                env=self.recipe.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=lambda: die_with(parent),  # one thread, so safe
            )
        self._started_at = time.monotonic()
        self.starts_again_at = None

    def death(self) -> int | None:
        """Its exit code, told once; None while it runs or waits to start again."""
        if self._process is None or self._process.poll() is None:
            return None
        code = self._process.returncode
        _signal_group(
            self._process.pid, signal.SIGKILL
        )  # granian's worker outlives its killed parent and holds the port
        self._process = None
        if time.monotonic() - self._started_at > STEADY_S:
            self._delay = FIRST_DELAY_S
        self.start_later()
        return code

    def start_later(self) -> None:
        """Each time after a longer wait."""
        self.starts_again_at = time.monotonic() + self._delay
        self._delay = min(self._delay * 2, LONGEST_DELAY_S)

    def stop(self, patience_s: float) -> None:
        if self._process is None:
            return
        self._process.terminate()  # itself alone: granian stops its worker in its own order
        try:
            self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            pass
        _signal_group(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def latest_lines(self, count: int = 12) -> str:
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 8192))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-count:])


def die_with(parent: int) -> None:
    """Between fork and exec: whoever kills the parent, even with -9, ends this one too."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)


def _signal_group(group: int, order: signal.Signals) -> None:
    try:
        os.killpg(group, order)
    except (ProcessLookupError, PermissionError):
        pass

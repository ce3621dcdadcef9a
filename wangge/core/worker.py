"""The worker's loop: each duty when its time has come, one failing not stopping the others, a lost database waited for.

Nothing is remembered between rounds but when each duty was last done, so that it may be killed at any moment.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from django.db import InterfaceError, OperationalError, connection

from wangge.core.duties import Duty
from wangge.core.journal import ReaderStopped

log = structlog.get_logger()

# After a failure a duty waits this long, doubled each time; a broken duty must not fill the log or the processor.
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0


def run(duties: Sequence[Duty], stop: threading.Event) -> None:
    """Until `stop` is set, then to the end of what each lane is doing."""
    lanes: dict[str, list[Duty]] = {}
    for duty in duties:
        lanes.setdefault(duty.lane, []).append(duty)
    threads = [
        threading.Thread(target=_lane, args=(own, stop), name=f"worker-{name}", daemon=True)
        for name, own in lanes.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@dataclass(slots=True)
class _Turn:
    duty: Duty
    due: float = field(default_factory=time.monotonic)
    failures: int = 0


def _lane(duties: list[Duty], stop: threading.Event) -> None:
    turns = [_Turn(duty) for duty in duties]
    try:
        while not stop.is_set():
            for turn in turns:
                if turn.due <= time.monotonic() and not stop.is_set():
                    _do(turn)
            stop.wait(max(0.0, min(turn.due for turn in turns) - time.monotonic()))
    finally:
        connection.close()


def _do(turn: _Turn) -> None:
    try:
        more = turn.duty.do()
    except Exception as problem:
        _failed(turn, problem)
        return
    if turn.failures:
        log.info("duty.recovered", duty=turn.duty.name, after=turn.failures)
    turn.failures = 0
    turn.due = time.monotonic() + (0 if more else turn.duty.every.total_seconds())


def _failed(turn: _Turn, problem: Exception) -> None:
    lost = isinstance(problem, OperationalError | InterfaceError)
    wait = FIRST_WAIT_S if lost else min(LONGEST_WAIT_S, FIRST_WAIT_S * 2**turn.failures)
    turn.failures += 1
    turn.due = time.monotonic() + max(wait, turn.duty.every.total_seconds() if not lost else 0)
    if isinstance(problem, ReaderStopped):
        turn.due = time.monotonic() + LONGEST_WAIT_S  # somebody must resume it; journal.py said why when it stopped
        log.error("reader.stopped", duty=turn.duty.name)
    elif lost:
        log.warning("duty.database_lost", duty=turn.duty.name, why=str(problem).strip(), wait_s=wait)
    else:
        log.error("duty.failed", duty=turn.duty.name, wait_s=wait, exc_info=problem)
    connection.close()

"""Work to be done at simulated times, by a few threads."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable

Task = Callable[[], None]


class Scheduler:
    """The simulated clock counts seconds from 0; a second of it lasts 1/speed real ones."""

    def __init__(self, speed: float, threads: int) -> None:
        self.speed = speed
        self._count = threads
        self._waiting: list[tuple[float, int, Task]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._started = time.monotonic()
        self._running = 0
        self._ended = False
        self.problems: list[BaseException] = []

    @property
    def now_s(self) -> float:
        return (time.monotonic() - self._started) * self.speed

    def at(self, when_s: float, task: Task) -> None:
        with self._changed:
            heapq.heappush(self._waiting, (when_s, next(self._order), task))
            self._changed.notify()

    def after(self, delay_s: float, task: Task) -> None:
        self.at(self.now_s + delay_s, task)

    def run(self, until_s: float, *, is_done: Callable[[], bool] = lambda: False) -> None:
        """Returns when the time is over or `is_done`, with what was begun finished."""
        self._started = time.monotonic()
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(self._count)]
        for thread in threads:
            thread.start()
        try:
            while self.now_s < until_s and not is_done() and not self.problems:
                time.sleep(0.05)
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()
            for thread in threads:
                thread.join()

    def _work(self) -> None:
        while (task := self._next()) is not None:
            try:
                task()
            except BaseException as problem:
                self.problems.append(problem)
                return

    def _next(self) -> Task | None:
        with self._changed:
            while not self._ended:
                if not self._waiting:
                    self._changed.wait()
                elif (wait_s := (self._waiting[0][0] - self.now_s) / self.speed) > 0:
                    self._changed.wait(wait_s)
                else:
                    return heapq.heappop(self._waiting)[2]
            return None

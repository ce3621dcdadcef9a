"""What was done and answered, for the report at the end: counts, latencies, errors by code, waits by stage."""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from wangge.either import either

RACES = {404, 409}  # somebody was first, or it left one's area in between


@dataclass(slots=True)
class Known:
    """One case that a 2xx answered for: what must be found afterwards, once."""

    id: str
    number: str
    at_s: float
    moves: Counter[str] = field(default_factory=Counter)
    unsure: Counter[str] = field(default_factory=Counter)  # never answered: done or not
    times_s: dict[str, float] = field(default_factory=dict)
    ended: bool = False
    follow_code: str = ""


class Ledger:
    """Threads write here; times are real seconds, and told in those of the simulation by `speed`."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self.cases: dict[str, Known] = {}
        self.calls: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.races = self.retries = 0
        self.latency_s: dict[str, list[float]] = defaultdict(list)
        self._lock = threading.Lock()

    def call(self, what: str, status: int, code: str, took_s: float) -> None:
        with self._lock:
            self.calls[what] += 1
            self.latency_s[what].append(took_s)
            if status in RACES:
                self.races += 1
            elif status >= 400:
                self.errors[f"{status} {code} ({what})"] += 1

    def retry(self) -> None:
        with self._lock:
            self.retries += 1

    def gave_up(self, what: str) -> None:
        with self._lock:
            self.errors[f"no answer ({what})"] += 1

    def reported(self, case_id: str, number: str, follow_code: str = "") -> Known:
        known = Known(case_id, number, time.monotonic(), Counter({"report": 1}), follow_code=follow_code)
        known.times_s["report"] = known.at_s
        with self._lock:
            self.cases[number] = known
        return known

    def moved(self, number: str, move: str, *, ends: bool = False) -> None:
        with self._lock:
            known = self.cases.get(number)
            if known is None:
                return
            known.moves[move] += 1
            known.times_s.setdefault(move, time.monotonic())
            known.ended = known.ended or ends

    def unsure(self, number: str, move: str) -> None:
        with self._lock:
            if number in self.cases:
                self.cases[number].unsure[move] += 1

    @property
    def completed(self) -> int:
        return sum(known.ended for known in list(self.cases.values()))

    def waits(self) -> dict[str, list[float]]:
        """Minutes of the simulated clock between two steps, of the cases reported here."""
        found: dict[str, list[float]] = {}
        for zh, en, start, end in STAGES:
            spans = (
                (known.times_s[end] - known.times_s[start]) * self.speed / 60
                for known in list(self.cases.values())
                if start in known.times_s and end in known.times_s
            )
            found[either(zh, en)] = sorted(spans)
        return found


STAGES = (
    ("受理", "accept", "report", "accept"),
    ("派发", "dispatch", "accept", "dispatch"),
    ("签收", "sign", "dispatch", "sign"),
    ("处置", "handle", "sign", "finish"),
    ("复核", "review", "finish", "pass"),
    ("结案", "close", "pass", "close"),
    ("自办", "settle", "report", "settle"),
)


def share(values: Iterable[float], part: float) -> float:
    """The p-quantile of sorted or unsorted values; 0 without any."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0

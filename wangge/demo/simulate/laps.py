"""Whole lifecycles as fast as they go: report, accept, dispatch, sign, handle, review, close, rate. For benches."""

import itertools
import random
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from wangge.demo.simulate import directory, verify
from wangge.demo.simulate.browser import Browser, NoAnswer
from wangge.demo.simulate.directory import Directory, Unit
from wangge.demo.simulate.ledger import Ledger, share
from wangge.demo.simulate.report import fitted
from wangge.either import either

CATEGORY = "1403"  # 意见建议: closes without pictures and has no procedure
MOVES = ("accept", "dispatch", "sign", "finish", "pass", "close", "rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Laps:
    url: str
    count: int
    connections: int
    seed: int = 1


@dataclass(frozen=True, slots=True)
class LapsOutcome:
    ledger: Ledger
    took_s: float
    faults: list[str]

    @property
    def is_good(self) -> bool:
        return not self.faults and not self.ledger.errors

    @property
    def lines(self) -> list[str]:
        done = self.ledger.completed
        rate = f"{done / self.took_s:.1f}"
        found = [
            either(f"全程 {done} 件，每秒 {rate} 件", f"{done} lifecycles, {rate}/s"),
            f"{fitted(either('毫秒', 'ms'), 16)} {'p50':>8} {'p95':>8} {'p99':>8} {'n':>5}",
        ]
        for what in ("report", *MOVES):
            values = [took * 1000 for took in self.ledger.latency_s.get(what, ())]
            parts = " ".join(f"{share(values, part):8.1f}" for part in (0.5, 0.95, 0.99))
            found.append(f"  {what:<14} {parts} {len(values):>5}")
        return found + [f"! {code} × {count}" for code, count in self.ledger.errors.items()] + self.faults[:20]


def run_laps(laps: Laps) -> LapsOutcome:
    """Raises NoDistrict, NoAnswer. One person for each side; each connection has a session of its own."""
    ledger = Ledger(1.0)
    with closing(directory.read(laps.url, ledger)) as known:
        return _race(laps, ledger, known)


def _race(laps: Laps, ledger: Ledger, known: Directory) -> LapsOutcome:
    unit = next(unit for unit in known.units.values() if unit.kind == "department")
    pairs = [(known.browser(directory.SEAT), known.browser(unit.username)) for _ in range(laps.connections)]
    for seat, clerk in pairs:
        seat.sign_in()
        clerk.sign_in()
    numbers = itertools.count()
    threads = [
        threading.Thread(target=_drive, args=(known, unit, seat, clerk, numbers, laps, index))
        for index, (seat, clerk) in enumerate(pairs)
    ]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took_s = time.monotonic() - started
    return LapsOutcome(ledger, took_s, verify.missing(known.seat, list(ledger.cases.values())))


def _drive(
    known: Directory,
    unit: Unit,
    seat: Browser,
    clerk: Browser,
    numbers: "itertools.count[int]",
    laps: Laps,
    index: int,
) -> None:
    rng = random.Random(laps.seed * 1000 + index)
    while (number := next(numbers)) < laps.count:
        try:
            _lap(known, unit, seat, clerk, number, rng)
        except NoAnswer:
            continue


def _lap(known: Directory, unit: Unit, seat: Browser, clerk: Browser, number: int, rng: random.Random) -> None:
    place = known.place(rng)
    body: dict[str, Any] = {
        "source": "telephone",
        "title": f"建议增设座椅 {number}",
        "category_id": known.categories[CATEGORY]["id"],
        "lon": place.lon,
        "lat": place.lat,
        "address": place.address,
        "reporter": {"name": "测试", "phone": f"1990000{number % 10_000:04d}"},
    }
    answer = seat.post("/api/cases", "report", body)
    if not answer.ok:
        return
    case = known.ledger.reported(answer.body["id"], answer.body["number"])
    bodies: dict[str, dict[str, Any]] = {
        "dispatch": {"lead_id": unit.id},
        "finish": {"text": "已处理完毕。"},
        "close": {"outcome": "solved"},
        "rate": {"score": 5, "solved": True},
    }
    for move in MOVES:
        who = clerk if move in ("sign", "finish") else seat
        if not who.post(f"/api/cases/{case.id}/{move}", move, bodies.get(move, {})).ok:
            return
        known.ledger.moved(case.number, move, ends=move == "close")

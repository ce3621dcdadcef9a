"""`kill -9` of the process that takes positions, and of the database under it: what was acknowledged is there, once."""

import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

import pytest

from faults.client import call
from faults.house import House, until
from wangge.core.clock import now
from wangge.core.ids import new_id

WORKERS = ("grid_worker", "grid_chief", "stranger_grid_worker", "stranger_grid_chief")
POINTS = 6
STEP_MS = 100
TRY_AGAIN = {500, 502, 503, 504}


@dataclass
class Walker(threading.Thread):
    """Sends batches one after the other; each again and again until it is acknowledged, and some once more."""

    house: House
    who: str
    kept: dict[str, int] = field(default_factory=dict)
    twice: int = 0
    unanswered: int = 0
    odd: list[Any] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        began, number = _ms() - 1_800_000, 0
        while not self.over.is_set():
            first = began + number * POINTS * STEP_MS
            points = [[first + n * STEP_MS, 118.79, 32.02, 5, 0, False] for n in range(POINTS)]
            number += 1
            batch = {"batch": str(new_id()), "points": points}
            self._until_acknowledged(batch)
            if number % 7 == 0:  # the answer was lost on the way, so it believes
                self.twice += 1
                self._until_acknowledged(batch)

    def _until_acknowledged(self, batch: dict[str, Any]) -> None:
        while not self.over.is_set():
            try:
                status, answer = self._sent(batch | {"sent_ms": _ms()})
            except (OSError, HTTPException):
                self.unanswered += 1
                time.sleep(0.05)
                continue
            if status == 200:
                self.kept.setdefault(batch["batch"], answer["kept"])
                return
            if status not in TRY_AGAIN:
                self.odd.append((status, answer))
                return
            time.sleep(0.05)

    def _sent(self, batch: dict[str, Any]) -> tuple[int, Any]:
        connection = HTTPConnection("127.0.0.1", self.house.positions_port, timeout=10)
        try:
            head = {"Cookie": f"wangge_session={self.house.tokens[self.who]}", "Content-Type": "application/json"}
            connection.request("POST", "/field/positions", json.dumps(batch).encode(), head)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


def _ms() -> int:
    return round(now().timestamp() * 1000)


def go_on_duty(house: House, who: str) -> None:
    began = now().timestamp() - 3600
    body = {"id": str(new_id()), "happened_at": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(began))}Z"}
    assert call(house, who, "POST", "/api/field/duty", body).status == 200


@pytest.mark.long
def test_every_acknowledged_batch_is_there_once(house: House) -> None:
    for who in WORKERS:
        go_on_duty(house, who)
    walkers = [Walker(house, who) for who in WORKERS]
    for walker in walkers:
        walker.start()
    for what in ("positions", "positions", "postmaster", "positions"):
        before = sum(len(walker.kept) for walker in walkers)
        until(lambda: sum(len(walker.kept) for walker in walkers) > before + 20)  # noqa: B023 - called at once
        house.kill(what)
    before = sum(len(walker.kept) for walker in walkers)
    until(lambda: sum(len(walker.kept) for walker in walkers) > before + 20)
    for walker in walkers:
        walker.over.set()
    for walker in walkers:
        walker.join()
    assert not any(walker.odd for walker in walkers), [walker.odd for walker in walkers]
    assert sum(walker.unanswered for walker in walkers) > 0, "nobody noticed: nothing was tried"
    assert sum(walker.twice for walker in walkers) > 0
    acknowledged = {batch: kept for walker in walkers for batch, kept in walker.kept.items()}
    rows = house.ask("select id, get_byte(points, 1) + 256 * get_byte(points, 2) from field_batch")
    assert len({row[0] for row in rows}) == len(rows), "one row for each batch"
    stored = {str(batch): count for batch, count in rows}
    # The newest point of all may be said to have come before, when its batch is sent again.
    wrong = {batch: kept for batch, kept in acknowledged.items() if not kept <= stored.get(batch, -1) <= POINTS}
    assert not wrong
    assert {stored[batch] for batch in acknowledged} == {POINTS}
    # What was written and never acknowledged may be there: at most the one each was sending as the test ended.
    assert len(stored) - len(acknowledged) <= len(WORKERS)
    assert uuid.UUID(next(iter(stored))).version == 7

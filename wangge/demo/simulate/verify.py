"""Afterwards: is what was answered 2xx there, once? Asked through the API, as a seat that sees the whole district."""

from collections import Counter

from wangge.demo.simulate.browser import Browser
from wangge.demo.simulate.ledger import Known
from wangge.either import either


def missing(seat: Browser, cases: list[Known]) -> list[str]:
    """One line for each promise that was not kept; empty when all were."""
    return [fault for known in cases for fault in _faults(seat, known)]


def _faults(seat: Browser, known: Known) -> list[str]:
    found = seat.get("/api/cases", "verify", queue="all", number=known.number, limit=5)
    rows = [row for row in found.body["items"] if row["number"] == known.number] if found.ok else []
    if len(rows) != 1:
        return [f"{known.number}: {either(f'找到 {len(rows)} 次', f'found {len(rows)} times')}"]
    if known.id and rows[0]["id"] != known.id:
        return [f"{known.number}: {either('标识不同', 'another id')}"]
    answer = seat.get(f"/api/cases/{rows[0]['id']}", "verify")
    if not answer.ok:
        return [f"{known.number}: {answer.status} {answer.code}"]
    done = Counter(step["kind"] for step in answer.body["steps"])
    faults = []
    for move, count in known.moves.items():
        # A move nobody answered for may have been done or not; anything else is lost or doubled.
        if not count <= done[move] <= count + known.unsure[move]:
            zh, en = f"应答 {count} 次，找到 {done[move]} 次", f"answered {count} times, found {done[move]} times"
            faults.append(f"{known.number}: {move} {either(zh, en)}")
    return faults

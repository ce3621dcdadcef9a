"""Days of work: everybody at their desk, until the time is over."""

import random
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from wangge.demo.simulate import directory, report, verify
from wangge.demo.simulate.arrivals import Arrivals
from wangge.demo.simulate.desk import Desk, Office
from wangge.demo.simulate.directory import Directory
from wangge.demo.simulate.killing import Killer
from wangge.demo.simulate.ledger import Ledger
from wangge.demo.simulate.scheduler import Scheduler

THREADS = 8
KILL_EVERY_S = (8.0, 25.0)  # real seconds: long enough for everything to come back in between


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    url: str
    hours: float
    speed: float
    rate: float
    seed: int
    until: int = 0  # lifecycles after which it is enough; 0: the whole time
    kill_in: Path | None = None  # home of the `wangge up` whose processes are killed now and then


@dataclass(frozen=True, slots=True)
class Outcome:
    ledger: Ledger
    faults: list[str]
    problems: list[str]
    killed: list[str]
    hours: float

    @property
    def is_good(self) -> bool:
        return not self.faults and not self.problems and not self.ledger.errors

    @property
    def lines(self) -> list[str]:
        return list(
            report.lines(self.ledger, hours=self.hours, faults=self.faults, killed=self.killed, problems=self.problems)
        )


def simulate(wish: Wish, *, tell: Callable[[Ledger, float], None] = lambda ledger, now_s: None) -> Outcome:
    """Raises NoDistrict, NobodyToKill."""
    ledger = Ledger(wish.speed)
    with closing(directory.read(wish.url, ledger)) as known:
        return _live(wish, ledger, known, tell)


def _live(wish: Wish, ledger: Ledger, known: Directory, tell: Callable[[Ledger, float], None]) -> Outcome:
    scheduler, office = Scheduler(wish.speed, THREADS), Office()
    rng = random.Random(wish.seed)
    for unit in known.units.values():
        office.desks[unit.id] = Desk(unit, known, scheduler, office, rng.randrange(2**32))
    for desk in office.desks.values():
        desk.start()
    Arrivals(known, scheduler, office, rate=wish.rate, seed=wish.seed).start()
    killer = Killer(wish.kill_in, every_s=KILL_EVERY_S, seed=wish.seed) if wish.kill_in else None

    def is_done() -> bool:
        tell(ledger, scheduler.now_s)
        return bool(wish.until) and ledger.completed >= wish.until

    if killer:
        killer.start()
    try:
        scheduler.run(wish.hours * 3600, is_done=is_done)
    finally:
        if killer:
            killer.stop()
    worked_h = min(scheduler.now_s / 3600, wish.hours)
    faults = verify.missing(known.seat, list(ledger.cases.values()))
    problems = [f"{type(problem).__name__}: {problem}" for problem in scheduler.problems]
    return Outcome(ledger, faults, problems, killer.killed if killer else [], worked_h)

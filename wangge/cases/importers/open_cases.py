"""The clocks of a case that comes in open: counted from its real times by its category's limits, as if it were ours.

One that has run out by then is overdue at once, said by the entry of the import and a line in each case's history,
and its ladder begins at the import (docs/adr/0006): steps whose time was over before anybody here could answer them are
not taken, so that a backlog of thousands sets nothing off the moment it arrives.
"""

from collections.abc import Iterable
from datetime import datetime

from wangge.cases import clocks
from wangge.cases.configuration import Configuration, configuration
from wangge.cases.importers.case_rows import Ready
from wangge.cases.models import Case, Deadline
from wangge.cases.rules.deadlines import due
from wangge.cases.rules.states import Stage, State
from wangge.core.importing.faults import Fault, FaultKind, FaultLevel

# What runs in the states a file can bring; both run from the report, for nothing says when it was dispatched.
RUNNING: dict[str, tuple[Stage, ...]] = {
    State.REPORTED: (Stage.RESPOND,),
    State.DISPATCHED: (Stage.SIGN, Stage.HANDLE),
}
BACKLOG = FaultKind(
    "case.backlog",
    "在办案件 {open} 件，时限自上报时间起算；其中 {overdue} 件届时已超期，导入后即显示超期。"
    "督办自导入时起算，导入前已到时间的步骤不补发。",
    "{open} open cases; their time limits run from the report. {overdue} are overdue by now and will be shown so. "
    "The supervision ladder begins at the import: steps whose time was over before are not taken.",
    FaultLevel.WARNING,
)


def start_clocks(case: Case, *, config: Configuration, at: datetime) -> list[Deadline]:
    """Not saved yet; `case` shows them, and whether it is overdue."""
    own = []
    for stage in RUNNING.get(case.state, ()):
        clock = clocks.new_clock(
            case, stage, config=config, at=case.reported_at, unit_path=case.lead_path or case.holder_path
        )
        clock.ladder_from = at
        clocks.set_ladder(clock, config)
        if clock.due_at is not None and clock.due_at <= at:
            clock.overdue_at = at
        own.append(clock)
    clocks.show(case, own)
    case.was_late = case.was_late or case.is_overdue
    return own


class Backlog:
    """Counts, while a file is checked, what its open cases would be."""

    def __init__(self, at: datetime) -> None:
        self._at, self._config = at, configuration()
        self.open = self.overdue = 0

    def add(self, rows: Iterable[Ready]) -> None:
        for row in rows:
            stages = RUNNING.get(row.state, ())
            self.open += bool(stages)
            self.overdue += any(self._is_over(row, stage) for stage in stages)

    def faults(self) -> list[Fault]:
        return [BACKLOG(open=self.open, overdue=self.overdue)] if self.open else []

    def _is_over(self, row: Ready, stage: Stage) -> bool:
        limit = self._config.limit(row.category_id, None, stage)
        at = due(row.reported_at, limit, self._config.calendar).at
        return at is not None and at <= self._at

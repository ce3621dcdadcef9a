"""One case played through the loop on paper: the states, clocks and history that the actions write, without a database.

Pure apart from its random words. A move later than `now` raises `NotYet`: what has not happened stays undone, and the
case is open today as it would be. Clocks that run out on the way are announced, and their ladder climbed, in order.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from wangge.accounts.models import Unit
from wangge.cases.clocks import LADDER, PRECEDENCE
from wangge.cases.configuration import CategoryInfo, Configuration, limit_from
from wangge.cases.rules.deadlines import Extension, Pause, Timer, due, trace_as_json
from wangge.cases.rules.limits import TimeLimit
from wangge.cases.rules.moves import Move, rule_for
from wangge.cases.rules.states import Outcome, Source, Stage, State, Urgency
from wangge.cases.rules.supervision import StageTimer, next_step
from wangge.demo.ground import Spot
from wangge.demo.people import Desk
from wangge.demo.records import Ask, Charge, Clock, Joined, Line, Rated, Warn, Whistled

ANNOUNCED_AFTER = timedelta(seconds=3)  # the worker's round
WORKER = Desk(user_id=0, post_id=0, name="deadlines", unit_id=0, unit_name="", unit_path="", username="", role="system")
RESIDENT = Desk(user_id=0, post_id=0, name="居民", unit_id=0, unit_name="", unit_path="", username="", role="public")


class NotYet(Exception):
    """The next move lies in the future."""


class OutOfTurn(Exception):
    """A plot asked for a move that the table of moves does not have here: a bug of the generator."""


@dataclass(slots=True, kw_only=True)
class Course:
    """Where a case is, its clocks and charges; `turn` lets time pass before each move."""

    id: uuid.UUID
    number: str
    source: Source
    title: str
    description: str
    spot: Spot
    address: str
    grid: str
    category: CategoryInfo
    condition_id: int | None
    urgency: Urgency
    reported_at: datetime
    by: Desk  # who reported
    holder: Unit
    config: Configuration
    now: datetime
    done: str  # what is said when it is handled
    complained: Unit | None = None
    reporter: tuple[str, str] | None = None  # name, telephone
    whistle_serial: int | None = None  # a whistle is blown on it
    whistle_refused: bool = False  # its centre will say no

    state: State = State.REPORTED
    outcome: Outcome | None = None
    lead: Unit | None = None
    joined_to: uuid.UUID | None = None
    was_late: bool = False
    self_settled: bool = False
    is_returned: bool = False
    returns: int = 0
    reworks: int = 0
    reopenings: int = 0
    supervision: int = 0
    satisfaction: int | None = None
    answered_at: datetime | None = None
    accepted_at: datetime | None = None
    dispatched_at: datetime | None = None
    signed_at: datetime | None = None
    handled_at: datetime | None = None
    reviewed_at: datetime | None = None
    closed_at: datetime | None = None
    archived_at: datetime | None = None
    refused_at: datetime | None = None
    changed_at: datetime = field(init=False)
    version: int = 1

    clocks: list[Clock] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    warns: list[Warn] = field(default_factory=list)
    rated: Rated | None = None
    whistles: list[Whistled] = field(default_factory=list)
    joins: list[Joined] = field(default_factory=list)
    coming: list[tuple[datetime, Callable[[datetime], None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.changed_at = self.reported_at
        self._start(Stage.RESPOND, self.reported_at, self.holder.path)
        self.say(
            Move.REPORT,
            self.reported_at,
            self.by,
            data={"source": str(self.source)},
            centre_only=self.by is RESIDENT,
        )

    def later(self, at: datetime, deed: Callable[[datetime], None]) -> None:
        """Done at `at`, whatever else happens meanwhile; the deed looks itself whether it may still be done."""
        self.coming.append((at, deed))
        self.coming.sort(key=lambda one: one[0])

    def may(self, move: Move) -> bool:
        return self.state in rule_for(move).sources

    def state_at(self, at: datetime) -> State:
        return next((line.state for line in reversed(self.lines) if line.at <= at), State.REPORTED)

    def end(self) -> None:
        """Up to now: announce what has run out, and say when the ladder goes on."""
        self._come(self.now)
        self.coming.clear()
        self._pass_time(self.now)
        for clock in self.clocks:
            if clock.runs and not clock.ladder_by:
                self._set_ladder(clock)

    @property
    def shown_clock(self) -> Clock | None:
        live = sorted(
            (clock for clock in self.clocks if clock.runs),
            key=lambda clock: (PRECEDENCE.index(clock.stage), clock.step),
        )
        return live[0] if live else None

    @property
    def is_overdue(self) -> bool:
        return any(clock.runs and clock.overdue_at is not None for clock in self.clocks)

    # -- what the moves share ----------------------------------------------------------------------------------------

    def turn(self, move: Move, at: datetime, *, keep_state: bool = False) -> None:
        if at >= self.now:
            raise NotYet
        self._come(at)
        rule = rule_for(move)
        if self.state not in rule.sources:
            raise OutOfTurn(f"{move} from {self.state}")
        self._pass_time(at)
        if rule.to is not None and not keep_state:
            self.state = rule.to
        self.version += 1
        self.changed_at = at

    def _come(self, until: datetime) -> None:
        while self.coming and self.coming[0][0] < until:
            at, deed = self.coming.pop(0)
            deed(at)

    def say(
        self,
        move: Move,
        at: datetime,
        by: Desk,
        text: str = "",
        data: dict[str, Any] | None = None,
        *,
        centre_only: bool = False,
    ) -> None:
        line = Line(kind=move, at=at, state=self.state, by=by, text=text, data=data or {}, centre_only=centre_only)
        self.lines.append(line)

    def _answered(self, at: datetime) -> None:
        self._meet(at, Stage.RESPOND)
        self.answered_at = self.answered_at or at

    def _close(self, at: datetime, outcome: Outcome) -> None:
        self._meet(at, Stage.DISPATCH, Stage.SIGN, Stage.HANDLE, Stage.REVIEW, Stage.STEP)
        self.outcome, self.closed_at, self.is_returned = outcome, at, False

    def _charge(self, at: datetime, lead: Unit, assist: Sequence[Unit]) -> None:
        for charge in self.charges:  # mustered by a whistle before; charged anew from now on
            if charge.ended_at is None and charge.unit in (lead, *assist):
                charge.ended_at, charge.ended_how = at, "recharged"
        self.charges.append(Charge(unit=lead, role="lead", dispatched_at=at))
        self.charges += [Charge(unit=unit, role="assist", dispatched_at=at) for unit in assist]
        self.lead, self.dispatched_at, self.signed_at, self.is_returned = lead, at, None, False
        self._start(Stage.SIGN, at, lead.path)
        self._start(Stage.HANDLE, at, lead.path)

    def _discharge(self, at: datetime, how: str) -> None:
        self.drop(at, Stage.SIGN, Stage.HANDLE, Stage.STEP)
        for charge in self.charges:
            if charge.ended_at is None:
                charge.ended_at, charge.ended_how = at, how
        self.lead = None

    @property
    def _lead(self) -> Unit:
        if self.lead is None:
            raise OutOfTurn(f"nobody is charged with {self.number}")
        return self.lead

    @property
    def _lead_charge(self) -> Charge:
        return next(one for one in reversed(self.charges) if one.role == "lead" and one.ended_at is None)

    # -- clocks ------------------------------------------------------------------------------------------------------

    def _start(self, stage: Stage, at: datetime, unit_path: str, limit: TimeLimit | None = None, step: int = 0) -> None:
        limit = limit or self.category.limit(stage, self.condition_id)
        clock = Clock(stage=stage, step=step, unit_path=unit_path, started_at=at, limit=limit)
        self.count(clock, at)
        self.clocks.append(clock)

    def _start_step(self, at: datetime, number: int) -> None:
        for step in self.category.procedure:
            if step.number == number and step.limit is not None:
                self._start(Stage.STEP, at, self._lead.path, step.limit, number)

    def count(self, clock: Clock, at: datetime) -> None:
        timer = _timer(clock)
        found = due(timer.start, timer.limit, self.config.calendar, timer.pauses, timer.extensions)
        clock.due_at, clock.amber_at = found.at, found.amber_at
        clock.trace, clock.calendar = trace_as_json(found.trace), found.calendar_version
        clock.ladder_at, clock.ladder_by = None, ""
        if clock.overdue_at is not None and (clock.due_at is None or clock.due_at > at):
            clock.overdue_at = None

    def running(self, *stages: Stage) -> list[Clock]:
        return [clock for clock in self.clocks if clock.stage in stages and clock.runs]

    def _meet(self, at: datetime, *stages: Stage) -> None:
        for clock in self.running(*stages):
            clock.met_at = at
            if clock.due_at is not None and at >= clock.due_at:
                self.was_late = True

    def drop(self, at: datetime, *stages: Stage) -> None:
        for clock in self.running(*stages):
            clock.dropped_at = at

    def _pass_time(self, until: datetime) -> None:
        said = len(self.lines)
        for clock in self.clocks:
            if not clock.runs or clock.due_at is None:
                continue
            if clock.amber_at is not None and until >= clock.amber_at:
                self._climb(clock, until)
            if clock.overdue_at is None and clock.due_at + ANNOUNCED_AFTER <= until:
                clock.overdue_at = clock.due_at + ANNOUNCED_AFTER
                self.was_late = True
                told = {"stage": str(clock.stage), "step": clock.step, "due_at": clock.due_at.isoformat()}
                self.say(Move.OVERDUE, clock.overdue_at, WORKER, data=told | {"unit_path": clock.unit_path})
        if len(self.lines) - said > 1:
            self.lines.sort(key=lambda line: line.at)  # several clocks ran out in between

    def _climb(self, clock: Clock, until: datetime) -> None:
        """Steps of the ladder due by rule; the rules shipped begin where the light turns amber."""
        if clock.ladder_at is None and not clock.ladder_by:
            self._set_ladder(clock)
        while clock.ladder_at is not None and clock.ladder_at + ANNOUNCED_AFTER <= until:
            at, due_at, step = clock.ladder_at + ANNOUNCED_AFTER, clock.ladder_at, LADDER[clock.ladder_next - 1]
            clock.ladder_step = clock.ladder_next
            self.supervision = max(self.supervision, clock.ladder_step)
            self.warns.append(Warn(step=clock.ladder_step, unit_path=clock.unit_path, at=at, clock=clock))
            told = {"step": str(step), "by_rule": True, "stage": str(clock.stage), "due_at": due_at.isoformat()}
            self.say(Move.SUPERVISE, at, WORKER, data=told | {"unit_path": clock.unit_path})
            self._set_ladder(clock)

    def _set_ladder(self, clock: Clock) -> None:
        rules = self.config.ladder.get(clock.stage, ())
        running = StageTimer(clock.stage, _timer(clock))
        found = next_step(rules, running, LADDER[: clock.ladder_step], self.config.calendar) if rules else None
        clock.ladder_at = found.at if found else None
        clock.ladder_next = found.step.height + 1 if found else 0
        clock.ladder_by = self.config.ladder_mark(clock.stage) or "-"


def _timer(clock: Clock) -> Timer:
    return Timer(
        clock.started_at,
        clock.limit,
        tuple(
            Pause(datetime.fromisoformat(since or ""), datetime.fromisoformat(until) if until else None)
            for since, until in clock.pauses
        ),
        tuple(_granted(item) for item in clock.extensions),
    )


def _granted(item: dict[str, str]) -> Extension:
    return Extension(limit_from(item), datetime.fromisoformat(item["at"]))

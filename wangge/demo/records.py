"""What a story keeps beside itself, each as one row of its table."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wangge.accounts.models import Unit
from wangge.cases.rules.limits import TimeLimit
from wangge.cases.rules.moves import Move
from wangge.cases.rules.states import Stage, State
from wangge.demo.people import Desk


@dataclass(slots=True, kw_only=True)
class Clock:
    stage: Stage
    step: int
    unit_path: str
    started_at: datetime
    limit: TimeLimit
    pauses: list[list[str | None]] = field(default_factory=list)
    extensions: list[dict[str, str]] = field(default_factory=list)
    due_at: datetime | None = None
    amber_at: datetime | None = None
    trace: list[list[Any]] = field(default_factory=list)
    calendar: str = ""
    met_at: datetime | None = None
    dropped_at: datetime | None = None
    overdue_at: datetime | None = None
    ladder_step: int = 0
    ladder_at: datetime | None = None
    ladder_by: str = ""  # "-": looked, there are no rules
    ladder_next: int = 0  # step due at ladder_at

    @property
    def runs(self) -> bool:
        return self.met_at is None and self.dropped_at is None


@dataclass(slots=True, kw_only=True)
class Charge:
    """One unit charged with the case (an Assignment)."""

    unit: Unit
    role: str
    dispatched_at: datetime
    signed_at: datetime | None = None
    finished_at: datetime | None = None
    ended_at: datetime | None = None
    ended_how: str = ""


@dataclass(slots=True, kw_only=True)
class Line:
    """One line of the history (a Step)."""

    kind: Move
    at: datetime
    state: State
    by: Desk
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    centre_only: bool = False


@dataclass(slots=True, kw_only=True)
class Ask:
    unit_path: str
    limit: TimeLimit
    reason: str
    asked_at: datetime
    decided_at: datetime | None = None
    granted: bool | None = None
    decision: str = ""


@dataclass(slots=True, kw_only=True)
class Warn:
    """A step of the ladder (a Supervision); `clock` when by rule."""

    step: int
    unit_path: str
    at: datetime
    text: str = ""
    clock: Clock | None = None
    receipt_at: datetime | None = None
    receipt_by: str = ""
    receipt_text: str = ""


@dataclass(slots=True, kw_only=True)
class Rated:
    score: int
    solved: bool
    text: str
    by_phone: bool
    at: datetime


@dataclass(slots=True, kw_only=True)
class Mustered:
    """One unit called to a whistle (a Muster)."""

    unit: Unit
    called_at: datetime
    arrived_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    distance_m: float | None = None
    arrived_by: str = ""
    score: int | None = None
    comment: str = ""


@dataclass(slots=True, kw_only=True)
class Whistled:
    """One whistle (a Whistle) with the units it brought."""

    number: str
    by: Desk
    centre: Unit
    reason: str
    called_at: datetime
    confirmed_at: datetime | None = None
    refused_at: datetime | None = None
    refusal: str = ""
    ended_at: datetime | None = None
    musters: list[Mustered] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.refused_at is None


@dataclass(slots=True, kw_only=True)
class Joined:
    """One joining into another case (a Join), with the clocks that it stopped."""

    into: uuid.UUID
    into_grid: str
    state_before: State
    at: datetime
    stopped: list[Clock]
    undone_at: datetime | None = None

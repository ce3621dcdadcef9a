"""Saved views. The filters are those of the list of cases as people set them: days of Beijing, a rolling period."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.cases.queries.filters import CaseFilters, Queue
from wangge.cases.queries.order import Sort
from wangge.cases.rules.states import Outcome, Source, State, Urgency
from wangge.cases.schemas.asked import Path
from wangge.core import clock
from wangge.core.schemas import Day, Id

Name = Annotated[str, StringConstraints(min_length=1, max_length=30, strip_whitespace=True)]
Some: Any = Field(default=[], max_length=20)
MOST_PINNED = 8


class ViewFilters(Schema):
    """Never a telephone. `last_days`: reported in the last so many days, today among them; goes before `since`."""

    queue: Queue = Queue.ALL
    state: list[State] = Some
    urgency: list[Urgency] = Some
    source: list[Source] = Some
    outcome: list[Outcome] = Some
    category: Path = ""
    code: Annotated[str, StringConstraints(pattern=r"^\d{0,17}$")] = ""
    unit: Path = ""
    since: Day | None = None
    until: Day | None = Field(default=None, description="the last day, which counts in full")
    closed_since: Day | None = None
    closed_until: Day | None = None
    last_days: Annotated[int, Field(ge=1, le=366)] | None = None
    late: bool = False
    q: Annotated[str, StringConstraints(max_length=100)] = ""
    sort: Sort = Sort.NEWEST

    def as_filters(self, today: date) -> CaseFilters:
        since = today - timedelta(days=self.last_days - 1) if self.last_days else self.since
        until = None if self.last_days else self.until
        return CaseFilters(
            queue=self.queue,
            state=tuple(self.state),
            urgency=tuple(self.urgency),
            source=tuple(self.source),
            outcome=tuple(self.outcome),
            category=self.category,
            code=self.code,
            unit=self.unit,
            reported_from=_start(since),
            reported_to=_end(until),
            closed_from=_start(self.closed_since),
            closed_to=_end(self.closed_until),
            is_late=True if self.late else None,
            q=self.q,
        )


class ViewIn(Schema):
    name: Name
    filters: ViewFilters
    is_shared: bool = False


class ViewOut(Schema):
    id: int
    name: str
    filters: ViewFilters
    is_shared: bool
    by_name: str
    changed_at: datetime
    pinned: int | None = Field(description="its place among one's tabs, from 0")
    is_mine: bool
    may_end: bool


class PinsIn(Schema):
    ids: Annotated[list[Id], Field(max_length=MOST_PINNED)]


class ViewCountOut(Schema):
    id: int
    count: int
    more: bool = Field(description="at least so many")


def _start(day: date | None) -> datetime | None:
    return clock.day_start(day) if day else None


def _end(day: date | None) -> datetime | None:
    return clock.day_start(day + timedelta(days=1)) if day else None

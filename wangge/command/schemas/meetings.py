"""会商 and 任务 over HTTP."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from wangge.cases.schemas.write import LimitIn
from wangge.command.actions import Came, Decision, MeetingCalled
from wangge.command.schemas.orders import OrderCaseOut
from wangge.core.schemas import Id, Instant, Lat, Line, Lon, Words

Kind = Literal["consult", "joint", "on_site"]
MeetingState = Literal["called", "held", "cancelled"]
TaskState = Literal["open", "done", "confirmed", "dropped"]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class MeetingIn(Schema):
    kind: Kind
    title: Line
    agenda: Words = ""
    begins_at: Instant
    place: Line
    lon: Lon | None = None
    lat: Lat | None = None
    case_id: uuid.UUID | None = None
    units: Annotated[list[Id], Field(max_length=60)]

    def as_meeting(self) -> MeetingCalled:
        return MeetingCalled(**self.model_dump())


class CameIn(Schema):
    unit_id: Id
    came: bool
    who: Line = ""

    def as_came(self) -> Came:
        return Came(**self.model_dump())


class DecisionIn(Schema):
    """Due at an instant, or after a limit (work days run by the calendar)."""

    text: Words
    unit_id: Id
    due_at: Instant | None = None
    limit: LimitIn | None = None

    def as_decision(self) -> Decision:
        limit = self.limit.as_limit() if self.limit else None
        return Decision(text=self.text, unit_id=self.unit_id, due_at=self.due_at, limit=limit)


class HoldIn(Schema):
    minutes: Words
    came: Annotated[list[CameIn], Field(max_length=60)] = []
    decisions: Annotated[list[DecisionIn], Field(max_length=30)] = []
    version: Version


class CancelMeetingIn(Schema):
    reason: Line
    version: Version


class MeetingRowOut(Schema):
    """`settled` of `decided`: tasks that are confirmed or dropped."""

    id: uuid.UUID
    number: str
    kind: Kind
    state: MeetingState
    title: str
    begins_at: datetime
    place: str
    by_unit: str
    by_name: str
    called: int
    came: int
    decided: int
    settled: int
    is_ahead: bool


class PartyOut(Schema):
    unit_id: int
    unit: str
    came: bool | None
    who: str


class TaskStepOut(Schema):
    """`kind`: set, done, confirmed, returned, overdue, dropped."""

    kind: str
    at: datetime
    by_name: str
    by_unit: str
    text: str


class TaskOut(Schema):
    id: uuid.UUID
    place: int
    text: str
    unit_id: int
    unit: str
    state: TaskState
    set_at: datetime
    due_at: datetime
    limit: dict[str, Any] | None
    done_at: datetime | None
    confirmed_at: datetime | None
    is_overdue: bool
    returns: int
    meeting_id: uuid.UUID
    meeting_number: str
    meeting_title: str
    by_unit: str
    steps: list[TaskStepOut]
    may_finish: bool
    may_confirm: bool
    may_drop: bool


class MeetingOut(MeetingRowOut):
    agenda: str
    lon: float | None
    lat: float | None
    case: OrderCaseOut | None
    called_at: datetime
    minutes: str
    held_at: datetime | None
    why: str
    version: int
    parties: list[PartyOut]
    decisions: list[TaskOut]
    may_hold: bool


class TaskTextIn(Schema):
    text: Words = ""


class TaskReasonIn(Schema):
    reason: Line

"""What is answered about cases. Times are UTC, places WGS-84 degrees; names are in the reader's language."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.cases.rules.states import Source, State, Urgency
from wangge.cases.schemas.claims import ClaimOut
from wangge.cases.schemas.evidence import EvidenceOut
from wangge.core.schemas import Id, Lat, Lon, Row


class NamedPlaceOut(Row):
    code: str
    name: str


class NamedUnitOut(Row):
    id: int
    name: str


class CategoryOfCaseOut(Row):
    id: int
    path: str
    name: str
    full_name: str


class CaseRowOut(Row):
    id: uuid.UUID
    number: str
    title: str
    state: State
    outcome: str
    urgency: Urgency
    category: CategoryOfCaseOut | None = None
    address: str
    grid: NamedPlaceOut
    holder: NamedUnitOut
    lead: NamedUnitOut | None = None
    source: Source
    reported_at: datetime
    closed_at: datetime | None = None
    due_at: datetime | None = None
    amber_at: datetime | None = None
    due_stage: str
    is_overdue: bool
    is_returned: bool
    supervision: int = Field(description="highest step of the ladder, 0 none to 5 red card")
    returns: int
    reworks: int
    satisfaction: int | None = None
    lon: float | None = None
    lat: float | None = None
    version: int
    claim: ClaimOut | None = Field(default=None, description="who is at work on it now")


class CasePageOut(Schema):
    items: list[CaseRowOut]
    next: str | None = None


class CategoryOfDetailOut(CategoryOfCaseOut):
    evidence: list[str] = Field(description="photo types needed to close")
    is_complaint: bool


class ConditionOut(Row):
    id: int
    number: int
    accept_when: str
    close_when: str
    legal_basis: str


class StepOut(Row):
    """One line of the history. `withheld`: it was done, but its words are not for this reader."""

    id: int
    kind: str
    label: str
    at: datetime
    state: str
    by_name: str
    by_unit: str
    text: str
    lines: list[str] = Field(description="what the step decided, in words")
    centre_only: bool
    withheld: bool


class ClockOut(Row):
    stage: str
    step: int
    unit: str
    started_at: datetime
    due_at: datetime | None = None
    amber_at: datetime | None = None
    paused_at: datetime | None = None
    met_at: datetime | None = None
    dropped_at: datetime | None = None
    is_late: bool
    trace: list[str] = Field(description="how the due time was reached, one sentence for each step")


class ProcedureStepOut(Row):
    number: int
    name: str
    unit: str
    signed_at: datetime | None = None


class AssignmentOut(Row):
    id: int
    unit: str
    unit_id: int
    role: Literal["lead", "assist"]
    dispatched_at: datetime
    signed_at: datetime | None = None
    finished_at: datetime | None = None
    ended_at: datetime | None = None
    ended_how: str


class ExtensionOut(Row):
    id: int
    unit: str
    limit: str
    reason: str
    asked_at: datetime
    decided_at: datetime | None = None
    granted: bool | None = None
    decision: str


class MusterOut(Row):
    unit_id: int
    unit: str
    called_at: datetime
    answered_at: datetime | None = None
    arrived_at: datetime | None = None
    arrival_received_at: datetime | None = None
    distance_m: float | None = None
    score: int | None = None
    comment: str


class WhistleOut(Row):
    id: uuid.UUID
    number: str
    by_name: str
    centre: str
    reason: str
    called_at: datetime
    confirmed_at: datetime | None = None
    refused_at: datetime | None = None
    refusal: str
    ended_at: datetime | None = None
    musters: list[MusterOut]


class SupervisionOut(Row):
    id: int
    step: int
    by_rule: bool
    unit: str
    text: str
    at: datetime
    receipt_at: datetime | None = None
    receipt_by: str
    receipt_text: str


class ReporterOut(Row):
    """Masked. In clear only through `reveal`, which asks for what and is on the record."""

    name: str
    phone: str
    is_anonymous: bool
    is_confidential: bool
    wants_call: bool
    is_follower: bool


class RatingOut(Row):
    score: int
    solved: bool | None = None
    text: str
    by_phone: bool
    at: datetime


class RelatedOut(Row):
    id: uuid.UUID
    number: str
    title: str
    state: State
    how: Literal["joined", "joinedTo", "possible"]
    why: str


class MoveOut(Row):
    kind: str
    label: str
    needs: list[str]
    claims: bool = Field(description="beginning it takes the case up; another seat's claim stands before it")


class CaseDetailOut(CaseRowOut):
    category: CategoryOfDetailOut | None = None
    condition: ConditionOut | None = None
    description: str
    reported_grid: str
    place_by: str
    places: list[NamedPlaceOut] = Field(description="from the district down to the grid")
    happened_at: datetime | None = None
    answered_at: datetime | None = None
    was_late: bool
    self_settled: bool
    reopenings: int
    complained: NamedUnitOut | None = Field(default=None, description="only for those who may know")
    steps: list[StepOut]
    clocks: list[ClockOut]
    procedure: list[ProcedureStepOut]
    assignments: list[AssignmentOut]
    extensions: list[ExtensionOut]
    whistles: list[WhistleOut]
    supervisions: list[SupervisionOut]
    evidence: list[EvidenceOut]
    ratings: list[RatingOut]
    reporters: list[ReporterOut] | None = Field(default=None, description="null: hidden from this reader")
    related: list[RelatedOut]
    moves: list[MoveOut] = Field(description="what this person may do with it now")


class DuplicatesIn(Schema):
    title: Annotated[str, StringConstraints(max_length=200)] = ""
    address: Annotated[str, StringConstraints(max_length=300)] = ""
    lon: Lon | None = None
    lat: Lat | None = None
    category_id: Id | None = None


class DuplicateOut(Schema):
    id: uuid.UUID
    number: str
    title: str
    address: str
    state: State
    reported_at: datetime
    distance_m: float | None = None
    why: str


class AsOfOut(Schema):
    """Which position of the journal the kept figures stand at, and when they came there."""

    position: int
    at: datetime | None = None


class CountsOut(Schema):
    """Cases in each open queue of this post, never cut at a page."""

    counts: dict[str, int]
    as_of: AsOfOut

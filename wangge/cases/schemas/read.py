"""What is answered about cases. Times are UTC, places WGS-84 degrees; names are in the reader's language."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.cases.queries.filters import CaseFilters, Queue
from wangge.cases.queries.order import Sort
from wangge.cases.rules.states import Outcome, Source, State, Urgency
from wangge.cases.schemas.claims import ClaimOut
from wangge.cases.schemas.evidence import EvidenceOut
from wangge.core.paging import DEFAULT_SIZE, LARGEST_SIZE
from wangge.core.schemas import Id, Instant, Lat, Lon

Some: Any = Field(default=[], max_length=20)
Short = Annotated[str, StringConstraints(max_length=80)]
Path = Annotated[str, StringConstraints(max_length=300)]


class AskedIn(Schema):
    """All that a seat narrows a list by. Lists are given by repeating the name. Times are `[from, to)`."""

    queue: Queue = Queue.ALL
    state: list[State] = Some
    scheme: Id | None = None
    category: Path = Field(default="", description="path of a category: it and everything below it")
    source: list[Source] = Some
    urgency: list[Urgency] = Some
    code: Annotated[str, StringConstraints(pattern=r"^\d{0,17}$")] = Field(
        default="", description="division (significant digits) or grid: it and everything below it"
    )
    unit: Path = Field(default="", description="path of a unit: charged with the case, lead or assisting")
    holder: Path = Field(default="", description="path of the centre that holds the case")
    reported_from: Instant | None = None
    reported_to: Instant | None = None
    closed_from: Instant | None = None
    closed_to: Instant | None = None
    due_before: Instant | None = None
    outcome: list[Outcome] = Some
    is_late: bool | None = None
    self_settled: bool | None = None
    satisfaction: list[Annotated[int, Field(ge=1, le=5)]] = Some
    has_place: bool | None = None
    number: Short = Field(default="", description="case number or its beginning")
    batch: uuid.UUID | None = None
    reported_code: Annotated[str, StringConstraints(pattern=r"^\d{0,17}$")] = Field(
        default="", description="where it lay when it was reported, as figures count it"
    )
    reported_hour: Annotated[int, Field(ge=0, le=23, description="of the Beijing day")] | None = None
    dispatched_from: Instant | None = None
    dispatched_to: Instant | None = None
    lead: Path = Field(default="", description="path of a unit: it or one below it leads the case, or led it last")
    lead_alone: bool | None = Field(default=None, description="true: without those below")
    category_alone: bool | None = Field(default=None, description="true: without what is below it")
    no_category: bool | None = None
    is_answered: bool | None = None
    answered_in_5: bool | None = Field(default=None, description="within five minutes of the report")
    q: Annotated[str, StringConstraints(max_length=200)] = Field(
        default="", description="number, or text from one character"
    )

    def given(self) -> CaseFilters:
        names = CaseFilters.__dataclass_fields__.keys() & type(self).model_fields.keys()
        values: dict[str, Any] = {name: getattr(self, name) for name in names}
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return CaseFilters(**(values | lists))


class FiltersIn(AskedIn):
    """What may be asked in a body: a telephone stands in no address, no log."""

    phone: Short = Field(default="", description="the reporter's, whole; finds nothing for who may not know reporters")


class PageIn(Schema):
    sort: Sort = Sort.NEWEST
    cursor: Annotated[str, StringConstraints(max_length=400)] | None = None
    limit: Annotated[int, Field(ge=1, le=LARGEST_SIZE)] = DEFAULT_SIZE


class ListIn(PageIn, AskedIn):
    pass


class SearchIn(PageIn, FiltersIn):
    pass


class NamedPlaceOut(Schema):
    code: str
    name: str


class NamedUnitOut(Schema):
    id: int
    name: str


class CategoryOfCaseOut(Schema):
    id: int
    path: str
    name: str
    full_name: str


class CaseRowOut(Schema):
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


class ConditionOut(Schema):
    id: int
    number: int
    accept_when: str
    close_when: str
    legal_basis: str


class StepOut(Schema):
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


class ClockOut(Schema):
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


class ProcedureStepOut(Schema):
    number: int
    name: str
    unit: str
    signed_at: datetime | None = None


class AssignmentOut(Schema):
    id: int
    unit: str
    unit_id: int
    role: Literal["lead", "assist"]
    dispatched_at: datetime
    signed_at: datetime | None = None
    finished_at: datetime | None = None
    ended_at: datetime | None = None
    ended_how: str


class ExtensionOut(Schema):
    id: int
    unit: str
    limit: str
    reason: str
    asked_at: datetime
    decided_at: datetime | None = None
    granted: bool | None = None
    decision: str


class MusterOut(Schema):
    unit_id: int
    unit: str
    called_at: datetime
    answered_at: datetime | None = None
    arrived_at: datetime | None = None
    distance_m: float | None = None
    score: int | None = None
    comment: str


class WhistleOut(Schema):
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


class SupervisionOut(Schema):
    id: int
    step: int
    by_rule: bool
    unit: str
    text: str
    at: datetime
    receipt_at: datetime | None = None
    receipt_by: str
    receipt_text: str


class ReporterOut(Schema):
    """Masked. In clear only through `reveal`, which asks for what and is on the record."""

    name: str
    phone: str
    is_anonymous: bool
    is_confidential: bool
    wants_call: bool
    is_follower: bool


class RatingOut(Schema):
    score: int
    solved: bool | None = None
    text: str
    by_phone: bool
    at: datetime


class RelatedOut(Schema):
    id: uuid.UUID
    number: str
    title: str
    state: State
    how: Literal["joined", "joinedTo", "possible"]
    why: str


class MoveOut(Schema):
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


class MapIn(AskedIn):
    queue: Queue = Queue.OPEN
    west: Lon
    south: Lat
    east: Lon
    north: Lat
    zoom: Annotated[float, Field(ge=0, le=24)] = 12


class PointOut(Schema):
    id: uuid.UUID
    lon: float
    lat: float
    state: State
    urgency: Urgency
    is_overdue: bool
    reported_at: datetime
    due_at: datetime | None = None
    amber_at: datetime | None = None


class ClusterOut(Schema):
    """A cell of the map. Place: the middle of its cases."""

    lon: float
    lat: float
    count: int
    overdue: int


class MapOut(Schema):
    points: list[PointOut]
    clusters: list[ClusterOut]
    count: int
    is_cut: bool = Field(description="more cases than are looked at for one picture: narrow it")
    since: datetime | None = Field(default=None, description="of what is not only open: reported from then on")


class HeatIn(Schema):
    west: Lon
    south: Lat
    east: Lon
    north: Lat
    zoom: Annotated[float, Field(ge=0, le=24)] = 12
    days: Annotated[int, Field(ge=1, le=92)] = 30


class HeatCellOut(Schema):
    west: float
    south: float
    count: int = Field(description="ten or more: a cell with fewer is not told")


class HeatOut(Schema):
    cells: list[HeatCellOut]
    width: float = Field(description="of every cell, degrees")
    height: float
    since: datetime
    is_cut: bool = Field(description="more cases than are looked at for one picture: come closer")


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

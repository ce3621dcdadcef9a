"""巡查 as it crosses HTTP."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from wangge.core.schemas import Code, Day, Id, Instant, Lat, Line, Lon
from wangge.field.actions.patrol_plans import MOST_POINTS, MOST_VERTICES, PlanGiven, PointGiven
from wangge.field.actions.rounds import CheckGiven, SheetGiven
from wangge.field.models import PatrolPlan, RoundCheck
from wangge.field.schemas.forms import Accuracy, PieceOut, RecordOut

Vertex = tuple[Lon, Lat]
Weekday = Annotated[int, Field(ge=1, le=7, description="1 Monday … 7 Sunday")]


class PointIn(Schema):
    """Without `id` it is new."""

    id: uuid.UUID | None = None
    name: Annotated[Line, Field(min_length=1)]
    lon: Lon
    lat: Lat
    radius_m: Annotated[float, Field(ge=5, le=500)] = 30
    dwell_s: Annotated[float, Field(ge=0, le=3600)] = 0
    photo_needed: bool = False
    has_code: bool = False


class PatrolPlanIn(Schema):
    """`weekdays` empty: every day. `route`: lon, lat pairs. `posts` empty: whoever looks after the grid."""

    grid: Code
    name: Line
    per: PatrolPlan.Per = PatrolPlan.Per.DAY
    weekdays: Annotated[list[Weekday], Field(max_length=7)] = []
    times: Annotated[int, Field(ge=1, le=12)] = 1
    route: Annotated[list[Vertex], Field(max_length=MOST_VERTICES)] | None = None
    form: Line = ""
    valid_from: Day | None = None
    valid_to: Day | None = None
    posts: Annotated[list[Id], Field(max_length=50)] = []
    is_active: bool = True
    points: Annotated[list[PointIn], Field(max_length=MOST_POINTS)]

    def as_given(self) -> PlanGiven:
        points = [PointGiven(**point.model_dump()) for point in self.points]
        plain = self.model_dump(include=set(PatrolPlanIn.model_fields) - {"points", "weekdays"})
        return PlanGiven(**plain, weekdays=sorted(set(self.weekdays)), points=points)


class PatrolPlanPut(PatrolPlanIn):
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class PatrolPointOut(Schema):
    id: uuid.UUID
    number: int
    name: str
    lon: float
    lat: float
    radius_m: float
    dwell_s: float
    photo_needed: bool


class PlannedPointOut(PatrolPointOut):
    has_code: bool


class WalkerOut(Schema):
    post_id: int
    name: str


class PatrolPlanOut(Schema):
    """`walkers`: who the `posts` are, those too who look after the grid no more."""

    id: uuid.UUID
    grid: str
    grid_name: str
    name: str
    per: PatrolPlan.Per
    weekdays: list[Weekday]
    times: int
    valid_from: date
    valid_to: date | None
    posts: list[int]
    walkers: list[WalkerOut]
    is_active: bool
    version: int
    route: list[tuple[float, float]] | None
    form: str
    points: list[PlannedPointOut]


class GridWorkerOut(Schema):
    post_id: int
    name: str
    unit: str
    role_zh: str
    role_en: str


class DueOut(Schema):
    """A round to be walked from `since` to `day`, both included."""

    since: date
    day: date


class PointCodeOut(Schema):
    point_id: uuid.UUID
    number: int
    name: str
    text: str
    svg: str


class CheckOut(Schema):
    id: uuid.UUID
    how: str
    happened_at: datetime
    received_at: datetime
    distance_m: float | None
    deviation: bool
    reason: str


class RoundPointOut(PatrolPointOut):
    """`code_sha256`: SHA-256 (hex) of what stands after `wangge:point:` on the sign there."""

    code_sha256: str | None
    check: CheckOut | None


class RoundStanding(Schema):
    """`seen` and `skipped` of `count` points; `reason` why it was ended early."""

    id: uuid.UUID
    plan: str
    number: int
    times: int
    name: str
    state: str
    begun_at: datetime | None
    ended_at: datetime | None
    reason: str
    count: int
    seen: int
    skipped: int
    deviations: int


class RoundOut(RoundStanding):
    """To be walked from `from_date` to `day`, both included. `share`: points seen of all (0–1)."""

    plan_id: uuid.UUID
    grid: str
    from_date: date
    day: date
    route: list[tuple[float, float]] | None
    form: str
    share: float
    points: list[RoundPointOut]


class WalkedCheckOut(CheckOut):
    """`record`: the sheet of the plan's form, filled in there."""

    photos: list[PieceOut]
    record: RecordOut | None


class WalkedPointOut(PatrolPointOut):
    check: WalkedCheckOut | None


class WalkedOut(RoundStanding):
    """A round as whoever watches sees it, without what the signs at its points say."""

    points: list[WalkedPointOut]


class CheckSheetIn(Schema):
    """`id` of the sheet, made by the phone; `version`: the one it was filled in with."""

    id: uuid.UUID
    form: Annotated[Line, Field(min_length=1)]
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    answers: dict[str, Any]


class CheckIn(Schema):
    """`sheet`: of the form that the plan names, asked at each point that is not skipped."""

    id: uuid.UUID
    point_id: uuid.UUID
    how: RoundCheck.How
    happened_at: Instant
    lon: Lon | None = None
    lat: Lat | None = None
    accuracy: Accuracy | None = None
    token: Line = ""
    evidence: Annotated[list[uuid.UUID], Field(max_length=30)] = []
    reason: Line = ""
    sheet: CheckSheetIn | None = None

    def as_given(self) -> CheckGiven:
        sheet = None if self.sheet is None else SheetGiven(**self.sheet.model_dump())
        return CheckGiven(**self.model_dump(exclude={"how", "sheet"}), how=str(self.how), sheet=sheet)


class RoundEndIn(Schema):
    happened_at: Instant
    reason: Line = ""


class PatrolDayOut(Schema):
    """`withdrawn`: rounds begun before the plan wanted them no more, besides `rounds`; what was checked on them counts.
    `on_track`: points of the plan that a track passed for long enough. `route_share` 0–1, null without a route."""

    plan_id: uuid.UUID
    plan: str
    grid: str
    grid_name: str
    day: date
    rounds: int
    kept: int
    withdrawn: int
    points: int
    seen: int
    skipped: int
    deviations: int
    on_track: int
    route_share: float | None
    share: float
    at: datetime

"""Proposals over HTTP. Coordinates are lon, lat degrees, WGS-84.

A step may leave the codes of the grids it makes open: the answer comes with them filled in, and they are kept so.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StringConstraints, model_validator

from wangge.core.schemas import Day, Line
from wangge.grids.schemas.common import Community, GridCode, MultiPolygonIn, PolygonIn, Position, area_of

Corners = Annotated[list[Position], Field(min_length=2, max_length=5_000)]
Shape = PolygonIn | MultiPolygonIn
DrawnDivision = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}([0-9]{3})?([0-9]{3})?$", max_length=12)]
New = GridCode | Literal[""]
MOST_STEPS = 60
PlanState = Literal["draft", "submitted", "approved", "returned", "withdrawn", "cancelled"]


class SplitStep(Schema):
    act: Literal["split"]
    code: GridCode
    line: Corners
    codes: Annotated[list[GridCode], Field(max_length=20)] = []
    names: Annotated[list[Line], Field(max_length=20)] = []


class MergeStep(Schema):
    act: Literal["merge"]
    codes: Annotated[list[GridCode], Field(min_length=2, max_length=100)]
    into: New = ""
    name: Line = ""


class MoveStep(Schema):
    act: Literal["move"]
    one: GridCode
    other: GridCode
    line: Corners


class DrawStep(Schema):
    act: Literal["draw"]
    code: GridCode | DrawnDivision
    shape: Shape


class ShiftStep(Schema):
    """Corners of shared borders moved, each neighbour with its own new shape."""

    act: Literal["shift"]
    shapes: Annotated[dict[GridCode, Shape], Field(min_length=1, max_length=200)]


class FoundStep(Schema):
    act: Literal["found"]
    under: Community
    code: New = ""
    name: Annotated[Line, Field(min_length=1)]
    type: Literal["general", "dedicated"] = "general"
    shape: Shape


class PassOnStep(Schema):
    """Grids pass to another community; `ends`: all do, and the community is merged into the other (社区合并)."""

    act: Literal["pass_on"]
    source: Community
    to: Community
    grids: Annotated[list[GridCode], Field(max_length=200)] = []
    codes: Annotated[dict[GridCode, GridCode], Field(max_length=2_000)] = {}
    ends: bool = False

    @model_validator(mode="after")
    def _makes_sense(self) -> "PassOnStep":
        if self.source == self.to:
            raise ValueError("two communities")
        if not self.ends and not self.grids:
            raise ValueError("which grids")
        if self.ends:
            self.grids = []
        return self


Step = Annotated[
    SplitStep | MergeStep | MoveStep | DrawStep | ShiftStep | FoundStep | PassOnStep, Field(discriminator="act")
]
Steps = Annotated[list[Step], Field(max_length=MOST_STEPS)]


def steps_of(steps: list[Step]) -> list[dict[str, Any]]:
    """As they are kept. Raises Invalid for a shape that is no polygon."""
    for step in steps:
        for shape in getattr(step, "shapes", {}).values():
            area_of(shape)
        if hasattr(step, "shape"):
            area_of(step.shape)
    return [step.model_dump(mode="json") for step in steps]


class EffectIn(Schema):
    date: Day
    steps: Annotated[Steps, Field(min_length=1)]


class PlanIn(Schema):
    title: Line
    date: Day
    reason: Line = ""
    steps: Steps = []
    version: Annotated[int, Field(ge=0)] = 0


class ApproveIn(Schema):
    fingerprint: Annotated[str, Field(max_length=64)] = Field(description="of the effect that was looked at")
    note: Line = ""


class AfterOut(Schema):
    code: str
    name: str
    is_new: bool
    area_m2: float
    area_before_m2: float | None
    geometry: dict[str, Any]


class BeforeOut(Schema):
    code: str
    name: str
    ends: bool
    geometry: dict[str, Any]


class PassedOut(Schema):
    old: str
    new: str
    area_m2: float


class PlanFindingOut(Schema):
    kind: str
    codes: list[str]
    area_m2: float
    lon: float
    lat: float
    message: str
    is_new: bool = Field(description="made by the proposal; what was wrong before does not stand in its way")
    geometry: dict[str, Any]


class MovingOut(Schema):
    kind: str = Field(description="cases")
    old: str
    new: str
    open: int
    all: int


class EffectOut(Schema):
    date: date
    steps: list[dict[str, Any]]
    fingerprint: str
    after: list[AfterOut]
    before: list[BeforeOut]
    successions: list[PassedOut]
    findings: list[PlanFindingOut]
    is_whole: bool = Field(description="nothing is worse than before")
    moving: list[MovingOut] = Field(description="counted for a kept proposal, not while one draws")


class CancelledOut(Schema):
    at: datetime
    by_name: str
    reason: str


class PlanOut(Schema):
    id: UUID
    title: str
    code: str
    place: str
    state: PlanState
    date: date
    reason: str
    version: int
    by_name: str
    changed_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    decided_name: str
    decision: str
    redraws: list[UUID]
    cancelled: CancelledOut | None = Field(description="its redrawing was taken back before the day")
    acts: list[str]
    may_edit: bool
    may_withdraw: bool
    may_decide: bool


class PlanCardOut(PlanOut):
    steps: list[dict[str, Any]]
    effect: EffectOut | None
    refusal: str = Field(description="why it cannot be carried out as things stand")

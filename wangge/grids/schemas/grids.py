"""Grids as lists and cards over HTTP."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from wangge.core.marks import Seen
from wangge.core.schemas import Day, Line
from wangge.grids.rules.geometry import Area
from wangge.grids.schemas.common import (
    CLIP,
    Count,
    GridCode,
    GridParent,
    GridType,
    MultiPolygonIn,
    NamedOut,
    Phone,
    PolygonIn,
    area_of,
)
from wangge.grids.schemas.redraws import RedrawOut
from wangge.grids.schemas.teams import AliasOut, MemberOut


class GridOut(Schema):
    code: str
    name: str
    type: str
    community: str
    address: str
    valid_from: date
    valid_to: date | None
    chief: str
    full_time: int
    missing: list[str]
    has_boundary: bool


class PeriodOut(Schema):
    valid_from: date
    valid_to: date | None
    area_m2: float
    source: str


class SuccessionOut(Schema):
    kind: str
    from_code: str
    to_code: str
    date: date
    area_m2: float
    redraw: UUID


class GridCardOut(GridOut):
    residents: int | None
    households: int | None
    supervision_phone: str
    mark: str
    lineage: list[NamedOut]
    team: list[MemberOut]
    aliases: list[AliasOut]
    bounds: list[float] | None
    area_m2: float | None
    periods: list[PeriodOut]
    micro: list[NamedOut]
    came_from: list[SuccessionOut]
    went_to: list[SuccessionOut]
    planned: list[RedrawOut]
    may_edit: bool
    may_edit_team: bool


class GridIn(Schema):
    type: GridType = "general"
    under: GridParent
    name: Line
    code: GridCode | None = None
    valid_from: Day | None = None
    address: Line = ""
    households: Count | None = None
    residents: Count | None = None
    supervision_phone: Phone = ""
    shape: PolygonIn | MultiPolygonIn | None = Field(None, description="Its boundary: drawn with it, or neither is")
    clip: bool = Field(False, description=CLIP)
    reason: Line = ""

    def area(self) -> Area | None:
        """Raises Invalid."""
        return area_of(self.shape) if self.shape else None

    def details(self) -> dict[str, Any]:
        return self.model_dump(include={"address", "households", "residents", "supervision_phone"})


class GridChange(Schema):
    name: Line | None = None
    type: Literal["general", "dedicated"] | None = None
    address: Line | None = None
    households: Count | None = None
    residents: Count | None = None
    supervision_phone: Phone | None = None
    seen: Seen | None = None


class NewGridPreviewIn(GridIn):
    shape: PolygonIn | MultiPolygonIn


class CodeOut(Schema):
    code: str

"""Redrawings over HTTP. Coordinates are lon, lat degrees, WGS-84."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from wangge.core.schemas import Day, Line
from wangge.grids.geojson import geometry
from wangge.grids.rules.geometry import Area
from wangge.grids.rules.wording import fault_of
from wangge.grids.schemas.common import CLIP, GridCode, LineIn, MultiPolygonIn, PolygonIn, area_of


class RedrawOut(Schema):
    id: UUID
    kind: str
    community: str
    name: str
    date: date
    reason: str
    changed: list[str]
    ended: list[str]
    by_name: str
    at: datetime
    effective_at: datetime | None
    cancelled_at: datetime | None
    cancelled_by: str
    cancel_reason: str
    may_cancel: bool


class RedrawIn(Schema):
    valid_from: Day | None = Field(None, description="A Beijing day; today when left out")
    reason: Line = ""
    preview: bool = Field(False, description="Work it out and write nothing")


class SplitIn(RedrawIn):
    line: LineIn
    codes: Annotated[list[GridCode], Field(max_length=20)] = []
    names: Annotated[list[Line], Field(max_length=20)] = []


class MergeIn(RedrawIn):
    codes: Annotated[list[GridCode], Field(min_length=2, max_length=100)]
    into: GridCode | Literal[""] = ""
    name: Line = ""


class MoveBorderIn(RedrawIn):
    one: GridCode
    other: GridCode
    line: LineIn


class DrawIn(RedrawIn):
    shape: PolygonIn | MultiPolygonIn

    def as_area(self) -> Area:
        """Raises Invalid."""
        return area_of(self.shape)


class DrawGridIn(DrawIn):
    clip: bool = Field(False, description=CLIP)


class SuccessorOut(Schema):
    old: str
    new: str
    area_m2: float


class DrawingOut(Schema):
    redraw: UUID | None
    kind: str
    community: str
    date: date
    created: list[str]
    ended: list[str]
    successions: list[SuccessorOut]
    shapes: dict[str, dict[str, Any]]
    findings: list[dict[str, Any]]


def drawing_out(drawing: Any, language: str) -> dict[str, Any]:
    return {
        "redraw": drawing.redraw,
        "kind": drawing.kind,
        "community": drawing.community,
        "date": drawing.date,
        "created": list(drawing.created),
        "ended": list(drawing.ended),
        "successions": [{"old": one.old, "new": one.new, "area_m2": one.area_m2} for one in drawing.successions],
        "shapes": {code: geometry(shape) for code, shape in drawing.shapes.items()},
        "findings": [
            {
                "kind": str(one.kind),
                "codes": list(one.codes),
                "area_m2": one.area_m2,
                "lon": one.place[0],
                "lat": one.place[1],
                "message": fault_of(one).message(language),
            }
            for one in drawing.findings
        ],
    }

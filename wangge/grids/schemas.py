"""What goes in and out over HTTP. Coordinates are lon, lat degrees, WGS-84."""

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import shapely
from ninja import Schema
from pydantic import Field, StringConstraints
from shapely import LineString

from wangge.core.errors import invalid
from wangge.core.schemas import Code, Lat, Line, Lon
from wangge.grids.geojson import geometry
from wangge.grids.rules.geometry import Area, as_area
from wangge.grids.rules.wording import fault_of

Position = tuple[Lon, Lat]
Ring = Annotated[list[Position], Field(min_length=4, max_length=20_000)]
Rings = Annotated[list[Ring], Field(min_length=1, max_length=200)]
DivisionCode = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{2}([0-9]{2})?([0-9]{2})?([0-9]{3})?([0-9]{3})?$", max_length=12)
]
GridCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{15}([0-9]{2})?$", max_length=17)]
Community = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$", max_length=12)]
Day = Annotated[date, Field(ge=date(1949, 10, 1), le=date(2200, 1, 1))]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+()\- ]*$", max_length=40)]
GridParent = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}([0-9]{3})?$", max_length=15)]
GridType = Literal["general", "dedicated", "micro"]
MemberKind = Literal["chief", "full_time", "part_time", "professional", "volunteer"]


CLIP = "Cut off what lies over the border of the community (drawn by hand) instead of refusing it"


class PolygonIn(Schema):
    type: Literal["Polygon"]
    coordinates: Rings


class MultiPolygonIn(Schema):
    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[Rings], Field(min_length=1, max_length=200)]


class LineIn(Schema):
    type: Literal["LineString"]
    coordinates: Annotated[list[Position], Field(min_length=2, max_length=5_000)]

    def as_line(self) -> LineString:
        line = LineString(self.coordinates)
        if line.length == 0:
            raise invalid("line", "线没有长度。", "The line has no length.")
        return line


class NamedOut(Schema):
    code: str
    name: str


class DivisionOut(Schema):
    code: str
    full_code: str
    name: str
    short_name: str
    level: int
    urban_rural: str
    valid_from: date
    valid_to: date | None
    has_children: bool
    has_boundary: bool
    may_edit: bool


class DivisionsOut(Schema):
    items: list[DivisionOut]
    count: int
    may_add: bool = Field(description="whether this person may set up a division here")


class DivisionCardOut(DivisionOut):
    lineage: list[NamedOut]
    divisions: int
    grids: dict[str, int]
    bounds: list[float] | None
    area_m2: float | None


class DivisionIn(Schema):
    code: DivisionCode
    name: Line
    short_name: Line = ""
    urban_rural: Annotated[str, StringConstraints(pattern=r"^([0-9]{3})?$")] = ""
    valid_from: Day | None = None


class DivisionChange(Schema):
    name: Line | None = None
    short_name: Line | None = None
    urban_rural: Annotated[str, StringConstraints(pattern=r"^([0-9]{3})?$")] | None = None


class EndIn(Schema):
    valid_to: Day
    reason: Line = ""


class ObstacleOut(Schema):
    code: str
    message: str
    codes: list[str] = Field([], description="what to see to first, at most 20 of them")


class EndingOut(Schema):
    earliest: date
    obstacles: list[ObstacleOut]
    team: int = Field(description="how many people's service ends with it")


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


class MemberOut(Schema):
    id: int
    grid: str
    kind: str
    profession: str
    name: str
    username: str
    phone: str
    valid_from: date
    valid_to: date | None


class MemberRowOut(MemberOut):
    grid_name: str


class AliasOut(Schema):
    id: int
    scheme: str
    alias: str
    code: str


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


class GridCardOut(GridOut):
    residents: int | None
    households: int | None
    supervision_phone: str
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


Count = Annotated[int, Field(ge=0, le=10_000_000)]


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
        return _area(self.shape) if self.shape else None

    def details(self) -> dict[str, Any]:
        return self.model_dump(include={"address", "households", "residents", "supervision_phone"})


class GridChange(Schema):
    name: Line | None = None
    type: Literal["general", "dedicated"] | None = None
    address: Line | None = None
    households: Count | None = None
    residents: Count | None = None
    supervision_phone: Phone | None = None


class NewGridPreviewIn(GridIn):
    shape: PolygonIn | MultiPolygonIn


class CancelIn(Schema):
    reason: Line


class CodeOut(Schema):
    code: str


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
        return _area(self.shape)


class DrawGridIn(DrawIn):
    clip: bool = Field(False, description=CLIP)


def _area(shape: PolygonIn | MultiPolygonIn) -> Area:
    """Raises Invalid for what is no polygon (an open ring, a single point)."""
    try:
        return as_area(shapely.from_geojson(json.dumps(shape.model_dump())))
    except (shapely.errors.GEOSException, TypeError) as wrong:
        raise invalid("shape", "图形不是多边形（边界线要首尾相接）。", "Not a polygon; close its rings.") from wrong


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


class NearestOut(Schema):
    code: str
    distance_m: int


class LocatedOut(Schema):
    code: str | None
    micro: str | None = None
    lineage: list[NamedOut] = []
    nearest: NearestOut | None = None


class CoverageLineOut(Schema):
    community: str
    name: str = ""
    is_drawn: bool
    is_whole: bool
    grids: int
    grids_not_drawn: int
    breaches: int
    gap_m2: float
    overlap_m2: float
    outside_m2: float
    tolerance_m2: float


class CoverageOut(CoverageLineOut):
    not_drawn: list[str]
    faults: dict[str, Any]


class MemberIn(Schema):
    grid: GridCode
    kind: MemberKind
    name: Line
    profession: Line = ""
    username: Line = ""
    phone: Phone = ""
    valid_from: Day | None = None
    valid_to: Day | None = None


class MemberChange(Schema):
    name: Line | None = None
    profession: Line | None = None
    username: Line | None = None
    phone: Phone | None = None
    valid_to: Day | None = None


class VacancyOut(Schema):
    code: str
    name: str
    community: str
    missing: list[str]


class AliasIn(Schema):
    scheme: Line
    alias: Line
    code: Code
    valid_from: Day | None = None


class AliasRowOut(AliasOut):
    valid_from: date
    valid_to: date | None


class DoneOut(Schema):
    done: bool = True

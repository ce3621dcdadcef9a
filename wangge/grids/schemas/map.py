"""What the map asks, over HTTP. Coordinates are lon, lat degrees, WGS-84."""

from typing import Any

from ninja import Schema
from pydantic import Field

from wangge.grids.schemas.common import NamedOut


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


class StaffedOut(Schema):
    code: str = Field(description="the area that the map draws there: a division, or one grid")
    lon: float
    lat: float
    grids: int = Field(description="general grids in it")
    without_chief: int
    without_worker: int
    workers: int = Field(description="full-time")
    chief: str = Field(description="where it is one grid")


class StaffingOut(Schema):
    level: int = Field(description="length of the codes: 2 4 6 9 12 a division, 15 a grid, 0 nothing is drawn")
    items: list[StaffedOut]


class KnownPlaceOut(Schema):
    id: int
    name: str
    kind: str
    lon: float
    lat: float
    grid: str


class KnownPlacesOut(Schema):
    items: list[KnownPlaceOut]
    is_partial: bool = Field(description="more than are sent: come closer")

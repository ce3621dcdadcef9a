"""What every part of this room says the same way over HTTP. Coordinates are lon, lat degrees, WGS-84."""

import json
from datetime import date
from typing import Annotated, Literal

import shapely
from ninja import Schema
from pydantic import Field, StringConstraints
from shapely import LineString

from wangge.core.errors import invalid
from wangge.core.schemas import Day, Lat, Line, Lon
from wangge.grids.rules.geometry import Area, as_area

Position = tuple[Lon, Lat]
Ring = Annotated[list[Position], Field(min_length=4, max_length=20_000)]
Rings = Annotated[list[Ring], Field(min_length=1, max_length=200)]
DivisionCode = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{2}([0-9]{2})?([0-9]{2})?([0-9]{3})?([0-9]{3})?$", max_length=12)
]
GridCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{15}([0-9]{2})?$", max_length=17)]
Community = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$", max_length=12)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+()\- ]*$", max_length=40)]
GridParent = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}([0-9]{3})?$", max_length=15)]
GridType = Literal["general", "dedicated", "micro"]
MemberKind = Literal["chief", "full_time", "part_time", "professional", "volunteer"]
Count = Annotated[int, Field(ge=0, le=10_000_000)]
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


class CancelIn(Schema):
    reason: Line


class DoneOut(Schema):
    done: bool = True


def area_of(shape: PolygonIn | MultiPolygonIn) -> Area:
    """Raises Invalid for what is no polygon (an open ring, a single point)."""
    try:
        return as_area(shapely.from_geojson(json.dumps(shape.model_dump())))
    except (shapely.errors.GEOSException, TypeError) as wrong:
        raise invalid("shape", "图形不是多边形（边界线要首尾相接）。", "Not a polygon; close its rings.") from wrong

"""The tree of divisions over HTTP."""

from datetime import date
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.core.marks import Seen
from wangge.core.schemas import Day, Line
from wangge.grids.schemas.common import DivisionCode, NamedOut


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
    mark: str
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
    seen: Seen | None = None

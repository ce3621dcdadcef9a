"""What is at a point of the map. Places are WGS-84 degrees."""

import uuid
from datetime import date, datetime

from ninja import Schema
from pydantic import Field

from wangge.cases.rules.states import State
from wangge.grids.schemas.common import NamedOut
from wangge.grids.schemas.map import NearestOut
from wangge.grids.schemas.teams import MemberOut


class CentreOut(Schema):
    name: str
    phone: str


class GridNearOut(Schema):
    code: str
    name: str
    distance_m: int
    team: list[MemberOut]


class PlaceNearOut(Schema):
    name: str
    kind: str
    distance_m: int


class CaseNearOut(Schema):
    id: uuid.UUID
    number: str
    title: str
    state: State
    is_overdue: bool
    reported_at: datetime
    distance_m: int


class CasesHereOut(Schema):
    in_grid: int = Field(description="open cases of the grid")
    within_m: int
    near: list[CaseNearOut]


class MovingCaseOut(Schema):
    id: uuid.UUID
    number: str
    title: str
    state: State
    reported_at: datetime
    old: str = Field(description="the grid it lies in")
    new: str = Field(description="the grid it would go to")


class HereOut(Schema):
    lon: float
    lat: float
    code: str | None = Field(description="the general or dedicated grid, none outside the net")
    micro: str | None
    lineage: list[NamedOut]
    nearest: NearestOut | None
    boundary_since: date | None
    team: list[MemberOut] = Field(description="telephones masked where the reader's post does not cover the grid")
    centres: list[CentreOut]
    near: list[GridNearOut] = Field(description="the people of the grids around, nearest first")
    places: list[PlaceNearOut]
    cases: CasesHereOut | None = Field(description="none for who may not read cases")
    may_report: bool
    may_edit: bool

"""Cases on the map, as points, clusters and heat. Times are UTC, places WGS-84 degrees."""

import uuid
from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from wangge.cases.queries.filters import Queue
from wangge.cases.rules.states import State, Urgency
from wangge.cases.schemas.asked import AskedIn
from wangge.core.schemas import Lat, Lon, Row


class MapIn(AskedIn):
    queue: Queue = Queue.OPEN
    west: Lon
    south: Lat
    east: Lon
    north: Lat
    zoom: Annotated[float, Field(ge=0, le=24)] = 12


class PointOut(Row):
    id: uuid.UUID
    lon: float
    lat: float
    state: State
    urgency: Urgency
    is_overdue: bool
    reported_at: datetime
    due_at: datetime | None = None
    amber_at: datetime | None = None


class ClusterOut(Row):
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


class HeatCellOut(Row):
    west: float
    south: float
    count: int = Field(description="ten or more: a cell with fewer is not told")


class HeatOut(Schema):
    cells: list[HeatCellOut]
    width: float = Field(description="of every cell, degrees")
    height: float
    since: datetime
    is_cut: bool = Field(description="more cases than are looked at for one picture: come closer")

"""A place in words."""

from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints


class PlaceWordsIn(Schema):
    text: Annotated[str, StringConstraints(max_length=200)]


class UnderstoodPlaceOut(Schema):
    name: str
    lon: float
    lat: float
    code: str = Field(description="of the grid it lies in; empty where it lies in none")
    grid: str


class UnderstoodGridOut(Schema):
    code: str
    name: str
    alias: str = Field(description="what was asked for, where another office calls it so")


class UnderstoodOut(Schema):
    named: UnderstoodPlaceOut | None = Field(description="where a report with this address alone would be filed")
    places: list[UnderstoodPlaceOut]
    grids: list[UnderstoodGridOut]

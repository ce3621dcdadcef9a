"""Figures of the dashboard. Days are Beijing's; every answer says as of which position of the journal."""

from datetime import date
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.cases.schemas.read import AsOfOut
from wangge.core.schemas import Day

PlaceCode = Annotated[str, StringConstraints(pattern=r"^\d{0,17}$")]


class DashboardIn(Schema):
    code: PlaceCode = Field(default="", description="a division or grid in scope; empty: the post's own")


class PeriodIn(DashboardIn):
    """`[since, until)`, at most 366 days."""

    since: Day
    until: Day


class HoursIn(PeriodIn):
    category: int | None = Field(default=None, description="one of the first level; 0: those without a category")


class UnitsIn(Schema):
    since: Day
    until: Day
    unit: Annotated[str, StringConstraints(max_length=300)] = Field(
        default="", description="path; empty: the post's own unit"
    )


class CountsOfDayOut(Schema):
    reported: int
    answered: int = Field(description="of those reported then: accepted, refused, settled or contacted since")
    answered_in_5: int = Field(description="within five minutes")
    closed: int
    closed_in_time: int
    self_settled: int
    rated: int
    satisfied: int = Field(description="4 or 5 of 5")


class DayOut(CountsOfDayOut):
    day: date
    dispatched: int = Field(description="to the unit, where the figures are a unit's")


class OpenOut(Schema):
    open: int
    overdue: int
    returned: int
    supervised: int


class OpenByStateOut(OpenOut):
    states: dict[str, int]


class DashboardOut(Schema):
    basis: str = Field(description="place: the post's codes; unit: the post has none")
    codes: list[str]
    today: DayOut
    yesterday: DayOut
    open: OpenByStateOut
    as_of: AsOfOut


class DaysOut(Schema):
    basis: str
    days: list[DayOut]
    as_of: AsOfOut


class PlaceOut(CountsOfDayOut, OpenOut):
    code: str
    name: str


class PlacesOut(Schema):
    items: list[PlaceOut]
    as_of: AsOfOut


class CategoryFiguresOut(CountsOfDayOut):
    id: int = Field(description="0: no category")
    path: str
    name: str
    full_name: str


class CategoriesOut(Schema):
    items: list[CategoryFiguresOut]
    as_of: AsOfOut


class SourceFiguresOut(CountsOfDayOut):
    source: str


class SourcesOut(Schema):
    items: list[SourceFiguresOut]
    as_of: AsOfOut


class OutcomeFiguresOut(Schema):
    outcome: str
    closed: int
    closed_in_time: int
    self_settled: int
    rated: int
    satisfied: int


class OutcomesOut(Schema):
    items: list[OutcomeFiguresOut]
    as_of: AsOfOut


class HoursOfDayOut(Schema):
    day: date
    hours: list[int] = Field(description="24 numbers: reported from 0:00, 1:00, … Beijing time")


class HoursOut(Schema):
    days: list[HoursOfDayOut]
    as_of: AsOfOut


class ArrivalsOfDayOut(Schema):
    day: date
    called: int = Field(description="departments called by whistle that day")
    arrived: int = Field(description="of those called that day")
    arrived_in_10: int = Field(description="within ten minutes of the call")
    arrival_s: int = Field(description="seconds from call to arrival, of all that came added up")


class ArrivalsOut(Schema):
    days: list[ArrivalsOfDayOut]
    as_of: AsOfOut


class UnitFiguresOut(OpenOut):
    path: str
    id: int | None = None
    name: str
    dispatched: int
    closed: int
    closed_in_time: int
    rated: int
    satisfied: int


class UnitsOut(Schema):
    items: list[UnitFiguresOut]
    as_of: AsOfOut

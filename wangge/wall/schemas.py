"""What crosses HTTP about walls. Times are UTC, days Beijing's."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.cases.schemas.read import AsOfOut, CaseRowOut
from wangge.core.schemas import Code, Instant
from wangge.wall.actions import ThemeGiven, WeatherGiven
from wangge.wall.definition import Definition

ThemeCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,29}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)]
Short = Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)]


class ThemeLineOut(Schema):
    code: str
    number: int = Field(description="which version stands")
    name_zh: str
    name_en: str
    valid_from: date
    is_shown: bool
    by_name: str
    at: datetime


class ThemesOut(Schema):
    items: list[ThemeLineOut]
    may_edit: bool


class ThemeOut(ThemeLineOut):
    definition: Definition


class ThemeVersionsOut(Schema):
    items: list[ThemeOut]


class ThemeIn(Schema):
    name_zh: Name
    name_en: Name
    valid_from: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))]
    is_shown: bool = True
    after: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        description="number of the version that was looked at; 0: new"
    )
    definition: Definition

    def given(self) -> ThemeGiven:
        return ThemeGiven(
            name_zh=self.name_zh,
            name_en=self.name_en,
            valid_from=self.valid_from,
            is_shown=self.is_shown,
            definition=self.definition,
        )


class WeatherIn(Schema):
    """As somebody observed it, or the weather service says."""

    code: Code = Field(description="division it is said of")
    observed_at: Instant
    text_zh: Annotated[str, StringConstraints(min_length=1, max_length=30, strip_whitespace=True)]
    text_en: Short = ""
    temperature_c: Annotated[float, Field(ge=-80, le=60, allow_inf_nan=False)] | None = None
    warning: Literal["", "blue", "yellow", "orange", "red"] = ""
    warning_text_zh: Short = ""
    warning_text_en: Short = ""

    def given(self) -> WeatherGiven:
        return WeatherGiven(**self.model_dump())


class WeatherOut(Schema):
    code: str
    observed_at: datetime
    text_zh: str
    text_en: str
    temperature_c: float | None = None
    warning: str
    warning_text_zh: str
    warning_text_en: str
    by_name: str


class WeatherNowOut(Schema):
    weather: WeatherOut | None = Field(default=None, description="none where nobody said any in the last three hours")


class WallNumberOut(Schema):
    metric: str
    span: str
    since: date | None = Field(default=None, description="days `[since, until)`; none: as things stand now")
    until: date | None = None
    value: int
    total: int | None = Field(default=None, description="of how many, where the value is a part")


class WallSeriesOut(Schema):
    name: str
    values: list[float | None]


class WallChartOut(Schema):
    labels: list[str]
    keys: list[str] = []
    series: list[WallSeriesOut]


class HotLineOut(Schema):
    key: str
    name: str
    path: str = ""
    now: int
    before: list[int] = Field(description="in the same hours 1, 2, 3 and 4 weeks earlier")


class HotOut(Schema):
    since: datetime
    until: datetime
    items: list[HotLineOut]


class WallLineOut(Schema):
    name: str
    text: str
    note: str = ""


class WallPanelOut(Schema):
    """What a panel shows; which of these is filled follows from its kind."""

    id: str
    kind: str
    numbers: list[WallNumberOut] | None = None
    chart: WallChartOut | None = None
    hot: HotOut | None = None
    cases: list[CaseRowOut] | None = None
    weather: WeatherOut | None = None
    lines: list[WallLineOut] | None = Field(default=None, description="none: no room has a source for it yet")


class BoardOut(Schema):
    code: str
    number: int
    day: date
    at: datetime
    panels: list[WallPanelOut]
    as_of: AsOfOut


class FeedLineOut(Schema):
    kind: str
    at: datetime
    case: CaseRowOut


class FeedOut(Schema):
    items: list[FeedLineOut]


class OpenPlaceOut(Schema):
    code: str
    open: int
    overdue: int
    returned: int
    supervised: int


class WarmCellOut(Schema):
    lon: float
    lat: float
    open: int
    overdue: int


class OnMapOut(Schema):
    places: list[OpenPlaceOut]
    cells: list[WarmCellOut] = Field(description="squares in which ten or more open cases lie")
    cell_m: float
    as_of: AsOfOut


class GroundOut(Schema):
    """GeoJSON, WGS-84, simplified to what a wall shows."""

    bounds: list[float] | None = Field(default=None, description="west, south, east, north")
    grids: dict[str, Any]
    streets: dict[str, Any]


def listed(items: list[Any]) -> dict[str, Any]:
    return {"items": items}

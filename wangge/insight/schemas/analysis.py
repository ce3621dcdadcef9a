"""Analysis as it crosses HTTP. Days are Beijing's, `[since, until)`."""

from datetime import date
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from wangge.cases.queries.breakdown import Asked, Beside, By
from wangge.cases.queries.figures import Period
from wangge.cases.rules.states import Outcome, Source
from wangge.cases.schemas.asked import Path
from wangge.cases.schemas.figures import PlaceCode
from wangge.cases.schemas.read import AsOfOut
from wangge.core.schemas import Day, Id


class AnalysisIn(Schema):
    """At most one of category, source, outcome and unit; by time and by place go with each of them."""

    by: By = By.DAY
    since: Day
    until: Day
    beside: Beside = Beside.NOTHING
    code: PlaceCode = Field(default="", description="a division or grid in scope; empty: the post's own")
    scheme: Id | None = None
    category: Path = Field(default="", description="path: it and everything below it")
    source: Source | Literal[""] = ""
    outcome: Outcome | Literal[""] = ""
    unit: Path = Field(default="", description="path: units that led, it and those below it")

    def asked(self) -> Asked:
        """Raises TooManyDays."""
        return Asked(
            by=self.by,
            period=Period(self.since, self.until),
            beside=self.beside,
            code=self.code,
            scheme=self.scheme,
            category=self.category,
            source=str(self.source),
            outcome=str(self.outcome),
            unit=self.unit,
        )


class MeasureOut(Schema):
    """A count of each row. Its cases: the row's `narrow`, with `moment` in the row's days, and `filters`."""

    name: str
    moment: Literal["reported", "dispatched", "closed"]
    filters: dict[str, Any] = Field(description="of the case list")


class SideOut(Schema):
    since: date
    until: date
    counts: dict[str, int]


class AnalysisRowOut(SideOut):
    key: str
    label: str = Field(description="empty: without a category")
    below: bool = Field(description="may be broken down further")
    narrow: dict[str, Any] = Field(description="filters of the case list")
    before: SideOut | None = None


class AnalysisOut(Schema):
    by: By
    since: date
    until: date
    before_since: date | None = None
    before_until: date | None = None
    measures: list[MeasureOut]
    items: list[AnalysisRowOut]
    totals: dict[str, int]
    before: dict[str, int] | None = None
    as_of: AsOfOut

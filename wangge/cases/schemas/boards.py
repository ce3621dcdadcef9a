"""The boards: supervision (督办台) and whistles (吹哨台). Times are UTC; names are in the reader's language."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from wangge.cases.queries.supervision import Board, View
from wangge.cases.schemas.asked import Path
from wangge.cases.schemas.figures import PlaceCode
from wangge.cases.schemas.read import CaseRowOut
from wangge.cases.schemas.together import WhistleFileOut
from wangge.core.paging import DEFAULT_SIZE, LARGEST_SIZE
from wangge.core.schemas import Day

LONGEST_AHEAD_H = 72


class BoardIn(Schema):
    code: PlaceCode = Field(default="", description="a division or grid; empty: all in scope")
    unit: Path = Field(default="", description="path: the unit and those below it")
    kind: Literal["", "centre", "department", "branch"] = ""
    hours: Annotated[int, Field(ge=1, le=LONGEST_AHEAD_H)] = Field(default=4, description="how far ahead is soon")

    def asked(self) -> Board:
        return Board(code=self.code, unit=self.unit, kind=self.kind, hours=self.hours)


class SupervisedIn(BoardIn):
    view: View = View.ALL
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    limit: Annotated[int, Field(ge=1, le=LARGEST_SIZE)] = DEFAULT_SIZE


class BoardCountsOut(Schema):
    """Cases, each counted once."""

    overdue: int
    soon: int = Field(description="due within the hours asked")
    ordered: int = Field(description="supervision order, yellow or red card")
    yellow: int
    red: int
    owing: int = Field(description="a receipt for one of those is missing")


class UnitOnBoardOut(BoardCountsOut):
    path: str
    id: int | None = None
    name: str
    kind: str
    oldest_due_at: datetime | None = None


class SupervisionBoardOut(Schema):
    totals: BoardCountsOut = Field(description="a case at two units counts once")
    units: list[UnitOnBoardOut]
    hours: int
    at: datetime


class BoardClockOut(Schema):
    stage: str
    unit: str
    unit_path: str
    started_at: datetime
    due_at: datetime
    next_step_at: datetime | None = Field(default=None, description="when the rules take the next step of the ladder")
    trace: list[str]


class LadderStepOut(Schema):
    id: int
    step: int = Field(description="1 reminder, 2 urging, 3 supervision order, 4 yellow card, 5 red card")
    by_rule: bool
    unit: str = Field(description="who was told")
    text: str
    at: datetime
    receipt_at: datetime | None = None
    receipt_by: str
    receipt_text: str


class SupervisedOut(CaseRowOut):
    clock: BoardClockOut | None = None
    ladder: list[LadderStepOut]
    may: list[Literal["supervise", "receipt"]]


class WhistleBoardIn(Schema):
    """Beijing days `[since, until)`."""

    since: Day
    until: Day
    code: PlaceCode = ""
    unit: Path = Field(default="", description="path of a unit called")


class WhistleFiguresOut(Schema):
    called: int
    confirmed: int
    refused: int
    ended: int
    confirm_minutes: float | None = Field(default=None, description="mean, from called to confirmed")
    musters: int = Field(description="units called by those whistles")
    arrived: int
    arrived_in_10: int = Field(description="within ten minutes")
    arrive_minutes: float | None = Field(default=None, description="mean of those arrived")
    rated: int
    score: float | None = Field(default=None, description="mean, 1 to 5")


class WhistleBoardOut(Schema):
    figures: WhistleFiguresOut
    open: list[WhistleFileOut] = Field(description="whenever called; oldest first")
    at: datetime

"""What residents without an account send and read."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.cases.actions.follow import MOST_PIECES, PieceShown
from wangge.cases.actions.intake import ReportGiven
from wangge.cases.rules.states import Source
from wangge.cases.schemas import write
from wangge.cases.schemas.evidence import PublicPiece
from wangge.core.schemas import Words

GridCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{15}([0-9]{2})?$", max_length=17)]
# Of whom the signs are asked for: a grid, or all grids of a community.
SignsOf = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}([0-9]{3}([0-9]{2})?)?$", max_length=17)]
Pieces = Annotated[list[PublicPiece], Field(max_length=MOST_PIECES)]


def pieces_shown(pieces: list[PublicPiece]) -> list[PieceShown]:
    return [PieceShown(piece.id, piece.token) for piece in pieces]


class ResidentReportIn(write.PublicReportIn):
    evidence: Pieces = []

    def as_given(self) -> ReportGiven:
        values = self.model_dump(exclude={"reporter", "code", "evidence"})
        return ReportGiven(**values, code=self.code or "", source=Source.RESIDENT, reporter=self.reporter.as_given())


class ResidentReportedOut(Schema):
    number: str
    follow_code: str


class FollowIn(Schema):
    number: Annotated[str, StringConstraints(pattern=r"^\s*[A-Za-z0-9]{6,40}\s*$", strip_whitespace=True)]
    code: Annotated[str, StringConstraints(pattern=r"^\d{8}$", strip_whitespace=True)]


class FollowRateIn(FollowIn):
    score: Annotated[int, Field(ge=1, le=5)]
    solved: bool | None = None
    text: Words = ""


class FollowReopenIn(FollowIn):
    reason: write.Reason


class FollowAddIn(FollowIn):
    text: write.Reason
    evidence: Pieces = []


class PlainStepOut(Schema):
    at: datetime
    what: str


class ProgressOut(Schema):
    number: str
    title: str
    reported_at: datetime
    is_open: bool
    outcome: str
    reply: str
    due_at: datetime | None = None
    steps: list[PlainStepOut]
    score: int | None = None
    may_rate: bool
    may_reopen: bool
    may_add: bool


class PublicCategoryOut(Schema):
    id: int
    parent_id: int | None = None
    name: str
    is_leaf: bool
    is_complaint: bool


class ServingOut(Schema):
    kind: str
    name: str
    phone: str


class MyGridOut(Schema):
    code: str
    name: str
    community: str
    street: str
    district: str
    supervision_phone: str
    centre: str
    centre_phone: str
    team: list[ServingOut]


class GridSignOut(MyGridOut):
    """What hangs in a grid: what its residents may read, and the way to report there."""

    address: str
    svg: str
    english: Annotated[bool, Field(description="the house has English put beneath the Chinese, whoever prints it")]

"""任务 as they cross HTTP."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from wangge.core.schemas import Code, Id, Instant, Lat, Line, Lon, Words
from wangge.field.actions.errand_moves import MoveGiven
from wangge.field.actions.errands import MOST_WORKERS, ErrandGiven
from wangge.field.rules.errands import ErrandKind, ErrandMove, ErrandStepKind
from wangge.field.schemas.forms import Accuracy, PieceOut

GIVABLE = Literal[
    ErrandKind.VERIFY,
    ErrandKind.INSPECT,
    ErrandKind.RESPOND,
    ErrandKind.RECTIFY,
    ErrandKind.RECHECK,
    ErrandKind.COLLECT,
    ErrandKind.OTHER,
]
Posts = Annotated[list[Id], Field(min_length=1, max_length=MOST_WORKERS)]
Pieces = Annotated[list[uuid.UUID], Field(max_length=30)]


class ErrandIn(Schema):
    """On a case, its place and address stand where none are given. `due_at` empty: no time limit."""

    id: uuid.UUID | None = None
    kind: GIVABLE
    title: Line
    text: Words = ""
    posts: Posts
    case_id: uuid.UUID | None = None
    subject_id: uuid.UUID | None = None
    form: Line = ""
    grid: Code | None = None
    address: Line = ""
    lon: Lon | None = None
    lat: Lat | None = None
    due_at: Instant | None = None
    urgent: bool = False
    needs_photo: bool = False

    def as_given(self) -> ErrandGiven:
        return ErrandGiven(**self.model_dump(exclude={"id", "grid"}), grid=self.grid or "")


class ErrandMoveIn(Schema):
    """`result`: of 核实 true/false, of 核查, 整改 and 复查 fixed/not_fixed. `until`: of ask_time."""

    move: ErrandMove
    happened_at: Instant
    text: Words = ""
    lon: Lon | None = None
    lat: Lat | None = None
    accuracy: Accuracy | None = None
    result: Literal["", "true", "false", "fixed", "not_fixed"] = ""
    evidence: Pieces = []
    until: Instant | None = None

    def as_given(self) -> MoveGiven:
        return MoveGiven(**self.model_dump())


class ErrandWorkersIn(Schema):
    posts: Posts


class ErrandReasonIn(Schema):
    reason: Line


class AskDecisionIn(Schema):
    grant: bool
    text: Words = ""


class ErrandCaseOut(Schema):
    """`in_sight`: the reader may open it."""

    id: uuid.UUID
    number: str
    title: str
    in_sight: bool


class ErrandWorkerOut(Schema):
    """`late`: of its clocks (answer, arrive, due) those that ran out before it was done."""

    id: uuid.UUID
    post_id: int
    name: str
    unit: str
    phone: str
    state: str
    mine: bool
    version: int
    signed_at: datetime | None
    set_out_at: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    distance_m: float | None
    answer_due_at: datetime | None
    arrive_due_at: datetime | None
    due_at: datetime | None
    late: list[str]
    result: str
    text: str
    asks_until: datetime | None


class ErrandAskOut(Schema):
    id: uuid.UUID
    name: str
    until: datetime
    reason: str
    asked_at: datetime
    granted: bool | None
    decided_by: str
    decision: str


class ErrandStepOut(Schema):
    kind: ErrandStepKind
    name: str
    happened_at: datetime
    received_at: datetime
    text: str
    distance_m: float | None


class ErrandRowOut(Schema):
    """`moves`: what the reader may do with it now. `may_give`: withdraw, send more, decide on time."""

    id: uuid.UUID
    number: str
    kind: str
    state: str
    title: str
    text: str
    grid: str
    address: str
    lon: float | None
    lat: float | None
    urgent: bool
    needs_photo: bool
    given_at: datetime
    by_name: str
    from_unit: str
    due_at: datetime | None
    form: str
    case: ErrandCaseOut | None
    subject_id: uuid.UUID | None
    record_id: uuid.UUID | None
    parent_id: uuid.UUID | None
    closed_at: datetime | None
    withdrawn_why: str
    workers: list[ErrandWorkerOut]
    mine: ErrandWorkerOut | None
    moves: list[str]
    may_give: bool
    asks: list[ErrandAskOut]


class ErrandOut(ErrandRowOut):
    steps: list[ErrandStepOut]
    photos: list[PieceOut]

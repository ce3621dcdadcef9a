"""What moves would do, before anybody presses."""

import uuid
from datetime import datetime
from typing import Annotated, Literal, Self

from ninja import Schema
from pydantic import AfterValidator, Field, model_validator

from wangge.cases.actions.previews import MANY, MOST, Given
from wangge.cases.rules.moves import Move
from wangge.cases.rules.states import Outcome
from wangge.cases.rules.supervision import LadderStep
from wangge.cases.schemas.asked import FiltersIn
from wangge.cases.schemas.claims import ClaimOut
from wangge.cases.schemas.read import NamedPlaceOut, NamedUnitOut
from wangge.cases.schemas.write import LimitIn
from wangge.core.schemas import Id, Part, Words


class PreviewDispatchIn(Schema):
    move: Literal["dispatch", "transfer"] = "dispatch"
    lead_id: Id
    assist_ids: Annotated[list[Id], Field(max_length=20)] = []
    limit: LimitIn | None = None


class StartedClockOut(Schema):
    stage: str
    unit: str
    limit: str
    started_at: datetime
    due_at: datetime | None = None
    amber_at: datetime | None = None
    trace: list[str] = Field(description="how the due time is reached, one sentence for each step")


class PreviewDispatchOut(Schema):
    clocks: list[StartedClockOut] = Field(description="that it would start")


def _of_many(move: Move) -> Move:
    if move not in MANY:
        raise ValueError(f"one of {', '.join(MANY)}")
    return move


class GivenIn(Part):
    text: Words = ""
    lead_id: Id | None = Field(default=None, description="dispatch: none for the unit suggested first for each case")
    assist_ids: Annotated[list[Id], Field(max_length=20)] = []
    limit: LimitIn | None = None
    outcome: Outcome | None = None
    step: LadderStep | None = None

    def as_given(self) -> Given:
        values = self.model_dump(exclude={"limit", "assist_ids"})
        limit = self.limit.as_limit() if self.limit else None
        return Given(**values, assist_ids=tuple(self.assist_ids), limit=limit)


class PreviewMovesIn(Schema):
    """Either `case_ids`, or all that are `matching`, newest first, up to the limit that the answer states."""

    move: Annotated[Move, AfterValidator(_of_many)]
    case_ids: Annotated[list[uuid.UUID], Field(max_length=MOST)] = []
    matching: FiltersIn | None = None
    given: GivenIn = GivenIn()

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if bool(self.case_ids) == (self.matching is not None):
            raise ValueError("either case_ids or matching")
        return self


class PreviewedOut(Schema):
    id: uuid.UUID
    number: str
    title: str
    grid: NamedPlaceOut
    state: str
    version: int = Field(description="that was looked at: send it with the move")
    claim: ClaimOut | None = None
    allowed: bool
    code: str = Field(default="", description="of the refusal")
    why: str = Field(default="", description="of the refusal, in words")
    to_state: str = ""
    lead: NamedUnitOut | None = None
    due_at: datetime | None = None
    due_stage: str = ""


class PreviewMovesOut(Schema):
    items: list[PreviewedOut]
    most: int = Field(description="cases at once")
    is_cut: bool = Field(description="more match than are taken at once")

"""占用 as it crosses HTTP: who is at work on a case, and who else has it open."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, Field, StringConstraints

from wangge.cases.rules.claims import claims
from wangge.cases.rules.moves import BY_MOVE, Move
from wangge.core.schemas import Row


def _is_work(move: Move) -> Move:
    if move not in BY_MOVE or not claims(BY_MOVE[move]):
        raise ValueError("a move that decides something")
    return move


Begun = Annotated[Move, AfterValidator(_is_work)]


class ClaimOut(Row):
    post_id: int = Field(description="compare with one's own post: a claim is a seat's")
    by_name: str = Field(description="empty where the reader may not know")
    by_unit: str
    move: str = Field(description="that was begun")
    label: str = Field(description="of the move, in the reader's language")
    since: datetime
    is_left: bool = Field(description="nobody has been at it for minutes: may be taken over without a reason")


class LookingOut(Schema):
    post_id: int
    by_name: str
    by_unit: str
    since: datetime


class AtWorkOut(Schema):
    claim: ClaimOut | None = None
    looking: list[LookingOut] = Field(description="others who have the case open now")


class ClaimIn(Schema):
    move: Begun = Field(description="that is begun; one that only adds to a case takes nothing up")


class TakeOverIn(ClaimIn):
    reason: Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)] = Field(
        default="", description="needed unless the claim was left"
    )


class LookIn(Schema):
    working: bool = Field(default=False, description="renews one's own claim")

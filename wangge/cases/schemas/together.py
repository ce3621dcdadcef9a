"""What crosses HTTP where several work on one matter: whistles, and cases joined."""

import uuid
from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from wangge.cases.actions import MusterRating
from wangge.cases.schemas.write import MoveIn, Version
from wangge.core.schemas import Id, Instant, Lat, Line, Lon, Words


class ConfirmWhistleIn(MoveIn):
    unit_ids: Annotated[list[Id], Field(min_length=1, max_length=20)]


class ArriveIn(Schema):
    lon: Lon
    lat: Lat
    happened_at: Annotated[
        Instant | None, Field(description="when they were there, where it is told later: a phone without a network")
    ] = None
    unit_id: Id | None = None
    text: Words = ""


class MusterRatingIn(Schema):
    unit_id: Id
    score: Annotated[int, Field(ge=1, le=5)]
    comment: Line = ""

    def as_rating(self) -> MusterRating:
        return MusterRating(unit_id=self.unit_id, score=self.score, comment=self.comment)


class EndWhistleIn(MoveIn):
    ratings: Annotated[list[MusterRatingIn], Field(max_length=20)]


class MusteredOut(Schema):
    unit_id: int
    unit: str
    yours: Annotated[bool, Field(description="whether the reader may say that this unit has arrived")]
    called_at: datetime
    arrived_at: Annotated[datetime | None, Field(description="when they were there, as they said")]
    arrival_received_at: Annotated[
        datetime | None, Field(description="when that was heard of; later without a network")
    ]
    minutes: Annotated[float | None, Field(description="from called to arrived")]
    lon: float | None
    lat: float | None
    distance_m: Annotated[float | None, Field(description="metres from the case when arriving")]
    arrived_by: str
    score: int | None
    comment: str


class WhistleFileOut(Schema):
    """The file of one whistle (一哨一档). `state`: called, mustering, refused, ended."""

    id: uuid.UUID
    number: str
    state: str
    case_id: uuid.UUID
    case_number: str
    title: str
    address: str
    lon: float | None
    lat: float | None
    code: str
    by_name: str
    centre: str
    reason: str
    called_at: datetime
    confirmed_at: datetime | None
    refused_at: datetime | None
    refusal: str
    ended_at: datetime | None
    musters: list[MusteredOut]


class JoinIn(Schema):
    into_id: uuid.UUID
    text: Words = ""
    version: Version | None = None


class JoinOut(Schema):
    case_id: uuid.UUID
    case_number: str
    case_title: str
    into_id: uuid.UUID
    into_number: str
    into_title: str
    at: datetime
    undone_at: datetime | None

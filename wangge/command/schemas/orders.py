"""指令 and 公告 over HTTP."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.command.actions import OrderGiven
from wangge.core.schemas import Code, Id, Instant, Lat, Line, Lon, Words

RoleCode = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


class OrderIn(Schema):
    """`divisions`: every centre in them. Without `due_at` it has no time limit."""

    title: Line
    text: Words = ""
    units: Annotated[list[Id], Field(max_length=1000)] = []
    posts: Annotated[list[Id], Field(max_length=1000)] = []
    divisions: Annotated[list[Code], Field(max_length=50)] = []
    due_at: Instant | None = None
    needs_report: bool = False
    case_id: uuid.UUID | None = None
    place: Line = ""
    lon: Lon | None = None
    lat: Lat | None = None

    def as_order(self) -> OrderGiven:
        return OrderGiven(**self.model_dump())


class OrderRowOut(Schema):
    """`owed`: an answer of the reader's own is missing."""

    id: uuid.UUID
    number: str
    title: str
    from_unit: str
    by_name: str
    given_at: datetime
    due_at: datetime | None
    needs_report: bool
    place: str
    sent: int
    received: int
    reported: int
    is_late: bool
    withdrawn_at: datetime | None
    owed: bool


class RecipientOut(Schema):
    unit: str
    name: str
    is_post: bool
    mine: bool
    received_at: datetime | None
    received_by: str
    reported_at: datetime | None
    reported_by: str
    report: str
    owes: bool


class OrderCaseOut(Schema):
    id: uuid.UUID
    number: str


class OrderOut(OrderRowOut):
    text: str
    lon: float | None
    lat: float | None
    case: OrderCaseOut | None
    withdrawn_by: str
    withdrawn_why: str
    recipients: list[RecipientOut]
    may_receive: bool
    may_report: bool
    may_withdraw: bool


class OrderReportIn(Schema):
    text: Words


class OrderReasonIn(Schema):
    reason: Line


class AddresseeOut(Schema):
    post_id: int
    name: str
    title: str
    unit: str


class AnnouncementIn(Schema):
    """`codes`: divisions whose units see it, empty: one's own. `roles`: empty is everybody."""

    title: Line
    text: Words
    codes: Annotated[list[Code], Field(max_length=50)] = []
    roles: Annotated[list[RoleCode], Field(max_length=30)] = []
    from_at: Instant | None = None
    to_at: Instant
    is_pinned: bool = False


class AnnouncementOut(Schema):
    id: uuid.UUID
    title: str
    text: str
    is_pinned: bool
    from_unit: str
    by_name: str
    codes: list[str]
    roles: list[str]
    from_at: datetime
    to_at: datetime
    standing: Literal["ahead", "shown", "over", "down"]

"""值班 over HTTP."""

import uuid
from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.command.actions import PersonOnDuty
from wangge.core.schemas import Id, Line, TimeOfDay

Kind = Literal["day", "night", "whole"]
Role = Literal["leader", "chief", "seat"]
Phone = Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]
Clock = Annotated[TimeOfDay | None, Field(description="Beijing time; empty: as usual for this kind of shift")]


class DutyPersonIn(Schema):
    """`mobile` null keeps the number of a person who is in the shift already (`id`)."""

    id: uuid.UUID | None = None
    role: Role
    name: Name = ""
    user_id: Id | None = None
    title: Name = ""
    phone: Phone = ""
    mobile: Phone | None = None

    def as_person(self) -> PersonOnDuty:
        return PersonOnDuty(**self.model_dump())


class DutyShiftIn(Schema):
    people: Annotated[list[DutyPersonIn], Field(max_length=20)]
    begins: Clock = None
    ends: Clock = None
    note: Line = ""


class NewShiftIn(DutyShiftIn):
    unit_id: Id
    day: date
    kind: Kind


class ShiftChangeIn(DutyShiftIn):
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class SwapIn(Schema):
    person_id: uuid.UUID
    with_whom: DutyPersonIn
    reason: Line


class CopyWeekIn(Schema):
    unit_id: Id
    source: Annotated[date, Field(description="a Monday")]
    target: Annotated[date, Field(description="a Monday")]


class CopiedOut(Schema):
    """Shifts; `left_out` are people who have no post in the unit on that day."""

    copied: int
    skipped: int
    left_out: int


class PurposeIn(Schema):
    purpose: Line


class DutyPersonOut(Schema):
    """`phone` is the number of the post; `mobile` is masked."""

    id: uuid.UUID
    role: Role
    user_id: int | None
    name: str
    title: str
    phone: str
    mobile: str


class DutySwapOut(Schema):
    role: Role
    out: str
    into: str
    reason: str
    by: str
    at: datetime


class DutyShiftOut(Schema):
    id: uuid.UUID
    day: date
    kind: Kind
    begins_at: datetime
    ends_at: datetime
    note: str
    version: int
    standing: Literal["planned", "running", "over"]
    people: list[DutyPersonOut]
    swaps: list[DutySwapOut]


class UnitNameOut(Schema):
    id: int
    name: str
    phone: str


class CandidateOut(Schema):
    user_id: int
    name: str
    title: str


class WeekOut(Schema):
    unit: UnitNameOut
    monday: date
    may_edit: bool
    shifts: list[DutyShiftOut]
    candidates: list[CandidateOut]


class RosterOut(Schema):
    """One unit and who stands there now, leaders first."""

    id: int
    name: str
    short_name: str
    kind: str
    code: str
    level: Literal["district", "street", "community", "department"]
    phone: str
    is_mine: bool
    people: list[DutyPersonOut]


class RostersOut(Schema):
    """`more`: not all are here; ask with a part of the name."""

    items: list[RosterOut]
    more: bool


class RevealedMobileOut(Schema):
    id: uuid.UUID
    mobile: str

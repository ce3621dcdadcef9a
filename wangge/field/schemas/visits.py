"""Whom to visit, as it crosses HTTP."""

import uuid
from datetime import date
from typing import Annotated

from ninja import Schema
from pydantic import Field

from wangge.core.schemas import Code, Day, Id, Lat, Line, Lon, Words
from wangge.field.actions.visits import SubjectGiven
from wangge.field.models.visits import SubjectKind
from wangge.field.rules.visits import Level
from wangge.field.schemas.forms import RecordOut


class SubjectIn(Schema):
    """A contact left out stays as it is; without `interval_days` the level says how often. Without `post_id` it is of
    whoever looks after the grid; `until_date`: the first day without its basis."""

    kind: SubjectKind
    title: Line
    address: Line = ""
    grid: Code
    lon: Lon | None = None
    lat: Lat | None = None
    contact_name: Line | None = None
    contact_phone: Line | None = None
    level: Level = Level.C
    interval_days: Annotated[int, Field(ge=1, le=3660)] | None = None
    form: Line
    next_date: Day | None = None
    note: Words = ""
    post_id: Id | None = None
    basis: Line = ""
    until_date: Day | None = None
    is_active: bool = True

    def as_given(self) -> SubjectGiven:
        return SubjectGiven(**self.model_dump(include=set(SubjectIn.model_fields)))


class SubjectPut(SubjectIn):
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class SubjectOut(Schema):
    id: uuid.UUID
    kind: SubjectKind
    title: str
    address: str
    grid: str
    grid_name: str
    lon: float | None
    lat: float | None
    contact_name: str
    contact_phone: str
    level: Level
    interval_days: int
    own_interval: int | None
    form: str
    last_date: date | None
    next_date: date
    is_overdue: bool
    days_left: int
    note: str
    post_id: int | None
    worker: str
    basis: str
    until_date: date | None
    is_active: bool
    version: int


class SubjectCardOut(SubjectOut):
    records: list[RecordOut]


class ContactOut(Schema):
    contact_name: str
    contact_phone: str


class VisitsKeptOut(Schema):
    grid: str
    grid_name: str
    due: int
    done: int
    in_time: int
    overdue: int

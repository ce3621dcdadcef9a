"""People under care over HTTP: masked in lists, opened for a purpose."""

import uuid
from datetime import date
from typing import Annotated, Literal, Self

from ninja import Schema
from pydantic import Field, StringConstraints, model_validator

from wangge.core.schemas import Id, Line, Words
from wangge.registry.rules.purposes import RevealPurpose

Level = Annotated[int, Field(ge=1, le=3)]


class HelperIn(Schema):
    role: Literal["cadre", "grid_worker", "police", "doctor", "volunteer", "family"]
    name: Line
    post_id: Id | None = None


class CareIn(Schema):
    id_number: Line
    category: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
    basis: Line
    level: Level = 2
    start_date: date | None = None
    end_date: date | None = None
    worker_post: Id | None = None
    helpers: Annotated[list[HelperIn], Field(max_length=10)] = []


class AssignIn(Schema):
    level: Level
    worker_post: Id | None = None
    helpers: Annotated[list[HelperIn], Field(max_length=10)] = []


class CareWorkersIn(Schema):
    """Either `id_number`, of somebody who is to come under care, or `care_id`, of somebody who is."""

    id_number: Line | None = None
    care_id: uuid.UUID | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if bool(self.id_number) == (self.care_id is not None):
            raise ValueError("either id_number or care_id")
        return self


class CareWorkerOut(Schema):
    """`serves`: the person's own grid or a place above it; else the post is the department's."""

    post_id: int
    name: str
    unit: str
    role_zh: str
    role_en: str
    serves: bool


class CareVisitIn(Schema):
    """`id`: made by the phone, so that sending twice records one visit."""

    id: uuid.UUID | None = None
    visited_on: date
    findings: Words
    needs: Words = ""


class CareOpenIn(Schema):
    purpose: RevealPurpose


class CareEndIn(Schema):
    reason: Line


class CareMadeOut(Schema):
    id: uuid.UUID


class CareLineOut(Schema):
    id: uuid.UUID
    name: str
    category: str
    category_zh: str
    category_en: str
    level: int
    start_date: date
    end_date: date | None
    next_visit: date | None
    is_overdue: bool
    may_edit: bool


class CareCategoryOut(Schema):
    code: str
    name_zh: str
    name_en: str
    legal_basis: str
    approval: str
    department: str
    interval_days: int
    count: int | None


class CareHelperOut(Schema):
    role: str
    name: str
    post_id: int | None


class CareVisitOut(Schema):
    id: uuid.UUID
    visited_on: date
    by_name: str
    findings: str
    needs: str


class CareOpenOut(Schema):
    name: str
    basis: str
    phone: str
    address: str
    worker_post: int | None
    worker: str
    helpers: list[CareHelperOut]
    visits: list[CareVisitOut]


class ReminderOut(Schema):
    id: uuid.UUID
    name: str
    code: str
    grid: str
    kind: Literal["turns_80", "permit_ends"]
    day: date

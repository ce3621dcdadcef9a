"""Forms and records as they cross HTTP."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from wangge.core.schemas import Code, Day, Instant, Lat, Line, Lon, Words
from wangge.field.actions.forms import FormGiven
from wangge.field.actions.records import RecordGiven
from wangge.field.actions.rectifications import RectifyGiven
from wangge.field.models.forms import FormKind

Accuracy = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False, description="metres")]


class FormIn(Schema):
    """`schema`: the subset of JSON Schema that ADR 19 names."""

    kind: FormKind
    name_zh: Line
    name_en: Line
    is_active: bool = True
    schema_: dict[str, Any] = Field(alias="schema")

    def as_given(self) -> FormGiven:
        return FormGiven(
            kind=str(self.kind),
            name_zh=self.name_zh,
            name_en=self.name_en,
            is_active=self.is_active,
            schema=self.schema_,
        )


class FormOut(Schema):
    code: str
    kind: FormKind
    version: int
    name_zh: str
    name_en: str
    is_active: bool
    schema_: dict[str, Any] = Field(alias="schema")
    may_edit: bool


class FormVersionOut(Schema):
    version: int
    at: datetime
    by_name: str


class FormCardOut(FormOut):
    versions: list[FormVersionOut]


class RectifyIn(Schema):
    """`id` of the errand, made by the phone. `item`: the field that was not passed."""

    id: uuid.UUID
    item: Line
    text: Words = ""
    due_date: Day


class RecordIn(Schema):
    id: uuid.UUID
    form: Line
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    happened_at: Instant
    answers: dict[str, Any]
    subject_id: uuid.UUID | None = None
    errand_id: uuid.UUID | None = None
    grid: Code | None = None
    address: Line = ""
    lon: Lon | None = None
    lat: Lat | None = None
    accuracy: Accuracy | None = None
    rectify: Annotated[list[RectifyIn], Field(max_length=40)] = []

    def as_given(self) -> RecordGiven:
        rectify = tuple(RectifyGiven(**one.model_dump()) for one in self.rectify)
        return RecordGiven(**self.model_dump(exclude={"grid", "rectify"}), grid=self.grid or "", rectify=rectify)


class PieceOut(Schema):
    id: uuid.UUID
    kind: str
    mime: str
    taken_at: datetime | None = None


class RectificationOut(Schema):
    id: uuid.UUID
    number: str
    item: str
    state: str


class RecordOut(Schema):
    """`answers` with secrets masked; `secrets`: which those are."""

    id: uuid.UUID
    form: str
    form_name: str
    form_name_en: str
    version: int
    kind: str
    subject_id: uuid.UUID | None
    subject_title: str
    errand_id: uuid.UUID | None
    grid: str
    address: str
    lon: float | None
    lat: float | None
    happened_at: datetime
    received_at: datetime
    by_name: str
    answers: dict[str, Any]
    secrets: list[str]
    failed: list[str]
    due_date: date | None
    next_date: date | None
    photos: list[PieceOut]
    rectifications: list[RectificationOut]


class SecretPurposeIn(Schema):
    purpose: Line


class SecretsOut(Schema):
    values: dict[str, str]

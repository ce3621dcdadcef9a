"""Forms and records as they cross HTTP."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from wangge.core.marks import Seen
from wangge.core.schemas import Code, Day, Instant, Lat, Line, Lon, Words
from wangge.field.actions.forms import FormGiven
from wangge.field.actions.given import RecordGiven, RegistryGiven
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
    seen: Seen | None = None

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
    mark: str
    versions: list[FormVersionOut]


class RectifyIn(Schema):
    """`id` of the errand, made by the phone. `item`: the field that was not passed."""

    id: uuid.UUID
    item: Line
    text: Words = ""
    due_date: Day


class RecordRegistryIn(Schema):
    """What a sheet with `x-registry` is about. `id`: made by the phone for a new record; `version`: of the record as it
    was open on the phone, null for a new one. `confirmed`: fields of the sheet that were seen and are right. `why`:
    needed where something masked or sealed is taken away. The sheet's place (WGS-84) is where the record stands: a new
    one, or one of a kind that is collected at a point and stands elsewhere than was written."""

    id: uuid.UUID
    version: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    building_id: uuid.UUID | None = None
    dwelling_id: uuid.UUID | None = None
    moved_in: bool = False
    confirmed: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=120)] = []
    why: Line = ""


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
    registry: RecordRegistryIn | None = None

    def as_given(self) -> RecordGiven:
        rectify = tuple(RectifyGiven(**one.model_dump()) for one in self.rectify)
        registry = None if self.registry is None else RegistryGiven(**self.registry.model_dump())
        plain = self.model_dump(exclude={"grid", "rectify", "registry"})
        return RecordGiven(**plain, grid=self.grid or "", rectify=rectify, registry=registry)


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


class RecordRegistryOut(Schema):
    """The record of the registry that a sheet became or corrected: `fields` are what was said of it."""

    kind: str
    id: uuid.UUID
    version: int
    fields: list[str]


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
    grid_name: str
    address: str
    lon: float | None
    lat: float | None
    happened_at: datetime
    received_at: datetime
    by_name: str
    answers: dict[str, Any]
    registry: RecordRegistryOut | None
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

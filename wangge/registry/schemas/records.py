"""Records of the registry over HTTP. Values are a map by field of the dictionary: what it lacks is refused."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.core.schemas import Code, Lat, Line, Lon
from wangge.registry.rules.looking import LookedAt
from wangge.registry.rules.purposes import RevealPurpose

FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z_0-9]{1,40}$")]
Value = Annotated[str, StringConstraints(max_length=1000)] | bool | int | float | None
Values = Annotated[dict[FieldName, Value], Field(max_length=60)]
PartOfKind = Annotated[str, StringConstraints(pattern=r"^[a-z_0-9]{0,20}$")]


class RecordKind(StrEnum):
    PERSON = "person"
    BUILDING = "building"
    DWELLING = "dwelling"
    HOUSEHOLD = "household"
    ORGANISATION = "organisation"
    PLACE = "place"
    FACILITY = "facility"


class FieldLabels(Schema):
    zh: str
    en: str


class RegistryFieldOut(Schema):
    name: str
    zh: str
    en: str
    why_zh: str
    why_en: str
    type: str
    codes: str
    owner: str
    sensitivity: str
    wins: str
    fresh_days: int
    kept: int
    longest: int
    required: bool


class RefusedOut(Schema):
    headings: list[str]
    zh: str
    en: str


class CodeListOut(Schema):
    """`names` by code as the standard has them; `english` by the same codes."""

    source: str
    names: dict[str, str]
    english: dict[str, str]


class DictionaryOut(Schema):
    kinds: dict[str, list[RegistryFieldOut]]
    code_lists: dict[str, CodeListOut]
    refused: list[RefusedOut]
    purposes: list[str]
    end_reasons: dict[str, list[str]]


class RegistrySearchIn(Schema):
    q: Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]
    code: Code | None = None


class RegistryHitOut(Schema):
    kind: RecordKind
    id: uuid.UUID
    title: str
    sex: str = ""
    born: int | None = None
    number: str = ""
    phone: str = ""
    address: str = ""
    code: str
    grid: str


class RegistryFoundOut(Schema):
    items: list[RegistryHitOut]
    more: bool


class SignIn(Schema):
    text: Annotated[str, StringConstraints(min_length=1, max_length=2_000, strip_whitespace=True)]


class SignHitOut(Schema):
    """lon, lat: WGS-84 degrees, null where the record has no point."""

    kind: RecordKind
    id: uuid.UUID
    title: str
    number: str
    address: str
    code: str
    grid: str
    lon: float | None
    lat: float | None


class SignOut(Schema):
    items: list[SignHitOut]


class WhereIn(Schema):
    lon: Lon | None = None
    lat: Lat | None = None
    code: Code | None = None
    building_id: uuid.UUID | None = None
    dwelling_id: uuid.UUID | None = None


class RegistryRecordIn(Schema):
    """`id`: made by the phone, so that sending twice makes one. `takes_over`: known elsewhere, and moved here."""

    id: uuid.UUID | None = None
    values: Values
    where: WhereIn
    takes_over: bool = False


class ChangeIn(Schema):
    """Only the fields given change. `why` is asked of whoever corrects what is there."""

    values: Values = {}
    where: WhereIn | None = None
    why: Line = ""
    version: int | None = Field(None, ge=0, le=2**31 - 1)
    by_request: bool = False  # the resident asked for it (PIPL § 46)


class WrittenOut(Schema):
    id: uuid.UUID
    made: bool
    changed: list[str]
    differences: int


class PlaceNameOut(Schema):
    code: str
    name: str


class TieOut(Schema):
    tie_id: uuid.UUID
    tie: str
    from_date: date | None
    to_date: date | None
    address: str
    dwelling_id: uuid.UUID | None


class PersonOneOut(Schema):
    id: uuid.UUID
    name: str
    sex: str
    age: int | None
    phone: str
    registration: str
    member_id: uuid.UUID | None = None
    relation: str = ""
    tie_id: uuid.UUID | None = None
    tie: str = ""
    from_date: date | None = None
    to_date: date | None = None


class PartOut(Schema):
    id: uuid.UUID
    role: str
    name: str
    phone: str = ""
    person_id: uuid.UUID | None = None
    to_date: date | None = None


class HouseholdLineOut(Schema):
    id: uuid.UUID
    number: str
    relation: str = ""
    to_date: date | None = None


class RegistryNamedOut(Schema):
    id: uuid.UUID
    name: str = ""
    address: str = ""
    role: str = ""
    to_date: date | None = None


class RoomOut(Schema):
    id: uuid.UUID
    unit: str
    room: str
    occupancy: str
    hazard: str
    people: int


class FloorOut(Schema):
    floor: int | None
    dwellings: list[RoomOut]


class FileOut(Schema):
    """One record's file. Parts that its kind has not are empty."""

    kind: RecordKind
    id: uuid.UUID
    title: str
    code: str
    lineage: list[PlaceNameOut]
    values: dict[str, Any]
    sources: dict[str, Any]
    source: str
    version: int
    made_at: datetime
    changed_at: datetime
    checked_at: datetime
    ended_at: datetime | None
    end_reason: str
    lon: float | None
    lat: float | None
    permissions: dict[str, bool]
    differences: int
    merged_into: uuid.UUID | None = None
    ties: list[TieOut] = []
    households: list[HouseholdLineOut] = []
    organisations: list[RegistryNamedOut] = []
    dwelling: RegistryNamedOut | None = None
    building: RegistryNamedOut | None = None
    members: list[PersonOneOut] = []
    people: list[PersonOneOut] = []
    parts: list[PartOut] = []
    stack: list[FloorOut] = []
    dwelling_count: int = 0
    people_count: int = 0


class RegistryRevealIn(Schema):
    fields: Annotated[list[FieldName], Field(min_length=1, max_length=20)]
    purpose: RevealPurpose


class RegistryPurposeIn(Schema):
    purpose: RevealPurpose


class RegistryRevealedOut(Schema):
    values: dict[str, str]


class RegistryEndIn(Schema):
    reason: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,30}$")]
    why: Line = ""


class WhyIn(Schema):
    why: Line


class TieIn(Schema):
    dwelling_id: uuid.UUID
    tie: Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}$")]
    from_date: date | None = None


class UntieIn(Schema):
    """`in_field`: seen at the door, by a phone."""

    to_date: date | None = None
    why: Line = ""
    in_field: bool = False


class RegistryMemberIn(Schema):
    person_id: uuid.UUID
    relation: Annotated[str, StringConstraints(pattern=r"^\d{2}$")]
    from_date: date | None = None


class PartIn(Schema):
    role: Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}$")]
    name: Line = ""
    phone: Line = ""
    person_id: uuid.UUID | None = None


class RegistryMergeIn(Schema):
    kept_id: uuid.UUID
    gone_id: uuid.UUID
    why: Line


class ApartIn(Schema):
    one_id: uuid.UUID
    other_id: uuid.UUID


class MergeOut(Schema):
    id: uuid.UUID
    kept: uuid.UUID
    gone: uuid.UUID


class LineOut(Schema):
    field: str
    label: FieldLabels | None
    old: str
    new: str
    why: str
    source: str
    owner: str
    by_name: str
    at: datetime
    act: uuid.UUID


class MergeLineOut(Schema):
    """`lost`: what was emptied meanwhile of the row that went, and does not come back with it."""

    id: uuid.UUID
    gone: uuid.UUID
    at: datetime
    by_name: str
    undone_at: datetime | None
    lost: list[FieldLabels]


class HistoryOut(Schema):
    lines: list[LineOut]
    made_at: datetime
    source: str
    merges: list[MergeLineOut]
    values: dict[str, Any] | None


class SeenOut(Schema):
    at: datetime
    name: str
    post_id: int | None
    via: LookedAt
    revealed: bool
    fields: list[str]
    purpose: str


class DifferenceOut(Schema):
    id: uuid.UUID
    kind: RecordKind
    record: uuid.UUID
    title: str
    field: str
    label: FieldLabels | None
    held: Any
    offered: str
    source: str
    owner: str
    said_at: datetime
    code: str


class DecideIn(Schema):
    take: bool
    why: Line = ""


class DecidedOut(Schema):
    id: uuid.UUID
    state: str

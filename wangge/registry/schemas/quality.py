import uuid
from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from wangge.registry.queries.quality import Problem
from wangge.registry.rules.alike import Sign
from wangge.registry.schemas.records import RecordKind


class QualityLineOut(Schema):
    code: str
    name: str
    people: int
    complete: int
    faulty: int
    fresh: int
    tied: int
    doubled: int
    dwellings: int
    rented: int
    unchecked: int
    households: int
    organisations: int
    complete_pct: float | None
    valid_pct: float | None
    fresh_pct: float | None
    tied_pct: float | None
    checked_pct: float | None


class ServedOut(Schema):
    """`shared`: another full-time worker serves there too."""

    code: str
    name: str
    shared: bool


class WorkerQualityOut(QualityLineOut):
    """`name` is the worker's, `id` of their service on the first of `grids`, `code` that grid's."""

    id: int
    grids: list[ServedOut]


class GridQualityOut(QualityLineOut):
    """`counted_at`: of the grid counted longest ago."""

    counted_at: datetime


class FreshOut(Schema):
    """A field of people: `days` it counts as fresh, how many records have it, how many of them freshly."""

    field: str
    days: int
    held: int
    fresh: int
    fresh_pct: float | None


class RetainedOut(Schema):
    """A field, or with `field` empty the whole record, `days` after it ended: how many go within 30 days, how many
    went in the last 30; null for one to nine. `organisation` is who had a part in one."""

    kind: Literal["person", "organisation"]
    field: str
    days: int
    soon: int | None
    emptied: int | None


class RetainedAreaOut(Schema):
    code: str
    name: str
    values_soon: int | None
    values_emptied: int | None
    records_soon: int | None
    records_emptied: int | None


class RetentionOut(Schema):
    """`done_at`: when nothing was left whose time is over; earlier than `ran_at` while more is waiting. The grid
    counted longest ago was so at `counted_at`."""

    code: str
    fields: list[RetainedOut]
    items: list[RetainedAreaOut]
    counted_at: datetime | None
    ran_at: datetime | None
    done_at: datetime | None


class QualityOut(Schema):
    code: str
    items: list[QualityLineOut]
    tied_urban_pct: float | None
    tied_rural_pct: float | None
    counted_at: datetime | None


class CleaningLineOut(Schema):
    """`place`: the name of the grid of `code`."""

    kind: RecordKind
    id: uuid.UUID
    title: str
    code: str
    place: str


class TwinOut(Schema):
    id: uuid.UUID
    name: str
    sex: str
    born: int | None
    number: str
    phone: str
    code: str


class PairOut(Schema):
    one: TwinOut
    other: TwinOut
    signs: list[Sign]


class DuplicatesOut(Schema):
    """`count`: of all pairs; the likeliest are in `items`."""

    code: str
    items: list[PairOut]
    count: int


class AskIn(Schema):
    problem: Problem
    ids: Annotated[list[uuid.UUID], Field(min_length=1, max_length=200)]


class AskedOut(Schema):
    asked: int

"""Units."""

from datetime import date
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.accounts.models import Unit
from wangge.accounts.schemas.common import DivisionCode, Name, Short, UnitKind
from wangge.core.marks import Seen, mark_of
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset
from wangge.core.schemas import Id


class UnitOut(Schema):
    id: int
    code: str
    name: str
    short_name: str
    kind: str
    parent_id: int | None
    path: str
    division: str
    phone: str
    totp_required: bool
    valid_from: date
    valid_to: date | None
    mark: str = Field(description="of its names and telephone")

    @classmethod
    def of(cls, unit: Unit) -> "UnitOut":
        return cls(
            id=unit.pk,
            code=unit.code,
            name=unit.name,
            short_name=unit.short_name,
            kind=unit.kind,
            parent_id=unit.parent_id,
            path=unit.path,
            division=unit.division,
            phone=unit.phone,
            totp_required=unit.totp_required,
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
            mark=mark_of(unit.edited),
        )


class UnitIn(Schema):
    code: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    name: Name
    kind: UnitKind
    division: DivisionCode
    parent_id: Id | None = None
    short_name: Short = ""
    phone: Short = ""
    valid_from: date | None = None


class UnitPatch(Schema):
    name: Name | None = None
    short_name: Short | None = None
    phone: Short | None = None
    valid_to: date | None = None
    totp_required: bool | None = None
    seen: Seen | None = None


class UnitQuery(Schema):
    q: Short = ""
    kind: UnitKind | None = None
    division: DivisionCode | None = None
    parent_id: Id | None = None
    ended: bool = False
    offset: Offset = 0
    limit: Limit = DEFAULT_SIZE

"""Partner systems. A key leaves once."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.accounts.actions.partners import NewKey
from wangge.accounts.models import PartnerSystem
from wangge.accounts.permissions import Permission
from wangge.accounts.schemas.common import Name, Ranges, RoleCode
from wangge.core.departments import Department
from wangge.core.marks import Seen, mark_of


class PartnerOut(Schema):
    id: int
    code: str
    name: str
    codes: list[str]
    permissions: list[str]
    department: str = Field(description="whose word its records are")
    kinds: list[str] = Field(description="of records it may send")
    is_active: bool
    created_at: datetime
    old_key_until: datetime | None = Field(description="the key before the newest is good until then")
    old_key_used_at: datetime | None = Field(description="when it was last used, to the minute")
    mark: str

    @classmethod
    def of(cls, partner: PartnerSystem) -> "PartnerOut":
        return cls(
            id=partner.pk,
            code=partner.code,
            name=partner.name,
            codes=list(partner.codes),
            permissions=list(partner.permissions),
            department=partner.department,
            kinds=list(partner.kinds),
            is_active=partner.is_active,
            created_at=partner.created_at,
            old_key_until=partner.old_key_until,
            old_key_used_at=partner.old_key_used_at,
            mark=mark_of(partner.edited),
        )


class PartnerIn(Schema):
    code: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    name: Name
    codes: Ranges
    permissions: Annotated[list[RoleCode], Field(max_length=20)] = [Permission.CASE_REPORT]
    department: Department | Literal[""] = ""
    kinds: Annotated[list[RoleCode], Field(max_length=20)] = []


class PartnerPatch(Schema):
    name: Name | None = None
    codes: Ranges | None = None
    permissions: Annotated[list[RoleCode], Field(max_length=20)] | None = None
    department: Department | Literal[""] | None = None
    kinds: Annotated[list[RoleCode], Field(max_length=20)] | None = None
    is_active: bool | None = None
    seen: Seen | None = None


class SentKindOut(Schema):
    kind: str
    name: str


class DepartmentOut(Schema):
    """A department and what its system may send."""

    code: str
    name: str
    kinds: list[SentKindOut]


class RotateIn(Schema):
    """`overlap_hours`: how long the old key stays good beside the new one; 0 for a key that leaked."""

    overlap_hours: Annotated[int, Field(ge=0, le=30 * 24)] = 0


class PartnerKeyOut(Schema):
    """The key is shown this once."""

    partner: PartnerOut
    key: str

    @classmethod
    def of(cls, new: NewKey) -> "PartnerKeyOut":
        return cls(partner=PartnerOut.of(new.partner), key=new.key)

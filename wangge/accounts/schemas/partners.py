"""Partner systems. A key leaves once."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.accounts.actions.partners import NewKey
from wangge.accounts.models import PartnerSystem
from wangge.accounts.permissions import Permission
from wangge.accounts.schemas.common import Name, Ranges, RoleCode


class PartnerOut(Schema):
    id: int
    code: str
    name: str
    codes: list[str]
    permissions: list[str]
    is_active: bool
    created_at: datetime
    old_key_until: datetime | None = Field(description="the key before the newest is good until then")
    old_key_used_at: datetime | None = Field(description="when it was last used, to the minute")

    @classmethod
    def of(cls, partner: PartnerSystem) -> "PartnerOut":
        return cls(
            id=partner.pk,
            code=partner.code,
            name=partner.name,
            codes=list(partner.codes),
            permissions=list(partner.permissions),
            is_active=partner.is_active,
            created_at=partner.created_at,
            old_key_until=partner.old_key_until,
            old_key_used_at=partner.old_key_used_at,
        )


class PartnerIn(Schema):
    code: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    name: Name
    codes: Ranges
    permissions: Annotated[list[RoleCode], Field(max_length=20)] = [Permission.CASE_REPORT]


class PartnerPatch(Schema):
    name: Name | None = None
    codes: Ranges | None = None
    permissions: Annotated[list[RoleCode], Field(max_length=20)] | None = None
    is_active: bool | None = None


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

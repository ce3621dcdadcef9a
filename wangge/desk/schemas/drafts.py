"""Drafts. What the form holds is the page's affair; here it is one object, sealed."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field


class DraftIn(Schema):
    values: dict[str, Any]
    evidence: Annotated[list[uuid.UUID], Field(max_length=30)] = []
    version: Annotated[int, Field(ge=0, le=2**31 - 1)] = Field(default=0, description="the one that was read; 0: none")


class DraftOut(Schema):
    id: uuid.UUID
    title: str
    address: str
    phone: str = Field(description="masked")
    source: str
    evidence: int
    version: int
    begun_at: datetime
    changed_at: datetime
    ends_at: datetime = Field(description="when it is erased, unless it is touched before")


class DraftWholeOut(DraftOut):
    values: dict[str, Any]


class KeptOut(Schema):
    version: int
    changed_at: datetime

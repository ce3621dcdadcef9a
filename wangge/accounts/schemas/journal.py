"""The journal as its auditors read it."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.accounts.schemas.common import Limit, Range, Short
from wangge.core.models import JournalEntry
from wangge.core.paging import DEFAULT_SIZE
from wangge.core.schemas import Id, Instant


class JournalOut(Schema):
    id: int
    at: datetime
    kind: str
    subject_type: str
    subject_id: str
    code: str
    unit_paths: list[str]
    actor_kind: str
    actor_user: int | None
    actor_post: int | None
    actor_name: str
    permission: str
    changed: list[str]
    data: dict[str, Any]

    @classmethod
    def of(cls, entry: JournalEntry) -> "JournalOut":
        return cls(**{name: getattr(entry, name) for name in cls.model_fields})


class JournalQuery(Schema):
    actor: Id | None = None
    subject: Short = ""
    kind: Short = ""
    code: Range = ""
    since: Annotated[Instant | None, Field(alias="from")] = None
    until: Annotated[Instant | None, Field(alias="to")] = None
    cursor: Annotated[str, StringConstraints(max_length=200)] = ""
    limit: Limit = DEFAULT_SIZE

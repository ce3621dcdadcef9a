"""通知 over HTTP."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from wangge.command.rules.delivery import Way
from wangge.command.rules.notices import Group
from wangge.core.schemas import Id, TimeOfDay

Seq = Annotated[int, Field(ge=0, le=2**63 - 1)]


class NoticeOut(Schema):
    """`held`: it waits for a digest or the end of quiet hours, and does not count yet."""

    id: int
    seq: int
    kind: str
    group: Group
    urgent: bool
    text: str
    title: str
    number: str
    subject_type: str
    subject_id: str
    by_name: str
    times: int
    at: datetime
    read: bool
    held: bool


class UnreadOut(Schema):
    """At most 100 are counted. `latest`: sequence number of the newest that counts."""

    told: int
    urgent: int
    held: int
    latest: int
    sound: bool


class ReadIn(Schema):
    ids: Annotated[list[Id], Field(min_length=1, max_length=200)]


class ReadAllIn(Schema):
    up_to: Seq


class ReadOut(Schema):
    read: int


class WishesIn(Schema):
    """Times of day are Beijing's."""

    quiet_from: TimeOfDay | None = None
    quiet_to: TimeOfDay | None = None
    ways: dict[Group, Way] = {}
    digest_at: Annotated[list[TimeOfDay], Field(max_length=12)]
    sound: bool = True


class WishesOut(Schema):
    quiet_from: TimeOfDay | None
    quiet_to: TimeOfDay | None
    ways: dict[Group, Way]
    digest_at: list[TimeOfDay]
    sound: bool

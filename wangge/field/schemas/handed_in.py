"""Queues handed in, as the centre sees them: how each entry went, never what it holds."""

import uuid
from datetime import datetime

from ninja import Schema


class HandedInEntryOut(Schema):
    key: str
    method: str
    path: str
    happened_at: str
    subject: str
    state: str
    code: str
    message: str


class SentInOut(Schema):
    """Numbers of the parts `received`. `left`, once it is done: entries that the centre has yet to see to."""

    id: uuid.UUID
    parts: int
    received: list[int]
    done: bool
    left: int | None


class HandedInRowOut(Schema):
    id: uuid.UUID
    at: datetime
    by_name: str
    worker_name: str
    device: str
    made_at: datetime | None
    counts: dict[str, int]


class HandedInOut(HandedInRowOut):
    entries: list[HandedInEntryOut]

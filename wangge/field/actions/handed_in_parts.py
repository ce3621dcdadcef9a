"""A sealed queue in parts (ADR 18): with photos it is more than a narrow line or a proxy lets through at once."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from wangge.cases.parts import Waiting
from wangge.core.actor import Actor, acting
from wangge.core.errors import DomainError, NotFound
from wangge.field.actions.handed_in import send_in
from wangge.field.actions.house_keys import books_of
from wangge.field.models import HandedIn


@dataclass(frozen=True, slots=True)
class Sending:
    """`row` once all parts are here."""

    id: uuid.UUID
    parts: int
    received: list[int]
    row: HandedIn | None = None


def put_part(*, envelope_id: uuid.UUID, part: int, parts: int, content: bytes, by: Actor, at: datetime) -> Sending:
    """Again is harmless, also after it was opened. Raises what cases/parts.py holds, NotOpened."""
    books_of(by)
    with connection.cursor() as cursor:  # two last parts at once open it one after the other
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"envelope:{envelope_id}"])
    if (row := _sent_by(envelope_id, by)) is not None:
        return Sending(envelope_id, parts, list(range(1, parts + 1)), row)
    waiting = Waiting.of(envelope_id, post_id=by.post_id or 0)
    waiting.put(part, parts, content)
    received = waiting.received()
    if len(received) < parts:
        return Sending(envelope_id, parts, received)
    return Sending(envelope_id, parts, received, _open(envelope_id, waiting, by, at))


def sending_of(*, envelope_id: uuid.UUID, by: Actor) -> Sending:
    """How far one's own has come. Raises NotFound."""
    books_of(by)
    waiting = Waiting.of(envelope_id, post_id=by.post_id or 0)
    row = _sent_by(envelope_id, by)
    if row is None and not waiting.parts():
        raise NotFound()
    return Sending(envelope_id, waiting.parts(), waiting.received(), row)


def _open(envelope_id: uuid.UUID, waiting: Waiting, by: Actor, at: datetime) -> HandedIn:
    try:
        with waiting.whole() as file:
            row = send_in(envelope_id=envelope_id, file=file, by=by, at=at)
    except DomainError:
        waiting.forget()  # what cannot be opened will not become so
        raise
    transaction.on_commit(waiting.forget)
    return row


def _sent_by(envelope_id: uuid.UUID, by: Actor) -> HandedIn | None:
    with acting(Actor.system("field.handed_in")):  # who works in the field sees no queues, not even their own
        return HandedIn.objects.filter(pk=envelope_id, by_post=by.post_id or 0).first()

"""Evidence in parts, under an id that the phone chose (ADR 18): the last part to come makes the piece."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from wangge.accounts.permissions import Permission
from wangge.cases import files
from wangge.cases.actions.evidence import Told, add_evidence, keep_content
from wangge.cases.models import Attachment
from wangge.cases.parts import PART, OtherContent, Waiting
from wangge.core.actor import Actor, acting
from wangge.core.errors import DomainError, NotFound


@dataclass(frozen=True, slots=True)
class Upload:
    """`piece` once all parts are here."""

    id: uuid.UUID
    parts: int
    received: list[int]
    piece: Attachment | None = None
    cautions: tuple[str, ...] = ()


def put_part(
    *, upload_id: uuid.UUID, part: int, parts: int, content: bytes, told: Told, by: Actor, at: datetime
) -> Upload:
    """Again is harmless, also after the piece was made. Raises what parts.py and evidence/faults.py hold, StoreFull."""
    by.require(Permission.CASE_READ)
    waiting = Waiting.of(upload_id, post_id=by.post_id or 0)
    with connection.cursor() as cursor:  # two last parts at once make one piece
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"upload:{upload_id}"])
    if (piece := _made(upload_id)) is not None:
        _check_same(piece, part, parts, content, by)
        return _done(piece)
    waiting.put(part, parts, content)
    received = waiting.received()
    if len(received) < parts:
        return Upload(upload_id, parts, received)
    return _finish(upload_id, waiting, told, by, at)


def upload_of(*, upload_id: uuid.UUID, by: Actor) -> Upload:
    """How far one's own has come. Raises NotFound."""
    by.require(Permission.CASE_READ)
    piece = _made(upload_id)
    if piece is not None and piece.by_post == by.post_id:
        return _done(piece)
    waiting = Waiting.of(upload_id, post_id=by.post_id or 0)
    if piece is not None or not waiting.parts():
        raise NotFound()
    return Upload(upload_id, waiting.parts(), waiting.received())


def _finish(upload_id: uuid.UUID, waiting: Waiting, told: Told, by: Actor, at: datetime) -> Upload:
    try:
        with waiting.whole() as file:
            content = keep_content(file, limits=files.limits())
    except DomainError as refused:
        if refused.status != 507:  # room may be made; what is no picture will not become one
            waiting.forget()
        raise
    piece = add_evidence(content=content, told=told, by=by, at=at, piece_id=upload_id)
    transaction.on_commit(waiting.forget)
    done = _done(piece)
    return Upload(done.id, done.parts, done.received, piece, content.cautions)


def _made(upload_id: uuid.UUID) -> Attachment | None:
    with acting(Actor.system("evidence")):  # somebody else's id is taken too
        return Attachment.objects.filter(pk=upload_id).first()


def _done(piece: Attachment) -> Upload:
    parts = -(-piece.size // PART)
    return Upload(piece.pk, parts, list(range(1, parts + 1)), piece)


def _check_same(piece: Attachment, part: int, parts: int, content: bytes, by: Actor) -> None:
    if piece.by_post != by.post_id or parts != -(-piece.size // PART) or not 1 <= part <= parts:
        raise OtherContent()
    with files.originals().open(piece.sha256) as file:
        file.seek((part - 1) * PART)
        if file.read(PART) != content:
            raise OtherContent()

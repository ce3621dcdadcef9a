"""Evidence that a record, an errand or a point of a patrol names: kept then, and seen by whoever sees that."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wangge.cases.models import Attachment
from wangge.core.actor import Actor, acting
from wangge.core.errors import Invalid, Message, NotFound
from wangge.field.models import Piece

MOST = 30


def hold(
    pieces: Sequence[uuid.UUID], *, owner: tuple[str, uuid.UUID], code: str, by: Actor, at: datetime, field: str
) -> None:
    """Of pieces this post sent beforehand. Raises Invalid (`field`) where one is not there, not theirs, or used."""
    wanted = list(dict.fromkeys(pieces))
    if not wanted:
        return
    loose = Attachment.objects.visible_to(by).filter(pk__in=wanted, case__isnull=True)
    held = Piece.objects.filter(pk__in=wanted).exclude(owner_id=owner[1])
    if len(wanted) > MOST or loose.count() != len(wanted) or held.exists():
        said = Message("有附件不存在或已用于别处，请重新上传。", "A piece is missing or used elsewhere; send it again.")
        raise Invalid(fields={field: said})
    Piece.objects.bulk_create(
        (
            Piece(piece=piece, owner_kind=owner[0], owner_id=owner[1], code=code, by_post=by.post_id or 0, at=at)
            for piece in wanted
        ),
        ignore_conflicts=True,
    )


def content_of(piece_id: uuid.UUID, *, by: Actor) -> Attachment:
    """Raises NotFound: absent and out of sight look alike."""
    if not Piece.objects.visible_to(by).filter(pk=piece_id).exists():
        raise NotFound()
    with acting(Actor.system("evidence")):  # seen through what names it, not through a case
        found = Attachment.objects.filter(pk=piece_id).first()
    if found is None:
        raise NotFound()
    return found


def held_pieces() -> "QuerySet[Piece, Any]":
    """For the retention of loose evidence (cases/actions/retention.py)."""
    return Piece.objects.values_list("piece", flat=True)

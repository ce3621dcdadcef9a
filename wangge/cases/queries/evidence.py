"""What is known of a piece of evidence, with what is odd about it."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from wangge.cases.access import access_case
from wangge.cases.actions.evidence import access_piece
from wangge.cases.models import Attachment, Case
from wangge.cases.rules.evidence import (
    SAME_LOOK_BITS,
    About,
    Piece,
    is_featureless,
    slices_of,
    warnings_of,
)
from wangge.core.actor import Actor, acting


def piece_shown(*, piece_id: uuid.UUID, by: Actor) -> dict[str, Any]:
    """Raises NotFound."""
    piece = access_piece(by, piece_id)
    return shown(piece, by, about=_about(piece))


def pieces_of(*, case_id: uuid.UUID, by: Actor) -> list[dict[str, Any]]:
    """Raises NotFound. In order of time."""
    case = access_case(by, case_id)
    about = about_of(case)
    rows = Attachment.objects.visible_to(by).filter(case=case).order_by("at", "id")
    return [shown(piece, by, about=about) for piece in rows]


def shown(piece: Attachment, by: Actor, *, about: About | None, cautions: Sequence[str] = ()) -> dict[str, Any]:
    facts = Piece(sent_at=piece.at, photo_type=piece.photo_type, taken_at=piece.taken_at, lon=piece.lon, lat=piece.lat)
    warned = warnings_of(facts, about, used_elsewhere(piece, by), language=by.language)
    return {
        "id": piece.pk,
        "case_id": piece.case_id,
        "kind": piece.kind,
        "photo_type": piece.photo_type,
        "name": piece.name,
        "mime": piece.mime,
        "size": piece.size,
        "sha256": piece.sha256,
        "at": piece.at,
        "taken_at": piece.taken_at,
        "lon": piece.lon,
        "lat": piece.lat,
        "from_reporter": piece.from_reporter,
        "is_released": piece.is_released,
        "variants": ["served", *(("small", "medium") if piece.small_sha256 else ())],
        "cautions": list(cautions),
        "warnings": [{"kind": str(one.kind), "message": one.in_words(by.language), "data": one.data} for one in warned],
    }


def used_elsewhere(piece: Attachment, by: Actor) -> list[str]:
    """Numbers of other cases with a picture that looks the same; "" for one that this reader may not see."""
    alike = same_look(piece.picture_hash, but=piece.pk)
    if not alike:
        return []
    with acting(Actor.system("evidence")):
        rows = Attachment.objects.filter(pk__in=alike, case__isnull=False)
        cases = set(rows.exclude(case=piece.case_id).values_list("case_id", flat=True))
    seen = dict(Case.objects.visible_to(by).filter(pk__in=cases).values_list("pk", "number"))
    return sorted(seen.get(case_id, "") for case_id in cases)


def same_look(look: int | None, *, but: uuid.UUID) -> list[uuid.UUID]:
    """Other pieces that look the same, wherever they are: the caller asks who may know. One query."""
    if look is None or is_featureless(look):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select attachment from cases_look
             where slices && %s::int[] and bit_count((look # %s::bigint)::bit(64)) <= %s and attachment <> %s
             order by attachment desc limit 50
            """,
            [slices_of(look), look, SAME_LOOK_BITS, but],
        )
        return [found for (found,) in cursor.fetchall()]


def about_of(case: Case) -> About:
    began: datetime = min(case.happened_at or case.reported_at, case.reported_at)
    return About(reported_at=began, handled_at=case.handled_at, lon=case.lon, lat=case.lat)


def _about(piece: Attachment) -> About | None:
    case = Case.objects.filter(pk=piece.case_id).first() if piece.case_id else None
    return about_of(case) if case else None

"""What is known of a piece of evidence, with what is odd about it."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from wangge.cases.access import access_case
from wangge.cases.actions.evidence import access_piece
from wangge.cases.models import Attachment, Case
from wangge.cases.queries.plain import Plain, plain_text
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
    case = Case.objects.filter(pk=piece.case_id).first() if piece.case_id else None
    if case is None:
        return shown(piece, by, about=None)
    elsewhere = used_elsewhere([piece], by).get(piece.pk, [])
    plain, placed = plain_text(by, case), by.covers(case.current_grid)
    return _shown(piece, by, about=about_of(case), elsewhere=elsewhere, plain=plain, placed=placed)


def pieces_of(*, case_id: uuid.UUID, by: Actor) -> list[dict[str, Any]]:
    """Raises NotFound. In order of time."""
    case = access_case(by, case_id)
    pieces = Attachment.objects.visible_to(by).filter(case=case).order_by("at", "id")
    return evidence_of(list(pieces), case, by=by, plain=plain_text(by, case))


def evidence_of(pieces: Sequence[Attachment], case: Case, *, by: Actor, plain: Plain) -> list[dict[str, Any]]:
    """Of a case and its visible pieces that are at hand. Three queries at most, however many pieces."""
    about, elsewhere = about_of(case), used_elsewhere(pieces, by)
    placed = by.covers(case.current_grid)
    return [
        _shown(piece, by, about=about, elsewhere=elsewhere.get(piece.pk, []), plain=plain, placed=placed)
        for piece in pieces
    ]


def shown(piece: Attachment, by: Actor, *, about: About | None, cautions: Sequence[str] = ()) -> dict[str, Any]:
    """A piece of one's own, sent just now."""
    elsewhere = used_elsewhere([piece], by).get(piece.pk, [])
    return _shown(piece, by, about=about, elsewhere=elsewhere) | {"cautions": list(cautions)}


def _shown(
    piece: Attachment,
    by: Actor,
    *,
    about: About | None,
    elsewhere: Sequence[str],
    plain: Plain = str,
    placed: bool = True,
) -> dict[str, Any]:
    """Where a reader may not know the reporter, neither the file's name (`plain`) nor its place tells of them."""
    facts = Piece(sent_at=piece.at, photo_type=piece.photo_type, taken_at=piece.taken_at, lon=piece.lon, lat=piece.lat)
    warned = warnings_of(facts, about, elsewhere, language=by.language)
    return {
        "id": piece.pk,
        "case_id": piece.case_id,
        "kind": piece.kind,
        "photo_type": piece.photo_type,
        "name": plain(piece.name),
        "mime": piece.mime,
        "size": piece.size,
        "sha256": piece.sha256,
        "at": piece.at,
        "taken_at": piece.taken_at,
        "lon": piece.lon if placed else None,
        "lat": piece.lat if placed else None,
        "from_reporter": piece.from_reporter,
        "is_released": piece.is_released,
        "variants": ["served", *(("small", "medium") if piece.small_sha256 else ())],
        "cautions": [],
        "warnings": [{"kind": str(one.kind), "message": one.in_words(by.language), "data": one.data} for one in warned],
    }


def used_elsewhere(pieces: Sequence[Attachment], by: Actor) -> dict[uuid.UUID, list[str]]:
    """By piece: numbers of other cases with a picture that looks the same; "" for one this reader may not see."""
    alike = same_look({piece.pk: piece.picture_hash for piece in pieces})
    if not any(alike.values()):
        return {}
    every = {other for others in alike.values() for other in others}
    with acting(Actor.system("evidence")):
        rows = Attachment.objects.filter(pk__in=every, case__isnull=False)
        case_of: dict[uuid.UUID, uuid.UUID | None] = dict(rows.values_list("pk", "case_id"))
    numbers = dict(Case.objects.visible_to(by).filter(pk__in=set(case_of.values())).values_list("pk", "number"))
    found = {}
    for piece in pieces:
        cases = {case_of[other] for other in alike[piece.pk] if other in case_of} - {piece.case_id}
        found[piece.pk] = sorted(numbers.get(case_id, "") for case_id in cases if case_id is not None)
    return found


def same_look(looks: Mapping[uuid.UUID, int | None]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Other pieces that look the same, wherever they are: the caller asks who may know. One query."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {key: [] for key in looks}
    asked = [
        (key, look, slices_of(look)) for key, look in looks.items() if look is not None and not is_featureless(look)
    ]
    if not asked:
        return found
    rows = ", ".join(["(%s::uuid, %s::bigint, %s::int[])"] * len(asked))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select asked.piece, alike.attachment from (values {rows}) asked(piece, look, slices) cross join lateral (
              select attachment from cases_look l
               where l.slices && asked.slices and bit_count((l.look # asked.look)::bit(64)) <= %s
                 and l.attachment <> asked.piece
               order by attachment desc limit 50
            ) alike
            """,  # noqa: S608
            [value for one in asked for value in one] + [SAME_LOOK_BITS],
        )
        for piece, other in cursor.fetchall():
            found[piece].append(other)
    return found


def about_of(case: Case) -> About:
    began: datetime = min(case.happened_at or case.reported_at, case.reported_at)
    return About(reported_at=began, handled_at=case.handled_at, lon=case.lon, lat=case.lat)

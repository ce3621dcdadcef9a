"""What is known of a piece of evidence, with what is odd about it."""

import uuid
from collections.abc import Sequence
from typing import Any

from wangge.cases import doubts
from wangge.cases.access import access_case
from wangge.cases.actions.evidence import access_piece
from wangge.cases.models import Attachment, Case
from wangge.cases.queries.plain import Plain, plain_text
from wangge.cases.rules.evidence import About, Warned
from wangge.core.actor import Actor


def piece_shown(*, piece_id: uuid.UUID, by: Actor) -> dict[str, Any]:
    """Raises NotFound."""
    piece = access_piece(by, piece_id)
    case = Case.objects.filter(pk=piece.case_id).first() if piece.case_id else None
    if case is None:
        return shown(piece, by, about=None)
    warned = doubts.warned([piece], by, about=doubts.about_of(case))
    plain, placed = plain_text(by, case), by.covers(case.current_grid)
    return _shown(piece, warned[piece.pk], by.language, plain=plain, placed=placed)


def pieces_of(*, case_id: uuid.UUID, by: Actor) -> list[dict[str, Any]]:
    """Raises NotFound. In order of time."""
    case = access_case(by, case_id)
    pieces = Attachment.objects.visible_to(by).filter(case=case).select_related("step").order_by("at", "id")
    return evidence_of(list(pieces), case, by=by, plain=plain_text(by, case))


def evidence_of(pieces: Sequence[Attachment], case: Case, *, by: Actor, plain: Plain) -> list[dict[str, Any]]:
    """Of a case and its visible pieces that are at hand. Three queries at most, however many pieces."""
    warned = doubts.warned(pieces, by, about=doubts.about_of(case))
    placed = by.covers(case.current_grid)
    return [_shown(piece, warned[piece.pk], by.language, plain=plain, placed=placed) for piece in pieces]


def has_faults(piece: dict[str, Any]) -> bool:
    """Of a piece as it is shown."""
    return any(not one["is_hint"] for one in piece["warnings"])


def shown(piece: Attachment, by: Actor, *, about: About | None, cautions: Sequence[str] = ()) -> dict[str, Any]:
    """A piece of one's own, sent just now."""
    warned = doubts.warned([piece], by, about=about)
    return _shown(piece, warned[piece.pk], by.language) | {"cautions": list(cautions)}


def _shown(
    piece: Attachment, warned: Sequence[Warned], language: str, *, plain: Plain = str, placed: bool = True
) -> dict[str, Any]:
    """Where a reader may not know the reporter, neither the file's name (`plain`) nor its place tells of them."""
    return {
        "id": piece.pk,
        "case_id": piece.case_id,
        "kind": piece.kind,
        "photo_type": piece.photo_type,
        "phase": doubts.phase(piece),
        "name": plain(piece.name),
        "mime": piece.mime,
        "size": piece.size,
        "sha256": piece.sha256,
        "at": piece.at,
        "by_unit": piece.step.by_unit if piece.step and not piece.from_reporter else "",
        "taken_at": piece.taken_at,
        "lon": piece.lon if placed else None,
        "lat": piece.lat if placed else None,
        "from_reporter": piece.from_reporter,
        "is_released": piece.is_released,
        "variants": ["served", *(("small", "medium") if piece.small_sha256 else ())],
        "cautions": [],
        "warnings": [
            {"kind": one.kind, "message": one.in_words(language), "data": one.data, "is_hint": one.kind.is_hint}
            for one in warned
        ],
    }

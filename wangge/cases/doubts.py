"""What speaks against a piece of evidence, as one reader may be told: the facts read, judged by rules/evidence.py."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection

from wangge.cases.models import Attachment, Case
from wangge.cases.rules.evidence import (
    SAME_LOOK_BITS,
    About,
    Phase,
    Piece,
    Twins,
    Warned,
    is_featureless,
    phase_of,
    slices_of,
    warnings_of,
)
from wangge.core.actor import Actor, acting

MOST_TWINS = 200  # of one picture: who sees fifty numbers has seen enough

SAME_FILE = """
select asked.sha256, same.case_id from unnest(%s::text[]) asked(sha256) cross join lateral (
  select case_id from cases_attachment a
   where a.sha256 = asked.sha256 and a.kind = 'picture' and a.case_id is not null
   order by a.at desc limit %s
) same
"""


def about_of(case: Case) -> About:
    began: datetime = min(case.happened_at or case.reported_at, case.reported_at)
    return About(
        reported_at=began,
        dispatched_at=case.dispatched_at,
        handled_at=case.handled_at,
        lon=case.lon,
        lat=case.lat,
    )


def phase(piece: Attachment) -> Phase:
    return phase_of(piece.photo_type, piece.step.kind if piece.step else "")


def warned(pieces: Sequence[Attachment], by: Actor, *, about: About | None) -> dict[uuid.UUID, list[Warned]]:
    """By piece. A fixed number of queries, however many pieces; none without pictures."""
    twins = _twins_of([piece for piece in pieces if piece.kind == Attachment.Kind.PICTURE], by)
    return {
        piece.pk: warnings_of(_facts(piece), about, twins.get(piece.pk, Twins()), language=by.language)
        for piece in pieces
    }


def doubts_about_handling(case: Case, by: Actor) -> dict[uuid.UUID, list[Warned]]:
    """Faults of what shows the state after handling, by piece: whoever passes the case says why all the same."""
    pieces = Attachment.objects.visible_to(by).filter(case=case).select_related("step").order_by("at", "id")
    shown = [piece for piece in pieces if phase(piece) is Phase.AFTER]
    found = warned(shown, by, about=about_of(case)) if shown else {}
    faults = {key: [one for one in each if not one.kind.is_hint] for key, each in found.items()}
    return {key: each for key, each in faults.items() if each}


def _facts(piece: Attachment) -> Piece:
    return Piece(
        sent_at=piece.at,
        photo_type=piece.photo_type,
        phase=phase(piece),
        is_bare=piece.kind == Attachment.Kind.PICTURE and piece.tells_itself is False,
        taken_at=piece.taken_at,
        lon=piece.lon,
        lat=piece.lat,
    )


def _twins_of(pictures: Sequence[Attachment], by: Actor) -> dict[uuid.UUID, Twins]:
    if not pictures:
        return {}
    alike = _same_look({piece.pk: piece.picture_hash for piece in pictures})
    with acting(Actor.system("evidence")):  # wherever they are: numbers are named to who sees the case
        same = _same_file({piece.sha256 for piece in pictures})
        sides = _sides_of(pictures)
        looks = Attachment.objects.filter(pk__in={other for others in alike.values() for other in others})
        case_of = dict(looks.filter(case__isnull=False).values_list("pk", "case_id"))
    others = {case_id for cases in same.values() for case_id in cases} | set(case_of.values())
    numbers = dict(Case.objects.visible_to(by).filter(pk__in=others).values_list("pk", "number"))
    found = {}
    for piece in pictures:
        elsewhere = same.get(piece.sha256, set()) - {piece.case_id}
        near = {case_of[other] for other in alike[piece.pk] if case_of.get(other, piece.case_id) != piece.case_id}
        found[piece.pk] = Twins(
            same_file=_numbers(elsewhere, numbers),
            alike=_numbers(near - elsewhere, numbers),
            on_both_sides={Phase.BEFORE, Phase.AFTER} <= sides.get((piece.case_id, piece.sha256), set()),
        )
    return found


def _numbers(case_ids: set[uuid.UUID], numbers: Mapping[uuid.UUID, str]) -> tuple[str, ...]:
    return tuple(sorted(numbers.get(case_id, "") for case_id in case_ids))


def _same_file(hashes: set[str]) -> dict[str, set[uuid.UUID]]:
    """The cases of the newest with each of these hashes of what was sent. One query by an index."""
    found: dict[str, set[uuid.UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(SAME_FILE, [sorted(hashes), MOST_TWINS])
        for sha256, case_id in cursor.fetchall():
            found.setdefault(sha256, set()).add(case_id)
    return found


def _sides_of(pictures: Sequence[Attachment]) -> dict[tuple[uuid.UUID | None, str], set[Phase]]:
    """What each file shows in the case of the piece itself, by case and hash: before, after, or both."""
    cases, hashes = {piece.case_id for piece in pictures} - {None}, {piece.sha256 for piece in pictures}
    found: dict[tuple[uuid.UUID | None, str], set[Phase]] = {}
    rows = Attachment.objects.filter(kind=Attachment.Kind.PICTURE, case__in=cases, sha256__in=hashes)
    for case_id, sha256, photo_type, sent_with in rows.values_list("case_id", "sha256", "photo_type", "step__kind"):
        found.setdefault((case_id, sha256), set()).add(phase_of(photo_type, sent_with or ""))
    return found


def _same_look(looks: Mapping[uuid.UUID, int | None]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Other pieces that look the same. One query by an index."""
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

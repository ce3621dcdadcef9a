"""Evidence comes in: judged and written to the store first, and only then a row that gives access to it.

What fails after the bytes are kept leaves content that no row names: harmless, for nobody reaches content without a
row, and retention removes it.
"""

import hashlib
import io
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from wangge.accounts.permissions import Permission
from wangge.cases import files
from wangge.cases.evidence import picture, recording
from wangge.cases.evidence.sniff import Kind, Limits, Sniffed, sniff
from wangge.cases.models import Attachment, Case, Look
from wangge.cases.rules.evidence import PhotoType, is_featureless, slices_of
from wangge.core import crypto, journal
from wangge.core.actor import Actor, acting
from wangge.core.errors import Invalid, Message, NotAllowed, NotFound
from wangge.core.ids import new_id

LONGEST_NAME = 120
KINDS = {
    Kind.PICTURE: Attachment.Kind.PICTURE,
    Kind.AUDIO: Attachment.Kind.SOUND,
    Kind.VIDEO: Attachment.Kind.VIDEO,
    Kind.DOCUMENT: Attachment.Kind.DOCUMENT,
}


class ReleaseNotYours(NotAllowed):
    code = "evidence.release_not_yours"
    zh = "只有持有案件的中心可以决定让被投诉单位看到这份材料。"
    en = "Only the centre that holds the case decides whether the unit complained of may see this."


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A file whose bytes are kept; nobody has access to it yet. Place WGS-84."""

    kind: str
    mime: str  # of what is served
    extension: str
    size: int
    sha256: str
    served_sha256: str
    small_sha256: str = ""
    medium_sha256: str = ""
    look: int | None = None
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the sender says of it. Taken only where the file itself does not tell. Place WGS-84."""

    name: str = ""
    photo_type: str = ""
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    from_reporter: bool = False


def keep_content(file: BinaryIO, *, limits: Limits) -> Content:
    """Judges and stores the bytes; touches no table. Raises what evidence/faults.py holds, StoreFull."""
    found = sniff(file, limits)
    file.seek(0)
    original = files.originals().put(file)
    content = Content(
        kind=KINDS[found.format.kind],
        mime=found.format.mime,
        extension=found.format.extension,
        size=found.size,
        sha256=original.sha256,
        served_sha256=original.sha256,
        cautions=tuple(sorted(found.cautions)),
    )
    if found.format.kind is Kind.PICTURE:
        return _picture(file, content)
    return _recording(file, content, found)


def add_evidence(
    *, content: Content, told: Told, by: Actor, at: datetime, piece_id: uuid.UUID | None = None
) -> Attachment:
    """A piece not tied to any case yet: its sender's alone until a report or a move takes it along."""
    by.require(Permission.CASE_READ)
    return add_piece(content=content, told=told, by=by, at=at, piece_id=piece_id)


def add_piece(
    *, content: Content, told: Told, by: Actor, at: datetime, piece_id: uuid.UUID | None = None
) -> Attachment:
    if told.photo_type and told.photo_type not in set(PhotoType):
        raise Invalid(fields={"photo_type": Message("没有这种照片类型。", "There is no such type of photo.")})
    if (told.lon is None) != (told.lat is None):
        raise Invalid(fields={"lon": Message("经纬度须同时填写。", "Longitude and latitude go together.")})
    has_place = content.lon is not None
    piece = Attachment(
        id=piece_id or new_id(),
        kind=content.kind,
        photo_type=told.photo_type if content.kind == Attachment.Kind.PICTURE else "",
        name=shown_name(told.name, content.extension),
        mime=content.mime,
        size=content.size,
        sha256=content.sha256,
        served_sha256=content.served_sha256,
        small_sha256=content.small_sha256,
        medium_sha256=content.medium_sha256,
        picture_hash=content.look,
        taken_at=content.taken_at or told.taken_at,
        lon=content.lon if has_place else told.lon,
        lat=content.lat if has_place else told.lat,
        tells_itself=has_place or content.taken_at is not None,
        from_reporter=told.from_reporter,
        by_post=by.post_id,
        by_name=by.name,
        at=at,
    )
    Attachment.objects.bulk_create(
        [piece]
    )  # not save(): nothing is asked back, which the policy of readers might refuse
    if content.look is not None and not is_featureless(content.look):
        Look.objects.bulk_create([Look(attachment=piece.pk, look=content.look, slices=slices_of(content.look))])
    return piece


def access_piece(by: Actor, piece_id: uuid.UUID) -> Attachment:
    """Raises NotFound: absent, of a case out of sight, and hidden from the unit complained of look alike."""
    piece = Attachment.objects.visible_to(by).filter(pk=piece_id).first()
    if piece is None or not (by.is_system or by.may(Permission.CASE_READ)):
        raise NotFound()
    return piece


def change_evidence(
    *, piece_id: uuid.UUID, by: Actor, at: datetime, photo_type: str | None = None, release: bool | None = None
) -> Attachment:
    """The type by its sender or the centre that holds the case; the release by that centre alone."""
    piece = access_piece(by, piece_id)
    case = Case.objects.visible_to(by).filter(pk=piece.case_id).first() if piece.case_id else None
    holds = case is not None and case.holder_path == by.unit_path and by.may(Permission.CASE_REVIEW)
    changed: list[str] = []
    if photo_type is not None and photo_type != piece.photo_type:
        if not holds and piece.by_post != by.post_id:
            raise NotAllowed()
        if piece.kind != Attachment.Kind.PICTURE or (photo_type and photo_type not in set(PhotoType)):
            raise Invalid(fields={"photo_type": Message("没有这种照片类型。", "There is no such type of photo.")})
        piece.photo_type = photo_type
        changed.append("photo_type")
    if release is not None and release != piece.is_released:
        if not holds:
            raise ReleaseNotYours()
        piece.is_released = release
        changed.append("is_released")
    if changed:
        _save(piece, changed, case, by, at)
    return piece


def original_of(*, piece_id: uuid.UUID, by: Actor, at: datetime) -> Attachment:
    """For posts that look after the place, with the right to export; each reading is on the record."""
    piece = access_piece(by, piece_id)
    by.require(Permission.CASE_EXPORT)
    if not (by.is_system or by.covers(piece.code)) or piece.case_id is None:
        raise NotAllowed()
    _record(piece, "evidence.original_read", by, at, changed=())
    return piece


def shown_name(name: str, extension: str) -> str:
    """For eyes only: no path, no signs that turn the reading order, and the ending that the content has."""
    plain = "".join(sign for sign in name.replace("\\", "/").rsplit("/", 1)[-1] if sign.isprintable())
    stem = plain.rsplit(".", 1)[0].strip(" .")[:LONGEST_NAME]
    return f"{stem or 'file'}.{extension}"


def _picture(file: BinaryIO, content: Content) -> Content:
    ready = picture.prepare(file)
    store, small, medium = files.served(), *picture.THUMBNAILS_PX
    return replace(
        content,
        mime=ready.served.mime,
        served_sha256=store.put(io.BytesIO(ready.served.content)).sha256,
        small_sha256=store.put(io.BytesIO(ready.thumbnails[small].content)).sha256,
        medium_sha256=store.put(io.BytesIO(ready.thumbnails[medium].content)).sha256,
        look=ready.look,
        taken_at=ready.facts.taken_at,
        lon=ready.facts.place.lon if ready.facts.place else None,
        lat=ready.facts.place.lat if ready.facts.place else None,
    )


def _recording(file: BinaryIO, content: Content, found: Sniffed) -> Content:
    file.seek(0)
    facts = recording.read_facts(file, found.format.extension)
    store = files.served()
    with store.writing() as target:
        recording.write_served_copy(file, found.format.extension, target)
        kept = store.keep(target)
    return replace(
        content,
        served_sha256=kept.sha256,
        taken_at=facts.taken_at,
        lon=facts.place.lon if facts.place else None,
        lat=facts.place.lat if facts.place else None,
    )


def _save(piece: Attachment, changed: list[str], case: Case | None, by: Actor, at: datetime) -> None:
    with acting(Actor.system("evidence")):  # the policy of writers asks for the place; the check was made above
        Attachment.objects.filter(pk=piece.pk).update(**{name: getattr(piece, name) for name in changed})
    if case is not None:
        _record(piece, "evidence.changed", by, at, changed=changed)


def _record(piece: Attachment, kind: str, by: Actor, at: datetime, *, changed: "list[str] | tuple[()]") -> None:
    journal.record(
        journal.Entry(
            kind=kind,
            subject=("case", str(piece.case_id)),
            code=piece.code,
            permission=Permission.CASE_EXPORT if kind.endswith("read") else Permission.CASE_REVIEW,
            changed=changed,
            data={"evidence": str(piece.pk), "released": piece.is_released},
        ),
        by=by,
        at=at,
    )


def upload_token(piece_id: uuid.UUID) -> str:
    """What a resident shows to tie the piece they sent to their report; only this house can make it."""
    return crypto.keyed_hash(str(piece_id), purpose="public-upload").hex()[:32]


def fingerprint(content: Content, told: Told) -> dict[str, str]:
    """What makes a repeated upload the same upload."""
    words = "|".join(map(str, (told.photo_type, told.taken_at, told.lon, told.lat, told.from_reporter)))
    return {"sha256": content.sha256, "told": hashlib.sha256(words.encode()).hexdigest()}

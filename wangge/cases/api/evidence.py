"""Evidence over HTTP. The only way to its bytes is a row that the reader sees; a hash opens nothing."""

import os
import uuid
from typing import Any, BinaryIO, Literal, cast

from django.http import HttpRequest, HttpResponseBase
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from wangge.accounts.auth import actor_of
from wangge.cases import files
from wangge.cases.access import access_case
from wangge.cases.actions.evidence import (
    Told,
    access_piece,
    add_evidence,
    change_evidence,
    fingerprint,
    keep_content,
    original_of,
)
from wangge.cases.api.files import gives_file, send
from wangge.cases.doubts import about_of
from wangge.cases.models import Attachment
from wangge.cases.queries.evidence import piece_shown, pieces_of, shown
from wangge.cases.schemas.evidence import EvidenceForm, EvidenceOut, EvidencePatch
from wangge.core import clock
from wangge.core.once import once
from wangge.core.requests import idempotency_key
from wangge.core.schemas import answers, reads, writes

router = Router()
DOWNLOADED = {Attachment.Kind.DOCUMENT}


@router.post(
    "/evidence",
    response=answers(EvidenceOut, 404, 507, status=201),
    operation_id="upload_evidence",
    summary="上传附件 upload evidence",
)
def upload(request: HttpRequest, form: Form[EvidenceForm], file: File[UploadedFile]) -> Any:
    """Judged by content. Tied to a case later, by the report or move that names its id; `case_id` is for warnings."""
    actor, at = actor_of(request), clock.now()
    about = about_of(access_case(actor, form.case_id)) if form.case_id else None
    # Slow, and before the first write of this transaction: until then it holds neither lock nor snapshot.
    content = keep_content(bytes_of(file), limits=files.limits())
    told = Told(
        name=file.name or "", **form.model_dump(exclude={"case_id", "photo_type"}), photo_type=form.photo_type or ""
    )
    return Status(
        201,
        once(
            idempotency_key(request),
            owner=actor,
            content=fingerprint(content, told),
            at=at,
            do=lambda: shown(
                add_evidence(content=content, told=told, by=actor, at=at),
                actor,
                about=about,
                cautions=content.cautions,
            ),
        ),
    )


@router.get(
    "/cases/{uuid:case_id}/evidence",
    response=reads(list[EvidenceOut]),
    operation_id="list_evidence",
    summary="案件附件 evidence of a case",
)
def of_case(request: HttpRequest, case_id: uuid.UUID) -> Any:
    return pieces_of(case_id=case_id, by=actor_of(request))


@router.get(
    "/evidence/{uuid:piece_id}", response=reads(EvidenceOut), operation_id="get_evidence", summary="附件信息 one piece"
)
def one(request: HttpRequest, piece_id: uuid.UUID) -> Any:
    return piece_shown(piece_id=piece_id, by=actor_of(request))


@router.patch(
    "/evidence/{uuid:piece_id}",
    response=writes(EvidenceOut),
    operation_id="change_evidence",
    summary="改照片类型、对被投诉单位公开 photo type, release",
)
def change(request: HttpRequest, piece_id: uuid.UUID, body: EvidencePatch) -> Any:
    actor = actor_of(request)
    piece = change_evidence(
        piece_id=piece_id,
        by=actor,
        at=clock.now(),
        photo_type=None if body.photo_type is None else str(body.photo_type),
        release=body.is_released,
    )
    return shown(piece, actor, about=None)


@router.get(
    "/evidence/{uuid:piece_id}/original",
    **gives_file(partial=True),
    operation_id="download_original",
    summary="原始文件（含拍摄信息，留痕）the original, on the record",
)
def original(request: HttpRequest, piece_id: uuid.UUID) -> HttpResponseBase:
    piece = original_of(piece_id=piece_id, by=actor_of(request), at=clock.now())
    file = files.originals().open(piece.sha256)
    return send(
        request,
        file,
        size=piece.size,
        mime="application/octet-stream",
        name=piece.name,
        tag=piece.sha256,
        download=True,
    )


@router.get(
    "/evidence/{uuid:piece_id}/{variant}",
    **gives_file(partial=True),
    operation_id="download_evidence",
    summary="查看附件 view a piece",
)
def variant(
    request: HttpRequest, piece_id: uuid.UUID, variant: Literal["served", "small", "medium"]
) -> HttpResponseBase:
    piece = access_piece(actor_of(request), piece_id)
    return send_variant(request, piece, variant)


def bytes_of(file: UploadedFile) -> BinaryIO:
    return cast(BinaryIO, file.file)


def send_variant(request: HttpRequest, piece: Attachment, variant: str) -> HttpResponseBase:
    """A piece without small pictures is served as it is."""
    small = {"small": piece.small_sha256, "medium": piece.medium_sha256}.get(variant, "")
    file, size = served_copy(piece, small)
    return send(
        request,
        file,
        size=size,
        mime=piece.mime,
        name=piece.name,
        tag=small or piece.served_sha256,
        download=piece.kind in DOWNLOADED,
    )


def served_copy(piece: Attachment, small: str = "") -> tuple[BinaryIO, int]:
    file = files.served().open(small or piece.served_sha256)
    return file, os.fstat(file.fileno()).st_size

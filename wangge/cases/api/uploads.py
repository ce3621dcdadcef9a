"""Evidence in parts over HTTP: what a phone with a bad network sends, and sends again."""

import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from wangge.accounts.auth import actor_of
from wangge.cases.actions.evidence import Told
from wangge.cases.actions.uploads import Upload, put_part, upload_of
from wangge.cases.parts import PART
from wangge.cases.queries.evidence import shown
from wangge.cases.schemas.evidence import TellsOfFile, UploadOut
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.schemas import answers, reads

router = Router()
Number = Annotated[int, Field(ge=1, le=10_000)]
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary", "maxLength": PART}}}


@router.put(
    "/uploads/{uuid:upload_id}",
    response=answers(UploadOut, 404, 409),
    operation_id="put_part",
    summary="分片上传附件 one part of a piece of evidence",
    openapi_extra={"requestBody": {"required": True, "content": BYTES}},
)
def put(request: HttpRequest, upload_id: uuid.UUID, part: Number, parts: Number, tells: Query[TellsOfFile]) -> Any:
    """The body is the part itself, 262,144 bytes, the last one what is left. The part that completes it makes the
    piece of evidence, under this id; each part may be sent again."""
    by, at = actor_of(request), clock.now()
    told = Told(**tells.model_dump(exclude={"photo_type"}), photo_type=tells.photo_type or "")
    made = put_part(upload_id=upload_id, part=part, parts=parts, content=request.body, told=told, by=by, at=at)
    return _out(made, by)


@router.get(
    "/uploads/{uuid:upload_id}",
    response=reads(UploadOut),
    operation_id="read_upload",
    summary="附件已传到哪里 which parts are here",
)
def read(request: HttpRequest, upload_id: uuid.UUID) -> Any:
    by = actor_of(request)
    return _out(upload_of(upload_id=upload_id, by=by), by)


def _out(upload: Upload, by: Actor) -> dict[str, Any]:
    piece = upload.piece
    evidence = shown(piece, by, about=None, cautions=upload.cautions) if piece is not None else None
    return {
        "id": upload.id,
        "parts": upload.parts,
        "received": upload.received,
        "done": piece is not None,
        "evidence": evidence,
    }

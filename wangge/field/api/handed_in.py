"""Queues handed in, over HTTP."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import File, Router, Status
from ninja.files import UploadedFile

from wangge.accounts.auth import actor_of
from wangge.accounts.permissions import Permission
from wangge.cases.api.evidence import bytes_of
from wangge.cases.api.uploads import BYTES, Number
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import NotFound
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset, Page, table_page
from wangge.core.schemas import answers, reads, writes
from wangge.field.actions.handed_in import carry_out, counts_of, hand_in
from wangge.field.actions.handed_in_parts import Sending, put_part, sending_of
from wangge.field.models import HandedIn
from wangge.field.schemas import handed_in as schemas

router = Router()


@router.get(
    "/field/handed-in",
    response=answers(Page[schemas.HandedInRowOut]),
    operation_id="list_handed_in",
    summary="交回的离线队列 queues handed in",
)
def listed(request: HttpRequest, offset: Offset = 0, limit: Limit = DEFAULT_SIZE) -> Any:
    by = actor_of(request)
    by.require(Permission.FIELD_WATCH)
    page = table_page(HandedIn.objects.visible_to(by).order_by("-at", "id"), offset=offset, limit=limit)
    return {"items": [_shown(row) for row in page["items"]], "count": page["count"]}


@router.post(
    "/field/handed-in",
    response=answers(schemas.HandedInOut, 404, 409, status=201),
    operation_id="hand_in",
    summary="打开交回的离线队列 open a queue that its phone could not send",
)
def open_(request: HttpRequest, file: File[UploadedFile]) -> Any:
    return Status(201, _shown(hand_in(file=bytes_of(file), by=actor_of(request), at=clock.now())))


@router.put(
    "/field/handed-in/sent/{uuid:envelope_id}",
    response=answers(schemas.SentInOut, 404, 409),
    operation_id="put_handed_in_part",
    summary="分片补交上次未上传的内容 a part of what was sealed on this phone when an earlier sign-in ended",
    openapi_extra={"requestBody": {"required": True, "content": BYTES}},
)
def put(request: HttpRequest, envelope_id: uuid.UUID, part: Number, parts: Number) -> Any:
    """The body is the part itself, 262,144 bytes, the last one what is left. The part that completes it has it opened;
    each part may be sent again."""
    by, at = actor_of(request), clock.now()
    return _sent(put_part(envelope_id=envelope_id, part=part, parts=parts, content=request.body, by=by, at=at))


@router.get(
    "/field/handed-in/sent/{uuid:envelope_id}",
    response=reads(schemas.SentInOut),
    operation_id="read_handed_in_parts",
    summary="补交内容已传到哪里 which parts are here",
)
def parts_of(request: HttpRequest, envelope_id: uuid.UUID) -> Any:
    return _sent(sending_of(envelope_id=envelope_id, by=actor_of(request)))


@router.get(
    "/field/handed-in/{uuid:handed_in_id}",
    response=reads(schemas.HandedInOut),
    operation_id="read_handed_in",
    summary="一份离线队列 one queue handed in",
)
def one(request: HttpRequest, handed_in_id: uuid.UUID) -> Any:
    return _shown(_access(handed_in_id, actor_of(request)))


@router.post(
    "/field/handed-in/{uuid:handed_in_id}/carry-out",
    response=writes(schemas.HandedInOut),
    operation_id="carry_out_handed_in",
    summary="以本人名义补录 carry it out in the name of whoever made it",
)
def carry(request: HttpRequest, handed_in_id: uuid.UUID) -> Any:
    return _shown(carry_out(handed_in_id=handed_in_id, by=actor_of(request), at=clock.now()))


def _access(handed_in_id: uuid.UUID, by: Actor) -> HandedIn:
    by.require(Permission.FIELD_WATCH)
    row = HandedIn.objects.visible_to(by).filter(pk=handed_in_id).first()
    if row is None:
        raise NotFound()
    return row


def _sent(sending: Sending) -> dict[str, Any]:
    row = sending.row
    left = len(row.entries) - counts_of(row.entries)["done"] if row is not None else None
    return {
        "id": sending.id,
        "parts": sending.parts,
        "received": sending.received,
        "done": row is not None,
        "left": left,
    }


def _shown(row: HandedIn) -> dict[str, Any]:
    return {
        "id": row.pk,
        "at": row.at,
        "by_name": row.by_name,
        "worker_name": row.worker_name,
        "device": row.device,
        "made_at": row.made_at,
        "counts": counts_of(row.entries),
        "entries": row.entries,
    }

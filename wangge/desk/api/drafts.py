"""草稿 over HTTP: one's own post's, never anybody else's."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from wangge.accounts.auth import actor_of
from wangge.core import clock
from wangge.core.schemas import answers, reads, writes
from wangge.desk.actions.drafts import end_draft, keep_draft
from wangge.desk.queries import drafts as queries
from wangge.desk.schemas import drafts as shapes

router = Router()


@router.get("/drafts", response=answers(list[shapes.DraftOut]), operation_id="list_drafts", summary="我的草稿 drafts")
def all_drafts(request: HttpRequest) -> Any:
    return queries.drafts(by=actor_of(request))


@router.get(
    "/drafts/{uuid:draft_id}", response=reads(shapes.DraftWholeOut), operation_id="get_draft", summary="一份草稿 one"
)
def one(request: HttpRequest, response: HttpResponse, draft_id: uuid.UUID) -> Any:
    response["Cache-Control"] = "no-store"
    return queries.draft(draft_id, by=actor_of(request))


@router.put(
    "/drafts/{uuid:draft_id}", response=writes(shapes.KeptOut), operation_id="keep_draft", summary="暂存草稿 keep it"
)
def keep(request: HttpRequest, draft_id: uuid.UUID, body: shapes.DraftIn) -> Any:
    return keep_draft(draft_id=draft_id, **body.dict(), by=actor_of(request), at=clock.now())


@router.delete(
    "/drafts/{uuid:draft_id}",
    response=answers(None, status=204),
    operation_id="end_draft",
    summary="删除草稿 throw it away",
)
def end(request: HttpRequest, draft_id: uuid.UUID) -> Any:
    end_draft(draft_id=draft_id, by=actor_of(request), at=clock.now())
    return Status(204, None)

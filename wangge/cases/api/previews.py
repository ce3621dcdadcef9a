"""What moves would do. Nothing is written; the moves themselves are made one by one, each with its own key."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router

from wangge.accounts.auth import actor_of
from wangge.cases.actions import previews
from wangge.cases.schemas.previews import PreviewDispatchIn, PreviewDispatchOut, PreviewMovesIn, PreviewMovesOut
from wangge.core import clock
from wangge.core.schemas import answers, writes

router = Router()


@router.post(
    "/cases/{uuid:case_id}/dispatch/preview",
    response=writes(PreviewDispatchOut),
    operation_id="preview_dispatch",
    summary="派发预览 the due times a dispatch would set",
)
def preview_dispatch(request: HttpRequest, case_id: uuid.UUID, body: PreviewDispatchIn) -> Any:
    return previews.preview_dispatch(
        case_id=case_id,
        by=actor_of(request),
        at=clock.now(),
        move=body.move,
        lead_id=body.lead_id,
        assist_ids=body.assist_ids,
        limit=body.limit.as_limit() if body.limit else None,
    )


@router.post(
    "/cases/moves/preview",
    response=answers(PreviewMovesOut),
    operation_id="preview_moves",
    summary="批量操作预览 what a move would do to each of many cases",
)
def preview_moves(request: HttpRequest, body: PreviewMovesIn) -> Any:
    return previews.preview_many(
        by=actor_of(request),
        at=clock.now(),
        move=body.move,
        given=body.given.as_given(),
        ids=body.case_ids,
        of=body.matching.given() if body.matching else None,
    )

"""并案、拆案 over HTTP."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router

from wangge.accounts.auth import actor_of
from wangge.cases import actions
from wangge.cases.access import access_case
from wangge.cases.api.moves import MOVED, do
from wangge.cases.queries.whistles import joins_of
from wangge.cases.schemas import write
from wangge.cases.schemas.together import JoinIn, JoinOut
from wangge.core.schemas import reads

router = Router()


@router.post(
    "/cases/{uuid:case_id}/join", response=MOVED, operation_id="join_case", summary="并案 join to another case"
)
def join(request: HttpRequest, case_id: uuid.UUID, body: JoinIn) -> Any:
    return do(
        request, body, actions.join_case, case_id=case_id, into_id=body.into_id, text=body.text, version=body.version
    )


@router.post(
    "/cases/{uuid:case_id}/separate", response=MOVED, operation_id="separate_case", summary="拆案 take out again"
)
def separate(request: HttpRequest, case_id: uuid.UUID, body: write.ReasonIn) -> Any:
    return do(request, body, actions.separate_case, case_id=case_id, reason=body.reason, version=body.version)


@router.get(
    "/cases/{uuid:case_id}/joins", response=reads(list[JoinOut]), operation_id="list_joins", summary="并案记录 joins"
)
def joins(request: HttpRequest, case_id: uuid.UUID) -> Any:
    return joins_of(access_case(actor_of(request), case_id).pk, by=actor_of(request))

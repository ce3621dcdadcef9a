"""网格吹哨、中心联动、部门报到 over HTTP."""

import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from wangge.accounts.auth import actor_of
from wangge.cases import actions
from wangge.cases.api.moves import MOVED, do
from wangge.cases.queries import whistles as queries
from wangge.cases.queries.whistles import WhistleState
from wangge.cases.schemas import write
from wangge.cases.schemas.asked import Path
from wangge.cases.schemas.figures import PlaceCode
from wangge.cases.schemas.together import ArriveIn, ConfirmWhistleIn, EndWhistleIn, WhistleFileOut
from wangge.core.paging import DEFAULT_SIZE, CursorPage, Limit
from wangge.core.schemas import answers, reads

router = Router()


@router.post(
    "/cases/{uuid:case_id}/whistle", response=MOVED, operation_id="blow_whistle", summary="吹哨 blow the whistle"
)
def whistle(request: HttpRequest, case_id: uuid.UUID, body: write.ReasonIn) -> Any:
    return do(request, body, actions.blow_whistle, case_id=case_id, reason=body.reason, version=body.version)


@router.post(
    "/cases/{uuid:case_id}/confirm-whistle",
    response=MOVED,
    operation_id="confirm_whistle",
    summary="联动确认 confirm the whistle, call departments",
)
def confirm(request: HttpRequest, case_id: uuid.UUID, body: ConfirmWhistleIn) -> Any:
    return do(
        request,
        body,
        actions.confirm_whistle,
        case_id=case_id,
        unit_ids=body.unit_ids,
        text=body.text,
        version=body.version,
    )


@router.post(
    "/cases/{uuid:case_id}/refuse-whistle",
    response=MOVED,
    operation_id="refuse_whistle",
    summary="不予联动 refuse the whistle",
)
def refuse(request: HttpRequest, case_id: uuid.UUID, body: write.ReasonIn) -> Any:
    return do(request, body, actions.refuse_whistle, case_id=case_id, reason=body.reason, version=body.version)


@router.post(
    "/cases/{uuid:case_id}/arrive", response=MOVED, operation_id="arrive", summary="部门报到 arrived on the spot"
)
def arrive(request: HttpRequest, case_id: uuid.UUID, body: ArriveIn) -> Any:
    return do(request, body, actions.arrive, case_id=case_id, **body.model_dump())


@router.post(
    "/cases/{uuid:case_id}/end-whistle", response=MOVED, operation_id="end_whistle", summary="哨毕评价 end and rate"
)
def end(request: HttpRequest, case_id: uuid.UUID, body: EndWhistleIn) -> Any:
    return do(
        request,
        body,
        actions.end_whistle,
        case_id=case_id,
        ratings=[rating.as_rating() for rating in body.ratings],
        text=body.text,
        version=body.version,
    )


@router.get(
    "/whistles", response=answers(CursorPage[WhistleFileOut]), operation_id="list_whistles", summary="哨声列表 whistles"
)
def listed(
    request: HttpRequest,
    state: WhistleState | None = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Limit = DEFAULT_SIZE,
    code: PlaceCode = "",
    unit: Path = "",
) -> Any:
    return queries.whistles(by=actor_of(request), state=state, cursor=cursor, limit=limit, code=code, unit=unit)


@router.get(
    "/whistles/{uuid:whistle_id}",
    response=reads(WhistleFileOut),
    operation_id="read_whistle",
    summary="一哨一档 one whistle",
)
def one(request: HttpRequest, whistle_id: uuid.UUID) -> Any:
    return queries.whistle(whistle_id, by=actor_of(request))

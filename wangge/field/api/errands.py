"""任务 over HTTP."""

import uuid
from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from wangge.accounts.auth import actor_of
from wangge.core import clock
from wangge.core.once import once
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset, Page
from wangge.core.requests import idempotency_key
from wangge.core.schemas import Lat, Line, Lon, answers, reads, writes
from wangge.field.actions.errand_moves import ErrandNotNow, move_errand
from wangge.field.actions.errands import add_workers, decide_ask, give_errand, withdraw_errand
from wangge.field.queries import errands as queries
from wangge.field.queries.errands import ErrandBox
from wangge.field.queries.responders import responders
from wangge.field.rules.errands import ErrandKind
from wangge.field.schemas import errands as schemas
from wangge.field.schemas.responders import RespondersOut

router = Router()


@router.get(
    "/field/errands",
    response=answers(Page[schemas.ErrandRowOut]),
    operation_id="list_errands",
    summary="任务列表 errands",
)
def listed(
    request: HttpRequest,
    box: ErrandBox = ErrandBox.OPEN,
    kind: ErrandKind | None = None,
    late: bool = False,
    asks: bool = False,
    case_id: uuid.UUID | None = None,
    offset: Offset = 0,
    limit: Limit = DEFAULT_SIZE,
) -> Any:
    by = actor_of(request)
    return queries.errands(
        by=by,
        at=clock.now(),
        box=box,
        kind=kind or "",
        late=late,
        asks=asks,
        case_id=case_id,
        offset=offset,
        limit=limit,
    )


@router.post(
    "/field/errands",
    response=writes(schemas.ErrandOut, status=201),
    operation_id="give_errand",
    summary="下派任务 give an errand to one or many",
)
def give(request: HttpRequest, body: schemas.ErrandIn) -> Any:
    by, at = actor_of(request), clock.now()
    return Status(
        201,
        _once(
            request, body.model_dump(mode="json"),
            lambda: give_errand(given=body.as_given(), errand_id=body.id, by=by, at=at).pk,
        ),
    )  # fmt: skip


@router.get(
    "/field/responders",
    response=reads(RespondersOut),
    operation_id="find_responders",
    summary="就近力量 who could come to a case or a place, and why or why not",
)
def who_could_come(
    request: HttpRequest,
    case_id: uuid.UUID | None = None,
    lon: Lon | None = None,
    lat: Lat | None = None,
    skill: Line = "",
    reach_m: Annotated[float, Query(3000, ge=100, le=20_000)] = 3000,
) -> Any:
    by, at = actor_of(request), clock.now()
    return responders(by=by, at=at, case_id=case_id, lon=lon, lat=lat, skill=skill, reach_m=reach_m)


@router.get(
    "/field/errands/{uuid:errand_id}",
    response=reads(schemas.ErrandOut),
    operation_id="read_errand",
    summary="一项任务 one errand",
)
def one(request: HttpRequest, errand_id: uuid.UUID) -> Any:
    return queries.errand(errand_id, by=actor_of(request), at=clock.now())


@router.post(
    "/field/errands/{uuid:errand_id}/moves",
    response=writes(schemas.ErrandOut),
    operation_id="move_errand",
    summary="签收、出发、到场、办结等 what a worker does with an errand",
)
def move(request: HttpRequest, errand_id: uuid.UUID, body: schemas.ErrandMoveIn) -> Any:
    """409 says in `data.now` how it stands, who brought it there and when, with the errand itself."""
    by, at = actor_of(request), clock.now()
    content = {"errand": str(errand_id), **body.model_dump(mode="json")}
    try:
        return _once(request, content, lambda: move_errand(errand_id=errand_id, given=body.as_given(), by=by, at=at).pk)
    except ErrandNotNow as late:
        late.data["now"]["errand"] = queries.errand(errand_id, by=by, at=at)
        raise


@router.post(
    "/field/errands/{uuid:errand_id}/workers",
    response=writes(schemas.ErrandOut),
    operation_id="add_errand_workers",
    summary="增派人员 send more people",
)
def add(request: HttpRequest, errand_id: uuid.UUID, body: schemas.ErrandWorkersIn) -> Any:
    by, at = actor_of(request), clock.now()
    add_workers(errand_id=errand_id, posts=body.posts, by=by, at=at)
    return queries.errand(errand_id, by=by, at=at)


@router.post(
    "/field/errands/{uuid:errand_id}/withdraw",
    response=writes(schemas.ErrandOut),
    operation_id="withdraw_errand",
    summary="撤回任务 withdraw an errand, on record",
)
def withdraw(request: HttpRequest, errand_id: uuid.UUID, body: schemas.ErrandReasonIn) -> Any:
    by, at = actor_of(request), clock.now()
    withdraw_errand(errand_id=errand_id, reason=body.reason, by=by, at=at)
    return queries.errand(errand_id, by=by, at=at)


@router.post(
    "/field/errands/{uuid:errand_id}/asks/{uuid:ask_id}",
    response=writes(schemas.ErrandOut),
    operation_id="decide_errand_ask",
    summary="答复延时申请 grant or refuse more time",
)
def decide(request: HttpRequest, errand_id: uuid.UUID, ask_id: uuid.UUID, body: schemas.AskDecisionIn) -> Any:
    by, at = actor_of(request), clock.now()
    decide_ask(errand_id=errand_id, ask_id=ask_id, grant=body.grant, text=body.text, by=by, at=at)
    return queries.errand(errand_id, by=by, at=at)


def _once(request: HttpRequest, content: Any, do: Callable[[], uuid.UUID]) -> dict[str, Any]:
    by, at = actor_of(request), clock.now()
    return once(
        idempotency_key(request),
        owner=by,
        content=content,
        at=at,
        do=lambda: queries.errand(do(), by=by, at=at),
    )

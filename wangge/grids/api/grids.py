"""Grids as lists and cards."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Path, Router, Status

from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.once import once
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset, Page
from wangge.core.requests import idempotency_key
from wangge.core.schemas import Day, answers, reads, writes
from wangge.grids import actions, queries
from wangge.grids.actions.writing import Drawing, Order
from wangge.grids.api.reading import Under, Word, by
from wangge.grids.schemas.common import EndIn, EndingOut, GridCode, GridType
from wangge.grids.schemas.grids import GridCardOut, GridChange, GridIn, GridOut, NewGridPreviewIn
from wangge.grids.schemas.redraws import DrawingOut, drawing_out

router = Router()


@router.get("/grids", response=answers(Page[GridOut]), summary="网格列表 list")
def list_grids(
    request: HttpRequest,
    under: Under = "",
    q: Word = "",
    type: GridType | None = None,
    vacant: bool | None = None,
    drawn: bool | None = None,
    day: Day | None = None,
    offset: Offset = 0,
    limit: Limit = DEFAULT_SIZE,
) -> Any:
    return queries.find_grids(
        by=by(request),
        under=under,
        q=q,
        type=type or "",
        vacant=vacant,
        drawn=drawn,
        day=day,
        offset=offset,
        limit=limit,
    )


@router.post("/grids", response=writes(GridCardOut, status=201), summary="新设网格 create")
def create_grid(request: HttpRequest, body: GridIn) -> Any:
    actor, at = by(request), clock.now()

    def create() -> dict[str, Any]:
        return queries.grid_card(_created(body, actor, at), by=actor)

    key = idempotency_key(request)
    return Status(201, once(key, owner=actor, content=body.model_dump(mode="json"), at=at, do=create))


@router.post(
    "/grids/preview",
    response=writes(DrawingOut),
    operation_id="preview_new_grid",
    summary="新设网格预览 what a new grid with its boundary would do",
)
def preview_grid(request: HttpRequest, body: NewGridPreviewIn) -> Any:
    actor = by(request)
    return drawing_out(_founded(body, actor, clock.now(), preview=True), actor.language)


@router.get("/grids/{code}", response=reads(GridCardOut), summary="网格卡片 card")
def get_grid(request: HttpRequest, code: Path[GridCode]) -> Any:
    return queries.grid_card(code, by=by(request))


@router.patch("/grids/{code}", response=writes(GridCardOut), summary="更改网格资料 change")
def change_grid(request: HttpRequest, code: Path[GridCode], body: GridChange) -> Any:
    given = body.model_dump(exclude_unset=True, exclude={"seen"})
    may_be_empty = {"households", "residents"}
    changes = {name: value for name, value in given.items() if value is not None or name in may_be_empty}
    actions.change_grid(code=code, changes=changes, seen=body.seen, by=by(request), at=clock.now())
    return queries.grid_card(code, by=by(request))


@router.get("/grids/{code}/ending", response=reads(EndingOut), summary="撤销前须知 what stands in its way")
def grid_ending(request: HttpRequest, code: Path[GridCode]) -> Any:
    return queries.ending_of(code, by=by(request))


@router.post("/grids/{code}/end", response=writes(GridCardOut), summary="撤销网格 end")
def end_grid(request: HttpRequest, code: Path[GridCode], body: EndIn) -> Any:
    actions.end_grid(code=code, valid_to=body.valid_to, reason=body.reason, by=by(request), at=clock.now())
    return queries.grid_card(code, by=by(request))


def _created(body: GridIn, actor: Actor, at: datetime) -> str:
    if body.shape is not None:
        return _founded(body, actor, at, preview=False).created[0]
    return actions.create_grid(
        type=body.type,
        under=body.under,
        name=body.name,
        code=body.code,
        valid_from=body.valid_from,
        details=body.details(),
        by=actor,
        at=at,
    ).code


def _founded(body: GridIn, actor: Actor, at: datetime, *, preview: bool) -> Drawing:
    shape = body.area()
    assert shape is not None  # noqa: S101 (for the type checker)
    return actions.found_grid(
        type=body.type,
        under=body.under,
        name=body.name,
        code=body.code,
        details=body.details(),
        shape=shape,
        clip=body.clip,
        order=Order(by=actor, at=at, valid_from=body.valid_from, reason=body.reason, preview=preview),
    )

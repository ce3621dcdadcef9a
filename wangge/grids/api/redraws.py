"""Redrawing grids: draw, split, merge, move a border; and what was redrawn."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Router

from wangge.core import clock
from wangge.core.once import once
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset, Page
from wangge.core.requests import idempotency_key
from wangge.core.schemas import answers, reads, writes
from wangge.grids import actions, queries
from wangge.grids.actions.writing import Drawing, Order
from wangge.grids.api.reading import Under, by
from wangge.grids.schemas.common import CancelIn, DivisionCode, DoneOut, GridCode, GridParent
from wangge.grids.schemas.grids import CodeOut
from wangge.grids.schemas.redraws import (
    DrawGridIn,
    DrawIn,
    DrawingOut,
    MergeIn,
    MoveBorderIn,
    RedrawIn,
    RedrawOut,
    SplitIn,
    drawing_out,
)

router = Router()
DRAWN = writes(DrawingOut)


def ordered(request: HttpRequest, body: RedrawIn, act: Callable[[Order], Drawing]) -> Any:
    """Sent twice or once, written once."""
    actor, at = by(request), clock.now()
    order = Order(by=actor, at=at, valid_from=body.valid_from, reason=body.reason, preview=body.preview)
    content = {"path": request.path, "content": body.model_dump(mode="json")}
    return once(
        idempotency_key(request),
        owner=actor,
        content=content,
        at=at,
        do=lambda: drawing_out(act(order), actor.language),
    )


@router.post("/grids/merge", response=DRAWN, operation_id="merge_grids", summary="合并 merge")
def merge(request: HttpRequest, body: MergeIn) -> Any:
    return ordered(
        request,
        body,
        lambda order: actions.merge_grids(codes=body.codes, into=body.into, name=body.name, order=order),
    )


@router.post("/grids/move-border", response=DRAWN, operation_id="move_border", summary="调整共同边界 move a border")
def move(request: HttpRequest, body: MoveBorderIn) -> Any:
    line = body.line.as_line()
    return ordered(
        request, body, lambda order: actions.move_border(one=body.one, other=body.other, line=line, order=order)
    )


@router.post("/grids/{code}/split", response=DRAWN, operation_id="split_grid", summary="拆分 split")
def split(request: HttpRequest, code: Path[GridCode], body: SplitIn) -> Any:
    line = body.line.as_line()
    return ordered(
        request,
        body,
        lambda order: actions.split_grid(code=code, line=line, codes=body.codes, names=body.names, order=order),
    )


@router.post("/grids/{code}/draw", response=DRAWN, operation_id="draw_grid", summary="绘制网格边界 draw a grid")
def draw_grid(request: HttpRequest, code: Path[GridCode], body: DrawGridIn) -> Any:
    shape = body.as_area()
    return ordered(
        request, body, lambda order: actions.draw_boundary(code=code, shape=shape, order=order, clip=body.clip)
    )


@router.post("/divisions/{code}/draw", response=DRAWN, operation_id="draw_division", summary="绘制区划边界 draw")
def draw_division(request: HttpRequest, code: Path[DivisionCode], body: DrawIn) -> Any:
    shape = body.as_area()
    return ordered(request, body, lambda order: actions.draw_boundary(code=code, shape=shape, order=order))


@router.get("/grids/next-code", response=reads(CodeOut, 409), summary="下一个可用编码 next free code")
def next_code(request: HttpRequest, under: GridParent) -> Any:
    return {"code": queries.next_free_code(under, by=by(request))}


@router.get("/redraws", response=answers(Page[RedrawOut]), summary="边界变动记录 what was redrawn")
def list_redraws(
    request: HttpRequest,
    under: Under = "",
    planned: bool | None = None,
    offset: Offset = 0,
    limit: Limit = DEFAULT_SIZE,
) -> Any:
    return queries.redraws_under(under, by=by(request), planned=planned, offset=offset, limit=limit)


@router.post(
    "/redraws/{uuid:redraw_id}/cancel",
    response=writes(DoneOut),
    operation_id="cancel_redraw",
    summary="取消计划的变动 cancel what is planned",
)
def cancel(request: HttpRequest, redraw_id: UUID, body: CancelIn) -> Any:
    actions.cancel_redraw(redraw_id=redraw_id, reason=body.reason, by=by(request), at=clock.now())
    return {"done": True}

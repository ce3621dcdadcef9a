"""保存的视图 over HTTP."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from wangge.accounts.auth import actor_of
from wangge.core import clock
from wangge.core.once import once
from wangge.core.requests import idempotency_key
from wangge.core.schemas import Id, answers, reads, writes
from wangge.desk.actions import views as actions
from wangge.desk.actions.views import ViewGiven
from wangge.desk.queries import views as queries
from wangge.desk.schemas import views as shapes

router = Router()


@router.get("/views", response=answers(list[shapes.ViewOut]), operation_id="list_views", summary="保存的视图 views")
def all_views(request: HttpRequest) -> Any:
    return queries.views(by=actor_of(request))


@router.post(
    "/views", response=writes(shapes.ViewOut, status=201), operation_id="save_view", summary="保存视图 save a view"
)
def save(request: HttpRequest, body: shapes.ViewIn) -> Any:
    by, at = actor_of(request), clock.now()

    def do() -> dict[str, Any]:
        return queries.view(actions.save_view(given=_given(body), by=by, at=at).pk, by=by)

    return Status(201, once(idempotency_key(request), owner=by, content=body.model_dump(mode="json"), at=at, do=do))


@router.get(
    "/views/counts",
    response=answers(list[shapes.ViewCountOut]),
    operation_id="count_views",
    summary="视图件数 cases in each pinned view",
    description="`quick`: those of open cases alone, without words to be found in texts; they may be asked for often.",
)
def counts(request: HttpRequest, quick: bool = False) -> Any:
    return queries.view_counts(by=actor_of(request), at=clock.now(), quick=quick)


@router.put(
    "/views/pins", response=writes(list[shapes.ViewOut]), operation_id="pin_views", summary="固定的视图 pin views"
)
def pin(request: HttpRequest, body: shapes.PinsIn) -> Any:
    by = actor_of(request)
    actions.pin_views(ids=body.ids, by=by, at=clock.now())
    return queries.views(by=by)


@router.get("/views/{view_id}", response=reads(shapes.ViewOut), operation_id="get_view", summary="一个视图 one view")
def one(request: HttpRequest, view_id: Id) -> Any:
    return queries.view(view_id, by=actor_of(request))


@router.put(
    "/views/{view_id}", response=writes(shapes.ViewOut), operation_id="change_view", summary="修改视图 change a view"
)
def change(request: HttpRequest, view_id: Id, body: shapes.ViewIn) -> Any:
    by = actor_of(request)
    actions.change_view(view_id=view_id, given=_given(body), by=by, at=clock.now())
    return queries.view(view_id, by=by)


@router.delete(
    "/views/{view_id}",
    response=answers(None, 404, status=204),
    operation_id="end_view",
    summary="删除视图 remove a view",
)
def end(request: HttpRequest, view_id: Id) -> Any:
    actions.end_view(view_id=view_id, by=actor_of(request), at=clock.now())
    return Status(204, None)


def _given(body: shapes.ViewIn) -> ViewGiven:
    return ViewGiven(name=body.name, filters=body.filters.model_dump(mode="json"), is_shared=body.is_shared)

"""通知 over HTTP: one's own, whoever one is."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from wangge.accounts.auth import actor_of
from wangge.command.actions import notices as actions
from wangge.command.queries import notices as queries
from wangge.command.rules.notices import Group
from wangge.command.schemas import notices as schemas
from wangge.command.schemas.common import Done
from wangge.core import clock
from wangge.core.paging import DEFAULT_SIZE, CursorPage, Limit
from wangge.core.schemas import answers

router = Router()


@router.get(
    "/notices",
    response=answers(CursorPage[schemas.NoticeOut]),
    operation_id="list_notices",
    summary="我的通知 what I was told",
)
def listed(
    request: HttpRequest,
    unread: bool = False,
    group: Group | None = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Limit = DEFAULT_SIZE,
) -> Any:
    return queries.notices(by=actor_of(request), at=clock.now(), unread=unread, group=group, cursor=cursor, limit=limit)


@router.get(
    "/notices/unread",
    response=answers(schemas.UnreadOut),
    operation_id="count_notices",
    summary="未读数 what the bell says",
)
def count(request: HttpRequest) -> Any:
    return queries.unread(by=actor_of(request), at=clock.now())


@router.post(
    "/notices/read", response=answers(schemas.ReadOut), operation_id="read_notices", summary="标为已读 mark as read"
)
def read(request: HttpRequest, body: schemas.ReadIn) -> Any:
    return {"read": actions.read_notices(ids=body.ids, by=actor_of(request))}


@router.post(
    "/notices/read-all",
    response=answers(Done),
    operation_id="read_all_notices",
    summary="全部已读 mark all as read",
)
def read_all(request: HttpRequest, body: schemas.ReadAllIn) -> Any:
    actions.read_all(up_to=body.up_to, by=actor_of(request))
    return {"done": True}


@router.get(
    "/notices/settings",
    response=answers(schemas.WishesOut),
    operation_id="get_notice_settings",
    summary="通知设置 how I want to be told",
)
def wishes(request: HttpRequest) -> Any:
    return queries.settings(by=actor_of(request))


@router.put(
    "/notices/settings",
    response=answers(schemas.WishesOut),
    operation_id="set_notice_settings",
    summary="更改通知设置 change how I want to be told",
)
def set_wishes(request: HttpRequest, body: schemas.WishesIn) -> Any:
    by = actor_of(request)
    actions.set_wishes(**body.model_dump(), by=by, at=clock.now())
    return queries.settings(by=by)

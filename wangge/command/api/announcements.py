"""公告 over HTTP."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from wangge.accounts.auth import actor_of
from wangge.command.actions import announcements as actions
from wangge.command.queries import orders as queries
from wangge.command.schemas import orders as schemas
from wangge.command.schemas.common import Done
from wangge.core import clock
from wangge.core.once import once
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset, Page
from wangge.core.requests import idempotency_key
from wangge.core.schemas import answers, writes

router = Router()


@router.get(
    "/announcements",
    response=answers(list[schemas.AnnouncementOut]),
    operation_id="list_announcements",
    summary="公告 what is announced now",
)
def current(request: HttpRequest) -> Any:
    return queries.announcements(by=actor_of(request), at=clock.now())


@router.get(
    "/announcements/managed",
    response=answers(Page[schemas.AnnouncementOut]),
    operation_id="list_managed_announcements",
    summary="公告管理 announcements of one's area",
)
def managed(request: HttpRequest, offset: Offset = 0, limit: Limit = DEFAULT_SIZE) -> Any:
    return queries.managed(by=actor_of(request), at=clock.now(), offset=offset, limit=limit)


@router.post(
    "/announcements",
    response=writes(Done, status=201),
    operation_id="publish_announcement",
    summary="发布公告 publish an announcement",
)
def publish(request: HttpRequest, body: schemas.AnnouncementIn) -> Any:
    by, at = actor_of(request), clock.now()

    def do() -> dict[str, Any]:
        actions.publish(**body.model_dump(), by=by, at=at)
        return {"done": True}

    key, content = idempotency_key(request), body.model_dump(mode="json")
    return Status(201, once(key, owner=by, content=content, at=at, do=do))


@router.delete(
    "/announcements/{uuid:announcement_id}",
    response=writes(Done),
    operation_id="take_down_announcement",
    summary="撤下公告 take an announcement down",
)
def take_down(request: HttpRequest, announcement_id: uuid.UUID) -> Any:
    actions.take_down(announcement_id=announcement_id, by=actor_of(request), at=clock.now())
    return {"done": True}

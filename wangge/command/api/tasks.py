"""任务 over HTTP."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Router

from wangge.accounts.auth import actor_of
from wangge.command import actions
from wangge.command.queries import meetings as queries
from wangge.command.queries.meetings import TaskBox
from wangge.command.schemas import meetings as schemas
from wangge.core import clock
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset, Page
from wangge.core.schemas import Line, answers, reads, writes

router = Router()


@router.get("/tasks", response=answers(Page[schemas.TaskOut]), operation_id="list_tasks", summary="任务列表 tasks")
def listed(
    request: HttpRequest,
    box: TaskBox = TaskBox.MINE,
    state: schemas.TaskState | None = None,
    overdue: bool = False,
    q: Line = "",
    offset: Offset = 0,
    limit: Limit = DEFAULT_SIZE,
) -> Any:
    by, at = actor_of(request), clock.now()
    return queries.tasks(
        by=by, at=at, box=box, state=state or "", overdue=overdue, q=q.strip(), offset=offset, limit=limit
    )


@router.get(
    "/tasks/{uuid:task_id}", response=reads(schemas.TaskOut), operation_id="read_task", summary="一项任务 one task"
)
def one(request: HttpRequest, task_id: uuid.UUID) -> Any:
    return queries.task(task_id, by=actor_of(request), at=clock.now())


@router.post(
    "/tasks/{uuid:task_id}/finish",
    response=writes(schemas.TaskOut),
    operation_id="finish_task",
    summary="任务办结 a task is done",
)
def finish(request: HttpRequest, task_id: uuid.UUID, body: schemas.TaskTextIn) -> Any:
    return _do(request, actions.finish_task, task_id, text=body.text)


@router.post(
    "/tasks/{uuid:task_id}/confirm",
    response=writes(schemas.TaskOut),
    operation_id="confirm_task",
    summary="确认完成 confirm a task",
)
def confirm(request: HttpRequest, task_id: uuid.UUID, body: schemas.TaskTextIn) -> Any:
    return _do(request, actions.confirm_task, task_id, text=body.text)


@router.post(
    "/tasks/{uuid:task_id}/return",
    response=writes(schemas.TaskOut),
    operation_id="return_task",
    summary="退回任务 send a task back",
)
def send_back(request: HttpRequest, task_id: uuid.UUID, body: schemas.TaskReasonIn) -> Any:
    return _do(request, actions.return_task, task_id, reason=body.reason)


@router.post(
    "/tasks/{uuid:task_id}/drop",
    response=writes(schemas.TaskOut),
    operation_id="drop_task",
    summary="取消任务 drop a task",
)
def drop(request: HttpRequest, task_id: uuid.UUID, body: schemas.TaskReasonIn) -> Any:
    return _do(request, actions.drop_task, task_id, reason=body.reason)


def _do(request: HttpRequest, action: Callable[..., object], task_id: uuid.UUID, **values: str) -> dict[str, Any]:
    by, at = actor_of(request), clock.now()
    action(task_id=task_id, **values, by=by, at=at)
    return queries.task(task_id, by=by, at=at)

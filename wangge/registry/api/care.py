"""关爱对象 over HTTP, and entitlement reminders."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Status

from wangge.accounts.auth import actor_of
from wangge.core import clock
from wangge.core.ids import new_id
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset, Page
from wangge.core.schemas import answers, reads, writes
from wangge.registry.actions import care as actions
from wangge.registry.api.routes import router
from wangge.registry.queries import care as queries
from wangge.registry.schemas import care as schemas


@router.get(
    "/registry/care",
    response=answers(Page[schemas.CareLineOut]),
    operation_id="list_care",
    summary="我负责的关爱对象 people under care one answers for",
)
def listed(request: HttpRequest, overdue: bool = False, offset: Offset = 0, limit: Limit = DEFAULT_SIZE) -> Any:
    return queries.care_list(by=actor_of(request), at=clock.now(), overdue=overdue, offset=offset, limit=limit)


@router.get(
    "/registry/care/categories",
    response=answers(list[schemas.CareCategoryOut]),
    operation_id="care_categories",
    summary="法定类别 statutory categories",
)
def categories(request: HttpRequest) -> Any:
    return queries.care_categories(by=actor_of(request))


@router.get(
    "/registry/reminders",
    response=answers(Page[schemas.ReminderOut]),
    operation_id="list_reminders",
    summary="待遇与证件到期提醒 entitlements that begin, permits that end",
)
def reminders(request: HttpRequest, offset: Offset = 0, limit: Limit = DEFAULT_SIZE) -> Any:
    return queries.reminders(by=actor_of(request), at=clock.now(), offset=offset, limit=limit)


@router.post(
    "/registry/care",
    response=answers(schemas.CareMadeOut, 409, status=201),
    operation_id="begin_care",
    summary="认定 begin care",
)
def begin(request: HttpRequest, body: schemas.CareIn) -> Any:
    helpers = _helpers(body.helpers)
    given = actions.CareGiven(**body.model_dump(exclude={"helpers"}), helpers=helpers)
    return Status(201, actions.begin_care(given=given, by=actor_of(request), at=clock.now()))


@router.post(
    "/registry/care/workers",
    response=answers(list[schemas.CareWorkerOut], 404),
    operation_id="care_workers",
    summary="可指定的责任人 who may be given somebody under care",
)
def workers(request: HttpRequest, body: schemas.CareWorkersIn) -> Any:
    return queries.care_workers(**body.model_dump(), by=actor_of(request), at=clock.now())


@router.post(
    "/registry/care/{uuid:care_id}/open",
    response=reads(schemas.CareOpenOut),
    operation_id="open_care",
    summary="打开关爱档案 open a care file for a purpose, on the record",
)
def opened(request: HttpRequest, care_id: uuid.UUID, body: schemas.CareOpenIn) -> Any:
    return actions.open_care(care_id=care_id, purpose=body.purpose, by=actor_of(request), at=clock.now())


@router.post(
    "/registry/care/{uuid:care_id}/assign",
    response=writes(None, status=204),
    operation_id="assign_care",
    summary="指定责任人 assign worker and helpers",
)
def assign(request: HttpRequest, care_id: uuid.UUID, body: schemas.AssignIn) -> Any:
    actions.assign_care(
        care_id=care_id,
        worker_post=body.worker_post,
        helpers=_helpers(body.helpers),
        level=body.level,
        by=actor_of(request),
        at=clock.now(),
    )
    return Status(204, None)


@router.post(
    "/registry/care/{uuid:care_id}/visits",
    response=writes(schemas.CareMadeOut, status=201),
    operation_id="record_care_visit",
    summary="记录走访 record a visit",
)
def visit(request: HttpRequest, care_id: uuid.UUID, body: schemas.CareVisitIn) -> Any:
    made = actions.record_visit(
        care_id=care_id,
        visit_id=body.id or new_id(),
        visited_on=body.visited_on,
        findings=body.findings,
        needs=body.needs,
        by=actor_of(request),
        at=clock.now(),
    )
    return Status(201, made)


@router.post(
    "/registry/care/{uuid:care_id}/end",
    response=writes(None, status=204),
    operation_id="end_care",
    summary="解除 end care",
)
def end(request: HttpRequest, care_id: uuid.UUID, body: schemas.CareEndIn) -> Any:
    actions.end_care(care_id=care_id, reason=body.reason, by=actor_of(request), at=clock.now())
    return Status(204, None)


def _helpers(given: list[schemas.HelperIn]) -> list[actions.HelperGiven]:
    return [actions.HelperGiven(**one.model_dump()) for one in given]

"""What the phone asks about duty and itself."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from wangge.accounts.auth import actor_of
from wangge.core import clock
from wangge.core.addresses import positions_url
from wangge.core.schemas import answers, writes
from wangge.field.actions import duty as actions
from wangge.field.actions import terminals
from wangge.field.queries import duty as queries
from wangge.field.schemas import positions as schemas

router = Router()
OSMAND = "/field/osmand"


@router.get(
    "/field/duty", response=answers(schemas.DutyOut), operation_id="get_my_duty", summary="我是否在岗 am I on duty"
)
def mine(request: HttpRequest) -> Any:
    return queries.my_duty(by=actor_of(request))


@router.post("/field/duty", response=writes(schemas.DutyOut), operation_id="go_on_duty", summary="上岗 go on duty")
def begin(request: HttpRequest, body: schemas.BeginDutyIn) -> Any:
    by = actor_of(request)
    span = actions.go_on_duty(duty_id=body.id, happened_at=body.happened_at, by=by, at=clock.now())
    return queries.duty_state(span)


@router.post(
    "/field/duty/{uuid:duty_id}/end",
    response=writes(schemas.DutyOut),
    operation_id="go_off_duty",
    summary="下岗 go off duty",
)
def end(request: HttpRequest, duty_id: uuid.UUID, body: schemas.DutyEndIn) -> Any:
    by = actor_of(request)
    span = actions.go_off_duty(duty_id=duty_id, happened_at=body.happened_at, by=by, at=clock.now())
    return queries.duty_state(span)


@router.post(
    "/field/terminal",
    response=writes(schemas.MyTerminalOut),
    operation_id="register_terminal",
    summary="登记这台手机 register this phone, after each sign-in",
)
def register(request: HttpRequest, body: schemas.RegisterIn) -> Any:
    phone = terminals.Registered(device=body.device, name=body.name, version=body.version)
    found = terminals.register_terminal(phone=phone, by=actor_of(request), at=clock.now())
    return {
        "id": found.pk,
        "device": found.device,
        "bound": found.bound_at is not None,
        "post_id": found.post_id,
        "grid": found.grid,
        "registered_at": found.registered_at,
    }


@router.post(
    "/field/tracker",
    response=writes(schemas.TrackerOut, status=201),
    operation_id="give_tracker_key",
    summary="后台定位客户端的密钥（只显示一次）the key of a background tracker, shown once",
)
def tracker(request: HttpRequest) -> Any:
    given = terminals.give_tracker_key(by=actor_of(request), at=clock.now())
    url = (positions_url(request) or f"{request.scheme}://{request.get_host()}") + OSMAND
    return Status(201, {"terminal_id": given.terminal.pk, "key": given.key, "url": url, "period_s": queries.EVERY_S})

"""Where a phone may be rung."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import StringConstraints

from wangge.accounts.auth import actor_of
from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.schemas import Line, answers
from wangge.field.push import web

router = Router()
Address = Annotated[str, StringConstraints(max_length=1000)]


class PushKeyOut(Schema):
    """`public_key`: VAPID, base64url, for PushManager.subscribe."""

    public_key: str


class PushKeysIn(Schema):
    p256dh: Line
    auth: Line


class SubscriptionIn(Schema):
    endpoint: Address
    keys: PushKeysIn
    device: Line = ""


class EndpointIn(Schema):
    endpoint: Address


class PushDone(Schema):
    done: bool = True


@router.get(
    "/field/push", response=answers(PushKeyOut), operation_id="get_push_key", summary="推送公钥 key for Web Push"
)
def key(request: HttpRequest) -> Any:
    actor_of(request).require(Permission.FIELD_WORK)
    return {"public_key": web.public_key(at=clock.now())}


@router.post(
    "/field/push/subscriptions",
    response=answers(PushDone),
    operation_id="subscribe_push",
    summary="订阅推送 ring this browser",
)
def subscribe(request: HttpRequest, body: SubscriptionIn) -> Any:
    by = actor_of(request)
    by.require(Permission.FIELD_WORK)
    web.subscribe(
        endpoint=body.endpoint,
        p256dh=body.keys.p256dh,
        auth=body.keys.auth,
        device=body.device,
        by=by,
        at=clock.now(),
    )
    return PushDone()


@router.delete(
    "/field/push/subscriptions",
    response=answers(PushDone),
    operation_id="unsubscribe_push",
    summary="取消推送 ring this browser no more",
)
def unsubscribe(request: HttpRequest, body: EndpointIn) -> Any:
    by = actor_of(request)
    by.require(Permission.FIELD_WORK)
    web.unsubscribe(endpoint=body.endpoint, by=by)
    return PushDone()

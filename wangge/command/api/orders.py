"""指令 over HTTP."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from wangge.accounts.auth import actor_of
from wangge.command import actions
from wangge.command.queries import orders as queries
from wangge.command.queries.orders import OrderBox
from wangge.command.schemas import orders as schemas
from wangge.core import clock
from wangge.core.once import once
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset, Page
from wangge.core.requests import idempotency_key
from wangge.core.schemas import Line, answers, reads, writes

router = Router()


@router.get(
    "/orders", response=answers(Page[schemas.OrderRowOut]), operation_id="list_orders", summary="指令列表 orders"
)
def listed(
    request: HttpRequest,
    box: OrderBox = OrderBox.MINE,
    late: bool = False,
    q: Line = "",
    offset: Offset = 0,
    limit: Limit = DEFAULT_SIZE,
) -> Any:
    by = actor_of(request)
    return queries.orders(by=by, at=clock.now(), box=box, late=late, q=q.strip(), offset=offset, limit=limit)


@router.get(
    "/orders/addressees",
    response=answers(list[schemas.AddresseeOut]),
    operation_id="find_addressees",
    summary="按姓名找人 people an order may be given to",
)
def addressees(request: HttpRequest, q: Line = "") -> Any:
    return queries.addressees(by=actor_of(request), at=clock.now(), q=q)


@router.post(
    "/orders",
    response=writes(schemas.OrderOut, status=201),
    operation_id="give_order",
    summary="下达指令 give an order",
)
def give(request: HttpRequest, body: schemas.OrderIn) -> Any:
    by, at = actor_of(request), clock.now()

    def do() -> dict[str, Any]:
        order = actions.give_order(given=body.as_order(), by=by, at=at)
        return queries.order(order.pk, by=by, at=at)

    key, content = idempotency_key(request), body.model_dump(mode="json")
    return Status(201, once(key, owner=by, content=content, at=at, do=do))


@router.get(
    "/orders/{uuid:order_id}", response=reads(schemas.OrderOut), operation_id="read_order", summary="一条指令 one order"
)
def one(request: HttpRequest, order_id: uuid.UUID) -> Any:
    return queries.order(order_id, by=actor_of(request), at=clock.now())


@router.post(
    "/orders/{uuid:order_id}/receive",
    response=writes(schemas.OrderOut),
    operation_id="receive_order",
    summary="签收指令 receive an order",
)
def receive(request: HttpRequest, order_id: uuid.UUID) -> Any:
    by, at = actor_of(request), clock.now()
    actions.receive_order(order_id=order_id, by=by, at=at)
    return queries.order(order_id, by=by, at=at)


@router.post(
    "/orders/{uuid:order_id}/report",
    response=writes(schemas.OrderOut),
    operation_id="report_back",
    summary="反馈 report back on an order",
)
def report(request: HttpRequest, order_id: uuid.UUID, body: schemas.OrderReportIn) -> Any:
    by, at = actor_of(request), clock.now()
    actions.report_back(order_id=order_id, text=body.text, by=by, at=at)
    return queries.order(order_id, by=by, at=at)


@router.post(
    "/orders/{uuid:order_id}/withdraw",
    response=writes(schemas.OrderOut),
    operation_id="withdraw_order",
    summary="撤回指令 withdraw an order, on record",
)
def withdraw(request: HttpRequest, order_id: uuid.UUID, body: schemas.OrderReasonIn) -> Any:
    by, at = actor_of(request), clock.now()
    actions.withdraw_order(order_id=order_id, reason=body.reason, by=by, at=at)
    return queries.order(order_id, by=by, at=at)

"""指令: given downwards, received by each addressee, reported back where asked, late once, withdrawn on record."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from wangge.accounts.models import Post, Unit
from wangge.accounts.permissions import Permission
from wangge.cases.access import access_case
from wangge.command.models import Order, OrderRecipient
from wangge.command.models.orders import answered_by
from wangge.core import clock, journal
from wangge.core.actor import Actor
from wangge.core.codes import code_range
from wangge.core.errors import Conflict, NotAllowed, NotFound, invalid
from wangge.core.ids import new_id

MOST_RECIPIENTS = 1000
SHORTEST = 2


class NotBelow(NotAllowed):
    code = "order.not_below"
    zh = "“{name}”不在您的管辖范围内，不能向其下达指令。"
    en = "“{name}” is outside your area; you cannot give it orders."


class OrderWithdrawn(Conflict):
    code = "order.withdrawn"
    zh = "这条指令已于 {when} 撤回：{why}"
    en = "This order was withdrawn at {when}: {why}"


class NothingOwed(Conflict):
    code = "order.nothing_owed"
    zh = "{who} 已于 {when} 办理，不需要再做。"
    en = "{who} has done this at {when}; nothing is left to do."


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGiven:
    """`divisions`: every centre in them. Place is WGS-84 lon, lat."""

    title: str
    text: str = ""
    units: Sequence[int] = ()
    posts: Sequence[int] = ()
    divisions: Sequence[str] = ()
    due_at: datetime | None = None
    needs_report: bool = False
    case_id: uuid.UUID | None = None
    place: str = ""
    lon: float | None = None
    lat: float | None = None


def give_order(*, given: OrderGiven, by: Actor, at: datetime) -> Order:
    """Raises NotAllowed, NotBelow, NotFound (case), Invalid."""
    by.require(Permission.ORDER_GIVE)
    if len(given.title.strip()) < SHORTEST:
        raise invalid("title", "请写明指令内容。", "Say what is ordered.")
    if given.due_at is not None and given.due_at <= at:
        raise invalid("due_at", "时限应晚于现在。", "The time limit must lie ahead.")
    if (given.lon is None) != (given.lat is None):
        raise invalid("lat", "经度和纬度要同时给出。", "Give longitude and latitude together.")
    case = access_case(by, given.case_id) if given.case_id else None
    recipients = [*_units(given, by, at), *_posts(given, by, at)]
    if not recipients:
        raise invalid("units", "请选择接收单位或人员。", "Choose who is to receive it.")
    if len(recipients) > MOST_RECIPIENTS:
        raise invalid("units", f"一条指令最多发给 {MOST_RECIPIENTS} 个对象。", f"{MOST_RECIPIENTS} recipients at most.")
    order = Order.objects.create(
        id=new_id(),
        number=_number(by.division, at),
        title=given.title.strip(),
        text=given.text.strip(),
        from_unit_id=by.unit_id or 0,
        from_path=by.unit_path,
        code=by.division,
        by_post=by.post_id,
        by_name=by.name,
        given_at=at,
        due_at=given.due_at,
        needs_report=given.needs_report,
        case=case,
        place=given.place.strip(),
        lon=given.lon,
        lat=given.lat,
    )
    for recipient in recipients:
        recipient.order = order
    OrderRecipient.objects.bulk_create(recipients)
    _record("order.given", order, recipients, by=by, at=at, permission=Permission.ORDER_GIVE)
    return order


def receive_order(*, order_id: uuid.UUID, by: Actor, at: datetime) -> Order:
    """签收, for every addressee one answers for. Raises NotFound, NotAllowed, OrderWithdrawn, NothingOwed."""
    order, mine = _hold_mine(order_id, by)
    owing = [row for row in mine if row.received_at is None]
    if not owing:
        raise NothingOwed(who=mine[0].received_by, when=_said(mine[0].received_at))
    for row in owing:
        row.received_at, row.received_by = at, _who(by)
    OrderRecipient.objects.bulk_update(owing, ["received_at", "received_by"])
    _record("order.received", order, owing, by=by, at=at, changed=["received_at"])
    return order


def report_back(*, order_id: uuid.UUID, text: str, by: Actor, at: datetime) -> Order:
    """反馈; receives it first where that was not done. Raises as receive_order, Invalid."""
    if len(text.strip()) < SHORTEST:
        raise invalid("text", "请写明办理情况。", "Say what was done.")
    order, mine = _hold_mine(order_id, by)
    owing = [row for row in mine if row.reported_at is None]
    if not owing:
        raise NothingOwed(who=mine[0].reported_by, when=_said(mine[0].reported_at))
    for row in owing:
        row.received_at, row.received_by = row.received_at or at, row.received_by or _who(by)
        row.reported_at, row.reported_by, row.report = at, _who(by), text.strip()
    OrderRecipient.objects.bulk_update(owing, ["received_at", "received_by", "reported_at", "reported_by", "report"])
    _record("order.reported", order, owing, by=by, at=at, changed=["reported_at"])
    return order


def withdraw_order(*, order_id: uuid.UUID, reason: str, by: Actor, at: datetime) -> Order:
    """By the unit that gave it, or a centre over it. Raises NotFound, NotAllowed, OrderWithdrawn, Invalid."""
    if len(reason.strip()) < SHORTEST:
        raise invalid("reason", "请写明撤回原因。", "Give the reason of the withdrawal.")
    order = _hold(order_id, by)
    by.require(Permission.ORDER_GIVE)
    if not may_withdraw(order, by):
        raise NotAllowed()
    order.withdrawn_at, order.withdrawn_by, order.withdrawn_why = at, _who(by), reason.strip()
    order.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    rows = list(order.recipients.all())
    _record("order.withdrawn", order, rows, by=by, at=at, permission=Permission.ORDER_GIVE, changed=["withdrawn_at"])
    return order


def say_late(*, by: Actor, at: datetime, limit: int) -> int:
    """Of each order past its time, once: who has not answered is reminded, who gave it and those above hear of it."""
    rows = Order.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    late = list(rows.filter(due_at__lte=at, late_at=None, withdrawn_at=None).order_by("due_at", "id")[:limit])
    for order in late:
        order.late_at = at
        order.save(update_fields=["late_at"])
        every = list(order.recipients.select_related("unit__parent"))
        owing = [row for row in every if row.answer_is_owed(needs_report=order.needs_report)]
        if owing:
            parents = [row.unit.parent for row in owing if row.unit_path]  # an order to a person is theirs alone
            above = sorted({parent.path for parent in parents if parent is not None} - {order.from_path})
            data = {"giver": order.from_path, "above": above, "missing": len(owing), "all": len(every)}
            _record("order.late", order, owing, by=by, at=at, changed=["late_at"], data=data)
    return len(late)


def may_withdraw(order: Order, by: Actor) -> bool:
    if order.withdrawn_at is not None or not by.may(Permission.ORDER_GIVE):
        return False
    return order.from_path == by.unit_path or (by.unit_kind == "centre" and by.covers(order.code))


def _units(given: OrderGiven, by: Actor, at: datetime) -> Iterable[OrderRecipient]:
    today = clock.day_of(at)
    standing = Unit.objects.filter(Q(valid_to=None) | Q(valid_to__gt=today), valid_from__lte=today)
    where = Q(pk__in=list(given.units))
    for division in given.divisions:
        low, high = code_range(division)
        where |= Q(kind=Unit.Kind.CENTRE, division__gte=low, division__lt=high)
    units = list(standing.filter(where).order_by("path")) if given.units or given.divisions else []
    if missing := set(given.units) - {unit.pk for unit in units}:
        raise invalid("units", "所选单位不存在或已撤销。", "A unit does not exist any more.", missing=sorted(missing))
    for unit in units:
        if unit.path == by.unit_path and unit.pk not in given.units:
            continue  # a centre that writes to its whole division does not order itself
        if not by.covers(unit.division):
            raise NotBelow(name=unit.name)
        yield OrderRecipient(unit=unit, unit_path=unit.path, name=unit.name)


def _posts(given: OrderGiven, by: Actor, at: datetime) -> Iterable[OrderRecipient]:
    rows = Post.objects.filter(pk__in=list(given.posts), revoked_at=None).open_on(clock.day_of(at))
    posts = list(rows.select_related("unit", "user").order_by("unit__path", "pk"))
    if set(given.posts) - {post.pk for post in posts}:
        raise invalid("posts", "所选人员已不在岗。", "Somebody does not hold the post any more.")
    for post in posts:
        if not by.covers(post.unit.division):
            raise NotBelow(name=post.user.name)
        yield OrderRecipient(unit=post.unit, post_id=post.pk, name=post.user.name)


def _hold(order_id: uuid.UUID, by: Actor) -> Order:
    Order.objects.select_for_update(no_key=True).filter(pk=order_id).values_list("pk").first()
    order = Order.objects.visible_to(by).filter(pk=order_id).first()
    if order is None or not by.may(Permission.CASE_READ):
        raise NotFound()
    if order.withdrawn_at is not None:
        raise OrderWithdrawn(when=_said(order.withdrawn_at), why=order.withdrawn_why)
    return order


def _hold_mine(order_id: uuid.UUID, by: Actor) -> tuple[Order, list[OrderRecipient]]:
    order = _hold(order_id, by)
    mine = list(OrderRecipient.objects.filter(answered_by(by), order=order).order_by("id"))
    if not mine:
        raise NotAllowed()
    return order, mine


def _number(code: str, at: datetime) -> str:
    """ZL (指令) + division + Beijing day + serial, never used again."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval('command_serial')")
        serial = int(cursor.fetchone()[0])
    return f"ZL{code[:6].ljust(6, '0')}{clock.day_of(at):%Y%m%d}{serial:06d}"


def _who(by: Actor) -> str:
    return f"{by.unit_name} {by.name}".strip()


def _said(at: datetime | None) -> str:
    return clock.local(at).strftime("%m-%d %H:%M") if at else ""


def _record(
    kind: str,
    order: Order,
    about: Sequence[OrderRecipient],
    *,
    by: Actor,
    at: datetime,
    permission: str = Permission.CASE_READ,
    changed: Iterable[str] = (),
    data: dict[str, Any] | None = None,
) -> None:
    units = [row.unit_path for row in about if row.unit_path]
    entry = journal.Entry(
        kind=kind,
        subject=("order", str(order.pk)),
        code=order.code,
        unit_paths=sorted({order.from_path, *units}),
        permission=permission,
        changed=sorted(changed),
        data={
            "number": order.number,
            "giver": order.from_path,
            "giver_post": order.by_post,
            "units": units,
            "posts": [row.post_id for row in about if row.post_id],
            **(data or {}),
        },
    )
    journal.record(entry, by=by, at=at)

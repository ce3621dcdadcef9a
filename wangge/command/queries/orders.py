"""Orders as their givers and their addressees see them; announcements as everybody does."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from wangge.accounts.models import Post
from wangge.accounts.permissions import Permission
from wangge.cases.models import Case
from wangge.command.actions.orders import may_withdraw
from wangge.command.models import Announcement, Order, OrderRecipient
from wangge.command.models.notices import speaks_for_unit
from wangge.command.models.orders import answered_by, overseen_by
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import NotFound
from wangge.core.paging import table_page
from wangge.core.ranges import within

MOST_PEOPLE = 50


class OrderBox(StrEnum):
    MINE = "mine"  # 发给我的
    OWED = "owed"  # 待我签收、反馈
    GIVEN = "given"  # 我单位下达的
    ALL = "all"  # 管辖范围内的


OWED = Q(received_at=None) | Q(reported_at=None, order__needs_report=True)


def orders(*, by: Actor, at: datetime, box: OrderBox, late: bool, q: str, offset: int, limit: int) -> dict[str, Any]:
    """Newest first. A constant number of queries."""
    by.require(Permission.CASE_READ)
    mine = OrderRecipient.objects.filter(answered_by(by), order=OuterRef("pk"))
    rows = Order.objects.visible_to(by).order_by("-given_at", "-id")
    match box:
        case OrderBox.MINE:
            rows = rows.filter(Exists(mine))
        case OrderBox.OWED:
            rows = rows.filter(Exists(mine.filter(OWED)), withdrawn_at=None)
        case OrderBox.GIVEN:
            rows = rows.filter(from_path=by.unit_path) if speaks_for_unit(by) else rows.none()
    if late:
        missing = OrderRecipient.objects.filter(OWED, order=OuterRef("pk"))
        rows = rows.filter(Exists(missing), due_at__lte=at, withdrawn_at=None)
    if q:
        rows = rows.filter(Q(number__startswith=q) | Q(title__icontains=q))
    page = table_page(rows.select_related("from_unit"), offset=offset, limit=limit)
    counts = _counts(page["items"])
    owed = set(
        OrderRecipient.objects.filter(answered_by(by), OWED, order__in=page["items"]).values_list("order_id", flat=True)
    )
    return {
        "items": [_line(row, counts[row.pk], at, row.pk in owed) for row in page["items"]],
        "count": page["count"],
    }


def order(order_id: uuid.UUID, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Raises NotFound. Who gave it, and centres over it, see every addressee; an addressee sees its own line, and the
    unit over one that one's."""
    recipients = Prefetch("recipients", OrderRecipient.objects.select_related("unit").order_by("unit__path", "id"))
    whole = Order.objects.visible_to(by).prefetch_related(recipients).select_related("case", "from_unit")
    row = whole.filter(pk=order_id).first()
    if row is None or not by.may(Permission.CASE_READ):
        raise NotFound()
    mine = {one.pk for one in OrderRecipient.objects.filter(answered_by(by), order=row)}
    below = {one.pk for one in OrderRecipient.objects.filter(overseen_by(by), order=row)}
    every = list(row.recipients.all())
    oversees = by.covers(row.code) or (speaks_for_unit(by) and row.from_path == by.unit_path)
    shown = every if oversees else [one for one in every if one.pk in mine | below]
    own = [one for one in every if one.pk in mine]
    owing = (
        [one for one in own if one.answer_is_owed(needs_report=row.needs_report)] if row.withdrawn_at is None else []
    )
    sees_case = row.case is not None and Case.objects.visible_to(by).filter(pk=row.case.pk).exists()
    return _line(row, _counts([row])[row.pk], at, bool(owing)) | {
        "text": row.text,
        "lon": row.lon,
        "lat": row.lat,
        "case": {"id": row.case_id, "number": row.case.number} if sees_case and row.case else None,
        "withdrawn_by": row.withdrawn_by,
        "withdrawn_why": row.withdrawn_why,
        "recipients": [_recipient(one, row, one.pk in mine) for one in shown],
        "may_receive": any(one.received_at is None for one in owing),
        "may_report": any(one.reported_at is None for one in own) and row.withdrawn_at is None,
        "may_withdraw": may_withdraw(row, by),
    }


def owed_count(*, by: Actor) -> int:
    """Orders that wait for an answer of one's own. One query."""
    mine = OrderRecipient.objects.filter(answered_by(by), OWED, order__withdrawn_at=None)
    return mine.values("order").distinct().count()


def addressees(*, by: Actor, at: datetime, q: str) -> list[dict[str, Any]]:
    """People in one's area by name, for orders to posts. One query."""
    by.require(Permission.ORDER_GIVE)
    if not q.strip():
        return []
    rows = Post.objects.filter(revoked_at=None, user__is_active=True).open_on(clock.day_of(at))
    rows = rows.filter(within("unit__division", by.ranges), role__permissions__contains=[Permission.CASE_READ])
    found = rows.filter(Q(user__name__contains=q.strip()) | Q(user__username__startswith=q.strip().lower()))
    return [
        {"post_id": post.pk, "name": post.user.name, "title": post.title or post.role.name_zh, "unit": post.unit.name}
        for post in found.select_related("user", "unit", "role").order_by("user__name", "pk")[:MOST_PEOPLE]
    ]


def announcements(*, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """What stands now for this actor, pinned ones first."""
    rows = Announcement.objects.shown_to(by, at).select_related("from_unit").order_by("-is_pinned", "-from_at", "-id")
    return [_announcement(row, at) for row in rows]


def managed(*, by: Actor, at: datetime, offset: int, limit: int) -> dict[str, Any]:
    by.require(Permission.NOTICE_PUBLISH)
    rows = Announcement.objects.managed_by(by).select_related("from_unit").order_by("-from_at", "-id")
    page = table_page(rows, offset=offset, limit=limit)
    return {"items": [_announcement(row, at) for row in page["items"]], "count": page["count"]}


def titles(ids: Sequence[str], by: Actor) -> dict[str, tuple[str, str]]:
    """Title and number of those in sight."""
    rows = Order.objects.visible_to(by).filter(pk__in=list(ids)).values_list("pk", "title", "number")
    return {str(order_id): (title, number) for order_id, title, number in rows}


@dataclass(frozen=True, slots=True)
class Counts:
    sent: int = 0
    received: int = 0
    reported: int = 0


def _counts(orders: Sequence[Order]) -> dict[uuid.UUID, Counts]:
    """Of these alone; one query."""
    rows = OrderRecipient.objects.filter(order__in=orders).order_by().values_list("order_id")
    counted = rows.annotate(Count("pk"), Count("received_at"), Count("reported_at"))
    return {order.pk: Counts() for order in orders} | {pk: Counts(*numbers) for pk, *numbers in counted}


def _line(row: Order, counts: Counts, at: datetime, owed: bool) -> dict[str, Any]:
    answered = counts.reported if row.needs_report else counts.received
    return {
        "id": row.pk,
        "number": row.number,
        "title": row.title,
        "from_unit": row.from_unit.name,
        "by_name": row.by_name,
        "given_at": row.given_at,
        "due_at": row.due_at,
        "needs_report": row.needs_report,
        "place": row.place,
        "sent": counts.sent,
        "received": counts.received,
        "reported": counts.reported,
        "is_late": row.due_at is not None and row.due_at <= at and answered < counts.sent and row.withdrawn_at is None,
        "withdrawn_at": row.withdrawn_at,
        "owed": owed,
    }


def _recipient(one: OrderRecipient, order: Order, mine: bool) -> dict[str, Any]:
    return {
        "unit": one.unit.name,
        "name": one.name,
        "is_post": one.post_id is not None,
        "mine": mine,
        "received_at": one.received_at,
        "received_by": one.received_by,
        "reported_at": one.reported_at,
        "reported_by": one.reported_by,
        "report": one.report,
        "owes": one.answer_is_owed(needs_report=order.needs_report) and order.withdrawn_at is None,
    }


def _announcement(row: Announcement, at: datetime) -> dict[str, Any]:
    standing = "down" if row.withdrawn_at else "over" if row.to_at <= at else "ahead" if row.from_at > at else "shown"
    return {
        "id": row.pk,
        "title": row.title,
        "text": row.text,
        "is_pinned": row.is_pinned,
        "from_unit": row.from_unit.name,
        "by_name": row.by_name,
        "codes": row.codes,
        "roles": row.roles,
        "from_at": row.from_at,
        "to_at": row.to_at,
        "standing": standing,
    }

"""Views saved, shared, pinned and ended. One's own only; what is shared an administrator of the area may end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from wangge.accounts.permissions import Permission
from wangge.cases.rules.confidence import without_names
from wangge.core import journal
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, Message, NotAllowed, NotFound, invalid
from wangge.desk.models import Pin, View

MOST = 50  # of one post


class NameUsed(Conflict):
    code = "view.name_used"
    zh = "您已有一个叫“{name}”的视图。"
    en = "You have a view called “{name}” already."


class NotYours(NotAllowed):
    code = "view.not_yours"
    zh = "这个视图是{who}的，只有本人可以改。"
    en = "This view is {who}'s; only they can change it."


class TooManyViews(Conflict):
    code = "view.too_many"
    zh = f"视图已有 {MOST} 个，请先删除一些。"
    en = f"There are {MOST} views already; remove some first."


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewGiven:
    name: str
    filters: dict[str, Any]  # ViewFilters, as JSON
    is_shared: bool


def save_view(*, given: ViewGiven, by: Actor, at: datetime) -> View:
    """Raises NotAllowed, NameUsed, TooManyViews, Invalid."""
    by.require(Permission.CASE_READ)
    _check(given)
    if View.objects.filter(by_post=by.post_id or 0).count() >= MOST:
        raise TooManyViews()
    view = View(
        by_post=by.post_id or 0, by_name=by.name, unit_path=by.unit_path, division=by.division, **_values(given, at)
    )
    _write(view)
    _record("view.saved", view, [], by, at)
    return view


def change_view(*, view_id: int, given: ViewGiven, by: Actor, at: datetime) -> View:
    """Raises NotFound, NotYours, NameUsed, Invalid."""
    by.require(Permission.CASE_READ)
    _check(given)
    view = _seen(view_id, by)
    if view.by_post != by.post_id:
        raise NotYours(who=view.by_name)
    values = _values(given, at)
    changed = sorted(name for name, value in values.items() if getattr(view, name) != value and name != "changed_at")
    for name, value in values.items():
        setattr(view, name, value)
    if changed:
        _write(view)
        _record("view.changed", view, changed, by, at)
    return view


def end_view(*, view_id: int, by: Actor, at: datetime) -> None:
    """Its tabs go with it. Raises NotFound, NotYours."""
    view = _seen(view_id, by)
    if not may_end(view, by):
        raise NotYours(who=view.by_name)
    _record("view.ended", view, [], by, at)
    view.delete()


def may_end(view: View, by: Actor) -> bool:
    administers = view.is_shared and by.may(Permission.ACCOUNT_EDIT) and by.covers(view.division)
    return view.by_post == by.post_id or administers


def pin_views(*, ids: Sequence[int], by: Actor, at: datetime) -> None:
    """These and no others, in this order, are one's tabs. Raises NotAllowed, NotFound."""
    by.require(Permission.CASE_READ)
    wanted = list(dict.fromkeys(ids))
    if View.objects.visible_to(by).filter(pk__in=wanted).count() != len(wanted):
        raise NotFound()
    Pin.objects.filter(by_post=by.post_id or 0).delete()
    Pin.objects.bulk_create(Pin(by_post=by.post_id or 0, view_id=one, order=place) for place, one in enumerate(wanted))
    entry = journal.Entry(
        kind="view.pinned",
        subject=("post", str(by.post_id)),
        code=by.division,
        permission=Permission.CASE_READ,
        data={"views": wanted},
    )
    journal.record(entry, by=by, at=at)


def _check(given: ViewGiven) -> None:
    """A view is kept, shared and read by others: nobody's number stands in it. Raises Invalid."""
    words = str(given.filters.get("q", ""))
    if without_names(words, ()) != words:
        raise invalid(
            "filters.q", "视图里不能保存电话或证件号码。", "A view cannot keep a telephone or identity number."
        )


def _seen(view_id: int, by: Actor) -> View:
    rows = View.objects.visible_to(by).select_for_update(no_key=True)
    view = rows.filter(pk=view_id).first()
    if view is None:
        raise NotFound()
    return view


def _values(given: ViewGiven, at: datetime) -> dict[str, Any]:
    return {"name": given.name, "filters": given.filters, "is_shared": given.is_shared, "changed_at": at}


def _write(view: View) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as clash:
        if "view_name_once" not in str(clash):
            raise
        twice = Message("换一个名称。", "Choose another name.")
        raise NameUsed(fields={"name": twice}, name=view.name) from clash


def _record(kind: str, view: View, changed: list[str], by: Actor, at: datetime) -> None:
    journal.record(
        journal.Entry(
            kind=kind,
            subject=("view", str(view.pk)),
            code=view.division,
            unit_paths=[view.unit_path] if view.unit_path else [],
            permission=Permission.CASE_READ if view.by_post == by.post_id else Permission.ACCOUNT_EDIT,
            changed=changed,
            data={"is_shared": view.is_shared},
        ),
        by=by,
        at=at,
    )

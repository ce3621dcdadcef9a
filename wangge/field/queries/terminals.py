"""Terminals: which there are, who carries them, and how many of them are heard."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import NotAllowed
from wangge.core.ranges import within
from wangge.field.models import DutySpan, Newest, Terminal
from wangge.grids.models import Grid

PAGE = 50
STATES = ("bound", "waiting", "silent", "released")

# 终端在线率. No national standard fixes it; both parts are said with each figure.
FORMULA = {
    "zh": (
        "在线率 = 今日 0 时以来有定位或登录的已绑定手机终端数 ÷ 已绑定手机终端数 × 100%；"
        "配备率 = 有已绑定终端的综合网格数 ÷ 综合网格数 × 100%。"
    ),
    "en": (
        "Online rate = bound phones heard of (a position or a sign-in) since midnight, Beijing ÷ bound phones × 100 %; "
        "equipment rate = general grids with a bound terminal ÷ general grids × 100 %."
    ),
}


def terminals(
    *, by: Actor, at: datetime, under: str = "", q: str = "", state: str = "", page: int = 1
) -> dict[str, Any]:
    """Raises NotAllowed."""
    rows = _seen(by, under)
    rows = rows.filter(released_at__isnull=state != "released")
    if state in {"bound", "waiting"}:
        rows = rows.filter(bound_at__isnull=state == "waiting")
    if state == "silent":
        since, _ = clock.day_bounds(clock.day_of(at))
        rows = rows.filter(bound_at__isnull=False).exclude(_heard_since(since))
    if q:
        people = Q(post__user__name__contains=q) | Q(post__unit__name__contains=q)
        rows = rows.filter(people | Q(code__startswith=q) | Q(name__icontains=q))
    found = list(
        rows.select_related("post__user", "post__unit").order_by("code", "pk")[(page - 1) * PAGE : page * PAGE]
    )
    return {"items": [_row(one, at) for one in found], "count": rows.count()}


def rate(*, by: Actor, at: datetime, under: str = "") -> dict[str, Any]:
    """How many are heard, with both numbers of each share. Raises NotAllowed."""
    by.require(Permission.FIELD_WATCH)  # who only keeps terminals sees no positions, and so not who is heard
    bound = _seen(by, under).filter(released_at=None, kind=Terminal.Kind.PHONE, bound_at__isnull=False)
    since, _ = clock.day_bounds(clock.day_of(at))
    open_now = DutySpan.objects.visible_to(by).open()
    on_duty = (open_now.filter(within("code", (under,))) if under else open_now).count()
    grids = Grid.objects.filter(within("code", by.ranges), within("code", (under,)), type=Grid.Type.GENERAL)
    grids = grids.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=clock.day_of(at)), valid_from__lte=clock.day_of(at))
    carried = Terminal.objects.filter(grid=OuterRef("code"), released_at=None, bound_at__isnull=False)
    return {
        "at": at,
        "bound": bound.count(),
        "online_today": bound.filter(_heard_since(since)).count(),
        "online_now": bound.filter(_heard_since(at - settings.SILENT_AFTER)).count(),
        "now_min": settings.SILENT_AFTER.total_seconds() / 60,
        "on_duty": on_duty,
        "waiting": _seen(by, under).filter(released_at=None, bound_at=None).count(),
        "grids": grids.count(),
        "grids_equipped": grids.filter(Exists(carried)).count(),
        "formula": FORMULA["en" if by.language == "en" else "zh"],
    }


def one(terminal_id: int, at: datetime) -> dict[str, Any]:
    rows = _with_heard(Terminal.objects.filter(pk=terminal_id))
    return _row(rows.select_related("post__user", "post__unit").get(), at)


def _seen(by: Actor, under: str) -> "QuerySet[Terminal]":
    if not (by.may(Permission.FIELD_WATCH) or by.may(Permission.TERMINAL_EDIT)):
        raise NotAllowed(permission=Permission.FIELD_WATCH)
    rows = _with_heard(Terminal.objects.visible_to(by))
    return rows.filter(within("code", (under,))) if under else rows


def _with_heard(rows: "QuerySet[Terminal]") -> "QuerySet[Terminal]":
    newest = Newest.objects.filter(post=OuterRef("post"))
    return rows.annotate(
        heard_at=Subquery(newest.values("heard_at")[:1]),
        battery=Subquery(newest.values("battery")[:1]),
        source=Subquery(newest.values("source")[:1]),
    )


def _heard_since(since: datetime) -> Q:
    """A position by this kind of sender, or a sign-in on it."""
    return Q(seen_at__gte=since) | Q(heard_at__gte=since, source=F("kind"))


def _row(terminal: Any, at: datetime) -> dict[str, Any]:
    heard = terminal.heard_at if terminal.source == terminal.kind else None
    latest = max(filter(None, [heard, terminal.seen_at]))
    return {
        "id": terminal.pk,
        "kind": terminal.kind,
        "device": terminal.device,
        "name": terminal.name,
        "version": terminal.version,
        "post_id": terminal.post_id,
        "person": terminal.post.user.name,
        "unit": terminal.post.unit.name,
        "code": terminal.code,
        "grid": terminal.grid,
        "state": "released" if terminal.released_at else "bound" if terminal.bound_at else "waiting",
        "registered_at": terminal.registered_at,
        "bound_at": terminal.bound_at,
        "released_at": terminal.released_at,
        "signed_out_at": terminal.signed_out_at,
        "signed_out_why": terminal.signed_out_why,
        "heard_at": latest,
        "is_online": at - latest <= settings.SILENT_AFTER,
        "battery": terminal.battery if terminal.source == terminal.kind else None,
    }

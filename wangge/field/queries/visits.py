"""Whom to visit, by when; and how the visits of a place were kept."""

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate

from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import NotFound
from wangge.core.paging import table_page
from wangge.core.ranges import within
from wangge.field.models import Record, Subject
from wangge.field.queries.records import shown as records_shown
from wangge.field.rules.visits import INTERVAL_DAYS, Level
from wangge.grids import queries as grids

SOON = timedelta(days=7)
LATEST = 10


class VisitBox(StrEnum):
    DUE = "due"  # 今天到期和已超期
    OVERDUE = "overdue"
    SOON = "soon"  # 七天内
    ALL = "all"


def subjects(
    *, by: Actor, today: date, box: VisitBox, kind: str, grid: str, q: str, active: bool, offset: int, limit: int
) -> dict[str, Any]:
    """The longest due first. Three queries."""
    may_read(by)
    rows = Subject.objects.visible_to(by)
    rows = (rows.on_list(today) if active else rows.off_list(today)).order_by("next_date", "id")
    rows = rows.select_related("form", "post__user")
    match box:
        case VisitBox.DUE:
            rows = rows.filter(next_date__lte=today)
        case VisitBox.OVERDUE:
            rows = rows.filter(next_date__lt=today)
        case VisitBox.SOON:
            rows = rows.filter(next_date__lte=today + SOON)
    if kind:
        rows = rows.filter(kind=kind)
    if grid:
        rows = rows.filter(within("code", (grid,)))
    if word := q.strip():
        rows = rows.filter(Q(title__icontains=word) | Q(address__icontains=word))
    page = table_page(rows, offset=offset, limit=limit)
    return {"items": all_shown(page["items"], today), "count": page["count"]}


def due_until(*, by: Actor, today: date, until: date, most: int) -> list[dict[str, Any]]:
    """For the phone's own copy. Two queries."""
    rows = Subject.objects.visible_to(by).due_to(by, today).filter(next_date__lte=until)
    rows = rows.select_related("form", "post__user")
    return all_shown(rows.order_by("next_date", "id")[:most], today)


def subject(subject_id: uuid.UUID, *, by: Actor, today: date) -> dict[str, Any]:
    """With its latest records. Raises NotFound."""
    may_read(by)
    row = Subject.objects.visible_to(by).select_related("form", "post__user").filter(pk=subject_id).first()
    if row is None:
        raise NotFound()
    latest = Record.objects.visible_to(by).filter(subject=row).select_related("form", "subject")
    return shown(row, today) | {"records": records_shown(list(latest.order_by("-happened_at", "-id")[:LATEST]), by)}


def keeping(*, by: Actor, since: date, until: date, today: date) -> list[dict[str, Any]]:
    """By grid, of the visits due on days `[since, until)`: how many were made, and in time. Three queries."""
    by.require(Permission.FIELD_WATCH)
    done = Record.objects.visible_to(by).filter(due_date__gte=since, due_date__lt=until)
    done = done.annotate(day=TruncDate("happened_at", tzinfo=clock.BEIJING))
    in_time = Q(day__lte=F("due_date"))
    counts: dict[str, dict[str, int]] = {}
    for row in done.values("code").annotate(done=Count("pk"), in_time=Count("pk", filter=in_time)).order_by("code"):
        counts[row["code"]] = {"done": row["done"], "in_time": row["in_time"]}
    waiting = Subject.objects.visible_to(by).on_list(today).filter(next_date__gte=since, next_date__lt=until)
    late = Q(next_date__lt=today)
    for still in waiting.values("code").annotate(open=Count("pk"), overdue=Count("pk", filter=late)).order_by("code"):
        counts.setdefault(still["code"], {}).update(open=still["open"], overdue=still["overdue"])
    names = grids.names_of(counts)
    return [_kept(code, counts[code], names.get(code, "")) for code in sorted(counts)]


def may_read(by: Actor) -> None:
    if not (by.may(Permission.FIELD_WATCH) or by.may(Permission.PATROL_EDIT)):
        by.require(Permission.FIELD_WORK)


def shown(row: Subject, today: date) -> dict[str, Any]:
    return all_shown([row], today)[0]


def all_shown(rows: Iterable[Subject], today: date) -> list[dict[str, Any]]:
    rows = list(rows)
    names = grids.names_of(row.code for row in rows)
    return [_shown(row, today, names.get(row.code, "")) for row in rows]


def _shown(row: Subject, today: date, grid_name: str) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "title": row.title,
        "address": row.address,
        "grid": row.code,
        "grid_name": grid_name,
        "lon": row.lon,
        "lat": row.lat,
        "contact_name": row.contact_name_masked,
        "contact_phone": row.contact_phone_masked,
        "level": row.level,
        "interval_days": row.interval_days or INTERVAL_DAYS[Level(row.level)],
        "own_interval": row.interval_days,
        "form": row.form.code,
        "last_date": row.last_date,
        "next_date": row.next_date,
        "is_overdue": row.is_on_list(today) and row.next_date < today,
        "days_left": (row.next_date - today).days,
        "note": row.note,
        "post_id": row.post_id,
        "worker": row.post.user.name if row.post else "",
        "basis": row.basis,
        "until_date": row.until_date,
        "is_active": row.is_active,
        "version": row.version,
    }


def _kept(code: str, counts: dict[str, int], name: str) -> dict[str, Any]:
    done, still = counts.get("done", 0), counts.get("open", 0)
    return {
        "grid": code,
        "grid_name": name,
        "due": done + still,
        "done": done,
        "in_time": counts.get("in_time", 0),
        "overdue": counts.get("overdue", 0),
    }

"""What was asked and answered without becoming a case: the list of a centre, its number, and one caller's."""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Q

from wangge.accounts.permissions import Permission
from wangge.cases.configuration import configuration
from wangge.core import clock, crypto
from wangge.core.actor import Actor
from wangge.core.paging import LARGEST_SIZE, decode_cursor, encode_cursor
from wangge.desk.models import Asker, Consultation
from wangge.grids import queries as grids

OF_CALLER = 5


def consultations(
    *,
    by: Actor,
    answer_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    q: str = "",
    cursor: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    """Newest first; `count` is of all that match. Raises NotAllowed, Invalid (cursor)."""
    by.require(Permission.CASE_ACCEPT)
    rows = Consultation.objects.visible_to(by)
    if answer_id is not None:
        rows = rows.filter(answer_id=answer_id)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    if q.strip():
        word = q.strip()
        rows = rows.filter(Q(question__icontains=word) | Q(told__icontains=word) | Q(answer__title_zh__icontains=word))
    count = rows.count()
    if cursor:
        at, row_id = decode_cursor(cursor, kinds=(datetime.fromisoformat, uuid.UUID))
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=row_id))
    size = min(max(limit, 1), LARGEST_SIZE)
    found = list(rows.select_related("answer").order_by("-at", "-pk")[: size + 1])
    items = _lines(found[:size], by)
    more = len(found) > size
    return {
        "items": items,
        "count": count,
        "next": encode_cursor([found[size - 1].at, found[size - 1].pk]) if more else None,
    }


def consultations_of_caller(phone: str, *, by: Actor) -> list[dict[str, Any]]:
    """The newest by a whole number, for those who may know callers. Raises NotAllowed."""
    by.require(Permission.REPORTER_READ)
    number = crypto.hash_phone(phone)
    if number is None:
        return []
    asked = Asker.objects.visible_to(by).filter(phone_hash=number).values("consultation")
    rows = Consultation.objects.visible_to(by).filter(pk__in=asked).select_related("answer")
    return _lines(list(rows.order_by("-at", "-pk")[:OF_CALLER]), by)


def answered_today(*, by: Actor, at: datetime) -> int:
    start, end = clock.day_bounds(clock.day_of(at))
    return Consultation.objects.visible_to(by).filter(at__gte=start, at__lt=end).count()


def _lines(rows: list[Consultation], by: Actor) -> list[dict[str, Any]]:
    places = grids.names_of(row.code for row in rows)
    masked = dict(
        Asker.objects.visible_to(by)
        .filter(consultation__in=[row.pk for row in rows])
        .values_list("consultation", "phone_masked")
    )
    known = configuration().categories
    return [
        {
            "id": row.pk,
            "source": row.source,
            "question": row.question,
            "answer_id": row.answer_id,
            "answer": _title(row, by.language),
            "told": row.told,
            "category": _category(known.get(row.category_id or 0), by.language),
            "code": row.code,
            "place": places.get(row.code, row.code),
            "by_name": row.by_name,
            "at": row.at,
            "has_asker": row.pk in masked,
            "phone": masked.get(row.pk, ""),
        }
        for row in rows
    ]


def _title(row: Consultation, language: str) -> str:
    if row.answer is None:
        return ""
    return (row.answer.title_en if language == "en" else "") or row.answer.title_zh


def _category(category: Any, language: str) -> str:
    if category is None:
        return ""
    return str(category.name_en if language == "en" else category.name_zh)

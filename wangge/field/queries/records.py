"""What was recorded, as whoever sees the place may read it: secrets masked."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from wangge.accounts.permissions import Permission
from wangge.cases.models import Attachment
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.errors import NotFound
from wangge.core.paging import table_page
from wangge.field.models import Errand, Piece, Record
from wangge.grids.queries.divisions import names_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`since`, `until`: Beijing days, half open; "" and False ask for nothing."""

    subject_id: uuid.UUID | None = None
    errand_id: uuid.UUID | None = None
    form: str = ""
    kind: str = ""
    q: str = ""  # part of the address, of what was visited, or of who was there
    failed: bool = False  # an inspection that not all passed
    mine: bool = False
    since: date | None = None
    until: date | None = None


def records(*, by: Actor, asked: Asked, offset: int, limit: int) -> dict[str, Any]:
    """Newest first. A constant number of queries."""
    may_read(by)
    rows = Record.objects.visible_to(by).select_related("form", "subject").order_by("-happened_at", "-id")
    for name in ("subject_id", "errand_id"):
        if (value := getattr(asked, name)) is not None:
            rows = rows.filter(**{name: value})
    if asked.form:
        rows = rows.filter(form__code=asked.form)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.failed:
        rows = rows.filter(failed__len__gt=0)
    if asked.q:
        words = Q(address__contains=asked.q) | Q(subject__title__contains=asked.q) | Q(by_name__contains=asked.q)
        rows = rows.filter(words)
    if asked.mine:
        rows = rows.filter(by_post=by.post_id or 0)
    if asked.since:
        rows = rows.filter(happened_at__gte=clock.day_start(asked.since))
    if asked.until:
        rows = rows.filter(happened_at__lt=clock.day_start(asked.until))
    page = table_page(rows, offset=offset, limit=limit)
    return {"items": shown(page["items"], by), "count": page["count"]}


def record(record_id: uuid.UUID, *, by: Actor) -> dict[str, Any]:
    """Raises NotFound."""
    may_read(by)
    row = Record.objects.visible_to(by).select_related("form", "subject").filter(pk=record_id).first()
    if row is None:
        raise NotFound()
    return shown([row], by)[0]


def may_read(by: Actor) -> None:
    if not by.may(Permission.FIELD_WATCH):
        by.require(Permission.FIELD_WORK)


def shown(rows: Sequence[Record], by: Actor) -> list[dict[str, Any]]:
    """Rows with their form and subject at hand. Four queries."""
    photos = pieces_of([row.pk for row in rows], by)
    ordered: dict[Any, list[dict[str, Any]]] = {}
    failed = [row.pk for row in rows if row.failed]
    for errand in Errand.objects.visible_to(by).filter(record__in=failed, parent=None) if failed else ():
        said = {"id": errand.pk, "number": errand.number, "state": errand.state, "item": errand.item}
        ordered.setdefault(errand.record_id, []).append(said)
    names = names_of({row.code for row in rows})
    return [_shown(row, photos.get(row.pk, []), names) | {"rectifications": ordered.get(row.pk, [])} for row in rows]


def pieces_of(owners: Sequence[uuid.UUID], by: Actor) -> dict[uuid.UUID, list[dict[str, Any]]]:
    """By what names them. Two queries."""
    held = list(Piece.objects.visible_to(by).filter(owner_id__in=owners).order_by("at", "piece")) if owners else []
    if not held:
        return {}
    with acting(Actor.system("evidence")):  # seen through what names them
        kinds = {row.pk: row for row in Attachment.objects.filter(pk__in=[one.piece for one in held])}
    found: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for one in held:
        if (piece := kinds.get(one.piece)) is not None:
            said = {"id": piece.pk, "kind": piece.kind, "mime": piece.mime, "taken_at": piece.taken_at}
            found.setdefault(one.owner_id, []).append(said)
    return found


def _shown(row: Record, photos: list[dict[str, Any]], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "form": row.form.code,
        "form_name": row.form.name_zh,
        "form_name_en": row.form.name_en,
        "version": row.version,
        "kind": row.kind,
        "subject_id": row.subject_id,
        "subject_title": row.subject.title if row.subject else "",
        "errand_id": row.errand_id,
        "grid": row.code,
        "grid_name": names.get(row.code, ""),
        "address": row.address,
        "lon": row.lon,
        "lat": row.lat,
        "happened_at": row.happened_at,
        "received_at": row.received_at,
        "by_name": row.by_name,
        "answers": {**row.answers, **row.masked},
        "registry": row.registry,
        "secrets": sorted(row.masked),
        "failed": row.failed,
        "due_date": row.due_date,
        "next_date": row.next_date,
        "photos": photos,
    }

"""What became of a record, how it stood on a day, and what differs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor
from wangge.core.paging import table_page
from wangge.registry.access import access, table_of
from wangge.registry.actions.reveal import note_reading, was_noted
from wangge.registry.dictionary import field_of
from wangge.registry.models import Change, Difference, Merge
from wangge.registry.queries.undoing import lost_in
from wangge.registry.queries.words import shown_fields, shown_text
from wangge.registry.rules.looking import SHOWING_PEOPLE

MOST = 200


def history(kind: str, record_id: UUID, *, by: Actor, at: datetime, as_of: datetime | None) -> dict[str, Any]:
    """Lines newest first, and with `as_of` the values as they stood then. Raises NotFound, NoSuchKind.

    On the record like the file itself, unless that was opened a moment ago: the page shows both.
    """
    record: Any = access(table_of(kind), record_id, by)
    if kind in SHOWING_PEOPLE and not was_noted(kind, record, by=by, at=at):
        note_reading(kind, record, by=by, at=at)
    lines = list(Change.objects.visible_to(by).filter(record=record.pk).order_by("-id")[:MOST])
    merges = list(Merge.objects.visible_to(by).filter(kept=record.pk)) if kind == "person" else []
    lost = lost_in(merges)
    return {
        "lines": [_line(line) for line in lines],
        "made_at": record.made_at,
        "source": record.source,
        "merges": [
            {
                "id": one.pk,
                "gone": one.gone,
                "at": one.at,
                "by_name": one.by_name,
                "undone_at": one.undone_at,
                "lost": lost[one.pk],
            }
            for one in merges
        ],
        "values": _as_of(kind, record, by, as_of) if as_of is not None else None,
    }


def differences(*, by: Actor, offset: int, limit: int) -> dict[str, Any]:
    """What waits for a decision in the reader's own grids, newest first."""
    by.require(Permission.REGISTRY_READ)
    rows = Difference.objects.visible_to(by).filter(state="open").order_by("-said_at", "-id")
    page = table_page(rows, offset=offset, limit=limit)
    records = _records(page["items"], by)
    return {"items": [_difference(row, records.get(row.record)) for row in page["items"]], "count": page["count"]}


def _line(line: Change) -> dict[str, Any]:
    field = field_of(line.kind, line.field)
    return {
        "field": line.field,
        "label": {"zh": field.zh, "en": field.en} if field else None,
        "old": shown_text(line.kind, line.field, line.old),
        "new": shown_text(line.kind, line.field, line.new),
        "why": line.why,
        "source": line.source,
        "owner": line.owner,
        "by_name": line.by_name,
        "at": line.at,
        "act": line.act,
    }


def _as_of(kind: str, record: Any, by: Actor, as_of: datetime) -> dict[str, Any]:
    """From today backwards: what each later line changed is put back, however many there are."""
    values = shown_fields(kind, record)
    for line in Change.objects.visible_to(by).filter(record=record.pk, at__gt=as_of).order_by("-id").iterator():
        if line.field in values:
            values[line.field] = shown_text(kind, line.field, line.old)
    return values


def _records(rows: list[Difference], by: Actor) -> dict[UUID, Any]:
    """Those in sight that the differences are about; one query for each kind."""
    found: dict[UUID, Any] = {}
    for kind in {row.kind for row in rows}:
        table: Any = table_of(kind)
        found |= table.objects.visible_to(by).in_bulk([row.record for row in rows if row.kind == kind])
    return found


def _difference(row: Difference, record: Any) -> dict[str, Any]:
    field = field_of(row.kind, row.field)
    return {
        "id": row.pk,
        "kind": row.kind,
        "record": row.record,
        "title": getattr(record, "name", "") or getattr(record, "address", ""),
        "field": row.field,
        "label": {"zh": field.zh, "en": field.en} if field else None,
        "held": shown_fields(row.kind, record).get(row.field) if record else None,
        "offered": shown_text(row.kind, row.field, row.offered),
        "source": row.source,
        "owner": row.owner,
        "said_at": row.said_at,
        "code": row.code,
    }

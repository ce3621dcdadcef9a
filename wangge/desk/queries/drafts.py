"""One's own drafts: what each is about, and one with everything that was typed."""

import json
import uuid
from typing import Any

from django.db.models import F, Func, QuerySet

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor
from wangge.core.errors import NotFound
from wangge.core.masking import mask_phone
from wangge.desk.actions.drafts import KEPT, opened
from wangge.desk.models import Draft


def drafts(*, by: Actor) -> list[dict[str, Any]]:
    """Touched last first. Raises NotAllowed."""
    by.require(Permission.CASE_REPORT)
    return [_line(draft, json.loads(opened(draft))) for draft in Draft.objects.visible_to(by)]


def draft(draft_id: uuid.UUID, *, by: Actor) -> dict[str, Any]:
    """Raises NotAllowed, NotFound."""
    by.require(Permission.CASE_REPORT)
    found = Draft.objects.visible_to(by).filter(pk=draft_id).first()
    if found is None:
        raise NotFound()
    values = json.loads(opened(found))
    return _line(found, values) | {"values": values}


def pieces_in_drafts() -> "QuerySet[Any, Any]":
    """Evidence that a draft waits with; read by the house, which sees every draft."""
    return Draft.objects.annotate(piece=Func(F("evidence"), function="unnest")).order_by().values("piece")


def _line(draft: Draft, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": draft.pk,
        "title": _text(values, "title"),
        "address": _text(values, "address"),
        "phone": mask_phone(_text(values, "phone")),
        "source": _text(values, "source"),
        "evidence": len(draft.evidence),
        "version": draft.version,
        "begun_at": draft.begun_at,
        "changed_at": draft.changed_at,
        "ends_at": draft.changed_at + KEPT,
    }


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    return value[:200] if isinstance(value, str) else ""

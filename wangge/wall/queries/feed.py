"""The last moves of cases, each case once, as who stands before the wall may see them; of reporters nothing."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, UUIDField
from django.db.models.functions import Cast

from wangge.accounts.permissions import Permission
from wangge.cases import claims
from wangge.cases.models import Case
from wangge.cases.queries.news import Audience, View, audiences, plain_rows
from wangge.core.actor import Actor
from wangge.core.models import JournalEntry
from wangge.core.ranges import within
from wangge.wall.definition import read
from wangge.wall.queries.themes import categories_of, theme

SHOWN = 30
LOOKED_AT = 400  # entries; several are about one case
BACK = timedelta(days=2)
SOMETHING = "case.changed"  # all that the unit complained of hears of a move


def feed(code: str, by: Actor, *, at: datetime) -> list[dict[str, Any]]:
    """Newest first. Raises NotFound, NotAllowed."""
    by.require(Permission.WALL_READ)
    chosen = categories_of(read(theme(code, by, at=at).definition))
    entries = _newest(by, at, chosen)
    who = audiences(list(entries))
    heard = [case_id for case_id in entries if case_id in who and who[case_id].has(by)]
    lines = [
        {"kind": _kind(entries[row["id"]].kind, who[row["id"]], by), "at": entries[row["id"]].at, "case": row}
        for row in plain_rows(heard, by.language)
    ]
    return lines[:SHOWN]


def _newest(by: Actor, at: datetime, categories: Collection[int] | None) -> dict[uuid.UUID, JournalEntry]:
    """The latest entry of each case, newest first."""
    rows = JournalEntry.objects.filter(within("code", by.ranges), subject_type="case", at__gte=at - BACK)
    if categories is not None:
        # Before anything is cut off: on a busy day a theme's few cases are far behind the others.
        about = Case.objects.filter(pk=Cast(OuterRef("subject_id"), UUIDField()), category__in=categories)
        rows = rows.filter(Exists(about))
    found: dict[uuid.UUID, JournalEntry] = {}
    for entry in rows.exclude(changed=[]).exclude(kind__in=claims.KINDS).order_by("-id")[:LOOKED_AT]:
        found.setdefault(uuid.UUID(entry.subject_id), entry)
    return dict(list(found.items())[: SHOWN * 3])


def _kind(kind: str, audience: Audience, by: Actor) -> str:
    return SOMETHING if audience.view_of(by) is View.WITHHELD else kind

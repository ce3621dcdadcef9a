"""The last moves of cases, each case once, as who stands before the wall may see them; of reporters nothing."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.cases import claims
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
    entries = _newest(by, at)
    who = audiences(list(entries))
    heard = [case_id for case_id in entries if case_id in who and who[case_id].has(by)]
    lines = [
        {"kind": _kind(entries[row["id"]].kind, who[row["id"]], by), "at": entries[row["id"]].at, "case": row}
        for row in plain_rows(heard, by.language)
        if chosen is None or (row["category"] or {}).get("id") in chosen
    ]
    return lines[:SHOWN]


def _newest(by: Actor, at: datetime) -> dict[uuid.UUID, JournalEntry]:
    """The latest entry of each case, newest first."""
    rows = JournalEntry.objects.filter(within("code", by.ranges), subject_type="case", at__gte=at - BACK)
    found: dict[uuid.UUID, JournalEntry] = {}
    for entry in rows.exclude(changed=[]).exclude(kind__in=claims.KINDS).order_by("-id")[:LOOKED_AT]:
        found.setdefault(uuid.UUID(entry.subject_id), entry)
    return dict(list(found.items())[: SHOWN * 3])


def _kind(kind: str, audience: Audience, by: Actor) -> str:
    return SOMETHING if audience.view_of(by) is View.WITHHELD else kind

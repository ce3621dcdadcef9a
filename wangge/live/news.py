"""What an entry of the journal becomes for those who listen: a line of the queue as it is now, and what happened."""

import json
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from wangge.cases.queries.news import Audience, audiences, lines
from wangge.core.journal import Read
from wangge.live.hub import News

SEEN = 20_000  # cases of which we remember who saw them last
# What the unit complained of hears of any move: a call to the reporter or a rating is not its affair.
SOMETHING = "case.changed"
GONE = "case.gone"


class Newsroom:
    def __init__(self) -> None:
        self._seen: OrderedDict[uuid.UUID, Audience] = OrderedDict()

    def news(self, entries: Sequence[Read]) -> list[News]:
        """Three queries for a batch, as the house itself. Readings change nothing, so they are nobody's news."""
        told = [entry for entry in entries if entry.subject_type == "case" and entry.changed]
        ids = {uuid.UUID(entry.subject_id) for entry in told}
        if not ids:
            return []
        who, rows = audiences(ids), lines(ids)
        found = []
        for entry in told:
            case_id = uuid.UUID(entry.subject_id)
            if case_id in who:
                found.append(self._item(entry, who[case_id], rows[case_id], self._seen.get(case_id)))
        self._remember(who)
        return found

    def _item(self, entry: Read, audience: Audience, row: dict[str, Any], before: Audience | None) -> News:
        if before == audience:
            before = None
        return News(
            event=_event(entry, entry.kind, row),
            withheld=_event(entry, SOMETHING, row) if audience.complained_root else b"",
            audience=audience,
            gone=_event(entry, GONE, None) if before is not None else b"",
            before=before,
        )

    def _remember(self, who: dict[uuid.UUID, Audience]) -> None:
        for case_id, audience in who.items():
            self._seen[case_id] = audience
            self._seen.move_to_end(case_id)
        while len(self._seen) > SEEN:
            self._seen.popitem(last=False)


def _event(entry: Read, kind: str, row: dict[str, Any] | None) -> bytes:
    subject = {"type": entry.subject_type, "id": entry.subject_id}
    data = {"id": entry.id, "kind": kind, "at": entry.at.isoformat(), "subject": subject, "row": row}
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False, default=_plain)}\n\n".encode()


def _plain(value: Any) -> str:
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)

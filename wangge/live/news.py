"""What an entry of the journal becomes for those who listen: a line of the queue as it is now, and what happened."""

import json
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from wangge.cases.queries.news import Audience, Lines, View, audiences, lines
from wangge.cases.schemas.read import CaseRowOut
from wangge.core.journal import Read
from wangge.live.hub import CaseNews

SEEN = 20_000  # cases of which we remember who saw them last
# What the unit complained of hears of any move: a call to the reporter or a rating is not its affair.
SOMETHING = "case.changed"
GONE = "case.gone"


class Newsroom:
    def __init__(self) -> None:
        self._seen: OrderedDict[uuid.UUID, Audience] = OrderedDict()

    def news(self, entries: Sequence[Read], *, languages: frozenset[str]) -> list[CaseNews]:
        """A handful of queries for a batch, as the house itself. Readings change nothing, so they are nobody's news."""
        told = [entry for entry in entries if entry.subject_type == "case" and entry.changed]
        ids = {uuid.UUID(entry.subject_id) for entry in told}
        if not ids:
            return []
        who, rows = audiences(ids), lines(ids, languages)
        found = []
        for entry in told:
            case_id = uuid.UUID(entry.subject_id)
            if case_id in who and case_id in rows:
                found.append(_item(entry, who[case_id], rows[case_id], self._seen.get(case_id)))
        self._remember(who)
        return found

    def _remember(self, who: dict[uuid.UUID, Audience]) -> None:
        for case_id, audience in who.items():
            self._seen[case_id] = audience
            self._seen.move_to_end(case_id)
        while len(self._seen) > SEEN:
            self._seen.popitem(last=False)


def _item(entry: Read, audience: Audience, rows: Lines, before: Audience | None) -> CaseNews:
    plain = {key: CaseRowOut.model_validate(row).model_dump(mode="json") for key, row in rows.items()}
    events = {key: _event(entry, entry.kind, row) for key, row in plain.items()}
    if audience.complained_root:
        for (view, language), row in plain.items():
            if view is View.PLAIN:
                events[View.WITHHELD, language] = _event(entry, SOMETHING, _unnamed(row))
    moved = before is not None and before != audience
    return CaseNews(
        events=events,
        audience=audience,
        gone=_event(entry, GONE, None) if moved else b"",
        before=before if moved else None,
    )


def _unnamed(row: dict[str, Any]) -> dict[str, Any]:
    """Persons of other units are not named to the unit complained of."""
    return row | {"claim": row["claim"] | {"by_name": ""}} if row["claim"] else row


def _event(entry: Read, kind: str, row: dict[str, Any] | None) -> bytes:
    subject = {"type": entry.subject_type, "id": entry.subject_id}
    data = {"id": entry.id, "kind": kind, "at": entry.at.isoformat(), "subject": subject, "row": row}
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()

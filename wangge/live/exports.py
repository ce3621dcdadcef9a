"""Whose table went on: approved or not, made or failed. Which one is all that is said; the page asks for the rest."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from wangge.core.actor import Actor
from wangge.core.journal import Read

KINDS = frozenset({"export.approved", "export.refused", "export.ended"})


@dataclass(frozen=True, slots=True)
class ExportNews:
    """To the post that asked, wherever it is open: another post of the same person does not see it."""

    user_id: int
    post_id: int
    event: bytes
    is_personal: bool = True

    def for_whom(self, actor: Actor) -> bytes:
        return self.event if (actor.user_id, actor.post_id) == (self.user_id, self.post_id) else b""


def exports(entries: Sequence[Read]) -> list[ExportNews]:
    return [
        ExportNews(entry.data["user"], entry.data["post"], _event(entry)) for entry in entries if entry.kind in KINDS
    ]


def _event(entry: Read) -> bytes:
    return f"event: export\ndata: {json.dumps({'id': entry.subject_id})}\n\n".encode()

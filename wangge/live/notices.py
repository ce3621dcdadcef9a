"""Whose bells ring: those to whom something was said since the last look. What was said is asked for by the page."""

import json
from dataclasses import dataclass

from wangge.command.models import Notice
from wangge.command.models.notices import speaks_for_unit
from wangge.command.queries.notices import newest, said_since
from wangge.core.actor import Actor

MOST = 2000  # notices between two looks; past it loading again costs less


@dataclass(frozen=True, slots=True)
class Ring:
    """The words of `Notice.objects.addressed_to` about one row that is at hand (tests/test_rings.py compares them)."""

    notice: Notice
    event: bytes
    is_personal: bool = True

    def for_whom(self, actor: Actor) -> bytes:
        return self.event if is_addressed(self.notice, actor) else b""


def is_addressed(notice: Notice, actor: Actor) -> bool:
    if actor.post_id is None or notice.by_post == actor.post_id:
        return False
    if notice.post_id is not None:
        return notice.post_id == actor.post_id
    if notice.unit_path != actor.unit_path or not actor.may(notice.permission):
        return False
    return speaks_for_unit(actor) or actor.covers(notice.code)


class Bells:
    """Begins with now. Notices are written by one reader, so that their numbers come in the order of their commits."""

    def __init__(self) -> None:
        self._seq: int | None = None

    def rung(self) -> list[Ring] | None:
        """None where more was said than is told one by one."""
        if self._seq is None:
            self._seq = newest()
            return []
        said = said_since(self._seq, limit=MOST + 1)
        if not said:
            return []
        if len(said) > MOST:
            self._seq = newest()
            return None
        self._seq = said[-1].seq
        return [Ring(notice, _event(notice)) for notice in said]


def _event(notice: Notice) -> bytes:
    data = json.dumps({"seq": notice.seq, "urgent": notice.urgent})
    return f"event: notice\ndata: {data}\n\n".encode()

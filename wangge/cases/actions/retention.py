"""What comes to its end by time alone: cases put away when nobody can come back to them, loose evidence."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from wangge.cases import files
from wangge.cases.actions.batches import Locked
from wangge.cases.actions.review import REOPEN_WITHIN
from wangge.cases.actions.whistle import end_unrated
from wangge.cases.models import Attachment, Case, Look
from wangge.cases.rules.moves import Move
from wangge.cases.rules.states import State
from wangge.core.actor import Actor

# A phone sends its pictures before the report that names them, and may lose the network between the two.
LOOSE_KEPT = timedelta(days=3)

Waiting = Callable[[], "QuerySet[Any, Any]"]
_rooms: list[Waiting] = []

ENDED = """
select id from cases_case where state = %s and {when} < %s order by {when} limit %s
   for no key update skip locked
"""


def waits_for_its_case(pieces: Waiting) -> None:
    """A room says here, when it is ready, which loose pieces it still means to tie to a case: a query of their ids."""
    if pieces not in _rooms:
        _rooms.append(pieces)


def archive_ended(*, by: Actor, at: datetime, limit: int = 500) -> int:
    """归档 of what was closed, or refused, so long ago that its reporter can no longer ask for it to be opened again or
    complain of the refusal; how many there were."""
    ids = _ended(State.CLOSED, "closed_at", at, limit)
    ids += _ended(State.REFUSED, "refused_at", at, limit - len(ids))
    if not ids:
        return 0
    held = Locked.read(ids)
    for case in held.cases.values():
        case.state, case.archived_at, case.changed_at, case.version = State.ARCHIVED, at, at, case.version + 1
        held.say(case, Move.ARCHIVE, by=by, at=at, changed=("archived_at", "state"), data={"by_rule": True})
    Case.objects.bulk_update(held.cases.values(), ["state", "archived_at", "changed_at", "version"])
    end_unrated(ids, at=at)
    held.write(by=by, at=at)
    return len(ids)


def _ended(state: State, when: str, at: datetime, limit: int) -> list[uuid.UUID]:
    with connection.cursor() as cursor:
        cursor.execute(ENDED.format(when=when), [state, at - REOPEN_WITHIN, limit])
        return [row[0] for row in cursor.fetchall()]


def forget_loose_evidence(*, by: Actor, at: datetime, limit: int = 200) -> list[str]:
    """Delete pieces sent days ago and never tied to a case. Returns the hashes to look at once this has committed."""
    rows = Attachment.objects.filter(case__isnull=True, at__lt=at - LOOSE_KEPT)
    for pieces in _rooms:
        rows = rows.exclude(pk__in=pieces())
    loose = list(rows.order_by("at")[:limit])
    ids = [piece.pk for piece in loose]
    Look.objects.filter(attachment__in=ids).delete()
    # Asked again while deleting: it may have been tied to a case this moment.
    Attachment.objects.filter(pk__in=ids, case__isnull=True).delete()
    return sorted(
        {
            sha
            for piece in loose
            for sha in (piece.sha256, piece.served_sha256, piece.small_sha256, piece.medium_sha256)
            if sha
        }
    )


def remove_unnamed(hashes: list[str], *, at: datetime) -> int:
    """Remove the bytes no row names any more, unless they were sent again lately. Must see every row: as system."""
    named = Attachment.objects.none().values_list("sha256", flat=True)
    for column in ("sha256", "served_sha256", "small_sha256", "medium_sha256"):
        named = named.union(Attachment.objects.filter(**{f"{column}__in": hashes}).values_list(column, flat=True))
    left = set(hashes) - set(named)
    stores = (files.originals(), files.served())
    return sum(store.remove_older(sha, before=at - LOOSE_KEPT) for sha in left for store in stores)

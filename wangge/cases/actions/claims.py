"""占用: a seat takes a case up, leaves it, takes it over from another, and says that it is still there."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from wangge.cases import claims
from wangge.cases.access import access_case
from wangge.cases.actions.turn import need_text, new_step, take, take_past_claim
from wangge.cases.models import Case, Looking
from wangge.cases.models import Claim as ClaimRow
from wangge.cases.queries.claims import claim_on, others_looking
from wangge.cases.rules.claims import FORGOTTEN_AFTER, LEFT_AFTER
from wangge.cases.rules.moves import Move
from wangge.core import journal
from wangge.core.actor import Actor
from wangge.core.pipeline import insert

# Presence counts for as long as two heartbeats may be late.
GONE_AFTER = timedelta(seconds=75)

LOOK = """
insert into cases_looking (case_id, post_id, by_name, by_unit, by_unit_path, since, seen_at)
values (%s, %s, %s, %s, %s, %s, %s)
on conflict (case_id, post_id) do update set seen_at = excluded.seen_at,
  since = case when cases_looking.seen_at < excluded.seen_at - make_interval(secs => %s) then excluded.since
               else cases_looking.since end
"""


def claim_case(*, case_id: uuid.UUID, by: Actor, at: datetime, move: Move) -> dict[str, Any]:
    """The first to begin a move has the case. Raises NotFound, NotAllowed, NotNow, Claimed (also when it was left)."""
    turn = take(by, case_id, move, at=at)
    if turn.claim is None:
        insert(_row(turn.case, move, by=by, at=at))
        claims.record(turn.case, claims.CLAIMED, by=by, at=at, data={"move": move})
    elif turn.claim.is_of(by):
        _renew(turn.case, by=by, at=at, move=move)
    else:
        raise claims.claimed(turn.claim, turn.case, by, at)
    return _answer(turn.case, by, at)


def take_over_case(*, case_id: uuid.UUID, by: Actor, at: datetime, move: Move, reason: str = "") -> dict[str, Any]:
    """接手. A reason is needed while the other is at it, none once it was left; both are in the history."""
    turn = take_past_claim(by, case_id, move, at=at)
    before = turn.claim
    if before is None or before.is_of(by):
        return claim_case(case_id=case_id, by=by, at=at, move=move)
    text = reason.strip() if before.is_left(at) else need_text(reason)
    ClaimRow.objects.filter(case=turn.case).delete()
    insert(_row(turn.case, move, by=by, at=at))
    # Everybody reads what a step keeps, the unit complained of too: no person's name. The journal has the seat.
    said = {"from": before.by_unit, "left": before.is_left(at)}
    insert(new_step(turn.case, Move.TAKE_OVER, by=by, at=at, text=text, data=said))
    claims.record(turn.case, claims.TAKEN_OVER, by=by, at=at, data=claims.taken_from(before, at) | {"move": move})
    return _answer(turn.case, by, at)


def release_case(*, case_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Nothing happens where the case is not, or no longer, this seat's."""
    case = access_case(by, case_id)
    Looking.objects.filter(case_id=case_id, post_id=_seat(by)).delete()
    if _own(case, by).delete()[0]:
        claims.record(case, claims.RELEASED, by=by, at=at, data={})


def look_at_case(*, case_id: uuid.UUID, by: Actor, at: datetime, working: bool) -> dict[str, Any]:
    """The heartbeat of an open case: who else is here. `working` renews one's claim. Not on the journal."""
    case = access_case(by, case_id)
    with connection.cursor() as cursor:
        cursor.execute(
            LOOK, [case_id, _seat(by), by.name, by.unit_name, by.unit_path, at, at, GONE_AFTER.total_seconds()]
        )
    if working:
        _renew(case, by=by, at=at)
    return _answer(case, by, at)


def mark_left(*, by: Actor, at: datetime, limit: int) -> int:
    """Says of claims that nobody renews that they were left, and forgets those nobody came back to."""
    silent = ClaimRow.objects.filter(renewed_at__lte=at - LEFT_AFTER, left_at__isnull=True)
    left = list(silent.select_for_update(skip_locked=True, of=("self",)).select_related("case")[:limit])
    ClaimRow.objects.filter(pk__in=[row.pk for row in left]).update(left_at=at)
    long_ago = ClaimRow.objects.filter(renewed_at__lte=at - FORGOTTEN_AFTER)
    over = list(long_ago.select_for_update(skip_locked=True, of=("self",)).select_related("case")[:limit])
    ClaimRow.objects.filter(pk__in=[row.pk for row in over]).delete()
    entries = [claims.entry(row.case, claims.LEFT, {"post": row.post_id}) for row in left]
    entries += [claims.entry(row.case, claims.RELEASED, {"post": row.post_id}) for row in over]
    journal.record_all(entries, by=by, at=at)
    Looking.objects.filter(seen_at__lt=at - GONE_AFTER).delete()
    return len(left) + len(over)


def _row(case: Case, move: Move, *, by: Actor, at: datetime) -> ClaimRow:
    return ClaimRow(
        case=case,
        post_id=_seat(by),
        by_name=by.name,
        by_unit=by.unit_name,
        by_unit_path=by.unit_path,
        move=str(move),
        since=at,
        renewed_at=at,
    )


def _seat(by: Actor) -> int:
    """Who comes in at the door always has a post."""
    return by.post_id or 0


def _renew(case: Case, *, by: Actor, at: datetime, move: Move | None = None) -> None:
    """Somebody who comes back to what they left has it again, and the lists hear so."""
    changed = {"renewed_at": at} | ({"move": str(move)} if move else {})
    came_back = _own(case, by).filter(left_at__isnull=False).update(**changed, left_at=None)
    if came_back:
        claims.record(case, claims.CLAIMED, by=by, at=at, data={"again": True})
    else:
        _own(case, by).update(**changed)


def _own(case: Case, by: Actor) -> QuerySet[ClaimRow]:
    return ClaimRow.objects.filter(case_id=case.pk, post_id=_seat(by))


def _answer(case: Case, by: Actor, at: datetime) -> dict[str, Any]:
    return {"claim": claim_on(case, by, at), "looking": others_looking(case, by, since=at - GONE_AFTER)}

"""A clock runs out: said once, on the record, so that counts and lists agree."""

from datetime import datetime
from typing import Any

from wangge.cases.actions.batches import Locked, lock_cases
from wangge.cases.models import Case, Deadline
from wangge.cases.rules.moves import Move
from wangge.core.actor import Actor

DUE = "d.overdue_at is null and d.due_at <= %(at)s"


def announce_overdue(*, by: Actor, at: datetime, limit: int = 500) -> int:
    """Announce up to `limit` clocks that have run out, oldest first; how many there were.

    The version of a case stays: nobody who has it open must look again before their own move, because time went by.
    """
    held = Locked.read(lock_cases(DUE, order="d.due_at", limit=limit, at=at))
    late: list[Deadline] = []
    for case_id, clocks in held.clocks.items():
        out = [clock for clock in clocks if clock.overdue_at is None and clock.due_at and clock.due_at <= at]
        late += out
        for clock in out:
            held.say(
                held.cases[case_id],
                Move.OVERDUE,
                by=by,
                at=at,
                changed=("is_overdue", "was_late"),
                data=said_of(clock),
            )
    if not late:
        return 0
    Deadline.objects.filter(pk__in=[clock.pk for clock in late]).update(overdue_at=at)
    Case.objects.filter(pk__in={clock.case_id for clock in late}).update(is_overdue=True, was_late=True, changed_at=at)
    held.write(by=by, at=at)
    return len(late)


def said_of(clock: Deadline) -> dict[str, Any]:
    """What the history says of a clock that has run out."""
    return {
        "stage": clock.stage,
        "step": clock.step,
        "due_at": clock.due_at.isoformat() if clock.due_at else None,
        "unit_path": clock.unit_path,
    }

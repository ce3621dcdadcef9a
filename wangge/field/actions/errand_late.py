"""Errands past one of their clocks: said once, to who owes it and to who gave it."""

from datetime import datetime

from wangge.core.actor import Actor
from wangge.field.actions.errands import record_errand
from wangge.field.models import ErrandWorker
from wangge.field.rules.errands import RUNNING, State

# Which clock, in which states it runs, where it is kept that it was said, what is said.
CLOCKS = (
    ("answer_due_at", (State.GIVEN,), "late_answer_at", "errand.late_answer"),
    ("arrive_due_at", (State.GIVEN, State.SIGNED, State.SET_OUT), "late_arrive_at", "errand.late_arrive"),
    ("due_at", RUNNING, "late_at", "errand.overdue"),
)


def say_late_errands(*, by: Actor, at: datetime, limit: int) -> int:
    """Returns how many were said; `limit` for each clock."""
    return sum(_say(*clock, by=by, at=at, limit=limit) for clock in CLOCKS)


def _say(due: str, states: tuple[State, ...], said: str, kind: str, *, by: Actor, at: datetime, limit: int) -> int:
    rows = ErrandWorker.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    late = rows.filter(state__in=states, **{f"{due}__lte": at, said: None}).select_related("errand")
    found = list(late.order_by(due, "id")[:limit])
    for worker in found:
        setattr(worker, said, at)
        worker.save(update_fields=[said])
        record_errand(kind, worker.errand, [worker], by=by, at=at, permission="", changed=[said])
    return len(found)

"""What a move would do, decided by the move itself, with nothing written: no second way of counting or of refusing."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from wangge.cases.actions.turn import Decided, Turn, only_decide
from wangge.cases.models import Case
from wangge.core.actor import Actor


def foresee(action: Callable[..., Case], *, case_id: uuid.UUID, by: Actor, at: datetime, **values: Any) -> Turn:
    """The turn as the action would save it. Raises whatever the action raises."""
    token = only_decide.set(True)
    try:
        with transaction.atomic():  # what an action writes before its end is taken back with it, its locks too
            action(case_id=case_id, by=by, at=at, **values)
    except Decided as decided:
        return decided.turn
    finally:
        only_decide.reset(token)
    raise AssertionError(f"{action.__name__} came to no decision")

"""How often somebody or something is to be visited."""

from datetime import date, timedelta
from enum import StrEnum


class Level(StrEnum):
    """Of a subject; the interval beside it holds where the subject has none of its own."""

    A = "a"
    B = "b"
    C = "c"
    D = "d"


INTERVAL_DAYS = {Level.A: 7, Level.B: 30, Level.C: 90, Level.D: 180}


def next_date(visited: date, *, by_form: int | None, interval_days: int) -> date:
    """The form's own rule goes first: what was found at the visit says when to come again."""
    return visited + timedelta(days=by_form or interval_days)

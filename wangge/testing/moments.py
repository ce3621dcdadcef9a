"""A moment at which everything stands still, until it is moved."""

from datetime import datetime

import time_machine


def at_moment(moment: datetime | str) -> time_machine.travel:
    """Around a block or a test: it is `moment` (aware, or ISO 8601 with its offset) until `move_to` or `shift`."""
    return time_machine.travel(moment, tick=False)

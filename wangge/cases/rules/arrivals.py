"""到场: when a unit was on the spot, and when that was heard of."""

from datetime import datetime, timedelta

AT_ONCE = timedelta(minutes=1)  # what sending takes, and the seconds by which a good clock is wrong


def is_told_later(there_at: datetime, *, received: datetime) -> bool:
    """Worth saying both: a phone without a network told it afterwards."""
    return received - there_at >= AT_ONCE

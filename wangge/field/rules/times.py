"""When something happened, as a phone says it whose clock may be wrong."""

from datetime import datetime


def happened(said: datetime | None, *, received: datetime) -> datetime:
    """Never after it was heard of: a phone's clock that runs ahead makes nothing later than it was."""
    return received if said is None else min(said, received)

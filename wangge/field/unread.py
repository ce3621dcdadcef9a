"""What rooms above this one count for the phone's first page: each says how, when it is ready."""

from collections.abc import Callable
from datetime import datetime

from wangge.core.actor import Actor

Count = Callable[[Actor, datetime], int]
_counts: dict[str, Count] = {}


def counted_by(name: str, count: Count) -> None:
    _counts[name] = count


def unread(*, by: Actor, at: datetime) -> dict[str, int]:
    return {name: count(by, at) for name, count in _counts.items()}

"""Who sees a case that is at hand, without a query.

`Case.objects.visible_to` stays the statement; tests/test_news.py holds this to it on made-up actors and rows.
"""

from collections.abc import Iterable
from typing import Protocol

from wangge.core.actor import Actor


class Placed(Protocol):
    @property
    def current_grid(self) -> str: ...

    @property
    def holder_path(self) -> str: ...


def is_seen(case: Placed, charged: Iterable[str], actor: Actor) -> bool:
    """`charged`: the paths of all units that are or were charged with it."""
    if actor.covers(case.current_grid):
        return True
    path = actor.unit_path
    return bool(path) and (case.holder_path == path or any(one.startswith(path) for one in charged))

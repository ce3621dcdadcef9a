"""Lines that other rooms have for the wall: who is on duty, say. A panel without a source is not shown.

A room below registers in its `AppConfig.ready`; it is asked with the post that stands before the wall.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from wangge.core.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    name: str
    text: str
    note: str = ""


Source = Callable[[Actor, datetime], list[Line]]

_sources: dict[str, Source] = {}


def register(kind: str, source: Source) -> None:
    """`kind`: of the panel that shows it (definition.py)."""
    _sources[kind] = source


def from_other_rooms(kind: str, by: Actor, at: datetime) -> list[Line] | None:
    """None: no room has anything to say of it yet."""
    source = _sources.get(kind)
    return None if source is None else source(by, at)

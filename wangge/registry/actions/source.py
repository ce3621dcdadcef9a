"""Where a value comes from, and the one write that several fields belong to."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from wangge.core.ids import new_id

BY_PEOPLE = frozenset({"console", "field", "resident"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """`owner`: the department whose word it is (dictionary.Field.owner), "" for our own collection."""

    kind: str = "console"  # console, field, resident, import, department
    owner: str = ""
    said_at: datetime | None = None  # when they said it, where that is not now (an older file)

    @property
    def is_corrected(self) -> bool:
        """Somebody changes what they have before their eyes."""
        return self.kind in BY_PEOPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One write: its id binds the lines of history and the journal's entry."""

    why: str
    source: Source
    at: datetime
    decided: bool = False  # by a person who saw both values: no policy asks again
    id: UUID = field(default_factory=new_id)

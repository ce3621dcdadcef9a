"""One row of a file on its way into the registry."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Incoming:
    """What the row says, where, and the record it is about when that is known already. `number`: of the file."""

    number: int
    values: dict[str, Any]
    code: str
    known: Any = None
    more: dict[str, Any] = field(default_factory=dict)  # columns that are no fields: building_id, point, marks
    home: str = ""  # house code of where a person lives
    id: str = ""  # of the record, once it is made or known

"""One row of a file on its way into the registry, and which record each row is about."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(slots=True)
class Incoming:
    """What the row says, where, and the record it is about when that is known already. `number`: of the file."""

    number: int
    values: dict[str, Any]
    code: str
    known: Any = None
    told: tuple[Any, ...] = ()  # what led to it, as it was then: the row itself may say otherwise
    more: dict[str, Any] = field(default_factory=dict)  # columns that are no fields: building_id, point, marks
    home: str = ""  # house code of where a person lives
    id: str = ""  # of the record, once it is made or known


class Seen:
    """Known records by the first row that is about them: what tells one row's may differ from what tells another's."""

    def __init__(self) -> None:
        self._rows: dict[bytes, int] = {}

    def first(self, record: UUID, row: int) -> int:
        return self._rows.setdefault(record.bytes, row)

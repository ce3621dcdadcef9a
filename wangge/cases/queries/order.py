"""In which order a queue is read, and where its next page begins. Every order ends in the primary key."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from wangge.core.errors import invalid
from wangge.core.paging import decode_cursor, encode_cursor


class Sort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"  # due soonest; behind them, oldest first, what no clock runs for


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in an order a page begins: behind `(at, case_id)`, or at the beginning.

    Ordered by due time there are two stretches: what has one, then (`no_clock`) the rest by the time it was reported.
    """

    sort: Sort
    at: datetime | None = None
    case_id: uuid.UUID | None = None
    no_clock: bool = False

    @classmethod
    def begin(cls, sort: Sort, cursor: str | None) -> "Place":
        """Raises Invalid on a cursor that this server did not write for this order."""
        if not cursor:
            return cls(sort=sort)
        name, at, case_id, no_clock = decode_cursor(cursor, kinds=(str, _instant, uuid.UUID, bool))
        if name != sort:
            raise invalid(
                "cursor", "翻页位置与排序不符，请从第一页开始。", "The cursor is of another order; begin again."
            )
        return cls(sort=sort, at=at, case_id=case_id, no_clock=no_clock)

    def rest(self) -> "Place":
        """The beginning of the stretch without clocks."""
        return Place(sort=self.sort, no_clock=True)

    def cursor_at(self, found: "Found") -> str:
        return encode_cursor([self.sort, found.at, found.case_id, found.no_clock])

    @property
    def by_due(self) -> bool:
        return self.sort is Sort.DUE and not self.no_clock

    @property
    def field(self) -> str:
        return "due_at" if self.by_due else "reported_at"

    @property
    def where(self) -> Q:
        return Q(due_at__isnull=self.no_clock) if self.sort is Sort.DUE else Q()

    def behind(self, field: str, key: str) -> Q:
        if self.case_id is None:
            return Q()
        kind = TupleLessThan if self.sort is Sort.NEWEST else TupleGreaterThan
        return Q(kind(Tuple(field, key), (self.at, self.case_id)))

    def order(self, field: str, key: str) -> list[OrderBy]:
        down = self.sort is Sort.NEWEST
        return [OrderBy(F(field), descending=down), OrderBy(F(key), descending=down)]


class Found(NamedTuple):
    at: datetime
    case_id: uuid.UUID
    no_clock: bool = False


def _instant(value: Any) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError("without a zone")
    return at

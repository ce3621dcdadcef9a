"""Two kinds of pages: a table page (items, count) and a cursor page for queues and feeds (items, next).

A cursor is opaque to clients; it holds the sort values of the last row, the primary key last.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from wangge.core.errors import invalid
from wangge.core.requests import TextNotStorable, check_text

T = TypeVar("T")

DEFAULT_SIZE = 50
LARGEST_SIZE = 200
# What a list is asked with: `offset: Offset = 0, limit: Limit = DEFAULT_SIZE`.
Offset = Annotated[int, Field(ge=0, le=10_000_000)]
Limit = Annotated[int, Field(ge=1, le=LARGEST_SIZE)]
# What the kinds raise for values of another type: UUID(5) is an AttributeError, int(Infinity) an OverflowError.
MADE_UP = (ValueError, TypeError, AttributeError, OverflowError, binascii.Error, TextNotStorable)


class Page(Schema, Generic[T]):
    items: list[T]
    count: int


class CursorPage(Schema, Generic[T]):
    items: list[T]
    next: str | None = None


def encode_cursor(values: Sequence[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, default=str, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(text: str, *, kinds: Sequence[Callable[[Any], Any]]) -> list[Any]:
    """The sort values in a cursor, each through its kind (`datetime.fromisoformat`, `UUID`…).

    Raises Invalid on anything that this server did not write.
    """
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(values, list) or len(values) != len(kinds):
            raise ValueError("wrong length")
        check_text(values)
        return [kind(value) for kind, value in zip(kinds, values, strict=True)]
    except (*MADE_UP, RecursionError) as wrong:
        raise invalid("cursor", "翻页位置无效，请从第一页开始。", "The cursor is not valid; begin again.") from wrong


def table_page(rows: "QuerySet[Any]", *, offset: int, limit: int) -> dict[str, Any]:
    """One page of a small table, with its count. The order must end in the primary key.

    Where the rows end on this page they have been counted: a second look might see one more that came in between.
    """
    limit = min(max(limit, 1), LARGEST_SIZE)
    items = list(rows[offset : offset + limit])
    ends_here = len(items) < limit and (items or not offset)
    return {"items": items, "count": offset + len(items) if ends_here else rows.count()}

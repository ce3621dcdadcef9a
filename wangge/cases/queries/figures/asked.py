"""What a question about figures means: which days, which places, at which position of the journal."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Q, Sum

from wangge.accounts.permissions import Permission
from wangge.cases.queries.scope import ranges_of
from wangge.core.actor import Actor
from wangge.core.errors import DomainError, NotAllowed
from wangge.core.models import ReaderState

READER = "rollups"
COUNTS = (
    "reported",
    "answered",
    "answered_in_5",
    "closed",
    "closed_in_time",
    "self_settled",
    "rated",
    "satisfied",
)
UNIT_COUNTS = ("dispatched", "closed", "closed_in_time", "rated", "satisfied")
OUTCOME_COUNTS = ("closed", "closed_in_time", "self_settled", "rated", "satisfied")
OPEN = ("open", "overdue", "returned", "supervised")
LONGEST = 366  # days
LONGEST_WAIT = "2s"


_position: ContextVar[dict[str, Any] | None] = ContextVar("position", default=None)


class TooManyDays(DomainError):
    code = "figures.too_many_days"
    status = 422
    zh = "时间段最长 {days} 天，开始须早于结束。"
    en = "A period is at most {days} days, and begins before it ends."


class FiguresMoving(DomainError):
    code = "figures.moving"
    status = 503
    zh = "数据正在大批更新，请稍后再看。"
    en = "The figures are being brought up to date in bulk; please look again in a moment."


@dataclass(frozen=True, slots=True)
class Period:
    """Beijing days `[since, until)`."""

    since: date
    until: date

    def __post_init__(self) -> None:
        """Raises TooManyDays."""
        if not 0 < (self.until - self.since).days <= LONGEST:
            raise TooManyDays(days=LONGEST)

    @property
    def days(self) -> Q:
        return Q(day__gte=self.since, day__lt=self.until)


def at_one_position(read: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `read` finds with several statements, as of one position of the journal. Raises FiguresMoving.

    Each statement sees what was committed before it: when the reader has come by in between, all is read again with
    the reader held back.
    """
    if (held := _position.get()) is not None:
        return read() | {"as_of": held}  # a part of an answer: the whole one looks to it
    before = as_of()
    if (answer := _at(before, read)) and as_of()["position"] == before["position"]:
        return answer
    with transaction.atomic():
        _hold_reader()
        return _at(as_of(), read)


def _at(position: dict[str, Any], read: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    token = _position.set(position)
    try:
        return read() | {"as_of": position}
    finally:
        _position.reset(token)


def _hold_reader() -> None:
    """Until this transaction ends. A batch at work is waited for, though not a large import."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"set local lock_timeout = '{LONGEST_WAIT}'")
            cursor.execute("select from core_journal_reader where name = %s for share", [READER])
            cursor.execute("set local lock_timeout to default")
    except OperationalError as slow:
        raise FiguresMoving() from slow


def as_of() -> dict[str, Any]:
    state = ReaderState.objects.filter(name=READER).values("position", "as_of").first()
    return {"position": state["position"] if state else 0, "at": state["as_of"] if state else None}


def places_of(by: Actor, code: str) -> tuple[str, ...]:
    """The codes whose rows make up what was asked, none inside another.

    Raises NotAllowed outside the post's codes, or without the permission to read figures.
    """
    may_read(by)
    own = tuple(ranges_of(by))
    if not code:
        return own
    if by.covers(code):
        return (code,)
    inside = tuple(prefix for prefix in own if prefix.startswith(code))
    if not inside:
        raise NotAllowed(code=code)
    return inside


def may_read(by: Actor) -> None:
    by.require(Permission.DASHBOARD_READ)


def sums(rows: Any, names: Sequence[str]) -> list[dict[str, Any]]:
    """`rows` grouped by what `.values()` named."""
    summed = rows.annotate(**{f"sum_{name}": Sum(name) for name in names}).order_by()
    return [{key.removeprefix("sum_"): value for key, value in row.items()} for row in summed]


def zeros(row: dict[str, Any] | None, names: Sequence[str]) -> dict[str, int]:
    return {name: (row or {}).get(name) or 0 for name in names}

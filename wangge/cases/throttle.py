"""How often one caller may try one thing. Counted in the database, so that it holds for all processes together.

The caller is kept as a keyed hash only: addresses and numbers are not written down. A count is taken at the end of what
it counts (or when that fails), because one address may be a whole village behind its carrier's gateway and must not
wait in a queue for itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from wangge.core import crypto
from wangge.core.addresses import neighbourhood
from wangge.core.errors import DomainError


class TooOften(DomainError):
    code = "too_often"
    status = 429
    zh = "操作过于频繁，请 {minutes} 分钟后再试。"
    en = "Too many attempts; please try again in {minutes} minutes."
    keeps = True


@dataclass(frozen=True, slots=True)
class Allowance:
    """`most` in one span, which begins with the first."""

    name: str
    most: int
    span: timedelta

    def of(self, caller: str) -> "Limit":
        return Limit(self, crypto.keyed_hash(f"{self.name}|{caller}", purpose="throttle"))


@dataclass(frozen=True, slots=True)
class Limit:
    """One caller's allowance."""

    allowance: Allowance
    key: bytes


@contextmanager
def counting(*limits: Limit, at: datetime, only_failures: bool = False) -> Iterator[None]:
    """Raises TooOften before the work. What failed inside is taken back; that it was tried stays."""
    for limit in limits:
        _check(limit, at)
    try:
        with transaction.atomic():
            yield
    except DomainError as failure:
        for limit in limits:
            _count(limit, at)
        failure.keeps = True  # type: ignore[misc]  # the count alone is left to keep
        raise
    if not only_failures:
        for limit in limits:
            _count(limit, at)


@contextmanager
def guessing(*limits: Limit, at: datetime) -> Iterator[None]:
    """Counts failures alone, one try at a time: a hundred at once are not a hundred guesses."""
    with connection.cursor() as cursor:
        for limit in sorted(limits, key=lambda limit: limit.key):
            cursor.execute("select pg_advisory_xact_lock(%s)", [int.from_bytes(limit.key[:8], "big", signed=True)])
    with counting(*limits, at=at, only_failures=True):
        yield


def who_at(address: str) -> str:
    return neighbourhood(address) or "?"


def forget_old(*, before: datetime) -> int:
    """For the worker's daily round."""
    with connection.cursor() as cursor:
        cursor.execute("delete from cases_attempt where span_end < %s", [before])
        return int(cursor.rowcount)


def _check(limit: Limit, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select span_end, count from cases_attempt where key = %s and span_end > %s", [limit.key, at])
        row = cursor.fetchone()
    if row is not None and row[1] >= limit.allowance.most:
        raise TooOften(minutes=max(1, -int((at - row[0]).total_seconds() // 60)))


def _count(limit: Limit, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into cases_attempt as a (key, span_end, count) values (%(key)s, %(end)s, 1)
            on conflict (key) do update set
              count = case when a.span_end > %(at)s then a.count + 1 else 1 end,
              span_end = case when a.span_end > %(at)s then a.span_end else excluded.span_end end
            """,
            {"key": limit.key, "end": at + limit.allowance.span, "at": at},
        )

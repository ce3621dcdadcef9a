"""How often one caller may try one thing. Counted in the database, so that it holds for all processes together.

The caller is kept as a keyed hash only: addresses and numbers are not written down. A count is taken at the end of what
it counts (or when that fails), because one address may be a whole village behind its carrier's gateway and must not
wait in a queue for itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.db import connection, transaction

from wangge.core import crypto
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


@contextmanager
def counting(allowance: Allowance, caller: str, *, at: datetime, only_failures: bool = False) -> Iterator[None]:
    """Raises TooOften before the work. What failed inside is taken back; that it was tried stays."""
    key = _key(allowance, caller)
    _check(key, allowance, at)
    try:
        with transaction.atomic():
            yield
    except DomainError as failure:
        _count(key, allowance, at)
        failure.keeps = True  # type: ignore[misc]  # this failure keeps the count, nothing else was left to keep
        raise
    if not only_failures:
        _count(key, allowance, at)


@contextmanager
def in_turn(allowance: Allowance, caller: str, *, at: datetime) -> Iterator[None]:
    """As `counting` of failures alone, one try at a time: a hundred at once are not a hundred guesses."""
    key = _key(allowance, caller)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [int.from_bytes(key[:8], "big", signed=True)])
    with counting(allowance, caller, at=at, only_failures=True):
        yield


def who_at(address: str) -> str:
    """A household's IPv6 is a /64: its single addresses change by the hour and cost nothing."""
    try:
        found = ip_address(address)
    except ValueError:
        return "?"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(IPv6Address(int(found) >> 64 << 64))
    return str(found)


def forget_old(*, before: datetime) -> int:
    """For the worker's daily round."""
    with connection.cursor() as cursor:
        cursor.execute("delete from cases_attempt where span_end < %s", [before])
        return int(cursor.rowcount)


def _key(allowance: Allowance, caller: str) -> bytes:
    return crypto.keyed_hash(f"{allowance.name}|{caller}", purpose="throttle")


def _check(key: bytes, allowance: Allowance, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select span_end, count from cases_attempt where key = %s and span_end > %s", [key, at])
        row = cursor.fetchone()
    if row is not None and row[1] >= allowance.most:
        raise TooOften(minutes=max(1, -int((at - row[0]).total_seconds() // 60)))


def _count(key: bytes, allowance: Allowance, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into cases_attempt as a (key, span_end, count) values (%(key)s, %(end)s, 1)
            on conflict (key) do update set
              count = case when a.span_end > %(at)s then a.count + 1 else 1 end,
              span_end = case when a.span_end > %(at)s then a.span_end else excluded.span_end end
            """,
            {"key": key, "end": at + allowance.span, "at": at},
        )

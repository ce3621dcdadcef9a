"""Repeated failures lock a username for a while, whether or not it exists (django-axes keeps the count).

Axes is handed a bare request of our own: the real one may carry the password in ways axes would store, and its
middleware would answer in our place.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest

from wangge.accounts.models import User
from wangge.core.errors import DomainError

AGENT_LENGTH = 255  # as axes keeps it


class Locked(DomainError):
    """429: too many attempts; `data.until` says when the next one is looked at."""

    code = "session.locked"
    status = 429
    zh = "连续输错次数过多，已暂时锁定，{minutes} 分钟后再试。"
    en = "Too many wrong attempts; locked for now, try again in {minutes} min."
    keeps = True


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Where an attempt comes from."""

    address: str | None
    agent: str = ""


def check_not_locked(username: str, caller: Caller, *, at: datetime) -> None:
    """Raises Locked."""
    if not AxesProxyHandler.is_allowed(_request(caller), {"username": username}):
        raise _locked(username, at)


def who_has(username: str, password: str, caller: Caller, *, at: datetime) -> User | None:
    """The active person whose password this is; a failure is counted. Raises Locked. Costs one hash in any case."""
    check_not_locked(username, caller, at=at)
    user = authenticate(_request(caller), username=username, password=password)
    if user is None:
        return None
    assert isinstance(user, User)  # noqa: S101 - for the type checker
    return user


def count_failure(username: str, caller: Caller) -> None:
    """A wrong code or old password counts as a wrong password does."""
    AxesProxyHandler.user_login_failed(sender=__name__, credentials={"username": username}, request=_request(caller))


def forget_failures(username: str) -> int:
    return int(AxesProxyHandler.reset_attempts(username=username))


def locked_until(usernames: list[str], *, at: datetime) -> dict[str, datetime]:
    """When the lock of each locked one ends. One query."""
    window: timedelta = settings.AXES_COOLOFF_TIME
    failures: dict[str, list[tuple[datetime, int]]] = {}
    rows = AccessAttempt.objects.filter(username__in=usernames, attempt_time__gte=at - window)
    for name, when, count in rows.values_list("username", "attempt_time", "failures_since_start"):
        failures.setdefault(name, []).append((when, count))
    ends = {name: _end(found, window) for name, found in failures.items()}
    return {name: end for name, end in ends.items() if end is not None}


def _end(failures: list[tuple[datetime, int]], window: timedelta) -> datetime | None:
    """Failures leave the count one by one as they grow old; the lock ends when too few are left."""
    left = sum(count for _, count in failures)
    if left < settings.AXES_FAILURE_LIMIT:
        return None
    for when, count in sorted(failures):
        left -= count
        if left < settings.AXES_FAILURE_LIMIT:
            return when + window
    return None


def _locked(username: str, at: datetime) -> Locked:
    until = locked_until([username], at=at).get(username, at + settings.AXES_COOLOFF_TIME)
    return Locked(until=until, minutes=math.ceil((until - at).total_seconds() / 60))


def _request(caller: Caller) -> HttpRequest:
    request = HttpRequest()
    request.method = "POST"
    request.path = request.path_info = "/api/session"
    address = caller.address or "::"
    request.META = {
        "REMOTE_ADDR": address,
        "HTTP_X_FORWARDED_FOR": address,
        "HTTP_USER_AGENT": caller.agent[:AGENT_LENGTH],
        "PATH_INFO": "/api/session",
    }
    return request

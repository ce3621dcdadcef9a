"""Repeated failures lock for a while, whether or not the name exists (django-axes keeps the count).

Counted are three things, each apart (docs/signing-in.md):

- a name from an address: the usual lock. A stranger elsewhere does not lock out whoever has the name;
- a name from anywhere, at a much higher limit, against guessing from many addresses at once;
- a name on a device on which it has signed in before, which neither of the two others locks.

Codes of a second factor are counted by name alone: who gets to type one has the password.

Axes is handed a bare request of our own: the real one may carry the password in ways axes would store, and its
middleware would answer in our place.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import authenticate
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from wangge.accounts.devices import known_device
from wangge.accounts.models import User
from wangge.core.addresses import neighbourhood
from wangge.core.errors import DomainError

AGENT_LENGTH = 255  # as axes keeps it
# What stands in axes' column of agents instead of the browser's own words.
DEVICE, CODE = "device:", "code:"
NOWHERE = "100::"  # RFC 6666: what is not counted by address comes from no address
BY_AGENT, BY_ADDRESS = ["username", "user_agent"], ["username", "ip_address"]


class Locked(DomainError):
    """429: too many attempts; `data.until` says when the next one is looked at."""

    code = "session.locked"
    status = 429
    zh = "连续输错次数过多，已暂时锁定，{minutes} 分钟后再试。"
    en = "Too many wrong attempts; locked for now, try again in {minutes} min."
    keeps = True


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Where an attempt comes from. `device` is the cookie of devices.py as it came."""

    address: str | None
    agent: str = ""
    device: str = ""


def check_not_locked(username: str, caller: Caller, *, at: datetime) -> None:
    """Raises Locked."""
    _check(username, _request(caller, username), at)


def check_code_not_locked(username: str, *, at: datetime) -> None:
    """For the codes of a second factor. Raises Locked."""
    _check(username, _code_request(), at)


def who_has(username: str, password: str, caller: Caller, *, at: datetime) -> User | None:
    """The active person whose password this is; a failure is counted. Raises Locked. Costs one hash in any case."""
    check_not_locked(username, caller, at=at)
    user = authenticate(_request(caller, username), username=username, password=password)
    if user is None:
        return None
    assert isinstance(user, User)  # noqa: S101 - for the type checker
    return user


def count_wrong_code(username: str) -> None:
    credentials = {"username": username}
    AxesProxyHandler.user_login_failed(sender=__name__, credentials=credentials, request=_code_request())


def forget_own_failures(username: str, caller: Caller) -> None:
    """After success: what was counted of this name from here. What comes from elsewhere counts on."""
    agent, address = _counted_by(_request(caller, username))
    here = Q(user_agent=agent) if _is_ours(agent) else Q(ip_address=address)
    AccessAttempt.objects.filter(here | Q(user_agent=CODE), username=username).delete()


def forget_failures(username: str) -> int:
    """All of them, wherever they came from."""
    return int(AxesProxyHandler.reset_attempts(username=username))


def lockout_parameters(request: HttpRequest, credentials: dict[str, str] | None = None) -> list[list[str]]:
    """AXES_LOCKOUT_PARAMETERS: by which columns the failures are counted that lock this attempt."""
    return [BY_AGENT if _is_ours(request.META.get("HTTP_USER_AGENT", "")) else BY_ADDRESS]


def locked_until(usernames: list[str], *, at: datetime) -> dict[str, datetime]:
    """When the last lock on each of these names ends, wherever it holds. One query."""
    ends: dict[str, datetime] = {}
    for (name, _), end in _locks(_recent(at).filter(username__in=usernames)).items():
        ends[name] = max(end, ends.get(name, end))
    return ends


def _check(username: str, request: HttpRequest, at: datetime) -> None:
    agent, address = _counted_by(request)
    is_ours = _is_ours(agent)
    allowed = AxesProxyHandler.is_allowed(request, {"username": username})
    locks = _locks(_recent(at).filter(username=username)) if not (allowed and is_ours) else {}
    everywhere = None if is_ours else locks.get((username, ""))
    if allowed and everywhere is None:
        return
    mine = locks.get((username, agent if is_ours else address))
    until = max((end for end in (mine, everywhere) if end is not None), default=at + settings.AXES_COOLOFF_TIME)
    raise Locked(until=until, minutes=math.ceil((until - at).total_seconds() / 60))


def _recent(at: datetime) -> "QuerySet[AccessAttempt]":
    rows: QuerySet[AccessAttempt] = AccessAttempt.objects.filter(attempt_time__gte=at - settings.AXES_COOLOFF_TIME)
    return rows


def _locks(attempts: "QuerySet[AccessAttempt]") -> dict[tuple[str, str], datetime]:
    """The end of each lock: by name and address, device or codes; "" is the name from anywhere."""
    failures: dict[tuple[str, str], list[tuple[datetime, int]]] = defaultdict(list)
    columns = ("username", "ip_address", "user_agent", "attempt_time", "failures_since_start")
    for name, address, agent, when, count in attempts.values_list(*columns):
        if _is_ours(agent):
            failures[name, agent].append((when, count))
        else:
            failures[name, address].append((when, count))
            failures[name, ""].append((when, count))
    ends = {
        key: _end(found, settings.LOCK_NAME_AFTER if key[1] == "" else settings.AXES_FAILURE_LIMIT)
        for key, found in failures.items()
    }
    return {key: end for key, end in ends.items() if end is not None}


def _end(failures: list[tuple[datetime, int]], limit: int) -> datetime | None:
    """Failures leave the count one by one as they grow old; the lock ends when too few are left."""
    window: timedelta = settings.AXES_COOLOFF_TIME
    left = sum(count for _, count in failures)
    if left < limit:
        return None
    for when, count in sorted(failures):
        left -= count
        if left < limit:
            return when + window
    return None


def _counted_by(request: HttpRequest) -> tuple[str, str]:
    return request.META["HTTP_USER_AGENT"], request.META["REMOTE_ADDR"]


def _is_ours(agent: str) -> bool:
    return agent.startswith((DEVICE, CODE))


def _request(caller: Caller, username: str) -> HttpRequest:
    device = known_device(caller.device, username)
    words = caller.agent if not _is_ours(caller.agent) else f"?{caller.agent}"
    return _bare(NOWHERE, f"{DEVICE}{device}") if device else _bare(neighbourhood(caller.address) or "::", words)


def _code_request() -> HttpRequest:
    return _bare(NOWHERE, CODE)


def _bare(address: str, agent: str) -> HttpRequest:
    request = HttpRequest()
    request.method = "POST"
    request.path = request.path_info = "/api/session"
    request.META = {
        "REMOTE_ADDR": address,
        "HTTP_X_FORWARDED_FOR": address,
        "HTTP_USER_AGENT": agent[:AGENT_LENGTH],
        "PATH_INFO": "/api/session",
    }
    return request

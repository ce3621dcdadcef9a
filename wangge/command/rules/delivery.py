"""When a person is told: at once, with the next digest, or not; and how quiet hours hold the rest back. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from wangge.core.clock import BEIJING, local


class Way(StrEnum):
    AT_ONCE = "at_once"
    DIGEST = "digest"
    NEVER = "never"


DIGEST_AT = (time(9), time(14), time(17))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    quiet: tuple[time, time] | None = None
    ways: Mapping[str, str] = field(default_factory=dict)
    digest_at: tuple[time, ...] = DIGEST_AT

    def way_of(self, group: str) -> Way:
        return Way(self.ways.get(group, Way.AT_ONCE))


def told_at(said: datetime, *, group: str, urgent: bool, wishes: Wishes) -> datetime | None:
    """From when on the person is told of what was said then; None is never. Urgent: at once, whatever was wished."""
    if urgent:
        return said
    way = wishes.way_of(group)
    if way is Way.NEVER:
        return None
    at = next_digest(said, wishes.digest_at) if way is Way.DIGEST else said
    return end_of_quiet(at, wishes.quiet)


def end_of_quiet(at: datetime, quiet: tuple[time, time] | None) -> datetime:
    """`at` itself outside quiet hours, otherwise when they end. They may run over midnight."""
    if quiet is None or quiet[0] == quiet[1]:
        return at
    here, (start, end) = local(at), quiet
    now = here.time()
    inside = start <= now < end if start < end else (now >= start or now < end)
    if not inside:
        return at
    day = here.date() + timedelta(days=1) if start > end and now >= start else here.date()
    return datetime.combine(day, end, tzinfo=BEIJING).astimezone(at.tzinfo)


def next_digest(at: datetime, times: Iterable[time]) -> datetime:
    """The first time of a digest not before `at`."""
    here, of_day = local(at), sorted(times) or list(DIGEST_AT)
    for day in (here.date(), here.date() + timedelta(days=1)):
        for one in of_day:
            found = datetime.combine(day, one, tzinfo=BEIJING)
            if found >= here:
                return found.astimezone(at.tzinfo)
    raise AssertionError("tomorrow has a digest")

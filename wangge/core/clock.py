"""The one place that reads the time. Instants are aware and UTC; days, weeks and months are Beijing's."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    return datetime.now(UTC)


def local(at: datetime) -> datetime:
    """The same instant on a Beijing clock."""
    return at.astimezone(BEIJING)


def day_of(at: datetime) -> date:
    return local(at).date()


def today() -> date:
    return day_of(now())


def day_start(day: date) -> datetime:
    """The instant at which a Beijing day begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING).astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """`[start, end)` of a Beijing day, in UTC."""
    return day_start(day), day_start(day + timedelta(days=1))


def happened(said: datetime | None, *, received: datetime, since: datetime | None = None) -> datetime:
    """When a deed was done, as a phone says it that may have had no network, and whose clock may be wrong.

    Never after it was heard of, nor before `since`, when it was asked for: a wrong clock moves it to that end and
    loses nothing of what was done. `said` None is a deed told as it was done.
    """
    when = received if said is None else min(said, received)
    return when if since is None else max(when, since)

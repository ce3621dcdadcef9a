"""When a shift begins and ends. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from wangge.core.actor import Actor
from wangge.core.clock import BEIJING
from wangge.core.errors import Invalid, Message

# What a shift is when nobody says otherwise: a proposal, each entry may name its own hours.
HOURS: dict[str, tuple[time, time]] = {
    "day": (time(8, 30), time(17, 30)),
    "night": (time(17, 30), time(8, 30)),
    "whole": (time(8, 30), time(8, 30)),
}
WEEK = timedelta(days=7)
CENTRE = "centre"


def span(day: date, kind: str, begins: time | None = None, ends: time | None = None) -> tuple[datetime, datetime]:
    """`[from, to)` in UTC; an end not after the beginning is on the next day. `begins`, `ends` are Beijing time."""
    usual = HOURS[kind]
    start, end = begins or usual[0], ends or usual[1]
    over = day if end > start else day + timedelta(days=1)
    return _instant(day, start), _instant(over, end)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


class UnitLike(Protocol):
    @property
    def kind(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def division(self) -> str: ...


def may_plan(actor: Actor, unit: UnitLike) -> bool:
    """A centre for the centres in its codes, a department for itself and its branches."""
    if actor.is_system or (actor.unit_path and actor.unit_path == unit.path):
        return True
    if actor.unit_kind == CENTRE:
        return unit.kind == CENTRE and actor.covers(unit.division)
    return bool(actor.unit_path) and unit.path.startswith(actor.unit_path)


def check_week(day: date, name: str) -> date:
    """Raises Invalid."""
    if day.weekday() != 0:
        raise Invalid(fields={name: Message("请给出周一的日期。", "Give the Monday of the week.")})
    return day


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=BEIJING).astimezone(UTC)

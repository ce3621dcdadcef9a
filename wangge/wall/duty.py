"""Who is on duty in the centre of the place that a wall hangs in."""

from datetime import datetime

from wangge.command.queries import on_duty
from wangge.core.actor import Actor
from wangge.wall.tiles import Line

ROLES = {"leader": ("带班领导", "Leader"), "chief": ("值班长", "Chief"), "seat": ("坐席", "Seat")}


def on_duty_here(by: Actor, at: datetime) -> list[Line]:
    """Names and the office's own telephone; a person's mobile is not for a hall."""
    english = by.language == "en"
    found = on_duty(code=by.ranges[0], at=at) if by.ranges else []
    return [
        Line(name=ROLES.get(one.role, (one.role, one.role))[english], text=one.name, note=one.phone) for one in found
    ]

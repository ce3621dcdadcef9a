"""Which themes there are on a day, in which version; and the weather last said."""

from datetime import date, datetime, timedelta

from django.db.models import Q

from wangge.accounts.permissions import Permission
from wangge.cases.models import Category
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.codes import Level
from wangge.core.errors import NotAllowed, NotFound
from wangge.wall.definition import Definition
from wangge.wall.models import Theme, Weather
from wangge.wall.shipped import COMMAND, COMMAND_DEFINITION

WEATHER_IS_OLD = timedelta(hours=3)


def themes(by: Actor, *, at: datetime) -> list[Theme]:
    """The version of each that stands today, by code; those put away too, for who edits them."""
    _may_look(by)
    rows = Theme.objects.filter(valid_from__lte=clock.day_of(at)).order_by("code", "-valid_from", "-number")
    newest = {COMMAND: _as_shipped()} | {row.code: row for row in reversed(rows)}
    return [row for row in newest.values() if row.is_shown or by.may(Permission.WALL_EDIT)]


def theme(code: str, by: Actor, *, at: datetime) -> Theme:
    """As it stands today. Raises NotFound, NotAllowed."""
    _may_look(by)
    rows = Theme.objects.filter(code=code, valid_from__lte=clock.day_of(at)).order_by("-valid_from", "-number")
    found = rows.first() or (_as_shipped() if code == COMMAND else None)
    if found is None or not (found.is_shown or by.may(Permission.WALL_EDIT)):
        raise NotFound()
    return found


def theme_versions(code: str, by: Actor) -> list[Theme]:
    """All of them, newest first, also those that take effect later. Raises NotFound, NotAllowed."""
    by.require(Permission.WALL_EDIT)
    rows = list(Theme.objects.filter(code=code).order_by("-number")) + ([_as_shipped()] if code == COMMAND else [])
    if not rows:
        raise NotFound()
    return rows


def categories_of(definition: Definition) -> frozenset[int] | None:
    """The ids meant, of every version of the scheme; None: all. A category that is gone is in none."""
    if not definition.categories:
        return None
    wanted = Q(pk__in=[])
    for one in definition.categories:
        wanted |= Q(scheme__code=one.scheme, path__startswith=one.path)
    return frozenset(Category.objects.filter(wanted).values_list("pk", flat=True))


def weather(by: Actor, *, at: datetime) -> Weather | None:
    """The newest said of a place that holds the post's codes, or lies in them; None when it is old."""
    _may_look(by)
    rows = Weather.objects.filter(observed_at__gte=at - WEATHER_IS_OLD)
    if "" not in by.ranges:
        wanted = Q(pk__in=[])
        for prefix in by.ranges:
            above = [prefix[: int(level)] for level in Level if level <= len(prefix)]
            wanted |= Q(code__in=above) | Q(code__startswith=prefix)
        rows = rows.filter(wanted)
    return rows.order_by("-observed_at", "-pk").first()


def _as_shipped() -> Theme:
    """The one map of the command, before anybody has changed it: version 0."""
    return Theme(
        code=COMMAND,
        number=0,
        valid_from=date(2020, 1, 1),
        name_zh="联动指挥一张图",
        name_en="Command on one map",
        definition=COMMAND_DEFINITION,
        is_shown=True,
        at=clock.day_start(date(2020, 1, 1)),
    )


def _may_look(by: Actor) -> None:
    if not (by.may(Permission.WALL_READ) or by.may(Permission.WALL_EDIT)):
        raise NotAllowed(permission=Permission.WALL_READ)

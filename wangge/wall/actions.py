"""Writes of the wall: a version of a theme, and what is said of the weather."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from wangge.accounts.permissions import Permission
from wangge.accounts.rules import as_range
from wangge.core import clock, journal
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, NotAllowed, invalid
from wangge.wall.definition import Definition
from wangge.wall.models import Theme, Weather

AHEAD = timedelta(minutes=10)  # how far a partner's clock may be before ours
KEPT = timedelta(days=30)


class ThemeChanged(Conflict):
    code = "theme.changed"
    zh = "这个主题已被他人修改（第 {number} 版），请先看过再保存。"
    en = "Somebody has changed this theme meanwhile (version {number}); look at it before saving."


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeGiven:
    name_zh: str
    name_en: str
    valid_from: date
    is_shown: bool
    definition: Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherGiven:
    code: str
    observed_at: datetime
    text_zh: str
    text_en: str = ""
    temperature_c: float | None = None
    warning: str = ""
    warning_text_zh: str = ""
    warning_text_en: str = ""


def save_theme(*, code: str, given: ThemeGiven, after: int, by: Actor, at: datetime) -> Theme:
    """A new version. `after`: number of the version that was looked at, 0 for a new theme.

    Raises NotAllowed, Invalid, ThemeChanged.
    """
    by.require(Permission.WALL_EDIT)
    if given.valid_from < clock.day_of(at):
        raise invalid("valid_from", "生效日期不能早于今天。", "It cannot take effect before today.")
    _one_at_a_time(code)
    newest = Theme.objects.filter(code=code).order_by("-number").first()
    number = newest.number if newest else 0
    if number != after:
        raise ThemeChanged(number=number)
    theme = Theme.objects.create(
        code=code,
        number=number + 1,
        valid_from=given.valid_from,
        name_zh=given.name_zh,
        name_en=given.name_en,
        definition=given.definition.model_dump(mode="json"),
        is_shown=given.is_shown,
        by_name=by.name,
        at=at,
    )
    entry = journal.Entry(
        kind="wall.theme_saved",
        subject=("theme", code),
        permission=Permission.WALL_EDIT,
        changed=["definition"],
        data={"number": theme.number, "valid_from": str(given.valid_from), "is_shown": given.is_shown},
    )
    journal.record(entry, by=by, at=at)
    return theme


def say_weather(*, given: WeatherGiven, by: Actor, at: datetime) -> Weather:
    """Raises NotAllowed outside one's codes, Invalid for no code, and for a time that is still to come."""
    by.require(Permission.WALL_WEATHER)
    code = as_range(given.code)
    if code is None:
        raise invalid("code", "这不是区划或网格编码。", "This is no division or grid code.")
    if not by.covers(code):
        raise NotAllowed(code=given.code)
    if given.observed_at > at + AHEAD:
        raise invalid("observed_at", "观测时间还没有到。", "The time of observation is still to come.")
    Weather.objects.filter(code=code, observed_at__lt=at - KEPT).delete()
    values = {name: getattr(given, name) for name in WeatherGiven.__slots__} | {"code": code}
    row = Weather.objects.create(**values, by_name=by.name)
    entry = journal.Entry(
        kind="wall.weather_said",
        subject=("weather", code),
        code=code,
        permission=Permission.WALL_WEATHER,
        changed=["weather"],
        data={"observed_at": given.observed_at.isoformat(), "warning": given.warning},
    )
    journal.record(entry, by=by, at=at)
    return row


def _one_at_a_time(code: str) -> None:
    """Two who save at once: the second sees the first one's version."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"theme {code}"])

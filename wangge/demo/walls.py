"""Themes of the wall to begin with; their figures are those of the demonstration's own cases."""

from datetime import datetime, timedelta

from wangge.core import clock
from wangge.core.actor import Actor
from wangge.demo import names
from wangge.wall.actions import ThemeGiven, WeatherGiven, save_theme, say_weather
from wangge.wall.definition import read
from wangge.wall.shipped import EXAMPLES


def write(*, by: Actor, at: datetime) -> None:
    for code, (zh, en, definition) in EXAMPLES.items():
        given = ThemeGiven(
            name_zh=zh, name_en=en, valid_from=clock.day_of(at), is_shown=True, definition=read(definition)
        )
        save_theme(code=code, given=given, after=0, by=by, at=at)
    said = WeatherGiven(
        code=names.DISTRICT[0],
        observed_at=at - timedelta(minutes=10),
        text_zh="多云，东北风 3 级",
        text_en="Cloudy, north-east wind",
        temperature_c=12,
    )
    say_weather(given=said, by=Actor.system("演示数据"), at=at)

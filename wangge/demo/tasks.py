"""The demonstration's workers walk on while the house runs, where there is a demonstration at all."""

from datetime import timedelta

from django.conf import settings

from wangge.core import clock
from wangge.core.duties import Duty
from wangge.demo.tracks import go_on


def walk() -> bool:
    if settings.DEMO:
        go_on(at=clock.now())
    return False


DUTIES = (Duty("demo.walk", walk, timedelta(seconds=30), lane="tracks"),)

"""The worker's duties for the registry."""

from datetime import timedelta

from wangge.core import clock
from wangge.core.duties import Duty
from wangge.registry.watching import watch


def unusual_reading() -> bool:
    watch(clock.now())
    return False


DUTIES = [Duty("unusual-reading", unusual_reading, timedelta(minutes=5))]

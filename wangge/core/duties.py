"""What the worker does again and again. An app names its duties as `DUTIES` in its `tasks.py`; that is all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps


@dataclass(frozen=True, slots=True)
class Duty:
    """`do` opens its own transactions and sets its own actor (`acting`), small ones, so that killing it costs little.

    True from `do` means that more is waiting: it is called again without delay. Duties of one lane take turns in one
    thread with one connection; a lane never waits for another, so nothing long may share one with the timers.
    """

    name: str
    do: Callable[[], bool]
    every: timedelta
    lane: str = "housekeeping"


def found() -> list[Duty]:
    """The duties of every installed app."""
    duties = [duty for config in apps.get_app_configs() for duty in _of(config.name)]
    names = [duty.name for duty in duties]
    if len(set(names)) != len(names):
        raise ValueError(f"two duties have one name: {sorted(names)}")
    return duties


def _of(package: str) -> Iterable[Duty]:
    if not package.startswith("wangge.") or find_spec(f"{package}.tasks") is None:
        return ()
    duties: Iterable[Duty] = getattr(import_module(f"{package}.tasks"), "DUTIES", ())
    return duties

"""The worker's duties for the registry."""

from collections.abc import Callable
from datetime import timedelta

from wangge.core import clock, journal
from wangge.core.actor import Actor, acting
from wangge.core.duties import Duty
from wangge.registry import rollups
from wangge.registry.actions.care import end_expired
from wangge.registry.actions.retention import forget_care, forget_fields, forget_gone, forget_parts
from wangge.registry.models import RetentionRun
from wangge.registry.watching import watch

AT_ONCE = 200


def unusual_reading() -> bool:
    watch(clock.now())
    return False


def care_ends() -> bool:
    return _batch("care", end_expired)


def people_retention() -> bool:
    return _retain("people", forget_gone)


def field_retention() -> bool:
    return _retain("fields", forget_fields)


def part_retention() -> bool:
    return _retain("parts", forget_parts)


def care_retention() -> bool:
    return _retain("care", forget_care)


def _retain(name: str, action: Callable[..., int]) -> bool:
    by, at = Actor.system("retention"), clock.now()
    with acting(by):
        is_more = action(by=by, at=at, limit=AT_ONCE) >= AT_ONCE
        done = {} if is_more else {"done_at": at}
        RetentionRun.objects.update_or_create(name=name, defaults={"ran_at": at} | done)
    return is_more


def _batch(name: str, action: Callable[..., int]) -> bool:
    by = Actor.system(name)
    with acting(by):
        return action(by=by, at=clock.now(), limit=AT_ONCE) >= AT_ONCE


def count_quality() -> bool:
    return rollups.read() >= journal.BATCH


DUTIES = [
    Duty(rollups.READER, count_quality, timedelta(seconds=2), lane="registry-rollups"),
    Duty("registry-quality-age", rollups.count_aged, timedelta(minutes=1), lane="registry-rollups"),
    Duty("registry-doubles", rollups.count_doubles, timedelta(seconds=30), lane="registry-rollups"),
    Duty("unusual-reading", unusual_reading, timedelta(minutes=5)),
    Duty("care-ends", care_ends, timedelta(minutes=30)),
    Duty("people-retention", people_retention, timedelta(hours=1)),
    Duty("field-retention", field_retention, timedelta(hours=1)),
    Duty("part-retention", part_retention, timedelta(hours=1)),
    Duty("care-retention", care_retention, timedelta(hours=6)),
]

"""Workers of the demonstration on duty: their tracks of yesterday and of today, kept going while the house runs.

What is kept going is known by the id of its time on duty: this room alone makes them of version 5.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from wangge.accounts.models import Post
from wangge.accounts.queries import actor_of_post
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.demo.walks import Walk, walk_round
from wangge.field import days
from wangge.field.actions.duty import go_off_duty, go_on_duty
from wangge.field.models import Batch, DutySpan, Newest, PatrolPlan
from wangge.field.rules.points import Odd, Point, pack

NAMESPACE = uuid.UUID("0193d3a0-6f01-7000-8000-77616e676765")
OURS = 5  # version of the ids
LONGEST = timedelta(hours=9)
MORNING, EVENING = timedelta(hours=8, minutes=30), timedelta(hours=17, minutes=30)


def worked(post: Post, *, began_at: datetime, ended_at: datetime | None, at: datetime) -> None:
    """On duty from then, located up to `ended_at` or `at`. Nothing without a patrol plan, nor where it is known."""
    walk = _walk_of(post)
    if walk is None or DutySpan.objects.filter(pk=_id(post, began_at)).exists():
        return
    actor = actor_of_post(post)
    with acting(actor):
        span = go_on_duty(duty_id=_id(post, began_at), happened_at=began_at, by=actor, at=began_at)
    with acting(Actor.system("demo")):
        _go(span, walk, since=began_at, until=ended_at or at)
    if ended_at is not None:
        with acting(actor):
            go_off_duty(duty_id=span.pk, happened_at=ended_at, by=actor, at=ended_at)


def go_on(*, at: datetime) -> None:
    """Everybody a bit further; home after nine hours; out again in the morning."""
    with acting(Actor.system("demo")):
        latest = list(
            DutySpan.objects.filter(post__user__is_demo=True)
            .select_related("post__user", "post__unit", "post__role")
            .order_by("post_id", "-began_at")
            .distinct("post_id")
        )
    today = clock.day_start(clock.day_of(at))
    for span in (span for span in latest if span.pk.version == OURS):
        if span.ended_at is None:
            _further(span, at)
        elif today + MORNING <= at < today + EVENING and span.ended_at < today + MORNING:
            worked(span.post, began_at=today + MORNING + _jitter(span.post), ended_at=None, at=at)


def _further(span: DutySpan, at: datetime) -> None:
    actor = actor_of_post(span.post)
    if at - span.began_at > LONGEST:
        with acting(actor):
            go_off_duty(duty_id=span.pk, happened_at=span.began_at + LONGEST, by=actor, at=at)
        return
    walk = _walk_of(span.post)
    with acting(Actor.system("demo")):
        newest = Newest.objects.filter(post=span.post).values_list("ms", flat=True).first() or 0
        since = max(clock.day_start(clock.day_of(at)), span.began_at, _instant(newest))
        if walk is not None:
            _go(span, walk, since=since, until=at)


def _go(span: DutySpan, walk: Walk, *, since: datetime, until: datetime) -> None:
    points = walk.points(
        began_ms=_ms(span.began_at), since_ms=_ms(since), until_ms=_ms(until), seed=span.post_id % 10_007
    )
    if not points:
        return
    days.make_days()
    for day, of_day in groupby(points, lambda point: clock.day_of(_instant(point.ms))):
        part = list(of_day)
        Batch.objects.create(
            day=day,
            post_id=span.post_id,
            id=new_id(),
            code=span.code,
            since_ms=part[0].ms,
            until_ms=part[-1].ms,
            received_at=until,
            points=pack(part),
        )
    _place(span, points, until)


def _place(span: DutySpan, points: Sequence[Point], at: datetime) -> None:
    sound = next((point for point in reversed(points) if point.odd is Odd.NOTHING), points[-1])
    place = {"ms": sound.ms, "lon": sound.lon, "lat": sound.lat, "accuracy": sound.accuracy, "speed": sound.speed}
    heard = _instant(points[-1].ms)
    battery = 95 - round((at - span.began_at).total_seconds() / 900) % 70
    values = {"code": span.code, "odd": sound.odd, "battery": battery, "source": "phone", "heard_at": heard}
    Newest.objects.update_or_create(post_id=span.post_id, defaults=values | place)


def _walk_of(post: Post) -> Walk | None:
    plans = PatrolPlan.objects.filter(code__in=post.codes, is_active=True).prefetch_related("points")
    with acting(Actor.system("demo")):
        plan = plans.order_by("code", "id").first()
    stops = [(point.lon, point.lat) for point in plan.points.all()] if plan else []
    return walk_round(stops) if len(stops) > 1 else None


def _id(post: Post, began_at: datetime) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, f"{post.pk}/{began_at.isoformat()}")


def _jitter(post: Post) -> timedelta:
    return timedelta(minutes=post.pk * 7 % 23)


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, clock.BEIJING)

"""Workers of the demonstration on duty: their tracks of yesterday and of today, kept going while the house runs.

What is kept going is known by the id of its time on duty: this room alone makes them of version 5.
"""

import uuid
from collections.abc import Container, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from wangge.accounts.models import Post
from wangge.accounts.queries import actor_of_post
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.demo.walks import Walk, walk_round
from wangge.field.actions.duty import go_off_duty, go_on_duty
from wangge.field.models import Batch, DutySpan, Newest, PatrolPlan
from wangge.field.rules.points import Odd, Point, pack

NAMESPACE = uuid.UUID("0193d3a0-6f01-7000-8000-77616e676765")
OURS = 5  # version of the ids
LONGEST = timedelta(hours=9)
MORNING, EVENING = timedelta(hours=8, minutes=30), timedelta(hours=17, minutes=30)


def locate(posts: Sequence[Post], shown: Container[int], *, at: datetime) -> None:
    """Yesterday's tracks, and who is on duty now: nobody whom a visitor signs in as and may send out (`shown`)."""
    yesterday, walks = clock.day_start(clock.day_of(at)) - timedelta(days=1), _walks_of(posts)
    for place, post in enumerate(post for post in posts if post.pk in walks):
        walk, goes_on = walks[post.pk], post.pk not in shown and place % 5 != 0
        began_at = yesterday + MORNING + timedelta(minutes=place % 20)
        _worked(post, walk, began_at=began_at, ended_at=began_at + LONGEST, at=at, goes_on=goes_on)
        if goes_on:
            began_at = at - timedelta(hours=1.5 + place % 9 * 0.5)
            _worked(post, walk, began_at=began_at, ended_at=None, at=at, goes_on=True)


def go_on(*, at: datetime) -> None:
    """Everybody a bit further; home after nine hours; out again in the morning."""
    with acting(Actor.system("demo")):
        spans = _latest(clock.day_of(at))
        walks = _walks_of([span.post for span in spans])
        newest = Newest.objects.in_bulk([span.post_id for span in spans])
    further = []
    for span in spans:
        walk, place = walks.get(span.post_id), newest.get(span.post_id)
        if span.ended_at is not None:
            _out_again(span, walk, at)
        elif at - span.began_at > LONGEST:
            _home(span, at)
        elif walk is not None:
            since = max(clock.day_start(clock.day_of(at)), span.began_at, _instant(place.ms if place else 0))
            further.append((span, _points(span, walk, since=since, until=at)))
    with acting(Actor.system("demo")):
        _write(further, at)


def _worked(
    post: Post, walk: Walk, *, began_at: datetime, ended_at: datetime | None, at: datetime, goes_on: bool
) -> None:
    """On duty from then, located up to `ended_at` or `at`. By its id `go_on` knows whom it is to take further."""
    actor = actor_of_post(post)
    duty_id = _id(post, began_at) if goes_on else new_id()
    with acting(actor):
        span = go_on_duty(duty_id=duty_id, happened_at=began_at, by=actor, at=began_at)
    with acting(Actor.system("demo")):
        _write([(span, _points(span, walk, since=began_at, until=ended_at or at))], ended_at or at)
    if ended_at is not None:
        with acting(actor):
            go_off_duty(duty_id=span.pk, happened_at=ended_at, by=actor, at=ended_at)


def _walks_of(posts: Sequence[Post]) -> dict[int, Walk]:
    """By post, round the first plan of its grids; none without one. Two queries."""
    codes = {code for post in posts for code in post.codes}
    first: dict[str, PatrolPlan] = {}
    for plan in PatrolPlan.objects.filter(code__in=codes, is_active=True).order_by("id").prefetch_related("points"):
        first.setdefault(plan.code, plan)
    found = {}
    for post in posts:
        plans = [first[code] for code in sorted(post.codes) if code in first]
        stops = [(point.lon, point.lat) for point in plans[0].points.all()] if plans else []
        if len(stops) > 1:
            found[post.pk] = walk_round(stops)
    return found


def _latest(today: date) -> list[DutySpan]:
    """Of those who walk and still work here."""
    posts = Post.objects.open_on(today).filter(revoked_at=None, user__is_active=True, user__is_demo=True)
    latest = DutySpan.objects.filter(post__in=posts).order_by("post_id", "-began_at").distinct("post_id")
    return [span for span in latest.select_related("post__user", "post__unit", "post__role") if span.pk.version == OURS]


def _out_again(span: DutySpan, walk: Walk | None, at: datetime) -> None:
    today = clock.day_start(clock.day_of(at))
    began_at = today + MORNING + _jitter(span.post)
    ended_before = span.ended_at is not None and span.ended_at < today + MORNING
    if walk is not None and ended_before and began_at <= at < today + EVENING:
        _worked(span.post, walk, began_at=began_at, ended_at=None, at=at, goes_on=True)


def _home(span: DutySpan, at: datetime) -> None:
    actor = actor_of_post(span.post)
    with acting(actor):
        go_off_duty(duty_id=span.pk, happened_at=span.began_at + LONGEST, by=actor, at=at)


def _points(span: DutySpan, walk: Walk, *, since: datetime, until: datetime) -> list[Point]:
    return walk.points(
        began_ms=_ms(span.began_at), since_ms=_ms(since), until_ms=_ms(until), seed=span.post_id % 10_007
    )


def _write(walked: Sequence[tuple[DutySpan, list[Point]]], at: datetime) -> None:
    """In order of the posts, as the positions process writes its groups."""
    somewhere = [(span, points) for span, points in walked if points]
    Batch.objects.bulk_create(batch for span, points in somewhere for batch in _batches(span, points, at))
    names = ["code", "ms", "lon", "lat", "accuracy", "speed", "odd", "battery", "source", "heard_at"]
    places = [_place(span, points, at) for span, points in somewhere]
    Newest.objects.bulk_create(places, update_conflicts=True, unique_fields=["post"], update_fields=names)


def _batches(span: DutySpan, points: Sequence[Point], at: datetime) -> Iterator[Batch]:
    for day, of_day in groupby(points, lambda point: clock.day_of(_instant(point.ms))):
        part = list(of_day)
        yield Batch(
            day=day,
            post_id=span.post_id,
            id=new_id(),
            code=span.code,
            since_ms=part[0].ms,
            until_ms=part[-1].ms,
            received_at=at,
            points=pack(part),
        )


def _place(span: DutySpan, points: Sequence[Point], at: datetime) -> Newest:
    sound = next((point for point in reversed(points) if point.odd is Odd.NOTHING), points[-1])
    return Newest(
        post_id=span.post_id,
        code=span.code,
        ms=sound.ms,
        lon=sound.lon,
        lat=sound.lat,
        accuracy=sound.accuracy,
        speed=sound.speed,
        odd=sound.odd,
        battery=95 - round((at - span.began_at).total_seconds() / 900) % 70,
        source="phone",
        heard_at=_instant(points[-1].ms),
    )


def _id(post: Post, began_at: datetime) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, f"{post.pk}/{began_at.isoformat()}")


def _jitter(post: Post) -> timedelta:
    return timedelta(minutes=post.pk * 7 % 23)


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, clock.BEIJING)

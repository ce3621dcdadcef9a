"""Where somebody went on one day, and what days came to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db.models import Q

from wangge.accounts.models import Post
from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import NotFound
from wangge.core.ranges import within
from wangge.field.models import Batch, DutySpan, TrackDay
from wangge.field.queries.watch import odd_names
from wangge.field.rules.stored import Stored, stored
from wangge.field.rules.tracks import Gap, Track, track_of

PAGE = 100


@dataclass(frozen=True, kw_only=True)
class Day:
    """One somebody's Beijing day: times on duty (ms, cut at midnight), positions, and the track of them."""

    post: Post
    day: date
    spans: list[tuple[int, int]]
    positions: Stored
    track: Track


def day_of(*, post: Post, day: date, at: datetime) -> Day:
    """The caller has asked whether one may. Three queries."""
    spans = _spans(post.pk, day, at)
    found = day_positions(post_id=post.pk, day=day)
    return Day(post=post, day=day, spans=spans, positions=found, track=track_on_duty(found, spans))


def day_positions(*, post_id: int, day: date) -> Stored:
    return positions_on([day], post_id=post_id)


def positions_on(days: Iterable[date], *, post_id: int) -> Stored:
    """What row-level security lets the actor see: one's own, or with track.read those in one's codes. One query."""
    rows = Batch.objects.filter(day__in=list(days), post_id=post_id).order_by("since_ms")
    return stored(bytes(points) for points in rows.values_list("points", flat=True))


def track_on_duty(found: Stored, spans: list[tuple[int, int]]) -> Track:
    """Of all times on duty together: what lies between two of them is no gap, for nobody was to be heard of."""
    if not spans:
        return track_of(found.positions())
    whole = track_of(found.positions(), since_ms=spans[0][0], until_ms=spans[-1][1])
    gaps = [cut for gap in whole.gaps for since, until in spans if (cut := _cut(gap, since, until)) is not None]
    return Track(whole.line, whole.metres, whole.seconds, whole.stops, gaps, whole.points, whole.odd)


def answer(found: Day) -> dict[str, Any]:
    track, positions = found.track, found.positions
    return {
        "post_id": found.post.pk,
        "name": found.post.user.name,
        "unit": found.post.unit.name,
        "day": found.day,
        "duty": found.spans,
        "line": [[[round(x, 6), round(y, 6)] for x, y in part.coords] for part in track.line.geoms],
        "metres": round(track.metres, 1),
        "heard_s": round(track.seconds),
        "moving_s": round(track.moving_s),
        "duty_s": round(sum(until - since for since, until in found.spans) / 1000),
        "stops": [[stop.since_ms, stop.until_ms, round(stop.lon, 6), round(stop.lat, 6)] for stop in track.stops],
        "gaps": [[gap.since_ms, gap.until_ms, round(gap.metres, 1)] for gap in track.gaps],
        "points": track.points,
        "odd": {name: count for name, count in track.odd.items() if count},
        "positions": np.column_stack(
            [positions.ms, positions.lon.round(6), positions.lat.round(6), positions.accuracy, positions.speed]
        ).tolist(),
        "flags": [[index, odd_names(int(positions.odd[index]))] for index in np.flatnonzero(positions.odd).tolist()],
    }


def days(*, by: Actor, day: date, at: datetime, under: str = "", q: str = "", page: int = 1) -> dict[str, Any]:
    """Everybody who was on duty that day, with what it came to where that is computed (at night). Raises NotAllowed."""
    by.require(Permission.FIELD_WATCH)
    since, until = clock.day_bounds(day)
    spans = DutySpan.objects.visible_to(by).filter(began_at__lt=until)
    spans = spans.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=since))
    if under:
        spans = spans.filter(within("code", (under,)))
    if q:
        spans = spans.filter(Q(post__user__name__contains=q) | Q(post__unit__name__contains=q))
    posts = spans.order_by("code", "post_id").values_list("code", "post_id").distinct()
    count = posts.count()
    shown = [post_id for _, post_id in posts[(page - 1) * PAGE : page * PAGE]]
    return {"items": _rows(shown, day, at), "count": count}


def _rows(shown: list[int], day: date, at: datetime) -> list[dict[str, Any]]:
    posts = Post.objects.select_related("user", "unit").in_bulk(shown)
    computed = {row.post_id: row for row in TrackDay.objects.filter(day=day, post__in=shown)}
    spans = _spans_of(shown, day, at)
    return [_line(posts[post_id], computed.get(post_id), spans.get(post_id, [])) for post_id in shown]


def _line(post: Post, track: TrackDay | None, spans: list[tuple[int, int]]) -> dict[str, Any]:
    return {
        "post_id": post.pk,
        "name": post.user.name,
        "unit": post.unit.name,
        "duty": spans,
        "duty_s": round(sum(until - since for since, until in spans) / 1000),
        "track": track,
    }


def watched_post(by: Actor, post_id: int, day: date) -> Post:
    """Somebody who was on duty that day within one's sight. Raises NotFound."""
    since, until = clock.day_bounds(day)
    ended = Q(ended_at__isnull=True) | Q(ended_at__gt=since)
    seen = DutySpan.objects.visible_to(by).filter(ended, post_id=post_id, began_at__lt=until).exists()
    post = Post.objects.select_related("user", "unit").filter(pk=post_id).first() if seen else None
    if post is None:
        raise NotFound()
    return post


def _spans(post_id: int, day: date, at: datetime) -> list[tuple[int, int]]:
    return _spans_of([post_id], day, at).get(post_id, [])


def _spans_of(posts: list[int], day: date, at: datetime) -> dict[int, list[tuple[int, int]]]:
    since, until = clock.day_bounds(day)
    rows = DutySpan.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=since), post__in=posts, began_at__lt=until)
    found: dict[int, list[tuple[int, int]]] = {}
    for post_id, began, ended in rows.order_by("began_at").values_list("post_id", "began_at", "ended_at"):
        span = _ms(max(began, since)), _ms(min(ended or at, until, at))
        if span[1] > span[0]:
            found.setdefault(post_id, []).append(span)
    return found


def _cut(gap: Gap, since: int, until: int) -> Gap | None:
    start, end = max(gap.since_ms, since), min(gap.until_ms, until)
    whole = start == gap.since_ms and end == gap.until_ms
    return Gap(start, end, gap.metres if whole else 0.0) if end - start > 0 else None


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)

"""At night a post's batches of a day become one row, and the day's track is computed. May be killed at any moment."""

import uuid
from datetime import date, datetime, timedelta

from django.db import connection

from wangge.accounts.models import Post
from wangge.core import clock
from wangge.field.models import Batch, TrackDay
from wangge.field.queries.tracks import day_of
from wangge.field.rules.stored import LONGEST_ROW, Stored, stored

LARGEST_ID = uuid.UUID(int=255)  # of a compacted row: no sender has such ids
AFTER = timedelta(hours=2)  # after midnight: the dead zones of yesterday have mostly been left

LOOSE = """
select day, post_id from field_batch where day < %s and id > %s group by day, post_id order by day, post_id limit %s
"""


def compact(*, at: datetime, limit: int) -> int:
    """How many post-days were compacted; those with late arrivals again."""
    with connection.cursor() as cursor:
        cursor.execute(LOOSE, [clock.day_of(at - AFTER), LARGEST_ID, limit])
        waiting = cursor.fetchall()
    posts = Post.objects.select_related("user", "unit").in_bulk({post_id for _, post_id in waiting})
    for day, post_id in waiting:
        _compact_one(day, post_id, at)
        if post_id in posts:
            _compute(day, posts[post_id], at)
    return len(waiting)


def _compact_one(day: date, post_id: int, at: datetime) -> None:
    """What arrives meanwhile stays beside it until the next time."""
    rows = list(Batch.objects.filter(day=day, post_id=post_id).order_by("since_ms").values_list("id", "points", "code"))
    whole = stored(bytes(points) for _, points, _ in rows)
    Batch.objects.filter(day=day, post_id=post_id, id__in=[row_id for row_id, _, _ in rows]).delete()
    Batch.objects.bulk_create(
        Batch(
            day=day,
            post_id=post_id,
            id=uuid.UUID(int=number),
            code=rows[-1][2],
            since_ms=int(part.ms[0]),
            until_ms=int(part.ms[-1]),
            received_at=at,
            points=part.packed(),
        )
        for number, part in enumerate(_parts(whole))
    )


def _parts(whole: Stored) -> list[Stored]:
    count = len(whole.ms)
    return [whole.part(slice(start, start + LONGEST_ROW)) for start in range(0, count, LONGEST_ROW)]


def _compute(day: date, post: Post, at: datetime) -> None:
    found = day_of(post=post, day=day, at=at)
    track = found.track
    TrackDay.objects.update_or_create(
        post=post,
        day=day,
        defaults={
            "code": next(iter(post.codes), "") or post.unit.division,
            "metres": round(track.metres, 1),
            "duty_s": round(sum(until - since for since, until in found.spans) / 1000),
            "heard_s": round(track.seconds),
            "gaps": len(track.gaps),
            "stops": len(track.stops),
            "points": track.points,
            "odd": {name: count for name, count in track.odd.items() if count},
            "computed_at": at,
        },
    )

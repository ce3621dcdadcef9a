"""What the worker does with positions: one row for a day, a line in the list, silence said once, days dropped."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry
from wangge.field import days
from wangge.field.actions.compaction import compact
from wangge.field.actions.silence import say_silences
from wangge.field.models import Batch, DutySpan, Newest, TrackDay
from wangge.field.queries.tracks import day_positions
from wangge.field.rules.points import Odd, Point, pack
from wangge.field.tests.positions import LAT, LON, ms, on_duty
from wangge.testing.client import api_as
from wangge.testing.world import World

YESTERDAY_NOON = clock.day_start(clock.today()) - timedelta(hours=12)


def came(
    world: World,
    since: datetime,
    *,
    count: int = 6,
    batch_id: uuid.UUID | None = None,
    step: float = 1e-4,
    off_ms: int = 0,
) -> None:
    """`off_ms`: by how much the times differ each time, because the phone's clock is wrong."""
    post = world["grid_worker"].post
    east = (ms(since) - ms(YESTERDAY_NOON)) / 10_000 * step
    odd = Odd.CLOCK if off_ms else Odd.NOTHING
    points = [Point(ms(since) + n * 10_000 + off_ms, LON + east + n * step, LAT, 8.0, 1.0, odd) for n in range(count)]
    with acting(Actor.system("test")):
        Batch.objects.create(
            day=clock.day_of(since),
            post_id=post.pk,
            id=batch_id or new_id(),
            code=post.codes[0],
            since_ms=points[0].ms,
            until_ms=points[-1].ms,
            received_at=since,
            points=pack(points),
        )


def worked_yesterday(world: World) -> None:
    post = world["grid_worker"].post
    with acting(Actor.system("test")):
        DutySpan.objects.create(
            id=new_id(),
            post=post,
            user_id=world["grid_worker"].user.pk,
            code=post.codes[0],
            unit_path=world["grid_worker"].unit.path,
            began_at=YESTERDAY_NOON,
            ended_at=YESTERDAY_NOON + timedelta(hours=1),
            ended_by="self",
            heard_at=YESTERDAY_NOON,
        )


def compacted(at: datetime) -> int:
    with acting(Actor.system("test")):
        return compact(at=at, limit=50)


def rows() -> int:
    with acting(Actor.system("test")):
        return Batch.objects.count()


def test_the_batches_of_a_day_become_one_row_that_says_the_same(world: World) -> None:
    worked_yesterday(world)
    for minute in range(30):
        came(world, YESTERDAY_NOON + timedelta(minutes=minute))
    day, post = clock.day_of(YESTERDAY_NOON), world["grid_worker"].post.pk
    with acting(Actor.system("test")):
        before = day_positions(post_id=post, day=day)
    morning = clock.day_start(clock.today()) + timedelta(hours=3)
    assert compacted(morning - timedelta(hours=2)) == 0, "dead zones are waited for"
    assert compacted(morning) == 1 and compacted(morning) == 0 and rows() == 1
    with acting(Actor.system("test")):
        after = day_positions(post_id=post, day=day)
    assert after.ms.tolist() == before.ms.tolist() and abs(after.lon - before.lon).max() < 1e-6
    line = api_as(world["street_seat"]).get("/api/field/tracks", day=day.isoformat()).json()["items"][0]["track"]
    assert line["points"] == 180 and 1650 < line["metres"] < 1750 and line["gaps"] == 1
    assert line["heard_s"] == 1790


def test_what_comes_late_and_what_is_sent_again_after_it_joins_it(world: World) -> None:
    worked_yesterday(world)
    first, morning = new_id(), clock.day_start(clock.today()) + timedelta(hours=3)
    came(world, YESTERDAY_NOON, batch_id=first)
    assert compacted(morning) == 1
    came(world, YESTERDAY_NOON, batch_id=first)
    came(world, YESTERDAY_NOON + timedelta(minutes=1))
    assert compacted(morning) == 1 and rows() == 1
    with acting(Actor.system("test")):
        assert TrackDay.objects.get().points == 12, "each instant once"


def test_a_wrong_clock_that_sends_again_after_the_night_is_there_once(world: World) -> None:
    worked_yesterday(world)
    first, morning = new_id(), clock.day_start(clock.today()) + timedelta(hours=3)
    came(world, YESTERDAY_NOON, batch_id=first, off_ms=40)
    assert compacted(morning) == 1
    came(world, YESTERDAY_NOON, batch_id=first, off_ms=1700)
    assert compacted(morning) == 1 and rows() == 1
    with acting(Actor.system("test")):
        assert TrackDay.objects.get().points == 6, "the id is gone with the night, and the times differ"


def test_silence_on_duty_is_said_once_and_its_end_once(world: World) -> None:
    span = on_duty(world["grid_worker"], ago=timedelta(minutes=5))
    post, began = world["grid_worker"].post, span.began_at
    at = clock.now() + settings.SILENT_AFTER
    place = {"lon": LON, "lat": LAT, "accuracy": 5.0, "speed": 0.0, "odd": Odd.NOTHING, "source": "phone"}
    with acting(Actor.system("test")) as by:
        assert say_silences(by=by, at=clock.now(), limit=10) == 0
        assert say_silences(by=by, at=at + timedelta(minutes=1), limit=10) == 1
        assert say_silences(by=by, at=at + timedelta(minutes=2), limit=10) == 0
        Newest.objects.create(post=post, code=post.codes[0], ms=ms(began), heard_at=at + timedelta(minutes=3), **place)
        assert say_silences(by=by, at=at + timedelta(minutes=4), limit=10) == 1
        kinds = list(
            JournalEntry.objects.filter(kind__startswith="terminal.").order_by("id").values_list("kind", flat=True)
        )
    assert kinds == ["terminal.silent", "terminal.heard"]


def test_days_are_dropped_when_their_time_is_over(world: World) -> None:
    old = clock.today() - timedelta(days=settings.TRACK_DAYS + 1)
    with connection.cursor() as cursor:
        cursor.execute("select field_make_day(%s)", [old])
    came(world, clock.day_start(old) + timedelta(hours=1), step=0)
    came(world, clock.day_start(old - timedelta(days=400)), step=0)  # no partition: among the rest
    came(world, YESTERDAY_NOON)
    assert rows() == 3
    with acting(Actor.system("test")):
        assert days.drop_days() == 1
    assert rows() == 1


def test_nobody_reads_a_partition_past_the_policies(world: World) -> None:
    came(world, YESTERDAY_NOON)
    name = f"field_batch_{clock.day_of(YESTERDAY_NOON):%Y%m%d}"
    with connection.cursor() as cursor:
        cursor.execute("select has_table_privilege(current_user, %s, 'select')", [name])
        assert cursor.fetchone() == (False,)
    for key, seen in {"street_seat": 1, "community": 0, "stranger_street_seat": 0, "grid_worker": 1}.items():
        with acting(world[key].actor):
            assert Batch.objects.count() == seen, key

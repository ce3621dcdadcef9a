"""Who is where now, terminals and their rate, tracks: through the API."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry
from wangge.field.models import Batch, Newest
from wangge.field.rules.points import Point, pack
from wangge.field.tests.positions import LAT, LON, ms, on_duty
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def heard(world: World, key: str = "grid_worker", *, ago: timedelta = timedelta(seconds=5), count: int = 60) -> None:
    """As the positions process leaves it: a walk eastwards, one point each ten seconds."""
    latest = clock.now() - ago
    points = [Point(ms(latest) - 10_000 * (count - 1 - n), LON + n * 1e-4, LAT, 8.0, 1.0) for n in range(count)]
    post = world[key].post
    with acting(Actor.system("test")):
        Batch.objects.create(
            day=clock.day_of(latest),
            post_id=post.pk,
            id=new_id(),
            code=post.codes[0],
            since_ms=points[0].ms,
            until_ms=points[-1].ms,
            received_at=latest,
            points=pack(points),
        )
        last = points[-1]
        place = {"ms": last.ms, "lon": last.lon, "lat": last.lat, "accuracy": 8.0, "speed": 1.0, "odd": 0}
        Newest.objects.create(post=post, code=post.codes[0], battery=71, source="phone", heard_at=latest, **place)


def test_who_is_on_duty_is_seen_where_they_are_and_others_are_not(world: World) -> None:
    on_duty(world["grid_worker"], ago=timedelta(minutes=30))
    heard(world)
    heard(world, "stranger_grid_worker")  # off duty: an old position is no business of ours
    api = api_as(world["district_seat"])
    found = ok(api.get("/api/field/watch"))
    assert [(row["name"], row["state"], row["battery"]) for row in found["items"]] == [("王小格", "fresh", 71)]
    posts = ok(api.get("/api/field/watch/map"))["posts"]
    assert [(row[0], row[4]) for row in posts] == [(world["grid_worker"].post.pk, 0)] and abs(posts[0][3] - 5) < 30
    assert ok(api_as(world["stranger_street_seat"]).get("/api/field/watch"))["items"] == []
    assert ok(api_as(world["stranger_street_seat"]).get("/api/field/watch/map"))["posts"] == []
    assert ok(api.get("/api/field/watch", under=town.OTHER_STREET))["count"] == 0


def test_somebody_of_whom_nothing_is_heard_is_silent_and_first(world: World) -> None:
    on_duty(world["grid_worker"], ago=timedelta(hours=1))
    heard(world, ago=settings.SILENT_AFTER + timedelta(minutes=1))
    on_duty(world["stranger_grid_worker"], ago=timedelta(minutes=1))
    found = ok(api_as(world["commander"]).get("/api/field/watch"))
    assert [(row["name"], row["state"]) for row in found["items"]] == [("王小格", "silent"), ("蒋小格", "fresh")]
    assert (found["on_duty"], found["silent"]) == (2, 1)
    only = ok(api_as(world["commander"]).get("/api/field/watch", state="silent"))
    assert [row["name"] for row in only["items"]] == ["王小格"] and only["count"] == 1


def test_a_track_is_read_with_a_reason_and_on_the_record(world: World) -> None:
    span = on_duty(world["grid_worker"], ago=timedelta(minutes=30))
    heard(world)
    post, day = world["grid_worker"].post.pk, clock.day_of(span.began_at).isoformat()
    seat = api_as(world["street_seat"])
    path, reason = f"/api/field/tracks/{post}/{day}", {"reason": "核实走访情况"}
    assert seat.post(path, {}).status_code == 422 and seat.post(path, {"reason": "看"}).status_code == 422
    assert seat.get(path, **reason).status_code == 405, "no reason in an address"
    assert api_as(world["community"]).post(path, reason).status_code == 403
    assert api_as(world["stranger_street_seat"]).post(path, reason).status_code == 404
    with acting(Actor.system("test")):
        assert not JournalEntry.objects.filter(kind="track.read").exists()
    track = ok(seat.post(path, reason))
    assert track["points"] == 60 and 500 < track["metres"] < 600 and len(track["positions"]) == 60
    assert [row[2] for row in track["gaps"]] == [0.0] and len(track["line"]) == 1, "silent before the first"
    with acting(Actor.system("test")):
        entry = JournalEntry.objects.get(kind="track.read")
    assert (entry.actor_name, entry.data["reason"], entry.subject_id) == ("钱街道", "核实走访情况", str(post))


def test_everybody_may_read_their_own_track(world: World) -> None:
    span = on_duty(world["grid_worker"], ago=timedelta(minutes=30))
    heard(world)
    day = clock.day_of(span.began_at).isoformat()
    assert ok(api_as(world["grid_worker"]).get("/api/field/tracks/mine", day=day))["points"] == 60
    assert api_as(world["grid_chief"]).get("/api/field/tracks/mine", day=day).status_code == 404


def test_the_days_list_names_all_who_were_on_duty(world: World) -> None:
    span = on_duty(world["grid_worker"], ago=timedelta(minutes=30))
    day = clock.day_of(span.began_at).isoformat()
    api = api_as(world["street_seat"])
    rows = ok(api.get("/api/field/tracks", day=day))
    assert [(row["name"], row["track"]) for row in rows["items"]] == [("王小格", None)] and rows["count"] == 1
    assert ok(api.get("/api/field/tracks", day="2026-01-01"))["count"] == 0


def test_duty_over_http_as_the_phone_asks(world: World) -> None:
    api, duty_id, at = api_as(world["grid_worker"]), str(new_id()), clock.now()
    assert ok(api.get("/api/field/duty"))["on"] is False
    body = {"id": duty_id, "happened_at": at.isoformat()}
    assert ok(api.post("/api/field/duty", body))["duty_id"] == duty_id
    assert ok(api.post("/api/field/duty", body))["on"] is True
    assert api.post("/api/field/duty", {**body, "id": str(new_id())}).json()["code"] == "duty.on_already"
    ended = ok(api.post(f"/api/field/duty/{duty_id}/end", {"happened_at": clock.now().isoformat()}))
    assert ended["on"] is False and ok(api.get("/api/field/duty"))["since"] is None


def test_the_rate_says_both_its_numbers_and_its_formula(world: World) -> None:
    ok(api_as(world["grid_worker"]).post("/api/field/terminal", {"device": "phone-0001", "name": "HUAWEI P60"}))
    ok(api_as(world["grid_worker"]).post("/api/field/terminal", {"device": "phone-0002"}))
    seat = api_as(world["street_seat"])
    found = ok(seat.get("/api/field/terminals/rate"))
    assert (found["bound"], found["online_today"], found["online_now"], found["waiting"]) == (1, 1, 1, 1)
    assert found["grids_equipped"] == 1 and found["grids"] > 1 and "÷" in found["formula"]
    rows = ok(seat.get("/api/field/terminals"))["items"]
    assert [(row["name"], row["state"], row["grid"]) for row in rows] == [
        ("HUAWEI P60", "bound", town.GRID),
        ("", "waiting", town.GRID),
    ]
    bound = ok(seat.post(f"/api/field/terminals/{rows[1]['id']}/bind", {}))
    assert bound["state"] == "bound" and ok(seat.get("/api/field/terminals", state="released"))["count"] == 1


def test_a_trackers_key_comes_with_where_to_send(world: World) -> None:
    given = ok(api_as(world["grid_worker"]).post("/api/field/tracker"), 201)
    assert len(given["key"]) == 20 and given["url"].endswith("/field/osmand")

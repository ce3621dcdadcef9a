"""Positions as terminals send them: the real process, real commits."""

import gzip
import http.client
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings

from wangge.accounts.models import Session
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.field.actions.duty import go_off_duty
from wangge.field.actions.terminals import Registered, give_tracker_key, register_terminal, sign_out_terminal
from wangge.field.models import Batch, Newest
from wangge.field.rules.points import Odd, unpack
from wangge.field.tests.positions import (
    LAT,
    LON,
    Positions,
    batch,
    ms,
    on_duty,
    point,
    positions_process,
    token_of,
    walk,
)
from wangge.testing.world import World


@pytest.fixture(scope="module")
def process(django_db_setup: None) -> Iterator[Positions]:
    with positions_process() as found:
        yield found


@pytest.fixture
def street(committed_world: World, process: Positions) -> tuple[World, Positions]:
    return committed_world, process


def stored() -> list[tuple[int, int]]:
    """(post, points) of each row there is."""
    with acting(Actor.system("test")):
        rows = Batch.objects.order_by("received_at", "day").values_list("post_id", "points")
        return [(post, len(unpack(bytes(points)))) for post, points in rows]


def newest(world: World, key: str = "grid_worker") -> Newest:
    with acting(Actor.system("test")):
        return Newest.objects.get(post=world[key].post)


def test_a_batch_is_kept_and_answered_with_what_became_of_it(street: tuple[World, Positions]) -> None:
    world, process = street
    duty = on_duty(world["grid_worker"])
    now = clock.now()
    status, answer = process.send(token_of(world["grid_worker"]), batch(*walk(now)))
    assert (status, answer["kept"], answer["refused"], answer["shift_ms"]) == (200, 6, {}, 0)
    assert answer["duty_id"] == str(duty.pk) and answer["newest_ms"] == ms(now)
    assert stored() == [(world["grid_worker"].post.pk, 6)]
    latest = newest(world)
    assert (latest.ms, latest.code, round(latest.lon, 6)) == (ms(now), "320104001001001", round(LON + 5e-4, 6))


def test_a_batch_sent_twice_also_at_once_is_there_once(street: tuple[World, Positions]) -> None:
    world, process = street
    on_duty(world["grid_worker"])
    token, sent = token_of(world["grid_worker"]), batch(*walk(clock.now()))
    with ThreadPoolExecutor(4) as several:
        answers = list(several.map(lambda _: process.send(token, sent)[0], range(8)))
    assert answers == [200] * 8
    assert stored() == [(world["grid_worker"].post.pk, 6)]


def test_points_outside_duty_are_refused_and_written_nowhere(street: tuple[World, Positions]) -> None:
    world, process = street
    token = token_of(world["grid_worker"])
    status, answer = process.send(token, batch(*walk(clock.now())))
    assert (status, answer["kept"], answer["refused"], answer["duty"]) == (200, 0, {"off_duty": 6}, None)
    duty = on_duty(world["grid_worker"], ago=timedelta(minutes=10))
    ended = clock.now() - timedelta(minutes=5)
    with acting(world["grid_worker"].actor) as by:
        go_off_duty(duty_id=duty.pk, happened_at=ended, by=by, at=clock.now())
    late = [point(ended - timedelta(minutes=1)), point(ended + timedelta(seconds=1))]
    assert process.send(token, batch(*late))[1]["refused"] == {"off_duty": 1}, "when it was taken counts"
    assert stored() == [(world["grid_worker"].post.pk, 1)]


def test_a_clock_that_is_a_day_off_is_put_right_and_flagged(street: tuple[World, Positions]) -> None:
    world, process = street
    on_duty(world["grid_worker"])
    wrong = clock.now() - timedelta(days=1)
    _, answer = process.send(token_of(world["grid_worker"]), batch(*walk(wrong), sent=wrong))
    assert answer["kept"] == 6 and abs(answer["shift_ms"] - 86_400_000) < 5000
    assert newest(world).odd & Odd.CLOCK


def test_late_points_do_not_move_the_newest_back(street: tuple[World, Positions]) -> None:
    world, process = street
    on_duty(world["grid_worker"])
    token, now = token_of(world["grid_worker"]), clock.now()
    process.send(token, batch(point(now)))
    process.send(token, batch(point(now - timedelta(minutes=30), east=0.001)))
    assert newest(world).ms == ms(now) and len(stored()) == 2


def test_what_is_no_place_and_what_lies_ahead_are_counted_the_others_kept(street: tuple[World, Positions]) -> None:
    world, process = street
    on_duty(world["grid_worker"])
    now = clock.now()
    nowhere, ahead = [ms(now), 0.0, 0.0, 5.0, 0.0, False], point(now + timedelta(hours=1))
    status, answer = process.send(token_of(world["grid_worker"]), batch(nowhere, ahead, point(now, mock=True)))
    assert (status, answer["kept"], answer["refused"]) == (200, 1, {"no_place": 1, "future": 1})
    assert newest(world).odd == Odd.MOCK


def said(**values: Any) -> bytes:
    return json.dumps({"batch": str(new_id()), "sent_ms": 1, "points": []} | values).encode()


BAD = [
    (b'{"batch": "0193', "", 400),
    (gzip.compress(b"{}")[:-9], "gzip", 400),
    (b"not gzip", "gzip", 400),
    (gzip.compress(b" " * 3_000_000), "gzip", 413),
    (b" " * 1_100_000, "", 413),
    (b"[" * 100_000, "", 400),
    (b"[]", "", 422),
    (said(batch="x"), "", 422),
    (said(points=[[1, "x", 3, 4, 5, 6]]), "", 422),
    (said(points=[[2**70, 1, 3, 4, 5, False]]), "", 422),
    (said(points=[[1, 2, 3, 4, 5, True]] * 5001), "", 422),
]


def test_what_is_not_a_batch_is_refused_in_clear_words(street: tuple[World, Positions]) -> None:
    world, process = street
    on_duty(world["grid_worker"])
    token = token_of(world["grid_worker"])
    for body, encoding, status in BAD:
        answered, answer = process.send(token, body, **({"Content-Encoding": encoding} if encoding else {}))
        assert (answered, bool(answer["message"])) == (status, True), body[:60]
    assert stored() == []


def test_one_bad_sender_harms_no_other(street: tuple[World, Positions]) -> None:
    world, process = street
    on_duty(world["grid_worker"])
    on_duty(world["stranger_grid_worker"])
    good, other = token_of(world["grid_worker"]), token_of(world["stranger_grid_worker"])
    now = clock.now()
    infinite = batch([ms(now), float("nan"), float("inf"), 1e308, 1e308, False])
    sent: list[tuple[str, Any]] = [(good, batch(*walk(now))), (other, infinite), ("nobody", batch(*walk(now)))] * 5
    with ThreadPoolExecutor(15) as several:
        answers = list(several.map(lambda one: process.send(*one), sent))
    assert [status for status, _ in answers] == [200, 200, 401] * 5
    assert {post for post, _ in stored()} == {world["grid_worker"].post.pk}


def test_a_page_of_another_origin_and_a_session_that_ended_are_refused(street: tuple[World, Positions]) -> None:
    world, process = street
    on_duty(world["grid_worker"])
    token = token_of(world["grid_worker"])
    assert process.send(token, batch(), Origin="https://evil.example")[0] == 403
    assert process.send("", batch())[0] == 401
    with acting(world["grid_worker"].actor) as by:
        terminal = register_terminal(phone=Registered(device="phone-1"), by=by, at=clock.now())
    with acting(Actor.system("test")):
        terminal.session_ids = list(Session.objects.filter(ended_at=None).values_list("pk", flat=True))
        terminal.save()
    assert process.send(token, batch(*walk(clock.now())))[0] == 200
    with acting(world["street_seat"].actor) as by:
        sign_out_terminal(terminal_id=terminal.pk, reason="手机遗失", by=by, at=clock.now())
    assert process.send(token, batch(*walk(clock.now())))[0] == 401


def test_a_page_on_another_port_may_send_what_a_phone_sends(street: tuple[World, Positions]) -> None:
    """In an ordinary house pages and positions have two ports, and a browser asks before the first batch."""
    world, process = street
    on_duty(world["grid_worker"])
    page = f"http://127.0.0.1:{settings.PORT}"
    sent = "accept-language,content-type,idempotency-key,x-csrftoken"
    asking = {"Origin": page, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": sent}
    with closing(http.client.HTTPConnection("127.0.0.1", process.port, timeout=30)) as connection:
        connection.request("OPTIONS", "/field/positions", headers=asking)
        answer = connection.getresponse()
        allowed = {name.strip().lower() for name in answer.headers["Access-Control-Allow-Headers"].split(",")}
    assert answer.status == 204 and set(sent.split(",")) <= allowed
    assert answer.headers["Access-Control-Allow-Origin"] == page
    given = {"Origin": page, "Idempotency-Key": str(new_id()), "X-CSRFToken": "x"}
    assert process.send(token_of(world["grid_worker"]), batch(*walk(clock.now())), **given)[0] == 200


def test_locating_oneself_on_duty_keeps_the_session_from_going_idle(street: tuple[World, Positions]) -> None:
    world, process = street
    on_duty(world["grid_worker"])
    token = token_of(world["grid_worker"])
    before = clock.now() - timedelta(minutes=20)
    Session.objects.filter(user=world["grid_worker"].user).update(seen_at=before)
    process.send(token, batch(point(clock.now())))
    assert Session.objects.get(user=world["grid_worker"].user).seen_at > before + timedelta(minutes=19)


def test_traccar_client_sends_with_its_key_in_a_query_a_form_or_json(street: tuple[World, Positions]) -> None:
    world, process = street
    on_duty(world["grid_worker"])
    with acting(world["grid_worker"].actor) as by:
        key = give_tracker_key(by=by, at=clock.now()).key
    now = clock.now()
    first = {"id": key, "timestamp": ms(now) // 1000, "lat": LAT, "lon": LON, "speed": 2.0, "accuracy": 6, "batt": 81.4}
    assert process.ask("GET", f"/field/osmand?{urlencode(first)}")[1]["kept"] == 1
    assert process.ask("POST", f"/field/osmand?{urlencode(first)}")[1]["kept"] in {0, 1}, "sent again"
    assert (newest(world).source, newest(world).battery, round(newest(world).speed, 2)) == ("tracker", 81, 1.03)
    form = urlencode(first | {"timestamp": ms(now) // 1000 - 20})
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    assert process.ask("POST", "/field/osmand", form.encode(), head)[1]["kept"] == 1
    location = {
        "timestamp": (now - timedelta(seconds=40)).isoformat(),
        "coords": {"latitude": LAT, "longitude": LON, "accuracy": 7.5, "speed": -1, "heading": 0, "altitude": 12},
        "battery": {"level": 0.5, "is_charging": False},
    }
    body = json.dumps({"device_id": key, "location": location}).encode()
    assert process.ask("POST", "/field/osmand", body, {"Content-Type": "application/json"})[1]["kept"] == 1
    assert [count for _, count in stored()] == [1, 1, 1]


def test_a_tracker_is_told_what_is_wrong_with_what_it_sends(street: tuple[World, Positions]) -> None:
    _, process = street
    assert process.ask("GET", "/field/osmand?id=x&lat=1&lon=2&timestamp=1700000000")[0] == 401
    assert process.ask("GET", "/field/osmand?id=x&lat=abc&lon=2")[0] == 422
    assert process.ask("GET", "/field/osmand?lat=1&lon=2")[0] == 422
    assert process.ask("GET", "/field/osmand")[0] == 422
    head = {"Content-Type": "application/json"}
    assert process.ask("POST", "/field/osmand", b"{", head)[0] == 400
    assert process.ask("POST", "/field/osmand", b'{"device_id": 1, "location": []}', head)[0] == 422
    coords = '"coords": {"latitude": 1, "longitude": 2}'
    for odd in (
        f'{{"device_id": "\\ud800", "location": {{{coords}}}}}',
        f'{{"device_id": "x", "location": {{"timestamp": "0001-01-01T00:00:00+23:59", {coords}}}}}',
        f'{{"device_id": "x", "location": {{"coords": {{"latitude": 1{"0" * 400}, "longitude": 2}}}}}}',
    ):
        assert process.ask("POST", "/field/osmand", odd.encode(), head)[0] == 422, odd[:60]


def test_an_accuracy_beyond_all_measure_is_kept_as_coarse(street: tuple[World, Positions]) -> None:
    """It was told "come again" for ever, and with it the whole group was written one by one."""
    world, process = street
    on_duty(world["grid_worker"])
    huge = point(clock.now(), accuracy=1e308)
    huge[4] = 1e308
    status, answer = process.send(token_of(world["grid_worker"]), batch(huge))
    assert (status, answer["kept"]) == (200, 1)
    assert newest(world).odd & Odd.COARSE


def test_who_is_only_placed_coarsely_is_on_the_map_all_the_same(street: tuple[World, Positions]) -> None:
    world, process = street
    on_duty(world["grid_worker"])
    token, now = token_of(world["grid_worker"]), clock.now()
    process.send(token, batch(point(now - timedelta(minutes=20))))
    process.send(token, batch(point(now - timedelta(minutes=19), accuracy=900)))
    assert newest(world).ms == ms(now - timedelta(minutes=20)), "a good place is worth a little age"
    process.send(token, batch(point(now, accuracy=900)))
    assert newest(world).ms == ms(now) and newest(world).odd & Odd.COARSE


def test_one_glitch_after_a_silence_moves_nobody_and_harms_no_point_after_it(street: tuple[World, Positions]) -> None:
    world, process = street
    on_duty(world["grid_worker"])
    token, now = token_of(world["grid_worker"]), clock.now()
    process.send(token, batch(point(now - timedelta(minutes=5))))
    process.send(token, batch(point(now - timedelta(minutes=1), east=0.25)))
    assert newest(world).ms == ms(now - timedelta(minutes=5)), "24 km in 4 minutes are not gone"
    process.send(token, batch(point(now)))
    assert (newest(world).ms, newest(world).odd) == (ms(now), Odd.NOTHING)


def test_who_was_silent_on_the_road_is_where_they_say_at_once(street: tuple[World, Positions]) -> None:
    world, process = street
    on_duty(world["grid_worker"])
    token, now = token_of(world["grid_worker"]), clock.now()
    process.send(token, batch(point(now - timedelta(minutes=10))))
    process.send(token, batch(point(now, east=0.15)))
    assert (newest(world).ms, newest(world).odd) == (ms(now), Odd.NOTHING)


def test_a_first_place_that_was_wrong_is_left_after_ten_minutes(street: tuple[World, Positions]) -> None:
    """Nobody walks back from a thousand kilometres away: hours would pass until they could have."""
    world, process = street
    on_duty(world["grid_worker"])
    token, now = token_of(world["grid_worker"]), clock.now()
    process.send(token, batch(point(now - timedelta(minutes=12), east=10.0)))
    process.send(token, batch(point(now - timedelta(minutes=6))))
    assert newest(world).ms == ms(now - timedelta(minutes=12)), "it may be the second that is wrong"
    process.send(token, batch(point(now - timedelta(minutes=1))))
    assert (newest(world).ms, newest(world).odd) == (ms(now - timedelta(minutes=1)), Odd.JUMP)
    process.send(token, batch(point(now)))
    assert (newest(world).ms, newest(world).odd) == (ms(now), Odd.NOTHING)

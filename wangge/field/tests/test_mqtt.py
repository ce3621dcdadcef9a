"""Positions through a real broker (Debian's mosquitto): taken, acknowledged after the commit, kept while we are out."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from paho.mqtt import publish
from paho.mqtt.client import MQTTMessage
from structlog.testing import capture_logs

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.errors import DomainError
from wangge.field.actions.terminals import give_tracker_key
from wangge.field.ingest import group
from wangge.field.ingest.mqtt import Listener, parcel_in
from wangge.field.models import Batch, Newest
from wangge.field.rules.points import Odd, Screened, screen, unpack
from wangge.field.tests.positions import batch, ms, on_duty, positions_process, walk
from wangge.live.tests.feed import free_port, until
from wangge.testing.world import World

BROKER = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
TOPIC = "wangge/positions"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[int]:
    with mosquitto(tmp_path) as port:
        yield port


@contextmanager
def mosquitto(folder: Path, *, anonymous: bool = True) -> Iterator[int]:
    if BROKER is None:
        pytest.skip("there is no mosquitto here: apt-get install mosquitto")
    port, said = free_port(), folder / "mosquitto.conf"
    said.write_text(f"listener {port} 127.0.0.1\nallow_anonymous {str(anonymous).lower()}\n")
    process = subprocess.Popen([BROKER, "-c", str(said)], stderr=subprocess.DEVNULL)
    try:
        until(lambda: _answers(port))
        yield port
    finally:
        process.terminate()
        process.wait()


@contextmanager
def listening(port: int) -> Iterator[None]:
    os.environ["WANGGE_MQTT_URL"] = f"mqtt://127.0.0.1:{port}"
    try:
        with positions_process():
            yield
    finally:
        del os.environ["WANGGE_MQTT_URL"]


def test_batches_come_through_a_broker_also_those_sent_while_we_were_away(committed_world: World, broker: int) -> None:
    worker = committed_world["grid_worker"]
    on_duty(worker)
    with acting(worker.actor) as by:
        key = give_tracker_key(by=by, at=clock.now()).key
    first, second = batch(*walk(clock.now() - timedelta(minutes=5))), batch(*walk(clock.now()))
    with listening(broker):
        until(lambda: _sent(broker, {"key": key} | first) and stored() == [6])
        _sent(broker, b"torn")
        _sent(broker, {"key": "nobody's"} | second)
    _sent(broker, {"key": key} | second)
    _sent(broker, {"key": key} | second)
    with listening(broker):
        until(lambda: stored() == [6, 6])
    with acting(Actor.system("test")):
        assert Newest.objects.get(post=worker.post).source == "mqtt"


@pytest.mark.parametrize("payload", [b"", b"[]", b"{}", b'{"key": 1}', b'{"key": "x"}', b" " * 1_100_000])
def test_what_is_no_batch_is_refused_and_not_asked_for_again(payload: bytes) -> None:
    with pytest.raises(DomainError) as refused:
        parcel_in(payload, received_ms=0)
    assert refused.value.status in {400, 413, 422}


def test_time_in_the_broker_is_no_wrong_clock_yet_a_sender_ahead_of_us_is() -> None:
    now = clock.now()
    ago, ahead = now - timedelta(minutes=30), now + timedelta(minutes=30)
    kept = screened(batch(*walk(ago), sent=ago), ms(now)).kept
    assert [(point.ms, point.odd) for point in kept] == [(sent[0], Odd.LATE) for sent in walk(ago)]
    put_right = screened(batch(*walk(ahead), sent=ahead), ms(now))
    assert put_right.shift_ms == -1_800_000 and put_right.kept[-1].ms == ms(now)
    assert all(point.odd == Odd.CLOCK for point in put_right.kept)


def screened(message: Any, received_ms: int) -> Screened:
    parcel = parcel_in(json.dumps({"key": "k"} | message).encode(), received_ms=received_ms)
    return screen(parcel.points, sent_ms=parcel.sent_ms, received_ms=received_ms, duty=[(0, 2**62)], last=None)


def test_a_broker_that_refuses_us_is_not_said_to_be_connected(tmp_path: Path, settings: LazySettings) -> None:
    async def said() -> list[str]:
        listener = Listener(group.Group())
        with capture_logs() as lines:
            listener.start()
            async with asyncio.timeout(60):
                while not lines:
                    await asyncio.sleep(0.02)
            await listener.stop()
        return [line["event"] for line in lines]

    with mosquitto(tmp_path, anonymous=False) as port:
        settings.MQTT_URL = f"mqtt://127.0.0.1:{port}"
        assert set(asyncio.run(said())) == {"positions.mqtt_refused_by_broker"}


def test_what_was_sent_without_a_promise_is_dropped_while_it_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "MOST_WAITING", 0)  # full: nothing is taken

    async def waits(qos: int) -> bool:
        listener, message = Listener(group.Group()), MQTTMessage(mid=1)
        message.payload, message.qos = json.dumps({"key": "k"} | batch()).encode(), qos
        taking = asyncio.create_task(listener.take(message))
        for _ in range(10):
            await asyncio.sleep(0)
        is_waiting = not taking.done()
        taking.cancel()
        return is_waiting

    with capture_logs() as said:
        assert (asyncio.run(waits(0)), asyncio.run(waits(1))) == (False, True)
    assert [(line["event"], line["code"]) for line in said] == [("positions.mqtt_refused", "unavailable")]


def stored() -> list[int]:
    with acting(Actor.system("test")):
        rows = Batch.objects.order_by("since_ms").values_list("points", flat=True)
        return [len(unpack(bytes(points))) for points in rows]


def _sent(port: int, message: Any) -> bool:
    payload = message if isinstance(message, bytes) else json.dumps(message, default=str)
    publish.single(TOPIC, payload, qos=1, hostname="127.0.0.1", port=port)
    return True


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True

"""What must arrive: once for each who was told, without a name, tried again, and only at push services."""

import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import LazySettings

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.models import JournalEntry
from wangge.field.models import PushMessage, PushSubscription
from wangge.field.push import reader
from wangge.field.push.sending import send_waiting
from wangge.field.push.web import _base64url, ring
from wangge.field.rules.envelopes import jwk_of
from wangge.field.tests import test_errands as errands
from wangge.grids.models import TeamMember
from wangge.testing.client import api_as
from wangge.testing.world import World


def read() -> None:
    """The entries of this test's transaction, as the reader would get them."""
    from wangge.core.journal import Batch, Read

    names = Read.__dataclass_fields__
    entries = [Read(**{name: getattr(row, name) for name in names}) for row in JournalEntry.objects.order_by("id")]
    with acting(Actor.system("reader:push")):
        reader.handle(Batch(entries=entries, position=1, as_of=clock.now()))


@pytest.fixture
def outbox(settings: LazySettings, tmp_path: Path) -> Path:
    settings.HOME, settings.PUSH_CHANNEL = tmp_path, "file"
    return tmp_path / "outbox"


def lines(outbox: Path) -> list[Any]:
    return [json.loads(line) for file in outbox.glob("*.jsonl") for line in file.read_text().splitlines()]


def test_an_errand_given_arrives_once_and_names_nobody(world: World, outbox: Path) -> None:
    TeamMember.objects.filter(user=world["grid_worker"].user).update(phone="02512345678")
    errand = errands.give(world, title="王小格家门口积水")
    read()
    read()
    assert send_waiting(at=clock.now(), limit=10) == 1 and send_waiting(at=clock.now(), limit=10) == 0
    (line,) = lines(outbox)
    assert (line["post_id"], line["phone"]) == (world["grid_worker"].post.pk, "02512345678")
    assert errand["number"] in line["text"] and "王小格" not in line["text"] and "积水" not in line["text"]
    assert next(outbox.glob("*")).stat().st_mode & 0o077 == 0


def test_a_closed_application_is_rung_for_what_is_late_and_what_was_decided(world: World, outbox: Path) -> None:
    due, until = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=3)
    errand, worker = errands.give(world, due_at=due.isoformat()), api_as(world["grid_worker"])
    errands.late(30)
    asked = errands.move(worker, errand, "ask_time", text="设备未到", until=until.isoformat())
    path = f"/api/field/errands/{errand['id']}/asks/{asked['asks'][0]['id']}"
    errands.ok(api_as(world["community"]).post(path, {"grant": True}))
    read()
    send_waiting(at=clock.now() + timedelta(minutes=31), limit=10)
    rung = [line["text"] for line in lines(outbox)]
    assert len(rung) == 4 and all(errand["number"] in text for text in rung)
    for word in ("新任务", "签收时限", "到达时限", "延期申请已同意"):
        assert any(word in text for text in rung), word


def test_a_gateway_gets_number_and_text_and_one_that_is_away_is_tried_again(
    world: World, settings: LazySettings, socket_enabled: None = None
) -> None:
    TeamMember.objects.filter(user=world["grid_worker"].user).update(phone="13800001234")
    got: list[Any] = []

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((json.loads(body), self.headers["Authorization"]))
            self.send_response(500 if len(got) == 1 else 200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Gateway) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        settings.PUSH_CHANNEL, settings.SMS_AUTHORIZATION = "sms", "Bearer x"
        settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/"
        settings.SMS_BODY = '{"to": "$phone", "content": "$text"}'
        errands.give(world)
        read()
        at = clock.now()
        assert send_waiting(at=at, limit=10) == 1
        assert send_waiting(at=at + timedelta(seconds=10), limit=10) == 0, "not yet"
        assert send_waiting(at=at + timedelta(seconds=30), limit=10) == 1
        server.shutdown()
        thread.join()
    assert [body["to"] for body, _ in got] == ["13800001234"] * 2 and got[0][1] == "Bearer x"
    row = PushMessage.objects.get()
    assert row.sent_at is not None and row.tries == 1


def test_what_never_arrives_is_given_up_and_says_why(world: World, settings: LazySettings) -> None:
    settings.PUSH_CHANNEL = "sms"  # nobody has a number
    errands.give(world)
    read()
    for hour in range(6):
        send_waiting(at=clock.now() + timedelta(hours=hour), limit=10)
    row = PushMessage.objects.get()
    assert row.given_up_at is not None and row.problem == "no number" and row.tries == 5


def keys() -> dict[str, str]:
    public = jwk_of(ec.generate_private_key(ec.SECP256R1()).public_key())
    from cryptography.hazmat.primitives import serialization

    from wangge.field.rules.envelopes import public_of

    point = public_of(public).public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return {"p256dh": _base64url(point), "auth": _base64url(b"a" * 16)}


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://127.0.0.1/x",
        "https://fcm.googleapis.com.example.org/x",
        "https://fcm.googleapis.com:8443/x",
        "https://user@fcm.googleapis.com/x",
        "https://push.apple.com.example/x",
        "file:///etc/passwd",
        "https://[::1",
    ],
)
def test_the_house_calls_push_services_and_nobody_else(world: World, endpoint: str) -> None:
    body = {"endpoint": endpoint, "keys": keys()}
    answer = api_as(world["grid_worker"]).post("/api/field/push/subscriptions", body)
    assert answer.status_code == 422 and not PushSubscription.objects.exists()


def test_a_browser_is_rung_for_the_post_it_signed_in_for_last_and_no_more_after_sign_out(world: World) -> None:
    body = {"endpoint": "https://fcm.googleapis.com/fcm/send/abc", "keys": keys()}
    worker, chief = api_as(world["grid_worker"]), api_as(world["grid_chief"])
    assert len(worker.get("/api/field/push").json()["public_key"]) == 87
    assert worker.get("/api/field/push").json() == chief.get("/api/field/push").json()
    for api in (worker, worker, chief):
        assert api.post("/api/field/push/subscriptions", body).status_code == 200
    with acting(Actor.system("test")):
        assert PushSubscription.objects.get().post_id == world["grid_chief"].post.pk
        from wangge.accounts.models import Session

        Session.objects.filter(post=world["grid_chief"].post).update(ended_at=clock.now())
        rung = ring(world["grid_chief"].post.pk, text="x", kind="errand.given", subject_id="1", at=clock.now())
        assert rung == 0 and not PushSubscription.objects.exists()


NO_POINT = _base64url(b"\0" * 65)


def test_keys_that_are_no_point_of_the_curve_are_refused(world: World) -> None:
    body = {"endpoint": "https://fcm.googleapis.com/fcm/send/abc", "keys": keys() | {"p256dh": NO_POINT}}
    answer = api_as(world["grid_worker"]).post("/api/field/push/subscriptions", body)
    assert answer.status_code == 422 and answer.json()["fields"].keys() == {"keys"}


def test_a_browser_that_cannot_be_rung_keeps_nobody_waiting(world: World, outbox: Path) -> None:
    worker, chief = world["grid_worker"].post, world["grid_chief"].post
    known = {"endpoint": "https://fcm.googleapis.com/fcm/send/abc", "keys": keys()}
    assert api_as(world["grid_worker"]).post("/api/field/push/subscriptions", known).status_code == 200
    with acting(Actor.system("test")):
        PushSubscription.objects.update(p256dh=NO_POINT)
    errands.give(world, posts=[worker.pk])
    errands.give(world, posts=[chief.pk])
    read()
    assert send_waiting(at=clock.now(), limit=10) == 2
    assert [line["post_id"] for line in lines(outbox)] == [worker.pk, chief.pk]
    with acting(Actor.system("test")):
        assert not PushSubscription.objects.exists(), "nothing can ever be sealed for it"


def test_a_channel_that_breaks_at_one_message_tries_it_later(world: World, settings: LazySettings) -> None:
    TeamMember.objects.filter(user=world["grid_worker"].user).update(phone="13800001234")
    settings.PUSH_CHANNEL, settings.SMS_URL = "sms", "no address"
    errands.give(world)
    read()
    at = clock.now()
    assert (send_waiting(at=at, limit=10), send_waiting(at=at, limit=10)) == (1, 0)
    assert PushMessage.objects.get().tries == 1

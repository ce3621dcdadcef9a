"""Web Push as a push service and a browser see it: signed by this house, sealed for one browser."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.db import connections

from wangge.accounts.models import Session
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.field.models import PushSubscription
from wangge.field.push.sending import send_waiting
from wangge.field.push.web import public_key, ring
from wangge.field.tests import test_errands as errands
from wangge.field.tests.test_push import read
from wangge.testing.client import api_as
from wangge.testing.world import World

AUTH = b"0123456789abcdef"


class PushService:
    """Takes what RFC 8030 says, and refuses whoever is not signed as RFC 8292 says."""

    def __init__(self) -> None:
        self.answers = 201
        self.meanwhile: Callable[[], object] = lambda: None  # what happens while the house waits for the answer
        self.taken: list[tuple[str, dict[str, str], bytes]] = []
        service = self

        class Taking(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.meanwhile()
                service.taken.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(service.answers)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def service() -> Iterator[PushService]:
    started = PushService()
    thread = Thread(target=started.server.serve_forever)
    thread.start()
    yield started
    started.server.shutdown()
    thread.join()
    started.server.server_close()


@pytest.fixture
def browser() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def subscribed(world: World, service: PushService, browser: ec.EllipticCurvePrivateKey) -> World:
    """The grid worker's browser, at a service of our own: only the address differs from a real one."""
    body = {
        "endpoint": "https://fcm.googleapis.com/fcm/send/abc",
        "keys": {"p256dh": _text(_point(browser.public_key())), "auth": _text(AUTH)},
    }
    assert api_as(world["grid_worker"]).post("/api/field/push/subscriptions", body).status_code == 200
    with acting(Actor.system("test")):
        PushSubscription.objects.update(endpoint=f"{service.origin}/send/abc")
    return world


def test_what_is_rung_is_signed_by_the_house_and_only_that_browser_can_read_it(
    subscribed: World, service: PushService, browser: ec.EllipticCurvePrivateKey
) -> None:
    errand = errands.give(subscribed, title="王小格家门口积水")
    read()
    send_waiting(at=clock.now(), limit=10)
    [(path, headers, body)] = service.taken
    assert path == "/send/abc" and headers["content-encoding"] == "aes128gcm" and int(headers["ttl"]) == 3600
    claims = _signed(headers["authorization"], public_key(at=clock.now()))
    assert claims["aud"] == service.origin and claims["sub"].startswith(("mailto:", "https:"))
    assert 0 < claims["exp"] - time.time() <= 24 * 3600
    clear = http_ece.decrypt(body, private_key=browser, auth_secret=AUTH, version="aes128gcm")
    said = json.loads(clear)
    assert said.keys() == {"text", "kind", "id"} and errand["number"] in said["text"]
    assert "王小格" not in clear.decode() and "积水" not in clear.decode() and errand["number"].encode() not in body


@pytest.mark.parametrize(("status", "left"), [(404, 0), (410, 0), (429, 1), (500, 1), (201, 1)])
def test_a_browser_that_is_gone_is_forgotten_and_a_service_that_is_away_is_not(
    subscribed: World, service: PushService, status: int, left: int
) -> None:
    service.answers = status
    assert rung(subscribed) == left
    with acting(Actor.system("test")):
        assert PushSubscription.objects.count() == left


def test_a_browser_that_subscribes_again_while_its_service_is_asked_stays(
    subscribed: World, service: PushService, browser: ec.EllipticCurvePrivateKey
) -> None:
    """Gone by the old address of its session; the same row was renewed before the answer came."""
    here, later = connections["default"], clock.now() + timedelta(seconds=1)

    def renew() -> None:
        connections["default"] = here  # of the test's own transaction, which waits meanwhile
        with acting(Actor.system("test")):
            PushSubscription.objects.update(made_at=later)

    here.inc_thread_sharing()
    service.answers, service.meanwhile = 410, renew
    rung(subscribed)
    here.dec_thread_sharing()
    with acting(Actor.system("test")):
        assert [row.made_at for row in PushSubscription.objects.all()] == [later]


def test_nothing_is_sent_to_a_browser_whose_sign_in_has_ended(subscribed: World, service: PushService) -> None:
    with acting(Actor.system("test")):
        Session.objects.filter(post=subscribed["grid_worker"].post).update(ended_at=clock.now())
    assert rung(subscribed) == 0 and service.taken == []


def rung(world: World) -> int:
    with acting(Actor.system("test")):
        return ring(world["grid_worker"].post.pk, text="x", kind="errand.given", subject_id="1", at=clock.now())


def _signed(authorization: str, key: str) -> dict[str, Any]:
    """The claims, if the house signed them with the key browsers subscribe with."""
    scheme, _, rest = authorization.partition(" ")
    parts = dict(one.strip().split("=", 1) for one in rest.split(","))
    assert scheme == "vapid" and parts["k"] == key
    signed, _, signature = parts["t"].rpartition(".")
    raw = _bytes(signature)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(key))
    both = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public.verify(both, signed.encode(), ec.ECDSA(hashes.SHA256()))
    claims: dict[str, Any] = json.loads(_bytes(signed.split(".")[1]))
    return claims


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

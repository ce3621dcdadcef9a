"""Another system reports by signed requests, once for each of its numbers."""

import base64
import hashlib
import json
import secrets
from typing import Any

import pytest
from django.test import Client

from wangge.accounts import partners
from wangge.accounts.models import PartnerSystem
from wangge.cases.evidence.tests import samples
from wangge.cases.models import Attachment, Case
from wangge.core import clock
from wangge.core.actor import Actor, acting, set_in_database
from wangge.core.models import Idempotency
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World

KEY = "a key of the other system, shown once"
BODY: dict[str, Any] = {"source_no": "12345/2026-001", "title": "路灯不亮", "lon": 118.7905, "lat": 32.0205}


@pytest.fixture
def partner(world: World) -> str:
    PartnerSystem.objects.create(
        code="HOTLINE",
        name="12345 热线",
        key_sealed=partners.seal_key("HOTLINE", KEY),
        codes=[town.STREET],
        permissions=["case.report", "case.read"],
        created_at=clock.now(),
    )
    return "HOTLINE"


def call(method: str, path: str, body: Any = None, *, key: str = KEY, tamper: bytes = b"") -> Any:
    set_in_database(Actor(kind="nobody"))
    content = b"" if body is None else json.dumps(body).encode()
    sent, nonce = str(int(clock.now().timestamp())), secrets.token_hex(12)
    text = partners.text_to_sign(method.upper(), path, sent, nonce, content)
    headers = {
        partners.CODE_HEADER: "HOTLINE",
        partners.TIME_HEADER: sent,
        partners.NONCE_HEADER: nonce,
        partners.SIGNATURE_HEADER: partners.signature(key, text).decode(),
    }
    send = getattr(Client(enforce_csrf_checks=True), method)
    return send(path, content + tamper, content_type="application/json", headers=headers)


def test_a_number_is_reported_once(world: World, partner: str) -> None:
    first = call("post", "/api/partner/cases", BODY)
    assert first.status_code == 201, first.content.decode()
    again = call("post", "/api/partner/cases", BODY)
    assert (again.status_code, again.json()) == (200, first.json())
    other = call("post", "/api/partner/cases", BODY | {"title": "换了内容"})
    assert (other.status_code, other.json()["code"]) == (409, "case.source_number_used") and Case.objects.count() == 1
    case = Case.objects.get()
    assert (case.source, case.source_system, case.current_grid) == ("partner", "HOTLINE", town.GRID)
    assert case.holder_path == world.unit(town.DISTRICT).path


def test_the_number_stays_taken_when_the_key_is_long_forgotten(world: World, partner: str) -> None:
    picture = {"name": "现场.jpg", "content": base64.b64encode(samples.picture()).decode()}
    said = BODY | {"files": [picture], "reporter": {"name": "王某", "phone": "13800000001"}}
    first = call("post", "/api/partner/cases", said).json()
    seat = api_as(world["district_seat"])
    assert seat.post(f"/api/cases/{Case.objects.get().pk}/refuse", {"reason": "不属于本区管理"}).status_code == 200
    Idempotency.objects.all().delete()
    again = call("post", "/api/partner/cases", said)
    assert (again.status_code, again.json()) == (200, first), "the same content: the same answer"
    with acting(Actor.system("test")):
        assert (Case.objects.count(), Attachment.objects.count()) == (1, 1)
    others: list[dict[str, Any]] = [{"title": "换了内容"}, {"files": []}, {"reporter": {"name": "李某"}}]
    for changed in others:
        answer = call("post", "/api/partner/cases", said | changed)
        assert answer.status_code == 409 and answer.json()["data"]["number"] == first["number"]
    assert call("post", "/api/partner/cases", BODY | {"source_no": "12345/2026-002"}).status_code == 201


def test_a_wrong_signature_changes_nothing(world: World, partner: str) -> None:
    assert call("post", "/api/partner/cases", BODY, key="guessed").status_code == 401
    assert call("post", "/api/partner/cases", BODY, tamper=b" ").status_code == 401
    assert not Case.objects.exists()


def test_a_partner_reports_for_its_own_area_only(world: World, partner: str) -> None:
    answer = call("post", "/api/partner/cases", BODY | {"lon": 118.8105})
    assert answer.status_code == 403 and answer.json()["code"] == "partner.out_of_area"
    assert not Case.objects.exists()


def test_a_partner_sees_how_its_case_is_coming_on(world: World, partner: str) -> None:
    made = call("post", "/api/partner/cases", BODY).json()
    found = call("get", "/api/partner/cases?source_no=12345/2026-001")
    assert found.status_code == 200 and found.json()["state"] == "reported"
    seat = api_as(world["district_seat"])
    refused = seat.post(f"/api/cases/{Case.objects.get().pk}/refuse", {"reason": "不属于本区管理"})
    assert refused.status_code == 200
    after = call("get", "/api/partner/cases?source_no=12345/2026-001").json()
    assert (after["number"], after["state"], after["reply"]) == (made["number"], "refused", "不属于本区管理")
    assert call("get", "/api/partner/cases?source_no=unknown").status_code == 404


def test_a_partner_sends_a_picture_with_its_case(world: World, partner: str) -> None:
    picture = samples.picture()
    file = {"name": "现场.jpg", "photo_type": "near", "content": base64.b64encode(picture).decode()}
    answer = call("post", "/api/partner/cases", BODY | {"files": [file]})
    assert answer.status_code == 201, answer.content.decode()
    with acting(Actor.system("test")):
        row = Attachment.objects.get()
    assert row.sha256 == hashlib.sha256(picture).hexdigest() and row.case is not None and row.photo_type == "near"
    broken = file | {"content": base64.b64encode(b"MZ" + bytes(99)).decode()}
    answer = call("post", "/api/partner/cases", BODY | {"source_no": "2", "files": [broken]})
    assert answer.status_code == 422 and answer.json()["code"] == "evidence.kind_not_allowed"
    assert Case.objects.count() == 1, "nothing half-written"
    assert (
        call("post", "/api/partner/cases", BODY | {"source_no": "3", "files": [file | {"content": "%"}]}).status_code
        == 422
    )

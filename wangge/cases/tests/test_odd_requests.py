"""What nobody should send: each a 4xx with a code, never a failure of ours."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wangge.cases.evidence.tests import samples
from wangge.cases.models import Category
from wangge.cases.tests.test_partners import BODY, call, partner
from wangge.core.ids import new_id
from wangge.testing.client import anybody, api_as
from wangge.testing.world import World

__all__ = ["partner"]  # the fixture
HUGE = "好" * 4_000_000
ODD = ["\0", "\ud800", "'; drop table cases_case; --", "%00", "😀" * 100, "a" * 10_000]


@pytest.mark.parametrize("text", ODD)
def test_odd_words_in_questions(world: World, text: str) -> None:
    if text == "\ud800":
        pytest.skip("cannot be written in a URL")
    seat = api_as(world["street_seat"])
    assert seat.get("/api/categories", scheme=text).status_code in (404, 422)
    assert seat.get("/api/categories", scheme="WG", version=text).status_code in (404, 422)
    assert seat.get(f"/api/cases/{new_id()}/file.pdf", purpose=text, reason=text).status_code in (404, 422)


@pytest.mark.parametrize("text", ODD)
def test_odd_words_in_bodies(world: World, text: str) -> None:
    seat, admin, nobody = api_as(world["street_seat"]), api_as(world["administrator"]), anybody()
    leaf = Category.objects.filter(scheme__code="WG", is_leaf=True)[0].pk
    answers = [
        seat.post("/api/categories/guess", {"text": text}),
        seat.post("/api/categories/guess", {"text": "井盖", "scheme": text}),
        admin.patch(f"/api/categories/{leaf}", {"name_zh": text, "first_handler": text}),
        admin.post("/api/categories", {"scheme_id": 1, "code": text, "name_zh": text}),
        admin.post("/api/dispatch-rules", {"unit_id": 1, "valid_from": "2020-01-01", "code": text, "note": text}),
        nobody.post("/api/public/reports", {"title": text, "address": text}),
        nobody.post("/api/public/follow", {"number": text, "code": text}),
        nobody.post("/api/public/follow", {"number": "WG123456", "code": "１２３４５６７８"}),
    ]
    for answer in answers:
        assert answer.status_code in (200, 400, 403, 404, 422), answer.content.decode()
        if answer.status_code != 200:
            assert answer.json()["code"] and answer.json()["message"]


def test_what_is_far_too_long(world: World) -> None:
    for path in ("/api/categories/guess", "/api/public/reports", "/api/public/follow"):
        answer = api_as(world["street_seat"]).post(path, {"text": HUGE, "title": HUGE, "number": HUGE})
        assert answer.status_code == 413, path


def test_numbers_out_of_range(world: World) -> None:
    admin = api_as(world["administrator"])
    for number in (0, -1, 2**63, 10**30):
        assert admin.get(f"/api/categories/{number}").status_code in (404, 422)
        assert admin.delete(f"/api/dispatch-rules/{number}").status_code in (404, 422)
    for lon, lat in (("nan", 0), ("inf", 0), (181, 0), (0, 91), ("", "")):
        assert anybody().get("/api/public/grid", lon=lon, lat=lat).status_code == 422


def test_a_wrongly_made_form(world: World) -> None:
    seat = api_as(world["street_seat"])
    assert seat.post("/api/evidence", {"file": "no file"}).status_code in (400, 422)
    assert seat.send_files("/api/evidence", {}).status_code == 422
    picture = SimpleUploadedFile("a.jpg", samples.picture())
    fields: list[dict[str, Any]] = [
        {"photo_type": "selfie"},
        {"lon": "x", "lat": "1"},
        {"lon": "1"},
        {"taken_at": "yesterday"},
        {"taken_at": "2026-01-01T00:00:00"},
        {"case_id": "1"},
    ]
    for wrong in fields:
        picture.seek(0)
        assert seat.send_files("/api/evidence", {"file": picture}, **wrong).status_code == 422, wrong
    picture.seek(0)
    assert seat.send_files("/api/evidence", {"file": picture}, case_id=str(new_id())).status_code == 404


def test_a_partner_asks_oddly(world: World, partner: str) -> None:
    assert call("get", "/api/partner/cases?source_no=%00").status_code == 422
    for name in ("a" * 5000, "..%2F..%2Fetc", "%F0%9F%98%80"):
        assert call("get", f"/api/partner/cases?source_no={name}").status_code in (404, 422), name
    for odd in ODD:
        if odd != "\ud800":
            json.dumps(odd)
            assert call("post", "/api/partner/cases", BODY | {"source_no": odd}).status_code in (201, 422), odd

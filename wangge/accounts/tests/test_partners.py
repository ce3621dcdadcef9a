"""Partner systems: signed requests, each once and in time; administered, with a key that is shown once."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from wangge.accounts import partners, tasks
from wangge.accounts.models import PartnerSystem
from wangge.accounts.partners import PartnerAuth, signature, text_to_sign
from wangge.core import actor
from wangge.core.errors import DomainError
from wangge.core.models import JournalEntry
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.committed import at_once
from wangge.testing.moments import at_moment
from wangge.testing.world import World

BODY = json.dumps({"title": "路面塌陷"}).encode()
PATH = "/api/partner/cases?dry=1"


def let_in(world: World, **changes: Any) -> str:
    body = {"code": "12345", "name": "市12345热线", "codes": [town.DISTRICT], "permissions": ["case.report"]} | changes
    answer = api_as(world["administrator"]).post("/api/partners", body)
    assert answer.status_code == 201, answer.json()
    key: str = answer.json()["key"]
    return key


def signed(key: str, **changes: str) -> HttpRequest:
    """A request as docs/partners.md says; `changes` are headers sent otherwise than signed."""
    sent, nonce = str(int(time.time())), changes.pop("nonce", "abcdefgh12345678")
    headers = {
        "X-Wangge-Partner": "12345",
        "X-Wangge-Time": sent,
        "X-Wangge-Nonce": nonce,
        "X-Wangge-Signature": signature(key, text_to_sign("POST", PATH, sent, nonce, BODY)).decode(),
    }
    path, body = changes.pop("path", PATH), changes.pop("body", BODY)
    return RequestFactory().post(path, body, content_type="application/json", headers=headers | changes)


def outcome(request: HttpRequest) -> str:
    try:
        found = PartnerAuth()(request)
        return str(found.kind) if found is not None else ""
    except DomainError as failure:
        return failure.code
    finally:
        actor.begin(None)


def test_a_signed_request_acts_within_the_partners_area(world: World) -> None:
    found = PartnerAuth()(signed(let_in(world)))
    actor.begin(None)
    assert found is not None
    assert (found.kind, found.name, found.ranges) == ("partner", "12345", (town.DISTRICT,))
    assert found.may("case.report")
    assert not found.may("case.read")
    assert found.covers(town.GRID)
    assert not found.covers(town.OTHER_DISTRICT)


@pytest.mark.parametrize(
    "changes",
    [
        {"path": "/api/partner/cases?dry=0"},
        {"body": '{"title": "别的"}'},
        {"X-Wangge-Nonce": "otherwise12345678"},
        {"X-Wangge-Time": "1700000000"},
        {"X-Wangge-Partner": "nobody"},
        {"X-Wangge-Signature": "0" * 64},
        {"X-Wangge-Signature": ""},
        {"X-Wangge-Signature": "é"},
    ],
)
def test_whatever_was_changed_on_the_way_is_refused_alike(world: World, changes: dict[str, str]) -> None:
    key = let_in(world)
    assert outcome(signed(key, **changes)) == "partner.refused"
    assert outcome(signed(key)) == "partner"


def test_a_request_comes_once(world: World) -> None:
    key = let_in(world)
    request = signed(key)
    assert [outcome(request), outcome(request)] == ["partner", "partner.replayed"]
    assert outcome(signed(key, nonce="another-nonce-1234")) == "partner"


def test_one_request_at_two_doors_at_once_passes_one(committed_world: World) -> None:
    request = signed(let_in(committed_world))
    assert sorted(map(str, at_once(lambda: outcome(request), lambda: outcome(request)))) == [
        "partner",
        "partner.replayed",
    ]


@pytest.mark.parametrize(("later_s", "expected"), [(299, "partner"), (301, "partner.clock"), (-301, "partner.clock")])
def test_a_request_is_good_for_five_minutes(world: World, later_s: int, expected: str) -> None:
    key = let_in(world)
    with at_moment("2026-03-02T01:00:00Z"):
        request = signed(key)
    with at_moment("2026-03-02T01:00:00Z") as now:
        now.shift(later_s)
        assert outcome(request) == expected


def test_a_new_key_replaces_the_old_one_and_disabling_shuts_the_door(world: World) -> None:
    old = let_in(world)
    admin, number = api_as(world["administrator"]), PartnerSystem.objects.get().pk
    new = admin.post(f"/api/partners/{number}/rotate-key", {}).json()["key"]
    assert outcome(signed(old)) == "partner.refused"
    assert outcome(signed(new)) == "partner"
    assert admin.patch(f"/api/partners/{number}", {"is_active": False}).status_code == 200
    assert outcome(signed(new, nonce="another-nonce-1234")) == "partner.refused"


def rotated(world: World, hours: int) -> str:
    number = PartnerSystem.objects.get().pk
    answer = api_as(world["administrator"]).post(f"/api/partners/{number}/rotate-key", {"overlap_hours": hours})
    assert answer.status_code == 200, answer.content
    key: str = answer.json()["key"]
    return key


def is_good(key: str, nonce: str) -> bool:
    return outcome(signed(key, nonce=nonce.ljust(16, "x"))) == "partner"


def test_two_keys_are_good_for_the_time_stated(world: World) -> None:
    with at_moment("2026-03-02T01:00:00Z") as now:
        old = let_in(world)
        new = rotated(world, 24)
        assert is_good(old, "a") and is_good(new, "b")
        now.shift(timedelta(hours=24) - timedelta(seconds=1))
        assert is_good(old, "c") and is_good(new, "d")
        now.shift(timedelta(seconds=1))
        assert not is_good(old, "e") and is_good(new, "f")
        listed = api_as(world["administrator"]).get("/api/partners").json()[0]
        assert listed["old_key_until"] is not None and listed["old_key_used_at"] is not None
        tasks.forget()
        kept = PartnerSystem.objects.get()
        assert (kept.old_key_sealed, kept.old_key_until) == (None, None)
        assert kept.old_key_used_at is not None and is_good(new, "g")


def test_the_old_key_may_be_ended_before_its_time(world: World) -> None:
    old = let_in(world)
    new = rotated(world, 24)
    path = f"/api/partners/{PartnerSystem.objects.get().pk}/end-old-key"
    answer = api_as(world["administrator"]).post(path)
    assert (answer.status_code, answer.json()["old_key_until"]) == (200, None)
    assert not is_good(old, "a") and is_good(new, "b")
    again = api_as(world["administrator"]).post(path)
    assert (again.status_code, again.json()["code"]) == (409, "partner.no_old_key")
    kinds = JournalEntry.objects.filter(subject_type="partner").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["partner.created", "partner.key_rotated", "partner.old_key_ended"]


def test_there_are_never_three_keys(world: World) -> None:
    oldest = let_in(world)
    middle = rotated(world, 24)
    newest = rotated(world, 24)
    assert [is_good(oldest, "a"), is_good(middle, "b"), is_good(newest, "c")] == [False, True, True]
    alone = rotated(world, 0)
    assert [is_good(middle, "d"), is_good(newest, "e"), is_good(alone, "f")] == [False, False, True]


def test_whether_a_partner_has_changed_over_is_seen(world: World) -> None:
    old = let_in(world)
    new = rotated(world, 24)
    assert is_good(new, "a") and PartnerSystem.objects.get().old_key_used_at is None
    assert not is_good("guessed", "b") and PartnerSystem.objects.get().old_key_used_at is None
    assert is_good(old, "c") and PartnerSystem.objects.get().old_key_used_at is not None


def test_the_key_is_shown_once_and_kept_sealed(world: World) -> None:
    key = let_in(world)
    kept = PartnerSystem.objects.get()
    assert key.encode() not in bytes(kept.key_sealed)
    listed = api_as(world["administrator"]).get("/api/partners")
    assert key not in listed.content.decode()
    assert [partner["code"] for partner in listed.json()] == ["12345"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"codes": [town.OTHER_DISTRICT]}, 403),
        ({"codes": []}, 422),
        ({"permissions": ["case.dispatch"]}, 422),
        ({"permissions": ["reporter.read"]}, 422),
        ({"code": "a b"}, 422),
        ({}, 201),
    ],
)
def test_a_partner_gets_no_more_than_partners_may(world: World, changes: dict[str, Any], status: int) -> None:
    body = {"code": "12345", "name": "热线", "codes": [town.DISTRICT], "permissions": ["case.report"]}
    assert api_as(world["administrator"]).post("/api/partners", body | changes).status_code == status


def test_partners_are_the_administrators_of_their_area(world: World) -> None:
    let_in(world)
    number = PartnerSystem.objects.get().pk
    stranger = api_as(world.stranger("administrator"))
    assert stranger.get("/api/partners").json() == []
    assert stranger.patch(f"/api/partners/{number}", {"name": "x"}).status_code == 404
    assert stranger.post(f"/api/partners/{number}/rotate-key", {}).status_code == 404
    assert stranger.post(f"/api/partners/{number}/end-old-key").status_code == 404
    for key in ("commander", "security_officer", "auditor"):
        assert api_as(world[key]).get("/api/partners").status_code == 403
        assert api_as(world[key]).patch(f"/api/partners/{number}", {"name": "x"}).status_code == 403


def test_the_example_in_the_documentation_is_accepted(world: World) -> None:
    from pathlib import Path

    text = (Path(__file__).resolve().parents[3] / "docs" / "partners.md").read_text(encoding="utf-8")
    code = text.split("```python\n", 1)[1].split("```", 1)[0]
    sent: list[HttpRequest] = []

    class Network:
        """Stands for urllib.request: takes the request apart instead of sending it."""

        def Request(self, url: str, data: bytes, headers: dict[str, str], method: str) -> None:
            path = "/" + url.split("//", 1)[1].split("/", 1)[1]
            own = {name: value for name, value in headers.items() if name != "Content-Type"}
            sent.append(RequestFactory().generic(method, path, data, content_type=headers["Content-Type"], headers=own))

        def urlopen(self, request: None) -> None:
            return None

    names: dict[str, Any] = {"KEY": let_in(world)}
    exec(code.replace("import parse, request\n", "import parse\n"), names | {"request": Network()})  # noqa: S102 - our own page
    assert [request.method for request in sent] == ["POST", "GET"]
    assert [partners.who_signed(request, "12345", at=_now()).kind for request in sent] == ["partner"] * 2


def _now() -> Any:
    from wangge.core import clock

    return clock.now()

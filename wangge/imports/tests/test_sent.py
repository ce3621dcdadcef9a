"""A department's system sends its records by signed requests: checked and written as a file's, once for its number."""

import hashlib
import json
import secrets
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from wangge.accounts import partners
from wangge.accounts.models import PartnerSystem
from wangge.core import clock
from wangge.core.actor import Actor, acting, set_in_database
from wangge.core.models import JournalEntry
from wangge.imports.models import Batch, StagedPage
from wangge.registry.models import Difference, Dwelling, Organisation, Person, Residence
from wangge.registry.tests.made import number, person, write
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World

KEY = "a key of the other system, shown once"
SYSTEM = Actor.system("test")


@pytest.fixture(autouse=True)
def police(world: World) -> PartnerSystem:
    return partner("POLICE", "police", ["people", "dwellings"])


def partner(code: str, department: str, kinds: list[str]) -> PartnerSystem:
    return PartnerSystem.objects.create(
        code=code,
        name=f"{code} 系统",
        key_sealed=partners.seal_key(code, KEY),
        codes=[town.COMMUNITY],
        permissions=[],
        department=department,
        kinds=kinds,
        created_at=clock.now(),
    )


def call(method: str, path: str, body: Any = None, *, code: str = "POLICE", key: str = KEY) -> Any:
    set_in_database(Actor(kind="nobody"))
    content = b"" if body is None else json.dumps(body).encode()
    sent, nonce = str(int(clock.now().timestamp())), secrets.token_hex(12)
    text = partners.text_to_sign(method.upper(), path, sent, nonce, content)
    headers = {
        partners.CODE_HEADER: code,
        partners.TIME_HEADER: sent,
        partners.NONCE_HEADER: nonce,
        partners.SIGNATURE_HEADER: partners.signature(key, text).decode(),
    }
    send = getattr(Client(enforce_csrf_checks=True), method)
    return send(path, content, content_type="application/json", headers=headers)


def send(rows: list[dict[str, Any]], *, kind: str = "people", number: str = "1", **how: Any) -> Any:
    return call("post", "/api/partner/records", {"source_no": number, "kind": kind, "rows": rows}, **how)


def row(name: str, order: int, **more: Any) -> dict[str, Any]:
    return {"name": name, "id_number": number(order), "registration": "户籍", "code": town.GRID} | more


def people() -> list[Person]:
    with acting(SYSTEM):
        return list(Person.objects.order_by("made_at", "id"))


def test_people_are_taken_and_answered_by_a_receipt_that_can_be_asked_for_later(world: World) -> None:
    answer = send([row("张伟明", 1), row("李四", 2)])
    assert answer.status_code == 201, answer.content.decode()
    told = answer.json()
    assert (told["state"], told["rows"], told["accepted"], told["errors"]) == ("applied", 2, 2, 0)
    assert told["counts"] == {"created": 2, "changed": 0, "unchanged": 0}
    assert call("get", "/api/partner/records?source_no=1").json() == told
    assert call("get", "/api/partner/records?source_no=2").status_code == 404
    assert [one.name for one in people()] == ["张伟明", "李四"]


@pytest.mark.parametrize(
    "asked", ["2026-03-02T08%3A00%2F7", "2026-03-02T08:00/7", "2026-03-02T08:00%2f7", "%32026-03-02T08:00/7"]
)
def test_a_receipt_is_found_however_its_number_is_quoted(world: World, asked: str) -> None:
    told = send([row("张伟明", 1)], number="2026-03-02T08:00/7").json()
    assert call("get", f"/api/partner/records?source_no={asked}").json() == told


@pytest.mark.parametrize("number", ["a=b;c", "7 号", "第七批", "a&b", "100%", "{x}|^", "a+b"])
def test_a_receipt_is_found_under_any_number(world: World, number: str) -> None:
    told = send([row("张伟明", 1)], number=number).json()
    assert call("get", f"/api/partner/records?source_no={quote(number, safe='')}").json() == told


def test_the_same_batch_again_is_the_same_receipt_and_other_content_is_refused(world: World) -> None:
    first = send([row("张伟明", 1)])
    again = send([row("张伟明", 1)])
    assert (again.status_code, again.json()) == (200, first.json())
    other = send([row("换了人", 2)])
    assert (other.status_code, other.json()["code"]) == (409, "partner.batch_number_used")
    assert len(people()) == 1 and Batch.objects.count() == 1


def test_faulty_rows_are_answered_by_row_and_code_and_the_others_taken(world: World) -> None:
    outside = row("王五", 3, code=town.OTHER_GRID)
    told = send([row("张伟明", 1), outside, row("", 4), {}, row("张伟明", 1)]).json()
    assert (told["rows"], told["accepted"]) == (5, 1)
    errors = {(one["row"], one["code"]) for one in told["faults"] if one["level"] == "error"}
    assert errors == {
        (2, "registry.row_out_of_area"),
        (3, "cell.required"),
        (4, "sent.empty_row"),
        (5, "registry.number_twice"),
    }
    assert [one.name for one in people()] == ["张伟明"]


def test_a_number_that_lost_its_last_digits_is_refused_as_in_a_file(world: World) -> None:
    lost = row("张伟明", 1, id_number=float(number(1)[:17]) * 10)
    told = send([lost, row("李四", 2)]).json()
    [fault] = [one for one in told["faults"] if one["level"] == "error"]
    assert (fault["row"], fault["field"], fault["code"]) == (1, "id_number", "cell.lossy_number")
    assert [one.name for one in people()] == ["李四"]


def test_nothing_taken_leaves_the_number_free_for_what_is_mended(world: World) -> None:
    refused = send([row("王五", 3, code=town.OTHER_GRID)])
    assert (refused.json()["state"], refused.json()["failure"]["code"]) == ("failed", "import.nothing")
    mended = send([row("王五", 3)])
    assert (mended.status_code, mended.json()["state"], mended.json()["faults"]) == (200, "applied", [])


def test_the_department_wins_its_own_fields_and_loses_others_openly(world: World) -> None:
    known = person(world, "周甲", order=1, values={"marital": "20"})
    write(world, "person", {"name": "周甲"}, id=known.pk, where=None)
    told = send([row("周假", 1, marital="未婚")]).json()
    assert told["counts"] == {"created": 0, "changed": 1, "unchanged": 0}
    with acting(SYSTEM):
        after = Person.objects.get(pk=known.pk)
        assert after.name == "周假", "the name is the police's to say"
        sources = after.sources["name"]
        assert sources[0] == "police"
    partner("CIVIL", "civil", ["people"])
    assert send([row("周佳", 1)], code="CIVIL").json()["counts"]["changed"] == 1
    with acting(SYSTEM):
        assert Person.objects.get(pk=known.pk).name == "周假"
        assert Difference.objects.get(record=known.pk, field="name", state="open").owner == "civil"


def test_rented_dwellings_come_before_who_lives_in_them(world: World) -> None:
    lon, lat = town.point_in(town.GRID)
    house = {"address": "平江府路12号金陵花园3幢", "unit": "2", "room": "301", "house_no": "H1", "lon": lon, "lat": lat}
    told = send([house | {"occupancy": "出租", "rental_use": "住房"}], kind="dwellings").json()
    assert told["accepted"] == 1, told
    assert send([row("张伟明", 1, house_no="H1")], number="2").json()["faults"] == []
    with acting(SYSTEM):
        assert Dwelling.objects.get().occupancy == "rented" and Residence.objects.get().dwelling_id is not None


def test_a_key_brings_only_the_kinds_of_its_department(world: World) -> None:
    answer = send([{"name": "某公司", "kind": "企业", "code": town.GRID}], kind="organisations")
    assert (answer.status_code, answer.json()["code"]) == (403, "partner.kind_not_allowed")
    assert send([row("张伟明", 1)], code="POLICE", key="guessed").status_code == 401
    partner("HOTLINE", "", [])
    assert send([row("张伟明", 1)], code="HOTLINE").status_code == 403
    partner("MARKET", "market", ["organisations"])
    answer = send([{"name": "某公司", "kind": "企业", "code": town.GRID}], kind="organisations", code="MARKET")
    assert answer.status_code == 201 and Organisation.objects.count() == 1
    assert people() == []


def test_what_nobody_may_keep_is_said_and_an_unknown_field_refuses_the_batch(world: World) -> None:
    told = send([row("张伟明", 1, 民族="汉")]).json()
    assert [one["code"] for one in told["faults"]] == ["registry.column_refused"] and told["accepted"] == 1
    unknown = send([row("李四", 2, nickname="小李")], number="2")
    assert unknown.status_code == 422 and "rows" in unknown.json()["fields"]
    assert send([row("李四", 2)] * 1_001, number="3").status_code == 422


def test_a_batch_stands_in_the_page_of_imports_for_who_may_bring_the_kind(world: World) -> None:
    send([row("张伟明", 1), row("王五", 3, code=town.OTHER_GRID)])
    clerk = api_as(world["data_clerk"])
    [shown] = clerk.get("/api/imports").json()["items"]
    assert (shown["partner"], shown["source_no"], shown["state"], shown["may"]) == ("POLICE", "1", "applied", [])
    [fault] = clerk.get(f"/api/imports/{shown['id']}/faults").json()["items"]
    assert (fault["row"], fault["code"]) == (2, "registry.row_out_of_area")
    assert clerk.post(f"/api/imports/{shown['id']}/cancel").status_code == 409
    assert api_as(world["administrator"]).get("/api/imports").json()["count"] == 0


def test_nothing_of_a_batch_waits_anywhere_and_the_journal_holds_no_value(world: World) -> None:
    send([row("张伟明", 1)])
    assert not StagedPage.objects.exists()
    with acting(SYSTEM):
        kinds = {entry.kind: str(entry.data) for entry in JournalEntry.objects.filter(actor_kind="partner")}
    assert {"import.sent", "registry.imported"} <= kinds.keys()
    assert not any("张伟明" in data or number(1) in data for data in kinds.values())


def test_the_auditor_of_each_area_finds_what_a_system_sent_and_no_other(world: World, police: PartnerSystem) -> None:
    police.codes = [town.COMMUNITY, town.OTHER_COMMUNITY]
    police.save()
    send([row("张伟明", 1)])
    for place in (town.STREET, town.OTHER_STREET):
        found = api_as(world["auditor"]).get("/api/journal", code=place, limit=100).json()["items"]
        kinds = {one["kind"] for one in found if one["subject_type"] == "import"}
        assert kinds == {"import.sent", "registry.imported"}, place
    found = api_as(world["stranger_auditor"]).get("/api/journal", limit=100).json()["items"]
    assert not [one for one in found if one["subject_type"] == "import"]


def test_a_failed_number_sent_again_stands_where_the_key_is_now(world: World, police: PartnerSystem) -> None:
    send([row("王五", 3, code=town.OTHER_GRID)])
    before = Batch.objects.get()
    police.codes, police.department = [town.OTHER_COMMUNITY], "civil"
    police.save()
    assert send([row("王五", 3, code=town.OTHER_GRID)]).json()["state"] == "applied"
    after = Batch.objects.get()
    assert (before.options["owner"], after.options["owner"]) == ("police", "civil")
    assert after.unit_path != before.unit_path and town.OTHER_STREET in after.unit_path


def test_nobody_learns_from_a_batch_whether_it_held_a_row_they_guess(world: World) -> None:
    send([row("张伟明", 1)])
    guess = json.dumps(["people", [row("张伟明", 1)]], ensure_ascii=False, sort_keys=True)
    assert Batch.objects.get().file_sha256 != hashlib.sha256(guess.encode()).hexdigest()


def test_the_administrator_gives_a_department_and_its_kinds_and_no_others(world: World) -> None:
    admin = api_as(world["administrator"])
    offered = {
        one["code"]: [kind["kind"] for kind in one["kinds"]] for one in admin.get("/api/partners/departments").json()
    }
    assert offered["market"] == ["organisations"] and offered["police"] == ["people", "dwellings", "households"]
    body = {"code": "M1", "name": "市场", "codes": [town.COMMUNITY], "permissions": [], "department": "market"}
    assert admin.post("/api/partners", body | {"kinds": ["people"]}).status_code == 422
    made = admin.post("/api/partners", body | {"kinds": ["organisations"]})
    assert made.status_code == 201 and made.json()["partner"]["kinds"] == ["organisations"]
    path = f"/api/partners/{made.json()['partner']['id']}"
    assert admin.patch(path, {"department": "civil"}).status_code == 422, (
        "it would keep what civil affairs may not send"
    )
    assert admin.patch(path, {"department": "civil", "kinds": ["people"]}).json()["department"] == "civil"

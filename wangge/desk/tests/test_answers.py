"""标准答复: kept with all their versions, found by what a caller says, told without making a case."""

from datetime import timedelta
from typing import Any

import pytest

from wangge.cases.models import Case
from wangge.cases.tests.made import category
from wangge.core import clock, crypto
from wangge.core.actor import Actor, acting
from wangge.core.models import JournalEntry
from wangge.desk.actions.consult import ASKERS_KEPT, forget_askers
from wangge.desk.models import Asker, Consultation
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

PHONE = "13912345678"


def body(**values: Any) -> dict[str, Any]:
    return {
        "code": town.DISTRICT,
        "title_zh": "居住证怎么办理",
        "text_zh": "持身份证到居住地社区工作站办理，15 日内领取。",
        "keywords": ["居住证", "暂住证"],
        "valid_from": "2026-01-01",
    } | values


def added(api: Api, **values: Any) -> dict[str, Any]:
    answer = api.post("/api/answers", body(**values))
    assert answer.status_code == 201, answer.content.decode()
    made: dict[str, Any] = answer.json()
    return made


def matches(api: Api, text: str, **values: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.post("/api/answers/match", {"text": text, **values}).json()
    return found


def told(api: Api, **values: Any) -> Any:
    return api.post("/api/consultations", {"question": "居住证在哪里办", **values})


def test_a_changed_answer_keeps_its_versions_and_any_of_them_comes_back(world: World) -> None:
    commander = api_as(world["commander"])
    made = added(commander)
    path = f"/api/answers/{made['id']}"
    changed = commander.put(path, body(text_zh="到街道便民中心办理。", version=1)).json()
    assert (changed["version"], changed["text"]) == (2, "到街道便民中心办理。")
    back = commander.post(f"{path}/restore", {"number": 1, "version": 2}).json()
    assert (back["version"], back["text"]) == (3, made["text"])
    assert [(one["number"], one["restored"]) for one in back["versions"]] == [(3, 1), (2, None), (1, None)]
    entries = JournalEntry.objects.filter(subject_type="answer", subject_id=str(made["id"])).order_by("id")
    assert [entry.kind for entry in entries] == ["answer.added", "answer.changed", "answer.restored"]


def test_who_looked_at_an_older_version_does_not_overwrite_the_newer(world: World) -> None:
    commander, seat = api_as(world["commander"]), api_as(world["district_seat"])
    made = added(commander)
    path = f"/api/answers/{made['id']}"
    assert commander.put(path, body(title_zh="居住证办理", version=1)).status_code == 200
    refused = seat.put(path, body(title_zh="怎样办居住证", version=1))
    assert (refused.status_code, refused.json()["code"]) == (409, "answer.changed")
    assert "周指挥" in refused.json()["message"]


def test_each_field_that_is_wrong_is_named(world: World) -> None:
    refused = api_as(world["commander"]).post(
        "/api/answers", body(title_en="Residence permit", valid_to="2025-01-01", category_id=999_999)
    )
    assert refused.status_code == 422
    assert set(refused.json()["fields"]) == {"text_en", "valid_to", "category_id"}


def test_an_answer_holds_where_its_division_is_and_nowhere_else(world: World) -> None:
    made = added(api_as(world["commander"]), code=town.STREET)
    for who, seen in (("street_seat", True), ("grid_worker", True), ("district_seat", True)):
        assert bool(matches(api_as(world[who]), "居住证")) is seen, who
    for who in ("street_seat", "district_seat"):
        stranger = api_as(world.stranger(who))
        assert matches(stranger, "居住证") == [], who
        assert stranger.get(f"/api/answers/{made['id']}").status_code == 404, who


def test_nobody_makes_answers_for_another_district(world: World) -> None:
    refused = api_as(world["commander"]).post("/api/answers", body(code=town.OTHER_DISTRICT))
    assert (refused.status_code, refused.json()["code"]) == (403, "answer.out_of_area")


def test_what_is_typed_brings_the_answer_with_what_speaks_for_it(world: World) -> None:
    commander = api_as(world["commander"])
    added(commander)
    added(commander, title_zh="养老金认证", text_zh="手机上认证。", keywords=["养老金"])
    seat = api_as(world["street_seat"])
    [first] = matches(seat, "您好我想问一下暂住证要到哪儿去办")
    assert first["title"] == "居住证怎么办理"
    assert first["reasons"] == ["关键词“暂住证”"]
    assert matches(seat, "中华路路灯不亮，晚上很黑") == []
    assert matches(seat, "") == []


def test_one_pair_of_characters_in_common_is_chance(world: World) -> None:
    added(api_as(world["commander"]), title_zh="图书馆开放时间", text_zh="九点到五点。", keywords=[])
    seat = api_as(world["street_seat"])
    assert matches(seat, "昨天晚上的时间有人放鞭炮") == []
    assert len(matches(seat, "图书馆什么时间开放")) == 1


def test_an_answer_of_the_chosen_category_comes_first(world: World) -> None:
    commander, permits = api_as(world["commander"]), category("71")
    for title, chosen in (("居住证在社区办理", None), ("居住证在街道办理", permits.pk)):
        added(commander, title_zh=title, category_id=chosen, keywords=["居住证"])
    found = matches(api_as(world["street_seat"]), "居住证办理", category_id=permits.pk)
    assert [one["title"] for one in found] == ["居住证在街道办理", "居住证在社区办理"]


@pytest.mark.parametrize(("begins", "ends"), [(1, None), (-30, 0)])
def test_an_answer_is_told_only_while_it_holds(world: World, begins: int, ends: int | None) -> None:
    day = clock.today()
    added(
        api_as(world["commander"]),
        valid_from=day + timedelta(days=begins),
        valid_to=None if ends is None else day + timedelta(days=ends),
    )
    seat = api_as(world["street_seat"])
    assert matches(seat, "居住证怎么办理") == []
    assert seat.get("/api/answers").json()["count"] == 0
    assert seat.get("/api/answers", ended=True).json()["count"] == 1


def test_a_question_that_was_answered_counts_and_is_no_case(world: World) -> None:
    made = added(api_as(world["commander"]))
    seat = api_as(world["street_seat"])
    answer = told(seat, answer_id=made["id"])
    assert (answer.status_code, answer.json()["today"]) == (201, 1)
    assert Case.objects.count() == 0
    [row] = seat.get("/api/consultations").json()["items"]
    assert (row["question"], row["answer"], row["code"]) == ("居住证在哪里办", made["title"], town.STREET)
    assert seat.get(f"/api/answers/{made['id']}").json()["used"] == 1


def test_sent_twice_it_counts_once(world: World) -> None:
    seat = api_as(world["street_seat"])
    key = "0193aaaa-0000-7000-8000-000000000001"
    sent = {"question": "几点上班", "told": "九点"}
    first, again = (seat.post("/api/consultations", sent, Idempotency_Key=key) for _ in range(2))
    assert first.json() == again.json()
    assert seat.get("/api/consultations").json()["count"] == 1


def test_without_an_answer_one_says_what_was_told(world: World) -> None:
    seat = api_as(world["street_seat"])
    assert set(told(seat).json()["fields"]) == {"told"}
    assert set(told(seat, told="九点开门", phone="电话").json()["fields"]) == {"phone"}
    assert told(seat, told="九点开门").status_code == 201


def test_who_asked_is_sealed_and_shown_for_a_purpose_on_the_record(world: World) -> None:
    seat = api_as(world["street_seat"])
    row_id = told(seat, told="九点开门", name="张三", phone=PHONE).json()["id"]
    [row] = seat.get("/api/consultations").json()["items"]
    assert (row["has_asker"], row["phone"]) == (True, "139****5678")
    with acting(Actor.system("test")):
        asker = Asker.objects.get(consultation=row_id)
    assert PHONE.encode() not in bytes(asker.phone_sealed or b"")
    assert asker.phone_hash == crypto.hash_phone(PHONE)
    shown = seat.post(f"/api/consultations/{row_id}/reveal", {"purpose": "call_back", "reason": "补充告知张三材料"})
    assert shown.json() == {"name": "张三", "phone": PHONE}
    entry = JournalEntry.objects.get(kind="consultation.revealed")
    assert entry.data == {"purpose": "call_back", "reason": "补充告知＊＊材料"}


def test_of_who_asked_nothing_stands_in_what_is_kept_for_good(world: World) -> None:
    seat = api_as(world["street_seat"])
    question = f"我是张三，电话 {PHONE}，居住证在哪里办"
    said = f"张三请拨打 025-84512345，不打 {PHONE}"
    assert (
        seat.post(
            "/api/consultations", {"question": question, "told": said, "name": "张三", "phone": PHONE}
        ).status_code
        == 201
    )
    with acting(Actor.system("test")):
        row = Consultation.objects.get()
    assert (row.question, row.told) == ("我是＊＊，电话 ＊＊，居住证在哪里办", "＊＊请拨打 025-84512345，不打 ＊＊")


def test_a_caller_who_asked_before_is_known_by_the_whole_number_where_one_looks_after_them(world: World) -> None:
    seat = api_as(world["street_seat"])
    told(seat, told="九点开门", phone=PHONE)

    def asked_before(api: Api, phone: str) -> list[str]:
        return [row["question"] for row in api.post("/api/consultations/of-caller", {"phone": phone}).json()]

    assert asked_before(seat, "139-1234-5678") == ["居住证在哪里办"]
    assert asked_before(seat, PHONE[:-1]) == []
    assert asked_before(api_as(world.stranger("street_seat")), PHONE) == []


def test_consultations_of_another_centre_are_not_seen(world: World) -> None:
    row_id = told(api_as(world["street_seat"]), told="九点开门", phone=PHONE).json()["id"]
    stranger = api_as(world.stranger("street_seat"))
    assert stranger.get("/api/consultations").json()["count"] == 0
    reveal = {"purpose": "call_back", "reason": "回访咨询人"}
    assert stranger.post(f"/api/consultations/{row_id}/reveal", reveal).status_code == 404


def test_the_policies_hide_what_the_queries_hide(world: World) -> None:
    told(api_as(world["street_seat"]), told="九点开门", phone=PHONE)
    for who, rows in (("street_seat", 1), ("district_seat", 1), ("stranger_street_seat", 0), ("department_clerk", 0)):
        with acting(world.people[who].actor):
            assert (Consultation.objects.count(), Asker.objects.count()) == (rows, rows), who


def test_who_asked_is_erased_in_time_and_the_question_stays(world: World) -> None:
    told(api_as(world["street_seat"]), told="九点开门", phone=PHONE)
    at = clock.now() + ASKERS_KEPT
    with acting(Actor.system("retention")):
        assert forget_askers(at=at - timedelta(hours=1), limit=10) == 0
        assert forget_askers(at=at + timedelta(hours=1), limit=10) == 1
        assert Consultation.objects.count() == 1

"""A resident without an account: reports, follows with number and code, rates, reopens; guessing gives nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wangge.cases import throttle
from wangge.cases.actions import follow
from wangge.cases.actions.review import REOPEN_WITHIN
from wangge.cases.evidence.tests import samples
from wangge.cases.models import Attachment, Case, Category, Rating, Scheme, Step
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.models import Idempotency, JournalEntry
from wangge.testing import town
from wangge.testing.client import Api, anybody, api_as
from wangge.testing.moments import at_moment
from wangge.testing.world import World

REPORT = {
    "title": "楼道堆放杂物",
    "description": "三单元楼道",
    "lon": 118.7905,
    "lat": 32.0205,
    "reporter": {"name": "林居民", "phone": "13900001111"},
}


@pytest.fixture
def category(db: None) -> int:
    scheme = Scheme.objects.create(
        code="TEST", version="1", name_zh="测试", name_en="Test", source="test", valid_from="2020-01-01"
    )
    return Category.objects.create(scheme=scheme, code="01", path="01/", name_zh="楼道堆物").pk


def reported(api: Api, **values: Any) -> Any:
    answer = api.post("/api/public/reports", REPORT | values)
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def asked(made: Any) -> dict[str, Any]:
    return {"number": made["number"], "code": made["follow_code"]}


def upload(api: Api, content: bytes) -> Any:
    return api.send_files("/api/public/evidence", {"file": SimpleUploadedFile("a.jpg", content)})


def closed(world: World, made: Any, category: int) -> Case:
    case = Case.objects.get(number=made["number"])
    seat = api_as(world["street_seat"])
    for move, body in (
        ("accept", {"category_id": category}),
        ("answer", {"outcome": "solved", "text": "杂物已清理完毕。"}),
    ):
        answer = seat.post(f"/api/cases/{case.pk}/{move}", body)
        assert answer.status_code == 200, answer.content.decode()
    return case


def test_a_report_goes_to_the_sub_district_and_can_be_followed(world: World, category: int) -> None:
    resident = anybody()
    made = reported(resident)
    assert len(made["follow_code"]) == 8
    case = Case.objects.get(number=made["number"])
    assert (case.source, case.current_grid, case.holder_path) == ("resident", town.GRID, world.unit(town.STREET).path)
    found = resident.post("/api/public/follow", asked(made)).json()
    assert found["is_open"] and [step["what"] for step in found["steps"]] == ["已收到您的反映。"]
    closed(world, made, category)
    after = resident.post("/api/public/follow", asked(made)).json()
    assert (after["outcome"], after["reply"], after["may_rate"]) == ("已解决", "杂物已清理完毕。", True)
    assert "钱街道" not in str(after) and "桃叶街道" not in str(after)
    english = anybody(language="en").post("/api/public/follow", asked(made)).json()
    assert english["steps"][0]["what"] == "Your report was received." and english["outcome"] == "solved"


def test_the_reporter_rates_and_reopens_once_it_is_closed(world: World, category: int) -> None:
    resident = anybody()
    made = reported(resident)
    assert resident.post("/api/public/follow/rate", asked(made) | {"score": 5}).status_code == 409
    case = closed(world, made, category)
    rated = resident.post("/api/public/follow/rate", asked(made) | {"score": 2, "solved": False, "text": "没清干净"})
    assert rated.status_code == 200 and rated.json()["score"] == 2
    reopened = resident.post("/api/public/follow/reopen", asked(made) | {"reason": "还在原处"})
    assert reopened.status_code == 200 and reopened.json()["is_open"]
    with acting(Actor.system("test")):
        rating = Rating.objects.get(case=case)
    assert (rating.score, rating.by_phone, rating.solved) == (2, False, False)
    own = Step.objects.filter(case=case, by_kind="public").order_by("id")
    assert [(step.kind, step.centre_only) for step in own] == [("report", True), ("rate", True), ("reopen", True)]
    entries = JournalEntry.objects.filter(subject_id=str(case.pk), actor_kind="public")
    assert {entry.kind for entry in entries} == {"case.report", "case.rate", "case.reopen"}


def test_whoever_reported_it_second_sees_what_becomes_of_the_first(world: World, category: int) -> None:
    first, second = anybody(), anybody()
    lead = reported(first, title="李四家门口堆着旧沙发")
    own = reported(second, title="楼道堵了", reporter={"name": "赵六", "phone": "13900002222"})
    seat = api_as(world["street_seat"])
    cases = {made["number"]: Case.objects.get(number=made["number"]) for made in (lead, own)}
    into = cases[lead["number"]]
    assert seat.post(f"/api/cases/{into.pk}/accept", {"category_id": category}).status_code == 200
    note = {"text": "晚上堆得更多"}
    assert first.post("/api/public/follow/add", asked(lead) | note).status_code == 200
    joined = seat.post(f"/api/cases/{cases[own['number']].pk}/join", {"into_id": str(into.pk)})
    assert joined.status_code == 200, joined.content.decode()

    found = second.post("/api/public/follow", asked(own)).json()
    assert (found["title"], found["number"], found["is_open"]) == ("楼道堵了", own["number"], True)
    assert [step["what"] for step in found["steps"]] == ["已收到您的反映。", "与同类反映合并办理。", "已受理。"]

    answer = {"outcome": "solved", "text": "林居民反映的杂物已清，电话13900001111已回。"}
    assert seat.post(f"/api/cases/{into.pk}/answer", answer).status_code == 200
    found = second.post("/api/public/follow", asked(own)).json()
    assert (found["is_open"], found["outcome"], found["may_rate"]) == (False, "已解决", True)
    assert [step["what"] for step in found["steps"]][-2:] == ["已受理。", "已答复。"]
    assert "杂物已清" in found["reply"]
    assert not [word for word in ("林居民", "13900001111", "李四", "晚上") if word in str(found)]


def test_each_of_two_reporters_sees_their_own_rating_and_words_alone(world: World, category: int) -> None:
    first, second = anybody(), anybody()
    lead, own = reported(first), reported(second)
    seat = api_as(world["street_seat"])
    into, joined = (Case.objects.get(number=made["number"]) for made in (lead, own))
    assert seat.post(f"/api/cases/{into.pk}/accept", {"category_id": category}).status_code == 200
    assert seat.post(f"/api/cases/{joined.pk}/join", {"into_id": str(into.pk)}).status_code == 200
    assert seat.post(f"/api/cases/{into.pk}/answer", {"outcome": "solved", "text": "已清理。"}).status_code == 200

    rated = second.post("/api/public/follow/rate", asked(own) | {"score": 2}).json()
    assert (rated["score"], rated["may_rate"], rated["steps"][-1]["what"]) == (2, False, "已收到您的评价。")
    seen = first.post("/api/public/follow", asked(lead)).json()
    assert (seen["score"], seen["may_rate"]) == (None, True)
    assert "已收到您的评价。" not in [step["what"] for step in seen["steps"]]
    assert first.post("/api/public/follow/rate", asked(lead) | {"score": 5}).json()["score"] == 5
    assert second.post("/api/public/follow", asked(own)).json()["score"] == 2
    # neither code opens the other's number
    crossed = {"number": lead["number"], "code": own["follow_code"]}
    assert second.post("/api/public/follow", crossed).status_code == 404

    reopened = second.post("/api/public/follow/reopen", asked(own) | {"reason": "还在原处"}).json()
    assert (reopened["is_open"], reopened["score"]) == (True, None)


def test_what_is_taken_out_again_is_followed_by_itself(world: World, category: int) -> None:
    first, second = anybody(), anybody()
    lead, own = reported(first), reported(second)
    seat = api_as(world["street_seat"])
    into, joined = (Case.objects.get(number=made["number"]) for made in (lead, own))
    assert seat.post(f"/api/cases/{joined.pk}/join", {"into_id": str(into.pk)}).status_code == 200
    assert seat.post(f"/api/cases/{joined.pk}/separate", {"reason": "不是同一处"}).status_code == 200
    assert seat.post(f"/api/cases/{into.pk}/accept", {"category_id": category}).status_code == 200
    steps = [step["what"] for step in second.post("/api/public/follow", asked(own)).json()["steps"]]
    assert steps == ["已收到您的反映。", "与同类反映合并办理。", "已拆出单独办理。"]
    others = [step["what"] for step in first.post("/api/public/follow", asked(lead)).json()["steps"]]
    assert others == ["已收到您的反映。", "与同类反映合并办理。", "已受理。"]


def test_reopening_ends_with_its_window(world: World, category: int) -> None:
    resident = anybody()
    made = reported(resident)
    closed(world, made, category)
    later = clock.now() + REOPEN_WITHIN + timedelta(minutes=1)
    with at_moment(later):
        answer = resident.post("/api/public/follow/reopen", asked(made) | {"reason": "又堆上了"})
        assert answer.status_code == 409 and answer.json()["code"] == "case.reopen_window_over"
        assert not resident.post("/api/public/follow", asked(made)).json()["may_reopen"]


def test_photos_are_tied_once_and_only_with_their_token(world: World) -> None:
    resident = anybody()
    first = upload(resident, samples.picture()).json()
    second = upload(resident, samples.picture(shade=5)).json()
    stolen = {"id": first["id"], "token": second["token"]}
    refused = resident.post("/api/public/reports", REPORT | {"evidence": [stolen]})
    assert refused.status_code == 422 and "evidence" in refused.json()["fields"]
    assert not Case.objects.exists(), "nothing half-written"
    made = reported(resident, evidence=[{"id": first["id"], "token": first["token"]}])
    again = {"text": "再补一张", "evidence": [{"id": first["id"], "token": first["token"]}]}
    assert resident.post("/api/public/follow/add", asked(made) | again).status_code == 422
    more = {"text": "再补一张", "evidence": [{"id": second["id"], "token": second["token"]}]}
    added = resident.post("/api/public/follow/add", asked(made) | more)
    assert added.status_code == 200 and added.json()["steps"][-1]["what"] == "已收到您的补充。"
    with acting(Actor.system("test")):
        rows = list(Attachment.objects.all())
    assert {row.from_reporter for row in rows} == {True} and {str(row.case_id) for row in rows} != {"None"}
    seat = api_as(world["street_seat"])
    assert len(seat.get(f"/api/cases/{rows[0].case_id}/evidence").json()) == 2
    assert resident.get(f"/api/evidence/{first['id']}/served").status_code == 401


def test_residents_send_smaller_files(world: World, settings: Any) -> None:
    settings.PUBLIC_EVIDENCE_MB = settings.PUBLIC_EVIDENCE_MB | {"picture": 0}
    assert upload(anybody(), samples.picture()).status_code == 413
    assert upload(anybody(), b"MZ" + b"\0" * 99).status_code == 422


def test_a_wrong_number_and_a_wrong_code_look_alike_and_lock(world: World) -> None:
    resident = anybody()
    made = reported(resident)
    wrong = {"number": made["number"], "code": f"{(int(made['follow_code']) + 1) % 10**8:08d}"}
    unknown = {"number": "WG32010420200101999999", "code": "12345678"}
    answers = [resident.post("/api/public/follow", body) for body in (wrong, unknown)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
    for body in (wrong, unknown):
        codes = [resident.post("/api/public/follow", body).status_code for _ in range(follow.WRONG_CODES.most)]
        assert codes[-2:] == [404, 429], "locked alike, whether it exists or not"
    assert resident.post("/api/public/follow", asked(made)).status_code == 429, "also for the right code"
    with at_moment(clock.now() + follow.HOUR + timedelta(minutes=1)):
        assert resident.post("/api/public/follow", asked(made)).status_code == 200


def test_one_address_cannot_try_number_after_number(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "WRONG_FROM_ONE", throttle.Allowance("few", 3, follow.HOUR))
    resident = anybody()
    made = reported(resident)
    tries = [{"number": f"WG3201042020010100000{digit}", "code": "12345678"} for digit in range(4)]
    assert [resident.post("/api/public/follow", body).status_code for body in tries] == [404, 404, 404, 429]
    assert resident.post("/api/public/follow", asked(made)).status_code == 429
    resident.client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert resident.post("/api/public/follow", asked(made)).status_code == 200


def test_reports_from_one_address_are_counted_also_when_they_fail(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "REPORTS", throttle.Allowance("few", 2, follow.HOUR))
    resident = anybody()
    key = "019a0000-0000-7000-8000-000000000002"
    outside = REPORT | {"lon": 0.0, "lat": 0.0}
    assert resident.post("/api/public/reports", outside, Idempotency_Key=key).status_code == 422
    assert resident.post("/api/public/reports", REPORT, Idempotency_Key=key).status_code == 201, "the key is free again"
    answer = resident.post("/api/public/reports", REPORT)
    assert answer.status_code == 429 and answer.json()["data"]["minutes"] >= 59


def test_a_report_sent_again_after_days_is_still_one_case_with_the_same_code(world: World) -> None:
    resident, key = anybody(), "7f8b9c9e-3a53-4d8e-8f6e-2f1f0d3f9a12"
    first = resident.post("/api/public/reports", REPORT, Idempotency_Key=key)
    Idempotency.objects.all().delete()  # as they are after a day
    again = resident.post("/api/public/reports", REPORT, Idempotency_Key=key)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert Case.objects.count() == 1
    assert resident.post("/api/public/follow", asked(first.json())).status_code == 200
    assert resident.post("/api/public/reports", REPORT).json()["number"] != first.json()["number"]


def test_an_ipv6_household_is_one_caller() -> None:
    assert throttle.who_at("2001:db8::1") == throttle.who_at("2001:db8::ffff:2")
    assert throttle.who_at("2001:db8:0:1::1") != throttle.who_at("2001:db8::1")
    assert throttle.who_at("::ffff:192.0.2.1") == throttle.who_at("192.0.2.1") == "192.0.2.1"


def test_being_public_opens_no_case(world: World, category: int) -> None:
    """The moves of the reporter need the code: a resident as such sees no case at all."""
    made = reported(anybody())
    case = Case.objects.get(number=made["number"])
    assert not Case.objects.visible_to(Actor.public()).exists()
    assert anybody().post(f"/api/cases/{case.pk}/note", {"text": "我来看看"}).status_code == 401


def test_my_grid_names_who_serves_it(world: World) -> None:
    lon, lat = town.point_in(town.GRID)
    found = anybody().get("/api/public/grid", lon=lon, lat=lat).json()
    assert (found["code"], found["community"], found["street"]) == (town.GRID, "柳岸社区", "桃叶街道")
    assert {(one["kind"], one["name"]) for one in found["team"]} == {("chief", "李格长"), ("full_time", "王小格")}
    assert anybody().get("/api/public/grid", lon=0, lat=0).status_code == 404
    assert anybody().get("/api/public/grid", lon=999, lat=0).status_code == 422

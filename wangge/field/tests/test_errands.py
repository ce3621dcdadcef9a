"""任务: given, answered on the spot or out of a dead zone, late once, and on the case's timeline."""

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from wangge.cases.tests import made
from wangge.command.models import Notice
from wangge.command.tests.test_notices import say
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry
from wangge.field.actions.errand_late import say_late_errands
from wangge.field.models import Errand
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

LON, LAT = town.point_in(town.GRID)


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def give(world: World, *workers: str, by: str = "community", status: int = 201, **more: Any) -> Any:
    posts = [world[key].post.pk for key in workers or ("grid_worker",)]
    body = {"kind": "respond", "title": "到场查看积水", "posts": posts, "lon": LON, "lat": LAT}
    return ok(api_as(world[by]).post("/api/field/errands", body | more), status)


def move(api: Api, errand: Any, name: str, status: int = 200, ago_s: float = 0, **more: Any) -> Any:
    at = clock.now() - timedelta(seconds=ago_s)
    headers = {"Idempotency_Key": str(more.pop("key", new_id()))}
    body = {"move": name, "happened_at": at.isoformat()}
    return ok(api.post(f"/api/field/errands/{errand['id']}/moves", body | more, **headers), status)


def late(minutes: float) -> int:
    with acting(Actor.system("errands")) as by:
        return say_late_errands(by=by, at=clock.now() + timedelta(minutes=minutes), limit=100)


def kinds() -> list[str]:
    return list(JournalEntry.objects.filter(subject_type="errand").order_by("id").values_list("kind", flat=True))


def photo(api: Api) -> str:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "green").save(out, "JPEG")
    answer = api.send_files("/api/evidence", {"file": SimpleUploadedFile("a.jpg", out.getvalue())})
    return str(ok(answer, 201)["id"])


def test_an_errand_from_giving_to_done(world: World) -> None:
    errand, worker = give(world), api_as(world["grid_worker"])
    assert errand["number"].startswith("RW320104") and errand["urgent"] and errand["grid"] == town.GRID
    assert [row["id"] for row in ok(worker.get("/api/field/errands"))["items"]] == [errand["id"]]
    assert move(worker, errand, "sign")["mine"]["state"] == "signed"
    assert move(worker, errand, "set_out")["mine"]["state"] == "set_out"
    there = move(worker, errand, "arrive", lon=LON + 0.001, lat=LAT, accuracy=8)
    assert there["mine"]["state"] == "arrived" and 80 < there["mine"]["distance_m"] < 110
    done = move(worker, errand, "finish", text="已疏通")
    assert done["state"] == "closed" and done["moves"] == [] and done["mine"]["late"] == []
    assert [step["kind"] for step in done["steps"]] == ["given", "signed", "set_out", "arrived", "done"]
    assert kinds() == [f"errand.{one}" for one in ("given", "signed", "set_out", "arrived", "done")]
    assert ok(worker.get("/api/field/errands"))["count"] == 0


def test_steps_left_out_are_filled_with_the_instant_of_the_later(world: World) -> None:
    errand = give(world)
    mine = move(api_as(world["grid_worker"]), errand, "arrive", lon=LON, lat=LAT)["mine"]
    assert mine["signed_at"] == mine["set_out_at"] == mine["arrived_at"] != None  # noqa: E711 - all three are set


def test_when_it_happened_counts_and_when_it_was_heard_of_is_kept(world: World) -> None:
    errand, worker = give(world), api_as(world["grid_worker"])
    signed = move(worker, errand, "sign", ago_s=-90_000)  # a clock that runs a day ahead
    step = signed["steps"][-1]
    assert step["happened_at"] == step["received_at"] == signed["mine"]["signed_at"]
    arrived = move(worker, errand, "arrive", ago_s=90_000, lon=LON, lat=LAT)["mine"]["arrived_at"]
    assert arrived >= errand["given_at"], "nobody arrives before they were sent"


def test_the_same_move_sent_twice_is_one_and_another_answers_with_how_it_stands(world: World) -> None:
    errand, worker, key = give(world), api_as(world["grid_worker"]), new_id()
    at = clock.now().isoformat()
    assert move(worker, errand, "sign", key=key, happened_at=at) == move(
        worker, errand, "sign", key=key, happened_at=at
    )
    move(worker, errand, "finish", text="已办好")
    refused = move(worker, errand, "arrive", 409, lon=LON, lat=LAT)
    now = refused["data"]["now"]
    assert refused["code"] == "errand.not_now" and "王小格" in refused["message"]
    assert (now["state"], now["who"], now["what"]) == ("done", "王小格", "done")
    assert now["errand"]["id"] == errand["id"] and now["when"][:4] == errand["given_at"][:4]


def test_what_the_centre_withdrew_answers_both_versions(world: World) -> None:
    errand, seat, worker = give(world), api_as(world["community"]), api_as(world["grid_worker"])
    assert seat.post(f"/api/field/errands/{errand['id']}/withdraw", {"reason": ""}).status_code == 422
    gone = ok(seat.post(f"/api/field/errands/{errand['id']}/withdraw", {"reason": "水已退"}))
    assert gone["state"] == "withdrawn" and gone["workers"][0]["state"] == "withdrawn"
    now = move(worker, errand, "finish", 409, text="已办好")["data"]["now"]
    assert (now["state"], now["who"]) == ("withdrawn", "赵社区")
    assert now["errand"]["withdrawn_why"] == "水已退"


def test_anothers_errand_is_as_absent_and_nothing_is_harmed(world: World) -> None:
    errand = give(world)
    for key in ("stranger_grid_worker", "grid_chief"):
        move(api_as(world[key]), errand, "sign", 404)
        assert api_as(world[key]).get(f"/api/field/errands/{errand['id']}").status_code == 404
    with acting(Actor.system("test")):
        assert Errand.objects.get(pk=errand["id"]).workers.get().state == "given"


def test_of_many_each_answers_and_sees_their_own_line(world: World) -> None:
    errand = give(world, "grid_worker", "grid_chief")
    worker, chief = api_as(world["grid_worker"]), api_as(world["grid_chief"])
    assert [row["name"] for row in move(worker, errand, "sign")["workers"]] == ["王小格"]
    assert move(worker, errand, "finish", text="我这边好了")["state"] == "open"
    assert move(chief, errand, "return", text="不在我片区")["state"] == "closed"
    whole = ok(api_as(world["community"]).get(f"/api/field/errands/{errand['id']}"))
    assert {row["name"]: row["state"] for row in whole["workers"]} == {"王小格": "done", "李格长": "returned"}


def test_more_are_sent_to_one_that_was_returned(world: World) -> None:
    errand, seat = give(world), api_as(world["community"])
    move(api_as(world["grid_worker"]), errand, "return", 422)
    move(api_as(world["grid_worker"]), errand, "return", text="正在处理别的险情")
    path, chief = f"/api/field/errands/{errand['id']}/workers", world["grid_chief"].post.pk
    assert ok(seat.post(path, {"posts": [chief]}))["state"] == "open"
    assert seat.post(path, {"posts": [chief]}).status_code == 422


def test_it_goes_to_ones_own_people_only(world: World) -> None:
    refused = give(world, "stranger_grid_worker", status=403)
    assert refused["code"] == "errand.not_below"
    assert give(world, "assessor", by="district_seat", status=422)["fields"].keys() == {"posts"}
    assert give(world, by="grid_worker", status=403)


def test_each_clock_is_said_once_to_who_owes_and_who_gave(world: World) -> None:
    errand = give(world, due_at=(clock.now() + timedelta(minutes=30)).isoformat())
    say()
    assert late(4) == 0 and late(6) == 1 and late(6) == 0
    assert late(11) == 1 and late(31) == 1 and late(60) == 0
    assert kinds()[1:] == ["errand.late_answer", "errand.late_arrive", "errand.overdue"]
    say()
    told = Notice.objects.filter(kind="errand_late", subject_id=errand["id"])
    assert {(row.post_id, row.unit_path) for row in told} == {
        (world["grid_worker"].post.pk, ""),
        (None, world.unit(town.COMMUNITY).path),
    }


def test_a_collection_has_no_clock_to_answer(world: World) -> None:
    errand = give(world, kind="collect", form="collect_house")
    assert errand["workers"][0]["answer_due_at"] is None and late(600) == 0


def test_the_bell_rings_for_the_worker_and_for_the_giver(world: World) -> None:
    errand, worker = give(world), api_as(world["grid_worker"])
    say()
    bell = ok(worker.get("/api/notices"))["items"]
    assert [(row["kind"], row["subject_id"]) for row in bell] == [("errand", errand["id"])]
    move(worker, errand, "hand_up", text="需要部门处理")
    say()
    assert ok(api_as(world["community"]).get("/api/notices"))["items"][0]["kind"] == "errand_answered"


def test_more_time_is_asked_for_and_decided_once(world: World) -> None:
    due, until = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=3)
    errand, worker, seat = give(world, due_at=due.isoformat()), api_as(world["grid_worker"]), api_as(world["community"])
    move(worker, errand, "ask_time", 422, text="设备未到", until=due.isoformat())
    asked = move(worker, errand, "ask_time", text="设备未到", until=until.isoformat())
    assert asked["mine"]["asks_until"] and asked["mine"]["state"] == "given"
    path = f"/api/field/errands/{errand['id']}/asks/{asked['asks'][0]['id']}"
    assert worker.post(path, {"grant": True}).status_code == 403
    give(world)  # of which nobody asks
    waiting = {"box": "given", "asks": True}
    assert [row["id"] for row in ok(seat.get("/api/field/errands", **waiting))["items"]] == [errand["id"]]
    granted = ok(seat.post(path, {"grant": True}))
    assert ok(seat.get("/api/field/errands", **waiting))["count"] == 0
    assert datetime.fromisoformat(granted["workers"][0]["due_at"]) > due
    assert seat.post(path, {"grant": False, "text": "不行了"}).status_code == 409


@pytest.mark.parametrize("kind", ["verify", "inspect"])
def test_the_answer_stands_on_the_cases_timeline(world: World, kind: str) -> None:
    case = (made.reported if kind == "verify" else made.handling)(world, 1, at=clock.now())[0]
    errand = give(world, by="street_seat", kind=kind, case_id=str(case.pk), lon=None, lat=None)
    assert errand["case"]["number"] == case.number and errand["address"] == case.address
    worker = api_as(world["grid_worker"])
    move(worker, errand, "finish", 422, text="看过了")
    piece, result = photo(worker), "true" if kind == "verify" else "not_fixed"
    move(worker, errand, "finish", result=result, text="井盖缺失", evidence=[piece])
    shown = ok(api_as(world["street_seat"]).get(f"/api/cases/{case.pk}"))
    said = [step["text"] for step in shown["steps"] if step["kind"] == "note"]
    assert ("核实：属实。井盖缺失" if kind == "verify" else "核查：未解决。井盖缺失") in said
    assert [one["id"] for one in ok(api_as(world["street_seat"]).get(f"/api/cases/{case.pk}/evidence"))] == [piece]


def test_a_helper_from_elsewhere_answers_on_a_case_they_cannot_open(world: World) -> None:
    case = made.reported(world, 1, at=clock.now())[0]
    errand = give(world, "stranger_grid_worker", by="district_seat", kind="verify", case_id=str(case.pk))
    helper = api_as(world["stranger_grid_worker"])
    assert helper.get(f"/api/cases/{case.pk}").status_code == 404
    assert ok(helper.get(f"/api/field/errands/{errand['id']}"))["case"]["in_sight"] is False
    assert move(helper, errand, "finish", result="false", text="现场正常")["state"] == "closed"
    assert helper.get(f"/api/cases/{case.pk}").status_code == 404


def test_an_errand_with_a_form_is_done_when_it_is_filled_in(world: World) -> None:
    errand, worker = give(world, kind="collect", form="collect_house"), api_as(world["grid_worker"])
    assert move(worker, errand, "finish", 422, text="采好了")["fields"].keys() == {"form"}
    answers = {"house_no": "3 幢 2 单元 201", "use": "01", "occupied": "own"}
    record = {"id": str(new_id()), "form": "collect_house", "version": 1, "answers": answers}
    record |= {"errand_id": errand["id"], "happened_at": clock.now().isoformat()}
    made_ = ok(worker.post("/api/field/records", record), 201)
    assert made_["grid"] == errand["grid"]
    assert move(worker, errand, "finish")["state"] == "closed"


def test_what_an_inspection_found_is_rectified_by_a_day_and_rechecked(world: World) -> None:
    worker, ordered = api_as(world["grid_worker"]), str(new_id())
    answers = {"exits": "fail", "extinguishers": "pass", "electric": "pass", "charging": "pass"}
    day = str(clock.today() + timedelta(days=5))
    record = {"id": str(new_id()), "form": "inspect_fire", "version": 1, "answers": answers, "lon": LON, "lat": LAT}
    record["happened_at"] = clock.now().isoformat()
    wrong = [{"id": ordered, "item": "extinguishers", "text": "", "due_date": day}]
    assert worker.post("/api/field/records", record | {"rectify": wrong}).status_code == 422
    rectify = [{"id": ordered, "item": "exits", "text": "清空通道", "due_date": day}]
    sheet = ok(worker.post("/api/field/records", record | {"rectify": rectify}), 201)
    assert sheet["failed"] == ["exits"] and [one["id"] for one in sheet["rectifications"]] == [ordered]
    mine = ok(worker.get("/api/field/errands"))["items"]
    assert [(row["kind"], row["title"]) for row in mine] == [("rectify", "整改：疏散通道、安全出口畅通")]
    move(worker, mine[0], "finish", 422, result="fixed")
    move(worker, mine[0], "finish", result="fixed", evidence=[photo(worker)])
    again = ok(worker.get("/api/field/errands"))["items"]
    assert [(row["kind"], row["parent_id"]) for row in again] == [("recheck", ordered)]


def test_photos_of_an_errand_without_a_case_are_seen_by_who_gave_it(world: World) -> None:
    errand, worker = give(world, kind="other"), api_as(world["grid_worker"])
    piece = photo(worker)
    move(worker, errand, "finish", text="已办", evidence=[piece])
    assert [
        one["id"] for one in ok(api_as(world["community"]).get(f"/api/field/errands/{errand['id']}"))["photos"]
    ] == [piece]


def test_the_list_asks_a_constant_number_of_questions(world: World, django_assert_max_num_queries: Any) -> None:
    for _ in range(4):
        give(world, "grid_worker", "grid_chief")
    with django_assert_max_num_queries(14):
        ok(api_as(world["community"]).get("/api/field/errands", box="all"))

"""指令 and 公告: given downwards, received, reported back, late once, withdrawn on record."""

from datetime import timedelta
from typing import Any

import pytest

from wangge.cases.tests import made
from wangge.command.actions.orders import say_late
from wangge.command.models import Notice, Order
from wangge.command.tests.test_notices import kinds, say
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.models import JournalEntry
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def give(world: World, key: str = "district_seat", status: int = 201, **values: Any) -> Any:
    body = {"title": "今晚暴雨，低洼点位值守", "units": [world.unit("D-CG").pk], "needs_report": True}
    return ok(api_as(world[key]).post("/api/orders", body | values), status)


def due(hours: float) -> str:
    return (clock.now() + timedelta(hours=hours)).isoformat()


def late(hours: float) -> int:
    with acting(Actor.system("orders")) as by:
        return say_late(by=by, at=clock.now() + timedelta(hours=hours), limit=100)


def listed(api: Api, **query: Any) -> list[str]:
    return [row["number"] for row in ok(api.get("/api/orders", **query))["items"]]


def test_an_order_is_received_and_reported_back_by_those_it_is_for(world: World) -> None:
    order = give(world, units=[world.unit("D-CG").pk, world.unit(town.STREET).pk], due_at=due(4))
    assert order["number"].startswith("ZL320104") and (order["sent"], order["received"]) == (2, 0)
    leader, path = api_as(world["department_leader"]), f"/api/orders/{order['id']}"
    assert listed(leader, box="owed") == [order["number"]]
    seen = ok(leader.get(path))
    assert [row["name"] for row in seen["recipients"]] == ["测试区城市管理局"], "an addressee sees its own line"
    assert seen["may_receive"] and seen["may_report"] and not seen["may_withdraw"]
    ok(leader.post(f"{path}/receive"))
    again = leader.post(f"{path}/receive")
    assert again.status_code == 409 and "郑局长" in again.json()["message"]
    assert listed(leader, box="owed") == [order["number"]], "it asks for a report"
    assert leader.post(f"{path}/report", {"text": " "}).status_code == 422
    ok(leader.post(f"{path}/report", {"text": "已安排 12 人值守"}))
    assert listed(leader, box="owed") == []
    whole = ok(api_as(world["district_seat"]).get(path))
    assert {row["name"]: row["owes"] for row in whole["recipients"]} == {
        "测试区城市管理局": False,
        "桃叶街道分中心": True,
    }


def test_an_order_goes_downwards_only(world: World) -> None:
    street = api_as(world["street_seat"])
    body = {"title": "请立即到场", "units": [world.unit(town.COMMUNITY).pk]}
    ok(street.post("/api/orders", body), 201)
    for unit in (town.DISTRICT, town.OTHER_STREET, "D-CG"):
        refused = street.post("/api/orders", body | {"units": [world.unit(unit).pk]})
        assert refused.status_code == 403 and refused.json()["code"] == "order.not_below", unit
    for key in ("grid_worker", "department_leader", "assessor"):
        assert api_as(world[key]).post("/api/orders", body).status_code == 403, key
    assert street.post("/api/orders", {"title": "空", "units": []}).status_code == 422


def test_a_division_means_every_centre_in_it_but_not_who_writes(world: World) -> None:
    order = give(world, "street_seat", units=[], divisions=[town.STREET])
    names = {row["name"] for row in order["recipients"]}
    assert names == {"柳岸社区工作站", "石桥社区工作站"}


def test_an_order_to_a_person_is_theirs_alone(world: World) -> None:
    worker = world["grid_worker"]
    found = ok(api_as(world["community"]).get("/api/orders/addressees", q="王小"))
    assert [one["post_id"] for one in found] == [worker.post.pk]
    assert ok(api_as(world.stranger("community")).get("/api/orders/addressees", q="王小")) == []
    order = give(world, "community", units=[], posts=[worker.post.pk])
    path = f"/api/orders/{order['id']}"
    assert api_as(world["grid_chief"]).get(path).status_code == 404
    assert api_as(world["community"]).post(f"{path}/receive").status_code == 403
    assert ok(api_as(worker).post(f"{path}/receive"))["received"] == 1


def test_one_who_looks_after_a_grid_does_not_receive_for_the_community(world: World) -> None:
    order = give(world, units=[world.unit(town.COMMUNITY).pk])
    path = f"/api/orders/{order['id']}"
    assert api_as(world["grid_worker"]).post(f"{path}/receive").status_code == 404
    ok(api_as(world["community"]).post(f"{path}/receive"))


def test_at_the_deadline_who_has_not_answered_is_reminded_once_and_those_above_hear_of_it(world: World) -> None:
    units = [world.unit("D-CG").pk, world.unit("D-CG-1").pk, world.unit("D-SW").pk]
    order = give(world, units=units, due_at=due(1), needs_report=False)
    ok(api_as(world.stranger("department_leader")).post(f"/api/orders/{order['id']}/receive"))
    assert late(0) == 0 and late(2) == 1 and late(3) == 0
    entry = JournalEntry.objects.get(kind="order.late")
    assert entry.data["missing"] == 2 and world.unit("D-SW").path not in entry.data["units"]
    assert entry.data["above"] == [world.unit("D-CG").path]
    say()
    assert "order_late" in kinds(world["department_clerk"]) and "order_unanswered" in kinds(world["commander"])
    assert sorted(kinds(world["department_leader"])) == ["order", "order_late", "order_unanswered"]
    assert kinds(world.stranger("department_leader")) == ["order"]
    assert Notice.objects.filter(kind="order_late", urgent=False).count() == 0


def test_the_unit_over_one_that_does_not_answer_sees_that_line_and_no_other(world: World) -> None:
    """From the district straight to a community: the street is no addressee, and it is outside the giver's place."""
    order = give(world, units=[world.unit(town.COMMUNITY).pk, world.unit("D-CG").pk], due_at=due(1))
    street, path = api_as(world["street_seat"]), f"/api/orders/{order['id']}"
    assert late(2) == 1
    say()
    assert kinds(world["street_seat"]) == ["order_unanswered"]
    seen = ok(street.get(path))
    assert [row["name"] for row in seen["recipients"]] == ["柳岸社区工作站"]
    assert not (seen["may_receive"] or seen["may_report"] or seen["may_withdraw"])
    assert listed(street, box="all") == [order["number"]] and listed(street, box="mine") == []
    assert api_as(world.stranger("street_seat")).get(path).status_code == 404


def test_who_looks_after_a_grid_reads_no_others_answers(world: World) -> None:
    posts = [world["grid_worker"].post.pk, world["grid_chief"].post.pk]
    order = give(world, "community", units=[], posts=posts)
    worker = api_as(world["grid_worker"])
    assert len(ok(worker.get(f"/api/orders/{order['id']}"))["recipients"]) == 1
    assert listed(worker, box="given") == [] != listed(api_as(world["community"]), box="given")


def test_an_answered_order_is_not_late(world: World) -> None:
    order = give(world, due_at=due(1), needs_report=False)
    ok(api_as(world["department_leader"]).post(f"/api/orders/{order['id']}/receive"))
    assert late(2) == 1 and not JournalEntry.objects.filter(kind="order.late").exists()


def test_a_withdrawn_order_says_why_and_asks_nothing_more(world: World) -> None:
    order = give(world, due_at=due(1))
    path = f"/api/orders/{order['id']}"
    assert api_as(world["department_leader"]).post(f"{path}/withdraw", {"reason": "不想办"}).status_code == 403
    ok(api_as(world["commander"]).post(f"{path}/withdraw", {"reason": "预警已解除"}))
    refused = api_as(world["department_leader"]).post(f"{path}/receive")
    assert refused.status_code == 409 and "预警已解除" in refused.json()["message"]
    assert listed(api_as(world["department_leader"]), box="owed") == [] and late(2) == 0


def test_the_case_of_an_order_is_named_to_those_who_see_it(world: World) -> None:
    case = made.reported(world, 1, at=clock.now())[0]
    order = give(world, case_id=str(case.pk))
    path = f"/api/orders/{order['id']}"
    assert ok(api_as(world["district_seat"]).get(path))["case"]["number"] == case.number
    assert ok(api_as(world["department_leader"]).get(path))["case"] is None
    assert (
        api_as(world.stranger("district_seat"))
        .post("/api/orders", {"title": "越界", "units": [world.unit(town.OTHER_DISTRICT).pk], "case_id": str(case.pk)})
        .status_code
        == 404
    )


def test_an_order_sent_twice_is_one_order(world: World) -> None:
    body = {"title": "值守", "units": [world.unit("D-CG").pk]}
    key = "0193a1d0-0000-7000-8000-000000000001"
    seat = api_as(world["district_seat"])
    first, second = (ok(seat.post("/api/orders", body, Idempotency_Key=key), 201) for _ in range(2))
    assert first["id"] == second["id"] and Order.objects.count() == 1


def test_the_list_of_orders_asks_as_often_for_many_as_for_one(world: World, django_assert_max_num_queries: Any) -> None:
    for _ in range(6):
        give(world)
    seat = api_as(world["district_seat"])
    with django_assert_max_num_queries(14):
        assert len(listed(seat, box="all")) == 6


def announce(world: World, key: str, **values: Any) -> Any:
    body = {"title": "系统升级", "text": "今晚 23 点升级，约十分钟。", "to_at": due(24)}
    return api_as(world[key]).post("/api/announcements", body | values)


def shown(world: World, key: str) -> list[str]:
    return [row["title"] for row in ok(api_as(world[key]).get("/api/announcements"))]


def test_an_announcement_reaches_its_place_and_roles_while_it_stands(world: World) -> None:
    ok(announce(world, "administrator"), 201)
    ok(announce(world, "street_seat", title="街道例会", roles=["community"]), 201)
    ok(announce(world, "district_seat", title="明天起", from_at=due(12)), 201)
    assert shown(world, "grid_worker") == ["系统升级"] and shown(world, "auditor") == ["系统升级"]
    assert shown(world, "community") == ["街道例会", "系统升级"]
    assert shown(world, "stranger_community") == ["系统升级"] and shown(world, "stranger_district_seat") == []


@pytest.mark.parametrize(
    ("key", "values", "status"),
    [
        ("grid_worker", {}, 403),
        ("department_leader", {}, 403),
        ("street_seat", {"codes": [town.DISTRICT]}, 403),
        ("street_seat", {"codes": [town.COMMUNITY]}, 201),
        ("street_seat", {"to_at": "2020-01-01T00:00:00Z"}, 422),
        ("street_seat", {"roles": ["nobody"]}, 422),
        ("street_seat", {"text": "  "}, 422),
    ],
)
def test_who_may_announce_what(world: World, key: str, values: dict[str, Any], status: int) -> None:
    assert announce(world, key, **values).status_code == status


def test_an_announcement_is_taken_down_by_its_unit_or_one_above(world: World) -> None:
    ok(announce(world, "street_seat"), 201)
    [row] = ok(api_as(world["street_seat"]).get("/api/announcements/managed"))["items"]
    path = f"/api/announcements/{row['id']}"
    assert api_as(world.stranger("street_seat")).delete(path).status_code == 404
    ok(api_as(world["commander"]).delete(path))
    assert shown(world, "community") == [] and api_as(world["commander"]).delete(path).status_code == 409

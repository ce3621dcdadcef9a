"""保存的视图: one's own, or shared with one's unit and those below; a tab holds what its list holds."""

from datetime import timedelta
from typing import Any

from wangge.cases.tests.factories import make_case
from wangge.core import clock
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

OVERDUE = {"queue": "overdue", "source": ["telephone"]}


def saved(api: Api, name: str = "电话超期", **values: Any) -> dict[str, Any]:
    answer = api.post("/api/views", {"name": name, "filters": OVERDUE} | values)
    assert answer.status_code == 201, answer.content.decode()
    made: dict[str, Any] = answer.json()
    return made


def names(api: Api) -> list[str]:
    return [view["name"] for view in api.get("/api/views").json()]


def test_a_view_is_ones_own_until_it_is_shared(world: World) -> None:
    seat = api_as(world["street_seat"])
    view = saved(seat)
    assert names(seat) == ["电话超期"]
    assert names(api_as(world["community"])) == []
    assert api_as(world["community"]).get(f"/api/views/{view['id']}").status_code == 404


def test_a_shared_view_is_for_the_unit_and_those_below_it(world: World) -> None:
    view = saved(api_as(world["street_seat"]), is_shared=True)
    for who, seen in (
        ("community", True),
        ("grid_worker", True),
        ("district_seat", False),
        ("stranger_street_seat", False),
        ("department_clerk", False),
    ):
        api = api_as(world.people[who])
        assert bool(names(api)) is seen, who
        assert api.get(f"/api/views/{view['id']}").status_code == (200 if seen else 404), who


def test_only_its_owner_changes_a_shared_view(world: World) -> None:
    view = saved(api_as(world["street_seat"]), is_shared=True)
    community, path = api_as(world["community"]), f"/api/views/{view['id']}"
    refused = community.put(path, {"name": "我的", "filters": {}})
    assert (refused.status_code, refused.json()["code"]) == (403, "view.not_yours")
    assert community.delete(path).status_code == 403
    changed = api_as(world["street_seat"]).put(path, {"name": "超期来电", "filters": OVERDUE, "is_shared": False})
    assert changed.json()["name"] == "超期来电"
    assert names(community) == []


def test_an_administrator_of_the_area_ends_a_shared_view_and_sees_no_private_one(world: World) -> None:
    seat, administrator = api_as(world["street_seat"]), api_as(world["administrator"])
    shared, private = saved(seat, is_shared=True), saved(seat, "自用")
    assert names(administrator) == ["电话超期"]
    assert administrator.delete(f"/api/views/{private['id']}").status_code == 404
    assert api_as(world.stranger("administrator")).delete(f"/api/views/{shared['id']}").status_code == 404
    assert administrator.delete(f"/api/views/{shared['id']}").status_code == 204
    assert names(seat) == ["自用"]


def test_a_tab_counts_what_its_list_holds(world: World) -> None:
    seat = api_as(world["street_seat"])
    for number in range(3):
        make_case(world, is_overdue=True, title=f"超期 {number}")
    make_case(world, is_overdue=True, source="walk_in")
    make_case(world)
    view = saved(seat)
    seat.put("/api/views/pins", {"ids": [view["id"]]})
    [counted] = seat.get("/api/views/counts").json()
    listed = seat.get("/api/cases", queue="overdue", source="telephone").json()["items"]
    assert (counted["count"], counted["more"]) == (len(listed), False) == (3, False)


def test_a_period_that_rolls_on_is_counted_from_today(world: World) -> None:
    seat, at = api_as(world["street_seat"]), clock.now()
    make_case(world, at=at - timedelta(minutes=1))
    make_case(world, at=at - timedelta(days=3))
    week = saved(seat, "本周", filters={"last_days": 7})
    today = saved(seat, "今天", filters={"last_days": 1})
    seat.put("/api/views/pins", {"ids": [week["id"], today["id"]]})
    counts = {one["id"]: one["count"] for one in seat.get("/api/views/counts").json()}
    assert (counts[week["id"]], counts[today["id"]]) == (2, 1)


def test_tabs_stand_in_the_order_they_were_given_each_for_oneself(world: World) -> None:
    seat, community = api_as(world["street_seat"]), api_as(world["community"])
    first, second = saved(seat, "甲", is_shared=True), saved(seat, "乙", is_shared=True)
    pinned = seat.put("/api/views/pins", {"ids": [second["id"], first["id"]]}).json()
    assert [(view["name"], view["pinned"]) for view in pinned] == [("乙", 0), ("甲", 1)]
    assert all(view["pinned"] is None for view in community.get("/api/views").json())


def test_a_tab_whose_view_is_no_longer_shared_is_gone(world: World) -> None:
    seat, community = api_as(world["street_seat"]), api_as(world["community"])
    view = saved(seat, is_shared=True)
    community.put("/api/views/pins", {"ids": [view["id"]]})
    seat.put(f"/api/views/{view['id']}", {"name": "电话超期", "filters": OVERDUE, "is_shared": False})
    assert community.get("/api/views/counts").json() == []


def test_nobody_pins_what_they_do_not_see(world: World) -> None:
    view = saved(api_as(world["street_seat"]))
    refused = api_as(world["community"]).put("/api/views/pins", {"ids": [view["id"]]})
    assert refused.status_code == 404


def test_a_view_holds_no_telephone_and_its_name_is_used_once(world: World) -> None:
    seat = api_as(world["street_seat"])
    view = saved(seat, filters=OVERDUE | {"phone": "13912345678"})
    assert "phone" not in view["filters"]
    again = seat.post("/api/views", {"name": "电话超期", "filters": {}})
    assert (again.status_code, set(again.json()["fields"])) == (409, {"name"})


def test_no_number_of_anybody_is_kept_among_the_words(world: World) -> None:
    seat = api_as(world["street_seat"])
    view = saved(seat)
    for words in ("139 1234 5678", "张三 13912345678", "320104199001011234"):
        kept = {"name": "找人", "filters": OVERDUE | {"q": words}}
        for answer in (seat.post("/api/views", kept), seat.put(f"/api/views/{view['id']}", kept)):
            assert answer.status_code == 422 and "filters.q" in answer.json()["fields"], words
    assert seat.post("/api/views", {"name": "路灯", "filters": OVERDUE | {"q": "路灯 12 号"}}).status_code == 201


def test_tabs_of_open_cases_are_counted_apart_from_those_that_read_much(world: World) -> None:
    seat = api_as(world["street_seat"])
    views = [
        saved(seat, "超期"),
        saved(seat, "已结", filters={"queue": "closed"}),
        saved(seat, "含路灯", filters=OVERDUE | {"q": "路灯"}),
    ]
    seat.put("/api/views/pins", {"ids": [view["id"] for view in views]})
    assert [one["id"] for one in seat.get("/api/views/counts", quick=True).json()] == [views[0]["id"]]
    assert len(seat.get("/api/views/counts").json()) == 3


def test_the_scope_of_the_reader_counts_not_that_of_who_saved(world: World) -> None:
    make_case(world, is_overdue=True)
    make_case(world, is_overdue=True, code=town.NEIGHBOUR_GRID, title="邻社区")
    view = saved(api_as(world["street_seat"]), is_shared=True)
    worker = api_as(world["grid_worker"])
    worker.put("/api/views/pins", {"ids": [view["id"]]})
    assert worker.get("/api/views/counts").json()[0]["count"] == 1

"""Divisions, grids and teams through the API: what is published to all, and edited only inside a post's codes."""

from datetime import date, timedelta

import pytest

from wangge.core import clock
from wangge.core.models import JournalEntry
from wangge.grids.models import Division, Grid, TeamMember
from wangge.testing import town
from wangge.testing.client import Api, anybody, api_as
from wangge.testing.world import World


@pytest.fixture
def seat(world: World) -> Api:
    return api_as(world["street_seat"])


@pytest.fixture
def stranger(world: World) -> Api:
    return api_as(world.stranger("street_seat"))


@pytest.fixture
def worker(world: World) -> Api:
    return api_as(world["grid_worker"])


def test_the_tree_is_read_level_by_level(seat: Api) -> None:
    def names(**query: str) -> list[str]:
        return [item["name"] for item in seat.get("/api/divisions", **query).json()["items"]]

    assert names() == ["江苏省"]
    assert names(parent="3201") == ["测试区", "邻区"]
    assert names(parent=town.STREET) == ["柳岸社区", "石桥社区"]
    card = seat.get(f"/api/divisions/{town.STREET}").json()
    assert card["full_code"] == "320104001000"
    assert card["grids"] == {"general": 4, "dedicated": 2, "micro": 2}
    assert [one["name"] for one in card["lineage"]] == ["江苏省", "南京市", "测试区", "桃叶街道"]


def test_a_city_without_districts_has_its_streets_at_once(world: World, seat: Api) -> None:
    for code, name in (("44", "广东省"), ("4419", "东莞市"), ("441900003", "东城街道"), ("441900003001", "岗贝社区")):
        Division.objects.create(code=code, name=name, level=len(code), valid_from="2020-01-01")
    (street,) = seat.get("/api/divisions", parent="4419").json()["items"]
    assert street["name"] == "东城街道" and street["has_children"]
    lineage = seat.get("/api/divisions/441900003001").json()["lineage"]
    assert [one["name"] for one in lineage] == ["广东省", "东莞市", "东城街道", "岗贝社区"]
    assert [one["name"] for one in seat.get("/api/divisions", parent="441900003").json()["items"]] == ["岗贝社区"]


def test_nobody_reads_the_map_without_signing_in_and_only_posts_of_the_work_do(world: World) -> None:
    for path in ("/api/divisions", "/api/grids", f"/api/grids/{town.GRID}", "/api/vacancies", "/api/teams"):
        assert anybody().get(path).status_code == 401, path
        assert api_as(world["auditor"]).get(path).status_code == 403, path
        assert api_as(world.stranger("grid_worker")).get(path).status_code == 200, path


def test_a_division_is_made_renamed_and_ended(world: World, seat: Api) -> None:
    body = {"code": "320104001003", "name": "新河社区"}
    made = seat.post("/api/divisions", body)
    assert made.status_code == 201, made.content
    assert seat.post("/api/divisions", body).json()["code"] == "grids.code_used"
    assert seat.patch("/api/divisions/320104001003", {"name": "新河湾社区"}).json()["name"] == "新河湾社区"
    tomorrow = clock.today() + timedelta(days=1)
    ended = seat.post("/api/divisions/320104001003/end", {"valid_to": tomorrow})
    assert ended.json()["valid_to"] == tomorrow.isoformat()
    kinds = JournalEntry.objects.filter(subject_id="320104001003").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["division.created", "division.changed", "division.ended"]


def test_a_division_that_still_holds_grids_cannot_end(seat: Api) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    refused = seat.post(f"/api/divisions/{town.COMMUNITY}/end", {"valid_to": tomorrow})
    assert (refused.status_code, refused.json()["code"]) == (409, "grids.still_holds")


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("320104009001", 422, "grids.unknown_parent"),  # of a street there is not
        ("3201040010010", 422, "invalid"),
        (town.COMMUNITY, 409, "grids.code_used"),
    ],
)
def test_a_division_needs_a_fitting_code(world: World, code: str, status: int, error: str) -> None:
    refused = api_as(world["administrator"]).post("/api/divisions", {"code": code, "name": "甲"})
    assert (refused.status_code, refused.json()["code"]) == (status, error)


def test_editing_is_for_those_who_may_and_where_they_may(seat: Api, stranger: Api, worker: Api) -> None:
    path, body = f"/api/grids/{town.GRID}", {"name": "一号网格"}
    assert worker.patch(path, body).status_code == 403
    assert stranger.patch(path, body).status_code == 404
    assert seat.patch("/api/grids/320104001001099", body).status_code == 404
    assert seat.patch(path, body).json()["name"] == "一号网格"
    made = {"under": town.COMMUNITY, "name": "新网格"}
    assert worker.post("/api/grids", made).status_code == 403
    assert stranger.post("/api/grids", made).status_code == 404
    assert stranger.patch(f"/api/divisions/{town.STREET}", {"name": "x"}).status_code == 404


def test_the_next_code_is_one_never_used(seat: Api) -> None:
    assert seat.get("/api/grids/next-code", under=f"{town.STREET}077").status_code == 404
    assert seat.get("/api/grids/next-code", under="").status_code == 422
    assert seat.get("/api/grids/next-code", under=town.COMMUNITY).json()["code"] == f"{town.COMMUNITY}004"
    made = seat.post("/api/grids", {"under": town.COMMUNITY, "name": "临时网格"}).json()
    assert made["code"] == f"{town.COMMUNITY}004" and made["missing"] == ["chief", "full_time"]
    tomorrow = clock.today() + timedelta(days=1)
    assert seat.post(f"/api/grids/{made['code']}/end", {"valid_to": tomorrow}).status_code == 200
    assert seat.get("/api/grids/next-code", under=town.COMMUNITY).json()["code"] == f"{town.COMMUNITY}005"
    again = seat.post("/api/grids", {"under": town.COMMUNITY, "name": "又来", "code": made["code"]})
    assert again.json()["code"] == "grids.code_used"
    micro = seat.post("/api/grids", {"under": town.GRID, "type": "micro", "name": "三号楼"}).json()
    assert micro["code"] == f"{town.GRID}03"


def test_a_grid_with_ground_is_not_ended_but_merged(seat: Api) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    refused = seat.post(f"/api/grids/{town.GRID}/end", {"valid_to": tomorrow})
    assert (refused.status_code, refused.json()["code"]) == (409, "grids.still_has_ground")


def test_the_list_filters_by_place_word_type_and_vacancy(seat: Api, django_assert_max_num_queries: object) -> None:
    def codes(**query: object) -> list[str]:
        with django_assert_max_num_queries(8):  # type: ignore[operator]
            return [item["code"] for item in seat.get("/api/grids", **query).json()["items"]]

    assert len(codes(under=town.STREET)) == 8
    assert codes(under=town.STREET, type="dedicated") == [town.DEDICATED_GRID, f"{town.NEIGHBOUR_COMMUNITY}003"]
    assert codes(q="柳岸社区第1网格", type="general") == [town.GRID]
    assert town.GRID not in codes(under=town.STREET, vacant=True)
    assert codes(under=town.STREET, vacant=False, type="general") == [town.GRID]
    assert seat.get("/api/grids", under=town.STREET, limit=3).json()["count"] == 8


def test_a_card_says_who_is_responsible(world: World, seat: Api, stranger: Api) -> None:
    TeamMember.objects.filter(grid=town.GRID, kind="chief").update(phone="025-52110000")
    card = seat.get(f"/api/grids/{town.GRID}").json()
    assert card["chief"] == "李格长" and card["missing"] == [] and card["may_edit"]
    assert {(one["kind"], one["phone"]) for one in card["team"]} == {("chief", "025-52110000"), ("full_time", "")}
    assert [one["code"] for one in card["micro"]] == [f"{town.GRID}01", f"{town.GRID}02"]
    elsewhere = stranger.get(f"/api/grids/{town.GRID}").json()
    assert [one["phone"] for one in elsewhere["team"]] == ["025****0000", ""] and not elsewhere["may_edit"]


def test_every_general_grid_needs_a_chief_and_a_worker(seat: Api) -> None:
    vacant = seat.get("/api/vacancies", under=town.STREET).json()
    assert [(one["code"], one["missing"]) for one in vacant["items"]] == [
        (town.NEIGHBOUR_GRID, ["chief", "full_time"]),
        (f"{town.NEIGHBOUR_COMMUNITY}001", ["chief", "full_time"]),
        (f"{town.NEIGHBOUR_COMMUNITY}002", ["chief", "full_time"]),
    ]
    chief = {"grid": town.NEIGHBOUR_GRID, "kind": "chief", "name": "周格长"}
    assert seat.post("/api/teams", chief).status_code == 201
    assert seat.get("/api/vacancies", under=town.NEIGHBOUR_GRID).json()["items"][0]["missing"] == ["full_time"]
    second = seat.post("/api/teams", chief | {"name": "吴格长"})
    assert (second.status_code, second.json()["code"]) == (409, "grids.chief_already")


def test_service_has_an_end(world: World, seat: Api, stranger: Api, worker: Api) -> None:
    body = {"grid": town.GRID, "kind": "part_time", "name": "热心人", "valid_from": "2024-01-01"}
    assert worker.post("/api/teams", body).status_code == 403
    assert stranger.post("/api/teams", body).status_code == 404
    member = seat.post("/api/teams", body).json()
    path = f"/api/teams/{member['id']}"
    assert stranger.patch(path, {"phone": "110"}).status_code == 404
    assert stranger.delete(path).status_code == 404
    assert seat.patch(path, {"phone": "025-1"}).json()["phone"] == "025-1"
    assert seat.delete(path).status_code == 200
    assert TeamMember.objects.get(pk=member["id"]).valid_to == clock.today()
    assert member["id"] not in [one["id"] for one in seat.get("/api/teams", grid=town.GRID).json()["items"]]


def test_people_are_found_by_name_or_user_name_with_the_grid_they_serve(seat: Api, world: World) -> None:
    def found(q: str) -> list[tuple[str, str]]:
        return [(one["name"], one["grid_name"]) for one in seat.get("/api/teams", q=q).json()["items"]]

    assert found("王小格") == [("王小格", "柳岸社区第1网格")]
    assert found(world["grid_worker"].user.username) == [("王小格", "柳岸社区第1网格")]
    assert found("没有这个人") == []


def test_professionals_say_their_profession(seat: Api) -> None:
    body = {"grid": town.GRID, "kind": "professional", "name": "片警"}
    assert "profession" in seat.post("/api/teams", body).json()["fields"]
    assert seat.post("/api/teams", body | {"profession": "police"}).status_code == 201


def test_an_alias_means_one_thing_at_a_time(seat: Api, stranger: Api) -> None:
    body = {"scheme": "公安", "alias": "QH-0001", "code": town.GRID}
    assert stranger.post("/api/aliases", body).status_code == 404
    made = seat.post("/api/aliases", body | {"valid_from": "2024-01-01"})
    assert made.status_code == 201, made.content
    taken = seat.post("/api/aliases", body | {"code": town.NEIGHBOUR_GRID})
    assert (taken.status_code, taken.json()["data"]["taken_by"]) == (409, town.GRID)
    assert seat.get("/api/aliases", alias="QH-0001").json()["items"][0]["code"] == town.GRID
    assert seat.delete(f"/api/aliases/{made.json()['id']}").status_code == 200
    assert seat.post("/api/aliases", body | {"code": town.NEIGHBOUR_GRID}).status_code == 201


def test_a_grid_begins_on_its_day(seat: Api) -> None:
    later = clock.today() + timedelta(days=30)
    made = seat.post("/api/grids", {"under": town.COMMUNITY, "name": "来年网格", "valid_from": later})
    code = made.json()["code"]
    assert code not in [one["code"] for one in seat.get("/api/grids", under=town.COMMUNITY).json()["items"]]
    on_the_day = seat.get("/api/grids", under=town.COMMUNITY, day=later).json()["items"]
    assert code in [one["code"] for one in on_the_day]
    assert Grid.objects.get(code=code).valid_from == later > date(2020, 1, 1)

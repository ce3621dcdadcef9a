"""A scanned sign: which record it stands for, and for whom."""

from typing import Any

import pytest

from wangge.registry.actions import Where
from wangge.registry.rules.identity import credit_check
from wangge.registry.rules.signs import codes_in
from wangge.registry.tests.made import building, dwelling, write
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World

CREDIT = "91320104MA1WANGG0"
CREDIT += credit_check(CREDIT)
LAMP = "3201040137000012"


def scanned(world: World, text: str, key: str = "grid_worker") -> list[dict[str, Any]]:
    answer = api_as(world[key]).post("/api/registry/signs", {"text": text})
    assert answer.status_code == 200, answer.content.decode()
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("FW-32010400012", "FW-32010400012"),
        ("https://door.example/q?id=fw32010400012&v=2", "FW32010400012"),
        ("https://door.example/d/FW32010400012#here", "FW32010400012"),
        (f"统一社会信用代码：{CREDIT}", CREDIT),
    ],
)
def test_a_code_is_found_alone_and_inside_an_address(text: str, held: str) -> None:
    assert held in codes_in(text)


@pytest.mark.parametrize("text", ["", "https://www.example.com/index.html", "扫码有礼", "-----", "1 2 3"])
def test_words_are_no_codes(text: str) -> None:
    assert codes_in(text) == ()


def test_a_long_text_is_not_asked_for_whole() -> None:
    assert len(codes_in(" ".join(f"A{one:06}" for one in range(1000)))) <= 16


def test_a_door_is_known_by_its_number_wherever_it_stands_in_the_sign(world: World) -> None:
    house = building(world)
    room = dwelling(world, house, house_no="FW32010400012")
    for text in ("FW32010400012", "fw32010400012", "https://door.example/q?id=FW32010400012"):
        [hit] = scanned(world, text)
        assert (hit["kind"], hit["id"], hit["title"]) == ("dwelling", str(room.pk), "平江府路12号金陵花园3幢2单元301室")
        assert (hit["lon"], hit["lat"], hit["code"]) == (house.lon, house.lat, town.GRID)
        assert hit["grid"]


def test_facilities_and_organisations_are_known_too(world: World) -> None:
    lon, lat = town.point_in(town.GRID)
    here = Where(lon=lon, lat=lat)
    write(world, "facility", {"number": LAMP, "kind": "01", "name": "路灯"}, where=here)
    write(world, "organisation", {"name": "金陵小吃店", "kind": "individual", "credit_code": CREDIT}, where=here)
    assert [(hit["kind"], hit["title"]) for hit in scanned(world, f"{LAMP} {CREDIT}")] == [
        ("facility", "路灯"),
        ("organisation", "金陵小吃店"),
    ]


def test_of_another_grid_nothing_is_said_and_of_nobody_who_lives_there(world: World) -> None:
    there = building(world, town.NEIGHBOUR_GRID)
    dwelling(world, there, house_no="FW32010400099")
    assert scanned(world, "FW32010400099", "community") != []
    assert scanned(world, "FW32010400099") == []
    assert scanned(world, "FW0000") == []


def test_nothing_to_read_is_refused(world: World) -> None:
    answer = api_as(world["grid_worker"]).post("/api/registry/signs", {"text": "  "})
    assert answer.status_code == 422

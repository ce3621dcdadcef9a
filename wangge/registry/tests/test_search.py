"""One box, files, reveals and who has looked: what each reader gets, and what nobody gets without a trace."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.models import JournalEntry
from wangge.registry.actions import Where
from wangge.registry.models import Building, Organisation, Place
from wangge.registry.models.doubled import holding
from wangge.registry.rules.purposes import MOST_REVEALED
from wangge.registry.tests.made import DEPARTMENT, building, dwelling, moves_in, number, person, write
from wangge.registry.watching import watch
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def found(world: World, q: str, key: str = "community", **more: Any) -> list[tuple[str, str]]:
    answer = ok(api_as(world[key]).post("/api/registry/search", {"q": q} | more))
    return [(hit["kind"], hit["title"]) for hit in answer["items"]]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("张伟明", "张伟明"),
        ("张伟明", "伟"),
        ("张伟明", "伟明"),
        ("张伟明", " 张伟 "),
        ("𠮷田花", "𠮷"),
        ("买买提·吐尔逊", "买买提•吐尔逊"),
        ("买买提·吐尔逊", "提吐尔"),
        ("阿卜杜热合曼·买买提明", "热合曼买买"),
    ],
)
def test_a_name_is_found_whole_in_part_and_by_a_rare_character(world: World, name: str, asked: str) -> None:
    person(world, name)
    person(world, "李四", order=2)
    assert found(world, asked) == [("person", name)]


def test_who_is_called_just_so_comes_first(world: World) -> None:
    person(world, "王张伟", where=Where(code=town.GRID))
    person(world, "张伟", order=2, where=Where(code=town.NEIGHBOUR_GRID))
    assert found(world, "张伟") == [("person", "张伟"), ("person", "王张伟")]


def test_a_former_name_is_found_too(world: World) -> None:
    who = person(world, "张伟明")
    write(world, "person", {"former_name": "张狗儿"}, id=who.pk, where=None)
    assert found(world, "狗儿") == [("person", "张伟明")]


def test_numbers_are_found_whole_only_and_shown_masked(world: World) -> None:
    person(world)
    assert found(world, number(1)) == [("person", "张伟明")]
    assert found(world, number(1).replace("X", "x")) == [("person", "张伟明")]
    assert found(world, "199 0000 0001") == [("person", "张伟明")]
    assert found(world, number(1)[:12]) == found(world, "1990000") == []
    text = api_as(world["community"]).post("/api/registry/search", {"q": "张伟明"}).content.decode()
    assert number(1) not in text and "19900000001" not in text and "1990-03-07" not in text


def test_addresses_and_rooms_are_found_however_they_are_written(world: World) -> None:
    house = building(world)
    dwelling(world, house)
    for asked in ("金陵花园", "平江府路 金陵", "金陵花园3号楼", "平江府路１２号"):
        assert ("building", "平江府路12号金陵花园3幢") in found(world, asked), asked
    assert found(world, "金陵花园3幢2单元301室")[0][0] == "dwelling"


def test_organisations_are_found_by_name_and_code(world: World) -> None:
    code = "91350100M000100Y43"
    write(world, "organisation", {"name": "桃叶渡超市有限公司", "kind": "enterprise", "credit_code": code})
    assert found(world, "渡超市") == found(world, code) == [("organisation", "桃叶渡超市有限公司")]


@pytest.mark.parametrize("asked", ["听雨", "听雨 ktv", "雨KTV"])
def test_a_public_place_is_found_by_part_of_its_name(world: World, asked: str) -> None:
    ground = Where(code=town.GRID)
    said = {"name": "听雨 KTV", "kind": "leisure", "address": "平江府路1号"}
    place = str(write(world, "place", said, where=ground).record.pk)
    write(world, "place", {"name": "桃叶渡广场", "kind": "square"}, where=ground)
    api = api_as(world["community"])
    [hit] = ok(api.post("/api/registry/search", {"q": asked}))["items"]
    assert (hit["kind"], hit["id"], hit["address"], hit["code"]) == ("place", place, "平江府路1号", town.GRID)
    assert found(world, asked, "stranger_community") == []
    write(world, "place", {"name": "观澜歌厅"}, id=place, where=None)
    assert found(world, asked) == [] and found(world, "观澜") == [("place", "观澜歌厅")]


def test_nobody_finds_what_lies_outside_their_grids(world: World) -> None:
    house = building(world)
    moves_in(world, person(world).pk, dwelling(world, house).pk)
    for asked in ("张伟明", number(1), "19900000001", "金陵花园", "金陵花园3幢2单元301室"):
        assert found(world, asked, "stranger_community") == [], asked
        assert found(world, asked, "grid_worker") != [], asked
    assert api_as(world["administrator"]).post("/api/registry/search", {"q": "张伟明"}).status_code == 403
    assert found(world, "张伟明", "district_seat", code=town.OTHER_STREET) == []


def test_a_building_stands_with_its_floors_from_the_top(world: World) -> None:
    house = building(world)
    top = dwelling(world, house, room="601", floor=6)
    dwelling(world, house, room="101", floor=1)
    moves_in(world, person(world).pk, top.pk)
    file = ok(api_as(world["grid_worker"]).get(f"/api/registry/records/building/{house.pk}"))
    assert [(floor["floor"], [room["people"] for room in floor["dwellings"]]) for floor in file["stack"]] == [
        (6, [1]),
        (1, [0]),
    ]
    assert file["people_count"] == 1


def test_a_file_is_masked_and_opening_it_is_on_the_record(world: World) -> None:
    who = person(world)
    answer = api_as(world["street_seat"]).get(f"/api/registry/records/person/{who.pk}")
    file = ok(answer)
    assert file["values"]["birth_date"] == "1990-**-**" and not file["permissions"]["edit"]
    assert number(1) not in answer.content.decode()
    seen = ok(api_as(world["community"]).get(f"/api/registry/people/{who.pk}/seen"))
    assert [(line["name"], line["revealed"]) for line in seen["items"]] == [("钱街道", False)]


def test_a_reveal_says_its_purpose_and_is_on_the_record(world: World) -> None:
    who, seat = person(world), api_as(world["street_seat"])
    path = f"/api/registry/records/person/{who.pk}/reveal"
    assert seat.post(path, {"fields": ["phone"], "purpose": "curiosity"}).status_code == 422
    assert seat.post(path, {"fields": ["name"], "purpose": "verify"}).status_code == 422
    shown = ok(seat.post(path, {"fields": ["id_number", "phone"], "purpose": "verify"}))
    assert shown["values"] == {"id_number": number(1), "phone": "19900000001"}
    [line] = ok(api_as(world["community"]).get(f"/api/registry/people/{who.pk}/seen"))["items"]
    assert (line["revealed"], line["fields"], line["purpose"]) == (True, ["id_number", "phone"], "verify")
    assert api_as(world["grid_worker"]).post(path, {"fields": ["phone"], "purpose": "verify"}).status_code == 403


def test_reveals_are_limited_and_much_reading_is_told_to_the_auditor(world: World) -> None:
    who, seat = person(world), api_as(world["street_seat"])
    body = {"fields": ["phone"], "purpose": "service"}
    statuses = [
        seat.post(f"/api/registry/records/person/{who.pk}/reveal", body).status_code for _ in range(MOST_REVEALED + 1)
    ]
    assert statuses[-2:] == [200, 429]
    at = clock.now()
    assert watch(at) >= 1
    assert watch(at) == 0, "once a day"
    with acting(Actor.system("test")):
        patterns = {entry.data["pattern"] for entry in JournalEntry.objects.filter(kind="registry.unusual")}
    assert "many_revealed" in patterns
    assert watch(at + timedelta(days=2)) == 0


def test_an_earlier_state_is_shown(world: World) -> None:
    who = person(world)
    write(world, "person", {"employer": "甲厂"}, id=who.pk, where=None)
    before = clock.now()
    write(world, "person", {"employer": "乙厂", "marital": "20"}, id=who.pk, where=None, why="本人说")
    path = f"/api/registry/records/person/{who.pk}/history"
    answer = ok(api_as(world["community"]).get(path, as_of=before.isoformat()))
    assert answer["values"]["employer"] == "甲厂"
    assert [(line["field"], line["why"]) for line in answer["lines"]][:1] in (
        [("marital", "本人说")],
        [("employer", "本人说")],
    )
    assert {line["new"] for line in answer["lines"] if line["field"] == "marital"} == {"*"}


def test_differences_wait_in_a_list_of_a_constant_number_of_queries(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for order in (1, 2, 3):
        who = person(world, "周假", order=order)
        write(world, "person", {"name": "周贾"}, id=who.pk, where=None, source=DEPARTMENT)
        write(world, "person", {"name": "周佳"}, id=who.pk, where=None)
    api = api_as(world["grid_worker"])
    with django_assert_max_num_queries(8):
        answer = ok(api.get("/api/registry/differences"))
    assert answer["count"] == 3
    assert {(row["held"], row["offered"]) for row in answer["items"]} == {("周贾", "周佳")}
    assert ok(api_as(world["stranger_community"]).get("/api/registry/differences"))["count"] == 0


def test_addresses_are_not_read_in_their_order_for_the_words_of_one(world: World) -> None:
    """Even where the planner would rather not sort: of a city it would read ten thousand to show twenty-five."""
    building(world, address="平江府路12号金陵花园3幢")
    with CaptureQueriesContext(connection) as queries:
        assert [kind for kind, _ in found(world, "平江府路12号")] == ["building"]
    [asked] = [one["sql"] for one in queries if 'FROM "registry_building"' in (one["sql"] or "")]
    with acting(Actor.system("test")), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off; set local enable_sort = off")
        cursor.execute("explain " + asked)
        assert "registry_building_key" not in str(cursor.fetchall())


def test_words_of_two_characters_are_found_by_index(world: World) -> None:
    """Under trigrams alone they are not: every search by a given name would read all organisations and buildings."""
    building(world, address="平江府路12号金陵花园3幢")
    assert [kind for kind, _ in found(world, "金陵")] == ["building"]
    assert found(world, "陵金") == []
    with acting(Actor.system("test")), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        for rows, column in (
            (Building.objects.all(), "address_key"),
            (Organisation.objects.all(), "name_key"),
            (Place.objects.all(), "name_key"),
        ):
            assert "Bitmap Index Scan" in holding(rows.order_by(), column, "金陵").explain()

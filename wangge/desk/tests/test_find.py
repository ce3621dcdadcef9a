"""Search from anywhere: every kind, by what people type, and never past the scope of the room that answers."""

from datetime import timedelta
from typing import Any

import pytest

from wangge.cases.tests.factories import make_case
from wangge.command.models import DutyPerson, DutyShift
from wangge.core import clock
from wangge.core.ids import new_id
from wangge.grids.models import Alias, Place
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

PHONE = "13912345678"


def found(api: Api, q: str) -> dict[str, list[dict[str, Any]]]:
    answer = api.post("/api/find", {"q": q})
    assert answer.status_code == 200, answer.content
    return {group["kind"]: group["items"] for group in answer.json()["groups"]}


def titles(api: Api, q: str, kind: str) -> list[str]:
    return [hit["title"] for hit in found(api, q).get(kind, [])]


def test_a_case_is_found_by_its_number_and_by_its_words(world: World) -> None:
    case = make_case(world, title="听雨路路灯不亮", address="听雨路 3 号")
    make_case(world, title="井盖缺失")
    seat = api_as(world["street_seat"])
    for typed in (case.number, "听雨路", "灯"):
        assert [hit["id"] for hit in found(seat, typed)["case"]] == [str(case.pk)], typed
    assert str(case.pk) in [hit["id"] for hit in found(seat, case.number[:-2])["case"]]


def test_a_case_elsewhere_is_not_found(world: World) -> None:
    case = make_case(world, title="听雨路路灯不亮")
    stranger = api_as(world.stranger("street_seat"))
    assert "case" not in found(stranger, "听雨路")
    assert "case" not in found(stranger, case.number)


def test_a_whole_telephone_finds_what_was_reported_from_it(world: World) -> None:
    case = make_case(world, title="电梯停运", phone=PHONE)
    seat = api_as(world["street_seat"])
    assert [hit["id"] for hit in found(seat, "139 1234 5678")["call"]] == [str(case.pk)]
    assert "call" not in found(seat, PHONE[:-1])


@pytest.mark.parametrize("who", ["grid_worker", "department_clerk", "assessor", "administrator"])
def test_who_may_not_know_reporters_finds_nobody_by_telephone(world: World, who: str) -> None:
    make_case(world, title="电梯停运", phone=PHONE, lead="D-CG-1", state="handling")  # type: ignore[arg-type]
    assert found(api_as(world[who]), PHONE) == {}


def test_the_unit_complained_of_finds_nobody_by_telephone(world: World) -> None:
    make_case(world, title="乱收费", phone=PHONE, holder=town.DISTRICT, complained=town.STREET)
    assert "call" in found(api_as(world["district_seat"]), PHONE)
    assert "call" not in found(api_as(world["street_seat"]), PHONE)


def test_who_serves_on_a_grid_is_found_by_part_of_a_name_within_the_scope(world: World) -> None:
    seat = api_as(world["street_seat"])
    [hit] = found(seat, "王小")["member"]
    assert (hit["title"], hit["code"], hit["state"]) == ("王小格", town.GRID, "full_time")
    assert "member" not in found(seat, "蒋小格")


def test_who_is_on_duty_now_is_found_with_the_work_number(world: World) -> None:
    at, unit = clock.now(), world.unit(town.STREET)
    for hours, name in ((0, "林带班"), (-24, "林昨日")):
        begins = at + timedelta(hours=hours - 1)
        shift = DutyShift.objects.create(
            id=new_id(),
            unit=unit,
            unit_path=unit.path,
            code=unit.division,
            day=clock.day_of(begins),
            kind="day",
            begins_at=begins,
            ends_at=begins + timedelta(hours=8),
        )
        DutyPerson.objects.create(id=new_id(), duty=shift, role="leader", name=name, phone="025-52000001", place=0)
    [hit] = found(api_as(world["grid_worker"]), "林")["duty"]
    assert (hit["title"], hit["state"], hit["phone"]) == ("林带班", "leader", "025-52000001")
    assert "duty" not in found(api_as(world.stranger("street_seat")), "林")


def test_accounts_are_found_by_those_who_administer_them(world: World) -> None:
    assert titles(api_as(world["administrator"]), "吴经", "account") == ["吴经办"]
    assert "account" not in found(api_as(world["street_seat"]), "吴经")
    assert "account" not in found(api_as(world.stranger("administrator")), "吴经")


def test_a_grid_is_found_by_name_code_and_what_another_office_calls_it(world: World) -> None:
    Alias.objects.create(scheme="police", alias="A-17", code=town.GRID, valid_from="2026-01-01")
    seat = api_as(world["street_seat"])
    for typed in (town.GRID, "柳岸社区第1网格", "A-17"):
        assert town.GRID in [hit["id"] for hit in found(seat, typed)["grid"]], typed


def test_a_division_is_found_by_name_and_by_its_code_of_twelve_digits(world: World) -> None:
    seat = api_as(world["street_seat"])
    assert titles(seat, "桃叶", "division") == ["桃叶街道"]
    assert titles(seat, "320104001000", "division")[0] == "桃叶街道"


def test_a_known_place_is_found_with_the_grid_it_lies_in(world: World) -> None:
    lon, lat = town.point_in(town.GRID)
    for name in ("柳岸小学", "北柳岸小学分校"):
        Place.objects.create(name=name, key=name, kind="school", lon=lon, lat=lat, grid=town.GRID)
    hits = found(api_as(world["street_seat"]), "柳岸小学")["place"]
    assert [hit["title"] for hit in hits] == ["柳岸小学", "北柳岸小学分校"]
    assert hits[0]["code"] == town.GRID


def test_units_are_found_by_everybody(world: World) -> None:
    for who in ("grid_worker", "auditor", "department_clerk"):
        assert titles(api_as(world[who]), "水务", "unit") == ["测试区水务局"], who


def test_more_than_fit_is_said(world: World) -> None:
    for number in range(7):
        make_case(world, title=f"垃圾未清运 {number}")
    answer = api_as(world["street_seat"]).post("/api/find", {"q": "垃圾未清运"}).json()
    [cases] = [group for group in answer["groups"] if group["kind"] == "case"]
    assert (len(cases["items"]), cases["more"]) == (5, True)


def test_nothing_typed_finds_nothing(world: World) -> None:
    for typed in ("", "  ", "%%%", "没有这个东西"):
        assert found(api_as(world["street_seat"]), typed) == {}, typed


def test_a_telephone_looked_for_stands_in_no_address(world: World) -> None:
    assert api_as(world["street_seat"]).get("/api/find", q=PHONE).status_code == 405


def test_what_has_ended_is_not_found(world: World) -> None:
    grid = world.grids[town.GRID]
    grid.valid_to = clock.today()
    grid.save(update_fields=["valid_to"])
    assert town.GRID not in [hit["id"] for hit in found(api_as(world["street_seat"]), town.GRID).get("grid", [])]

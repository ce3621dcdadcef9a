"""Who is registered twice: found on generated people with known errors, and told only to who may see both."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from wangge.core.models import JournalEntry
from wangge.registry.rules.alike import Sign, Traits, alike, birth_near, name_near
from wangge.registry.tests.doubled import generated
from wangge.registry.tests.made import building, dwelling, moves_in, person
from wangge.registry.tests.test_search import ok
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_of_people_registered_twice_nearly_all_are_found_and_nearly_nobody_else(seed: int) -> None:
    people, wanted = generated(seed)
    found = {frozenset((one.id, other.id)) for one, other, _ in alike(people)}
    right = len(found & wanted)
    assert right / len(wanted) >= 0.95, f"recall {right / len(wanted):.4f}"
    assert right / len(found) >= 0.98, f"precision {right / len(found):.4f}"


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("张伟明", "张卫明", True),
        ("张伟明", "伟明张", True),
        ("张伟明", "张伟", True),
        ("买买提吐尔逊", "买买提吐尔孙", True),
        ("张伟明", "张卫鸣", False),
        ("张伟", "李娜", False),
        ("张", "李", False),
        ("张伟明", "张伟明", False),
    ],
)
def test_names_are_near(one: str, other: str, near: bool) -> None:
    assert name_near(one, other) is near


def test_birthdays_are_near() -> None:
    day = date(1990, 3, 7)
    near = (date(1990, 7, 3), date(1990, 3, 8), date(1909, 3, 7), date(1980, 3, 7))
    assert [birth_near(day, other) for other in near] == [True] * 4
    assert not birth_near(day, date(1991, 4, 7))


def test_two_right_numbers_are_two_people_whatever_else_they_share() -> None:
    one = Traits(id=1, name="张伟明", birth=date(1990, 3, 7), number=b"1", phone=b"p", home=1)
    assert list(alike([one, replace(one, id=2, number=b"2")])) == []
    assert len(list(alike([one, replace(one, id=2, number=b"2", has_fault=True)]))) == 1


@pytest.mark.parametrize("shared", ["phone", "home", "address"])
def test_what_hundreds_share_tells_nothing_of_two_namesakes(shared: str) -> None:
    """The number of a hotline, a dormitory, a village without house numbers; a family's tells much."""
    what: dict[str, Any] = {shared: b"400" if shared == "phone" else "秦淮村1组"}
    namesakes = [Traits(id=order, name="张伟", number=None, **what) for order in (1, 2)]
    others = [Traits(id=order, name=f"李{chr(0x4E00 + order)}", **what) for order in range(3, 200)]
    assert [pair[2] for pair in alike([*namesakes, *others[:40]])] == [{Sign.NAME, Sign(shared)}]
    assert list(alike([*namesakes, *others])) == []


def test_pairs_of_ones_own_community_are_laid_side_by_side(world: World) -> None:
    room = dwelling(world, building(world))
    kept = person(world)
    gone = person(world, "张卫明", values={"id_number": "", "birth_date": "1990-03-07", "phone": "19900000001"})
    person(world, "李四", order=2)
    moves_in(world, kept.pk, room.pk)
    page = ok(api_as(world["community"]).get("/api/registry/duplicates"))
    [pair] = page["items"]
    assert {pair["one"]["id"], pair["other"]["id"]} == {str(kept.pk), str(gone.pk)}
    assert pair["signs"] == sorted([Sign.BIRTH, Sign.NAME_NEAR, Sign.PHONE])
    assert "19900000001" not in str(page)
    assert api_as(world["community"]).get("/api/registry/duplicates", code=town.OTHER_GRID).status_code == 404
    assert api_as(world["district_seat"]).get("/api/registry/duplicates").status_code == 422
    assert ok(api_as(world["stranger_community"]).get("/api/registry/duplicates"))["items"] == []


def test_two_told_by_different_things_are_proposed_by_their_address(world: World) -> None:
    place = {"id_number": "", "residence_address": "平江府路12号金陵花园3幢2单元301"}
    person(world, "钱一", values=place | {"birth_date": "1950-02-03", "phone": ""})
    person(world, "钱一", values=place | {"phone": "13800000001"})
    found = api_as(world["community"]).get("/api/registry/duplicates", code=town.COMMUNITY).json()
    assert [pair["signs"] for pair in found["items"]] == [["address", "name"]]


def test_a_pair_told_apart_is_not_shown_again(world: World) -> None:
    kept = person(world)
    gone = person(world, values={"id_number": "", "birth_date": "1990-03-07", "phone": "19900000001"})
    clerk, pair = api_as(world["community"]), {"one_id": str(gone.pk), "other_id": str(kept.pk)}
    assert ok(clerk.get("/api/registry/duplicates"))["count"] == 1
    assert clerk.post("/api/registry/people/apart", pair | {"other_id": str(gone.pk)}).status_code == 422
    for _ in range(2):
        assert clerk.post("/api/registry/people/apart", pair).status_code == 204
    assert ok(clerk.get("/api/registry/duplicates"))["items"] == []
    assert JournalEntry.objects.filter(kind="person.told_apart").count() == 1

"""Which centre hears a report first."""

import pytest

from wangge.cases.models import Case
from wangge.cases.tests.made import category
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World


@pytest.mark.parametrize(
    ("code", "holder"), [(town.GRID, town.STREET), (town.COMMUNITY, town.STREET), (town.OTHER_GRID, town.DISTRICT)]
)
def test_a_seat_keeps_what_lies_in_its_codes_and_hands_the_rest_to_the_centre_there(
    world: World, code: str, holder: str
) -> None:
    body = {"source": "telephone", "title": "路灯不亮", "code": code, "reporter": {"phone": "13951234567"}}
    answer = api_as(world["street_seat"]).post("/api/cases", body)
    assert answer.status_code == 201, answer.json()
    case = Case.objects.get(pk=answer.json()["id"])
    assert case.holder_path == world.unit(holder).path
    caller = api_as(world["street_seat" if holder == town.STREET else "district_seat"])
    told = caller.get(f"/api/cases/{case.pk}").json()
    assert told["reporters"], "whoever holds it can call back"
    assert [move["kind"] for move in told["moves"]].count("accept") == 1


def test_a_report_from_elsewhere_is_in_although_only_the_centre_there_may_accept_it(world: World) -> None:
    body = {"source": "telephone", "title": "路灯不亮", "category_id": category().pk, "accept": True}
    seat = api_as(world["street_seat"])
    here = seat.post("/api/cases", body | {"code": town.GRID})
    there = seat.post("/api/cases", body | {"code": town.OTHER_GRID})
    assert [one.status_code for one in (here, there)] == [201, 201], there.json()
    assert [one.json()["state"] for one in (here, there)] == ["accepted", "reported"]

"""Which centre hears a report first."""

import pytest

from wangge.cases.models import Case
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

"""Digits of other scripts are digits to Unicode and none to the database."""

import pytest

from wangge.grids.models import Grid
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World


@pytest.mark.parametrize("digits", ["０１１", "٠١١", "०११"])
def test_a_code_in_other_digits_is_refused(world: World, digits: str) -> None:
    api = api_as(world["street_seat"])
    body = {"under": town.COMMUNITY, "name": "新网格"}
    answer = api.post("/api/grids", body | {"code": f"{town.COMMUNITY}{digits}"})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["code"])
    under = api.post("/api/grids", body | {"under": f"{town.COMMUNITY[:9]}{digits}"})
    assert (under.status_code, list(under.json()["fields"])) == (422, ["under"])
    assert not Grid.objects.filter(name="新网格").exists()
    assert api.post("/api/grids", body | {"code": f"{town.COMMUNITY}011"}).status_code == 201

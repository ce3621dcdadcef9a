"""What the house makes of a place in words, the same as a report with these words gets."""

from wangge.grids.models import Place
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World


def test_the_place_told_beforehand_is_the_place_the_report_is_filed_under(world: World) -> None:
    lon, lat = town.point_in(town.GRID)
    Place.objects.create(name="柳岸小学", key="柳岸小学", lon=lon, lat=lat, grid=town.GRID)
    seat, words = api_as(world["street_seat"]), "柳岸小学门口往东 20 米"
    named = seat.post("/api/intake/place", {"text": words}).json()["named"]
    report = {"source": "telephone", "title": "路灯不亮", "address": words}
    assert seat.post("/api/cases", report).json()["grid"] == named["code"] == town.GRID
    assert named["grid"] == "柳岸社区第1网格"


def test_part_of_a_name_offers_places_and_grids(world: World) -> None:
    lon, lat = town.point_in(town.GRID)
    for name in ("柳岸小学", "柳岸花园"):
        Place.objects.create(name=name, key=name, lon=lon, lat=lat, grid=town.GRID)
    found = api_as(world["street_seat"]).post("/api/intake/place", {"text": "柳岸"}).json()
    assert found["named"] is None
    assert {one["name"] for one in found["places"]} == {"柳岸小学", "柳岸花园"}
    assert all(one["code"].startswith(town.COMMUNITY) for one in found["grids"])


def test_one_letter_asks_for_nothing(world: World) -> None:
    assert api_as(world["street_seat"]).post("/api/intake/place", {"text": "柳"}).json()["grids"] == []

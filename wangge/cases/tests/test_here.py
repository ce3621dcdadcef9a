"""What is here, and where cases come from: as far as the reader may see."""

from datetime import timedelta
from typing import Any

from wangge.cases.models import Case
from wangge.cases.tests.made import reported
from wangge.core import clock
from wangge.grids.models import Place, TeamMember
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import SINCE, World

LON, LAT = town.point_in(town.GRID)
VIEW = {"west": 118.78, "south": 32.01, "east": 118.83, "north": 32.04, "zoom": 14}


def here(world: World, who: str, lon: float = LON, lat: float = LAT) -> Any:
    answer = api_as(world[who]).get("/api/here", lon=lon, lat=lat)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def placed(world: World, count: int, lon: float = LON, lat: float = LAT) -> None:
    made = reported(world, count, at=clock.now() - timedelta(hours=1))
    Case.objects.filter(pk__in=[case.pk for case in made]).update(lon=lon, lat=lat)


def test_a_point_tells_its_grid_everything_above_it_and_who_serves(world: World) -> None:
    TeamMember.objects.create(grid=town.NEIGHBOUR_GRID, kind="volunteer", name="邻格志愿者", valid_from=SINCE)
    found = here(world, "street_seat")
    assert found["code"] == town.GRID and found["boundary_since"] == "2020-01-01"
    assert [one["code"] for one in found["lineage"]][-3:] == [town.STREET, town.COMMUNITY, town.GRID]
    assert found["team"][0]["kind"] == "chief"
    assert found["centres"][0]["name"] == "柳岸社区工作站"
    assert town.NEIGHBOUR_GRID in [one["code"] for one in found["near"]]


def test_telephones_are_whole_for_who_looks_after_the_grid_and_masked_for_others(world: World) -> None:
    TeamMember.objects.filter(grid=town.GRID, kind="full_time").update(phone="13812345678")

    def phones(who: str) -> set[str]:
        return {one["phone"] for one in here(world, who)["team"]}

    assert "13812345678" in phones("street_seat")
    assert "138****5678" in phones("stranger_street_seat") and "13812345678" not in phones("stranger_street_seat")


def test_open_cases_are_those_the_reader_may_see_nearest_first(world: World) -> None:
    placed(world, 1, LON + 0.001)
    placed(world, 1, LON + 0.0001)
    placed(world, 1, LON + 0.004)  # 377 m off
    cases = here(world, "street_seat")["cases"]
    apart = [one["distance_m"] for one in cases["near"]]
    assert cases["in_grid"] == 3 and len(apart) == 2 and apart == sorted(apart)
    assert here(world, "stranger_street_seat")["cases"] == {"in_grid": 0, "within_m": 300, "near": []}
    assert here(world, "administrator")["cases"] is None


def test_known_places_around_come_with_their_distance(world: World) -> None:
    Place.objects.create(name="柳岸小学", key="柳岸小学", lon=LON, lat=LAT + 0.001, grid=town.GRID)
    Place.objects.create(name="远处", key="远处", lon=LON, lat=LAT + 0.1, grid=town.GRID)
    (place,) = here(world, "street_seat")["places"]
    assert place["name"] == "柳岸小学" and 110 <= place["distance_m"] <= 112


def test_a_point_outside_every_grid_names_the_nearest(world: World) -> None:
    found = here(world, "street_seat", lon=118.7889)
    assert found["code"] is None and found["team"] == []
    assert found["nearest"]["code"] == town.GRID and 90 <= found["nearest"]["distance_m"] <= 110


def heat(world: World, who: str, **query: Any) -> Any:
    answer = api_as(world[who]).get("/api/cases/heat", **(VIEW | query))
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()["cells"]


def test_a_cell_of_fewer_than_ten_is_not_told(world: World) -> None:
    placed(world, 9)
    assert heat(world, "street_seat") == []
    placed(world, 1)
    (cell,) = heat(world, "street_seat")
    assert cell["count"] == 10 and cell["west"] <= LON and cell["south"] <= LAT
    assert heat(world, "stranger_street_seat") == []


def test_heat_counts_what_came_in_the_days_asked_for(world: World) -> None:
    placed(world, 10)
    Case.objects.update(reported_at=clock.now() - timedelta(days=20))
    assert heat(world, "street_seat", days=7) == []
    assert len(heat(world, "street_seat", days=30)) == 1

"""The wall shows the desk's numbers, and nothing of who reported."""

import random
import threading
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from wangge.cases import rollups
from wangge.cases.models import Case, Category
from wangge.cases.tests.factories import make_case, make_reporter
from wangge.cases.tests.history import SYSTEM, happen, reported, say
from wangge.cases.tests.made import category
from wangge.core import clock
from wangge.core.actor import acting
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World
from wangge.wall import tiles
from wangge.wall.models import Theme
from wangge.wall.shipped import EXAMPLES

PHONE = "13912345678"


@pytest.fixture
def kinds(committed_world: World) -> list[int]:
    with acting(SYSTEM):
        return [category(f"{number:02d}").pk for number in (1, 72)]


def board(api: Api, code: str = "command") -> Any:
    answer = api.get(f"/api/wall/themes/{code}/board")
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def panel(answer: Any, wanted: str) -> Any:
    return next(one for one in answer["panels"] if one["id"] == wanted)


def number(answer: Any, metric: str) -> Any:
    return next(one for one in panel(answer, "numbers")["numbers"] if one["metric"] == metric)


def test_wall_and_desk_agree_at_one_position_with_writers_at_work(committed_world: World, kinds: list[int]) -> None:
    """Both ask while cases come and go and the reader counts them: what they say of one position is one thing."""
    over = threading.Event()
    failures: list[BaseException] = []

    def work(what: Any) -> None:
        try:
            while not over.is_set():
                what()
        except BaseException as problem:
            failures.append(problem)
        finally:
            connection.close()

    chances = [random.Random(seed) for seed in range(2)]
    writers = [threading.Thread(target=work, args=(lambda c=c: happen(committed_world, c, kinds),)) for c in chances]
    reader = threading.Thread(target=work, args=(lambda: (rollups.read(), over.wait(0.02)),))
    desk, wall = api_as(committed_world["district_seat"]), api_as(committed_world["wall"])
    on_desk: dict[int, set[Any]] = {}
    on_wall: dict[int, set[Any]] = {}
    for thread in (*writers, reader):
        thread.start()
    try:
        for _ in range(400):
            _note(on_desk, _of_desk(desk))
            _note(on_wall, _of_wall(wall))
            if len(set(on_desk) & set(on_wall)) >= 12:
                break
    finally:
        over.set()
        for thread in (*writers, reader):
            thread.join()
    assert not failures
    both = set(on_desk) & set(on_wall)
    assert len(both) >= 12
    assert {at: on_wall[at] for at in both} == {at: on_desk[at] for at in both}
    assert all(len(said) == 1 for said in (*on_desk.values(), *on_wall.values()))


def _note(into: dict[int, set[Any]], said: tuple[int, Any]) -> None:
    into.setdefault(said[0], set()).add(said[1])


def _of_desk(api: Api) -> tuple[int, Any]:
    answer = api.get("/api/figures/dashboard").json()
    today, still = answer["today"], answer["open"]
    return answer["as_of"]["position"], (
        today["reported"],
        today["closed"],
        still["open"],
        still["overdue"],
        (today["answered_in_5"], today["reported"]),
    )


def _of_wall(api: Api) -> tuple[int, Any]:
    answer = board(api)
    values = {one["metric"]: one for one in panel(answer, "numbers")["numbers"]}
    answered = values["answered_in_5"]
    return answer["as_of"]["position"], (
        values["reported"]["value"],
        values["closed"]["value"],
        values["open"]["value"],
        values["overdue"]["value"],
        (answered["value"], answered["total"]),
    )


def test_a_chosen_theme_counts_its_categories_alone(committed_world: World, kinds: list[int]) -> None:
    with acting(SYSTEM):
        mine = Category.objects.get(pk=kinds[0])
        part = Category.objects.create(scheme=mine.scheme, parent=mine, code="01", path="01/01/", name_zh="其一")
    for chosen in (kinds[0], part.pk, kinds[1], None):
        reported(committed_world, category_id=chosen, at=clock.now())
    reported(committed_world, category_id=part.pk, is_overdue=True, code=town.OTHER_GRID, at=clock.now())
    rollups.catch_up()
    zh, _, definition = EXAMPLES["safety"]
    definition = definition | {"categories": [{"scheme": "TEST", "path": "01/"}]}
    values = {"name_zh": zh, "valid_from": date(2026, 1, 1), "definition": definition, "at": clock.now()}
    Theme.objects.create(code="safety", number=1, **values)
    for who, here, late in (("district_seat", 3, 1), ("street_seat", 2, 0), ("community", 2, 0)):
        answer = board(api_as(committed_world[who]), "safety")
        assert number(answer, "open")["value"] == number(answer, "reported")["value"] == here, who
        assert number(answer, "overdue")["value"] == late
    on_map = api_as(committed_world["district_seat"]).get("/api/wall/themes/safety/map").json()
    assert {row["code"]: row["open"] for row in on_map["places"]}[town.STREET] == 2


def test_of_the_reporter_nothing_is_on_the_wall(committed_world: World) -> None:
    """Not even before a post that may know: others stand before the wall too."""
    with acting(SYSTEM):
        case = make_case(committed_world, title=f"张大妈 {PHONE} 反映路灯不亮", supervision=5)
        make_reporter(case, phone=PHONE, name="张大妈")
        say(case)
    for who in ("wall", "commander", "district_seat"):
        api = api_as(committed_world[who])
        lines = api.get("/api/wall/themes/command/feed").json()["items"]
        red = panel(board(api), "alerts")["cases"]
        assert [line["case"]["number"] for line in lines] == [row["number"] for row in red] == [case.number]
        assert PHONE not in str((lines, red)) and "张大妈" not in str((lines, red))


def test_a_wall_sees_its_own_area_alone(committed_world: World) -> None:
    reported(committed_world, supervision=5)
    reported(committed_world, code=town.OTHER_GRID, holder=town.OTHER_STREET, supervision=5)
    rollups.catch_up()
    seen = {}
    for key in ("wall", "street_seat", "stranger_wall"):
        api = api_as(committed_world[key])
        answer = board(api)
        places = {row["code"] for row in api.get("/api/wall/themes/command/map").json()["places"]}
        feed = api.get("/api/wall/themes/command/feed").json()["items"]
        seen[key] = (number(answer, "open")["value"], len(panel(answer, "alerts")["cases"]), len(feed))
        assert all(place.startswith(tuple(committed_world[key].post.codes)) for place in places)
    assert seen == {"wall": (2, 2, 2), "street_seat": (1, 1, 1), "stranger_wall": (0, 0, 0)}


def test_fewer_than_ten_cases_make_no_warm_cell(committed_world: World) -> None:
    lon, lat = town.point_in(town.GRID)
    api = api_as(committed_world["wall"])

    def cells() -> list[int]:
        return [cell["open"] for cell in api.get("/api/wall/themes/command/map").json()["cells"]]

    for _ in range(9):
        reported(committed_world, lon=lon, lat=lat)
    assert cells() == []
    reported(committed_world, lon=lon, lat=lat)
    assert cells() == [10]


def test_hot_is_against_the_same_hours_of_four_weeks(committed_world: World, kinds: list[int]) -> None:
    hour = clock.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)
    reported(committed_world, at=hour + timedelta(hours=2), category_id=kinds[0])  # the hour that still runs
    for weeks, many in ((0, 5), (1, 1), (3, 2), (5, 9)):
        for _ in range(many):
            reported(committed_world, at=hour - timedelta(weeks=weeks), category_id=kinds[0])
    rollups.catch_up()
    answer = board(api_as(committed_world["wall"]))
    (kind,) = panel(answer, "hotkinds")["hot"]["items"]
    assert (kind["key"], kind["now"], kind["before"]) == (str(kinds[0]), 5, [1, 0, 2, 0])
    (place,) = panel(answer, "hotplaces")["hot"]["items"]
    assert (place["key"], place["now"], place["before"]) == (town.STREET, 5, [1, 0, 2, 0])


def test_a_panel_without_a_source_says_so(committed_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    api = api_as(committed_world["wall"])
    assert panel(board(api), "duty")["lines"] == []
    monkeypatch.setattr(tiles, "_sources", {})
    assert panel(board(api), "duty")["lines"] is None


def test_the_wall_draws_its_own_ground(committed_world: World) -> None:
    for who, codes in (("wall", (town.DISTRICT,)), ("street_seat", (town.STREET,))):
        drawn = api_as(committed_world[who]).get("/api/wall/ground").json()
        assert {feature["properties"]["code"][: len(codes[0])] for feature in drawn["grids"]["features"]} == set(codes)
        assert len(drawn["bounds"]) == 4


def test_asking_again_costs_the_same_however_many_cases(committed_world: World) -> None:
    api = api_as(committed_world["wall"])
    reported(committed_world, supervision=5)
    rollups.catch_up()
    board(api)
    few = _queries(api)
    for _ in range(30):
        reported(committed_world, supervision=5)
    rollups.catch_up()
    assert _queries(api) == few
    assert Case.objects.count() == 31


def test_a_busy_day_does_not_empty_a_themes_feed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("wangge.wall.queries.feed"), "LOOKED_AT", 3)
    kind = category("04")
    mine = make_case(world, category=kind)
    say(mine)
    for _ in range(4):
        say(make_case(world))
    _, _, definition = EXAMPLES["rivers"]
    definition = definition | {"categories": [{"scheme": "TEST", "path": "04/"}]}
    values = {"name_zh": "河道", "valid_from": date(2026, 1, 1), "definition": definition, "at": clock.now()}
    Theme.objects.create(code="rivers", number=1, **values)
    [line] = api_as(world["wall"]).get("/api/wall/themes/rivers/feed").json()["items"]
    assert line["case"]["number"] == mine.number


def test_warm_cells_do_not_wander_with_the_cases(committed_world: World) -> None:
    lon, lat = town.point_in(town.GRID)
    api = api_as(committed_world["wall"])

    def cell() -> Any:
        return max(api.get("/api/wall/themes/command/map").json()["cells"], key=lambda one: one["open"])

    for _ in range(12):
        reported(committed_world, lon=lon, lat=lat)
    before = cell()
    for _ in range(11):
        reported(committed_world, lon=lon, lat=lat + 2)
    assert cell() == before


def _queries(api: Api) -> int:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        board(api)
    return len(caught)


def test_a_seat_that_takes_a_case_up_does_not_hide_what_was_done_last_and_is_not_named(world: World) -> None:
    seat = api_as(world["district_seat"])
    case = seat.post("/api/cases", {"source": "telephone", "title": "路灯不亮", "lon": 118.7905, "lat": 32.0205}).json()
    assert seat.post(f"/api/cases/{case['id']}/claim", {"move": "accept"}).status_code == 200
    [line] = api_as(world["wall"]).get("/api/wall/themes/command/feed").json()["items"]
    assert line["kind"] == "case.report" and line["case"]["claim"] is None

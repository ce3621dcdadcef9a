"""A grid is split with open cases in it: the new worker sees them, and the old figures stand."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from wangge.accounts.models import Post
from wangge.cases import rollups
from wangge.cases.models import Attachment, Case, DayByPlace, OpenByPlace, Rating, Reporter, Step
from wangge.cases.tests.made import category
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry
from wangge.grids.following import take_effect
from wangge.grids.models import Boundary, Grid, Redraw
from wangge.grids.tasks import take_due_redraw
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.committed import at_once
from wangge.testing.moments import at_moment
from wangge.testing.world import World

ACROSS = {"type": "LineString", "coordinates": [[118.789, 32.026], [118.7955, 32.026]]}
NORTH, SOUTH = f"{town.COMMUNITY}004", f"{town.COMMUNITY}005"  # new codes; the southern part is the larger


def report(api: Api, **values: Any) -> str:
    body = {"source": "telephone", "title": "井盖缺失", "reporter": {"name": "张某", "phone": "13800001234"}}
    answer = api.post("/api/cases", body | values, Idempotency_Key=str(uuid.uuid4()))
    assert answer.status_code == 201, answer.content.decode()
    return str(answer.json()["id"])


def redrawing_seat(world: World) -> Api:
    """Of a house in which sub-districts redraw at once."""
    world.allow("street_seat", "grid.redraw")
    return api_as(world["street_seat"])


def split(api: Api, **more: Any) -> None:
    answer = api.post(f"/api/grids/{town.GRID}/split", {"line": ACROSS, **more})
    assert answer.status_code == 200, answer.content.decode()


def places(*ids: str) -> list[tuple[str, str]]:
    rows = {str(case.pk): case for case in Case.objects.filter(pk__in=ids)}
    return [(rows[one].reported_grid, rows[one].current_grid) for one in ids]


def drawn(day: date, codes: list[str]) -> None:
    """Boundaries of these grids came from a file, good from that day."""
    with acting(Actor.system("test")):
        redraw = Redraw.objects.create(
            id=new_id(),
            kind=Redraw.Kind.DRAW,
            community=town.COMMUNITY,
            date=day,
            reason="补正边界",
            changed=codes,
            ended=[],
            by_name="数据员",
            at=clock.now(),
        )
        assert take_effect(redraw, at=clock.now())


def test_open_cases_go_with_the_ground_they_lie_on(committed_world: World) -> None:
    seat = redrawing_seat(committed_world)
    in_north = report(seat, lon=118.791, lat=32.029)
    in_south = report(seat, lon=118.791, lat=32.021)
    no_point = report(seat, code=town.GRID)
    elsewhere = report(seat, lon=118.7955, lat=32.021)
    split(seat)
    assert places(in_north, in_south, no_point, elsewhere) == [
        (town.GRID, NORTH),
        (town.GRID, SOUTH),
        (town.GRID, SOUTH),
        (town.NEIGHBOUR_GRID, town.NEIGHBOUR_GRID),
    ]
    one = seat.get(f"/api/cases/{in_north}").json()
    assert [(step["label"], step["by_name"]) for step in one["steps"] if step["kind"] == "redrawn"] == [
        ("网格调整", "系统")
    ]
    assert seat.get(f"/api/cases/{in_north}/file.pdf").status_code == 200
    with acting(Actor.system("test")):
        assert set(Reporter.objects.filter(case_id=in_north).values_list("code", flat=True)) == {NORTH}
        entries = JournalEntry.objects.filter(kind="case.redrawn", subject_type="case")
        assert {(one.subject_id, one.code, one.data["from"]) for one in entries} == {
            (in_north, NORTH, town.GRID),
            (in_south, SOUTH, town.GRID),
            (no_point, SOUTH, town.GRID),
        }
        batch = JournalEntry.objects.get(kind="cases.moved")
    assert batch.data["cases"] == 3 and batch.data["redraw"] == str(Redraw.objects.get().pk)
    step = Step.objects.get(case_id=in_north, kind="redrawn")
    assert step.data["from"] == town.GRID and step.data["to"] == NORTH and step.by_kind == "system"


def test_the_new_worker_sees_them_and_the_worker_of_the_other_part_does_not(committed_world: World) -> None:
    seat = redrawing_seat(committed_world)
    in_north, in_south = report(seat, lon=118.791, lat=32.029), report(seat, lon=118.791, lat=32.021)
    split(seat)
    newcomer = committed_world["grid_worker"]
    Post.objects.filter(pk=newcomer.post.pk).update(codes=[NORTH])
    with acting(newcomer.actor):
        by = Actor(**{**_fields(newcomer.actor), "ranges": (NORTH,), "unit_path": "nowhere/"})
        seen = {str(pk) for pk in Case.objects.visible_to(by).values_list("pk", flat=True)}
    assert in_north in seen and in_south not in seen


def test_what_hangs_on_a_case_goes_with_it(committed_world: World) -> None:
    seat = redrawing_seat(committed_world)
    case_id = report(seat, lon=118.791, lat=32.029)
    with acting(Actor.system("test")):
        at = clock.now()
        Rating.objects.create(id=uuid.uuid4(), case_id=case_id, score=5, at=at, code=town.GRID)
        Attachment.objects.create(
            id=uuid.uuid4(),
            case_id=case_id,
            kind="picture",
            name="1.jpg",
            mime="image/jpeg",
            size=1,
            sha256="0",
            served_sha256="0",
            at=at,
            code=town.GRID,
        )
    split(seat)
    with acting(Actor.system("test")):
        found = [model.objects.get(case_id=case_id).code for model in (Rating, Attachment, Reporter)]
    assert found == [NORTH, NORTH, NORTH]


def test_a_redrawing_of_a_later_day_moves_cases_when_the_day_begins(committed_world: World) -> None:
    seat = redrawing_seat(committed_world)
    case_id = report(seat, lon=118.791, lat=32.029)
    tomorrow = clock.today() + timedelta(days=1)
    split(seat, valid_from=tomorrow)
    assert not take_due_redraw()
    assert places(case_id) == [(town.GRID, town.GRID)]
    with at_moment(clock.day_start(tomorrow) - timedelta(seconds=1)):
        assert not take_due_redraw()
    with at_moment(clock.day_start(tomorrow) + timedelta(seconds=1)):
        assert take_due_redraw()
        assert not take_due_redraw()
    assert places(case_id) == [(town.GRID, NORTH)]
    assert JournalEntry.objects.filter(kind="cases.moved").count() == 1


def test_two_redrawings_at_once_wait_for_each_other(committed_world: World) -> None:
    committed_world.allow("street_seat", "grid.redraw")
    seat = committed_world["street_seat"]
    calls = [lambda: api_as(seat).post(f"/api/grids/{town.GRID}/split", {"line": ACROSS}).status_code] * 2
    assert sorted(at_once(*calls), key=str) == [200, 404]  # the second finds the grid ended
    assert (
        Grid.objects.filter(code__in=[NORTH, SOUTH]).count()
        == Grid.objects.filter(code__gte=NORTH, code__lt=f"{town.COMMUNITY}~").count()
        == 2
    )
    assert Boundary.objects.filter(code__in=[NORTH, SOUTH]).count() == 2


def test_a_refused_redrawing_leaves_everything_as_it_was(committed_world: World) -> None:
    seat = redrawing_seat(committed_world)
    case_id = report(seat, lon=118.791, lat=32.029)
    refused = seat.post(f"/api/grids/{town.GRID}/split", {"line": ACROSS, "codes": [f"{town.COMMUNITY}009", town.GRID]})
    assert (refused.status_code, refused.json()["code"]) == (422, "grids.breaks_net")  # its micro grids would hang over
    assert places(case_id) == [(town.GRID, town.GRID)]
    assert not Grid.objects.filter(code=f"{town.COMMUNITY}009").exists()


@pytest.mark.parametrize("state", ["closed", "archived"])
def test_closed_cases_go_too_and_stay_where_they_were_reported(committed_world: World, state: str) -> None:
    seat = redrawing_seat(committed_world)
    case_id = report(seat, lon=118.791, lat=32.029)
    Case.objects.filter(pk=case_id).update(state=state, outcome="solved", closed_at=clock.now())
    split(seat)
    assert places(case_id) == [(town.GRID, NORTH)]


def _fields(actor: Actor) -> dict[str, Any]:
    return {name: getattr(actor, name) for name in Actor.__dataclass_fields__}


def test_a_boundary_put_right_for_a_day_long_past_brings_no_ended_grid_back(committed_world: World) -> None:
    seat = redrawing_seat(committed_world)
    in_north = report(seat, lon=118.791, lat=32.029)
    split(seat)
    drawn(clock.today() - timedelta(days=100), [town.GRID, NORTH])
    assert places(in_north) == [(town.GRID, NORTH)]


def test_the_grid_that_somebody_chose_stays_whatever_the_point_says(committed_world: World) -> None:
    seat = redrawing_seat(committed_world)
    case = report(seat, lon=118.791, lat=32.029)
    corrected = seat.post(f"/api/cases/{case}/correct", {"code": town.NEIGHBOUR_GRID})
    assert corrected.status_code == 200, corrected.content.decode()
    drawn(clock.today(), [town.GRID, town.NEIGHBOUR_GRID])
    assert places(case) == [(town.NEIGHBOUR_GRID, town.NEIGHBOUR_GRID)]


NOW = clock.day_start(clock.today()) + timedelta(hours=10)
BEFORE, AFTER = NOW - timedelta(days=1), NOW + timedelta(days=1)  # of the day on which the grid is split


def figures(code: str) -> list[tuple[str, int, int]]:
    """Of each day on which anything came in or was closed there: which day, how many came, how many were closed."""
    names = {clock.day_of(at): name for at, name in ((BEFORE, "before"), (NOW, "that day"), (AFTER, "after"))}
    rows = DayByPlace.objects.filter(code=code).order_by("day").values_list("day", "reported", "closed")
    return [(names[day], came, went) for day, came, went in rows if came or went]


def waiting(code: str) -> int:
    return sum(OpenByPlace.objects.filter(code=code).values_list("open", flat=True))


def answer(seat: Api, case_id: str) -> None:
    for move, body in (("accept", {}), ("answer", {"outcome": "explained", "text": "已向来电人说明"})):
        done = seat.post(f"/api/cases/{case_id}/{move}", body)
        assert done.status_code == 200, done.content.decode()


def test_figures_of_days_before_a_split_stay_with_the_old_grid(committed_world: World) -> None:
    with acting(Actor.system("test")):
        kind = category("78").pk
    north, south = {"lon": 118.791, "lat": 32.029}, {"lon": 118.791, "lat": 32.021}
    with at_moment(BEFORE):
        seat = redrawing_seat(committed_world)
        old = [report(seat, **place, category_id=kind) for place in (north, north, south)]
        answer(seat, old[0])
    rollups.catch_up()
    was = {code: figures(code) for code in (town.GRID, town.COMMUNITY)}
    assert was == {code: [("before", 3, 1)] for code in was} and waiting(town.GRID) == 2
    with at_moment(NOW):
        seat = redrawing_seat(committed_world)
        split(seat)
    rollups.catch_up()
    # What came in and was closed stands; what is still to be done has gone to those who look after the ground now.
    assert {code: figures(code) for code in (*was, NORTH, SOUTH)} == {**was, NORTH: [], SOUTH: []}
    assert [waiting(code) for code in (town.GRID, NORTH, SOUTH, town.COMMUNITY)] == [0, 1, 1, 2]
    with at_moment(AFTER):
        seat = redrawing_seat(committed_world)
        new = [report(seat, **place, category_id=kind) for place in (north, south, south)]
        answer(seat, old[1])
        answer(seat, new[1])
        period = {"since": clock.day_of(BEFORE), "until": clock.day_of(AFTER) + timedelta(days=1)}
        rollups.catch_up()
        shown = seat.get("/api/figures/by-place", code=town.COMMUNITY, **period).json()["items"]
        days = seat.get("/api/figures/days", code=town.GRID, **period).json()["days"]
        later = {"since": clock.day_of(AFTER) + timedelta(days=30), "until": clock.day_of(AFTER) + timedelta(days=31)}
        empty = seat.get("/api/figures/by-place", code=town.COMMUNITY, **later).json()["items"]
    assert figures(town.GRID) == [("before", 3, 1), ("after", 0, 1)], "an old case that ends counts where it came in"
    assert figures(NORTH) == [("after", 1, 0)] and figures(SOUTH) == [("after", 2, 1)]
    assert figures(town.COMMUNITY) == [("before", 3, 1), ("after", 3, 2)], "nothing is counted twice, nothing is lost"
    assert [waiting(code) for code in (town.GRID, NORTH, SOUTH, town.COMMUNITY)] == [0, 1, 2, 3]
    # The same as the pages show it: the old grid beside the new ones, in the period in which it has figures.
    told = {row["code"]: (row["reported"], row["closed"], row["open"]) for row in shown if row["reported"]}
    assert told == {town.GRID: (3, 2, 0), NORTH: (1, 0, 1), SOUTH: (2, 1, 2)}
    assert {NORTH, SOUTH} <= {row["code"] for row in empty}, "what stands is there without a case"
    assert town.GRID not in {row["code"] for row in empty}, "what ended is not, once it has no figures"
    assert [(day["reported"], day["closed"]) for day in days] == [(3, 1), (0, 0), (0, 1)]
    assert rollups.check() == []
    kept = [figures(code) for code in (town.GRID, NORTH, SOUTH, town.COMMUNITY)]
    rollups.rebuild()
    assert [figures(code) for code in (town.GRID, NORTH, SOUTH, town.COMMUNITY)] == kept, "also when counted afresh"

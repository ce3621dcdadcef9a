"""The kept figures agree with the cases to the unit, whatever happened in whatever order."""

import random
import threading
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from wangge.cases import rollups
from wangge.cases.models import Case, DayByPlace, OpenByPlace
from wangge.cases.queries import figures
from wangge.cases.queries.counts import queue_counts
from wangge.cases.queries.filters import Queue, queue_condition
from wangge.cases.rollups_facts import TARGETS
from wangge.cases.rules.states import State
from wangge.cases.tests.factories import make_case
from wangge.cases.tests.history import SYSTEM, happen, reported, say
from wangge.cases.tests.made import category
from wangge.core import clock, journal
from wangge.core.actor import acting
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World


@pytest.mark.parametrize("seed", range(4))
def test_after_any_history_the_figures_agree(committed_world: World, seed: int) -> None:
    chance = random.Random(seed)
    with acting(SYSTEM):
        kinds = [category(f"{number:02d}").pk for number in (71, 72)]
    for _ in range(60):
        happen(committed_world, chance, kinds)
        if chance.random() < 0.3:
            rollups.read()
    assert rollups.check() == []
    kept = everything()
    rollups.rebuild()
    assert everything() == kept
    happen(committed_world, chance, kinds)
    assert rollups.check() == []


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Rows without their ids; rows of zeros are left behind by counting and mean the same as none."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for target in TARGETS:
        numbers = list(target.numbers) if target.table != "cases_opencharge" else []
        columns = ", ".join([*target.keys, *numbers])
        some = " or ".join(f"{name} <> 0" for name in numbers) or "true"
        with connection.cursor() as cursor:
            cursor.execute(f"select {columns} from {target.table} where {some} order by {', '.join(target.keys)}")
            found[target.table] = cursor.fetchall()
    return found


def test_an_entry_that_commits_late_is_counted(committed_world: World) -> None:
    """Its transaction began before, its entry has the lower id, and the reader has passed it by."""
    begun, go = threading.Event(), threading.Event()

    def late() -> None:
        try:
            with acting(SYSTEM):
                case = make_case(committed_world)
                say(case)
                begun.set()
                assert go.wait(20)
        finally:
            connection.close()

    writer = threading.Thread(target=late)
    writer.start()
    assert begun.wait(20)
    reported(committed_world)
    rollups.catch_up()
    assert open_in(town.GRID) == 1
    go.set()
    writer.join()
    rollups.catch_up()
    assert open_in(town.GRID) == 2
    assert rollups.check() == []


def open_in(code: str) -> int:
    return sum(OpenByPlace.objects.filter(code=code).values_list("open", flat=True))


def test_the_same_entry_read_twice_counts_once(committed_world: World) -> None:
    case = reported(committed_world)
    for _ in range(3):
        with acting(SYSTEM):
            say(case, case)
        rollups.catch_up()
    assert open_in(town.GRID) == open_in("") == 1
    journal.rewind(rollups.READER)
    assert rollups.check() == []


def test_an_import_is_one_entry_and_all_its_cases_count(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollups, "AT_ONCE", 3)
    batch = uuid.UUID(int=7)
    with acting(SYSTEM):
        for _ in range(7):
            make_case(committed_world, State.CLOSED, batch=batch)
        entry = journal.Entry(kind="cases.imported", subject=("import", str(batch)), data={"batch": str(batch)})
        journal.record(entry, by=SYSTEM, at=clock.now())
    rollups.catch_up()
    assert DayByPlace.objects.get(code=town.STREET).closed == 7
    assert rollups.check() == []


def test_a_difference_is_found_named_and_mended(committed_world: World, capsys: pytest.CaptureFixture[str]) -> None:
    case = reported(committed_world)
    rollups.catch_up()
    OpenByPlace.objects.filter(code=town.GRID).update(open=5)
    Case.objects.filter(pk=case.pk).update(is_overdue=True)  # behind the journal's back
    with pytest.raises(CommandError, match="有 4 处不一致"):
        call_command("rollups", "check")
    assert "cases_openbyplace" in capsys.readouterr().out
    call_command("rollups", "rebuild")
    assert rollups.check() == []
    assert open_in(town.GRID) == 1


def test_a_case_that_is_gone_no_longer_counts(committed_world: World) -> None:
    case = reported(committed_world)
    rollups.catch_up()
    with acting(SYSTEM):
        Case.objects.filter(pk=case.pk).delete()
        say(case)
    assert rollups.check() == []
    assert open_in("") == 0


def test_days_are_beijing_days(committed_world: World) -> None:
    before = clock.day_start(date(2026, 3, 2)) - timedelta(seconds=1)  # 23:59:59 on 1 March
    reported(committed_world, at=before)
    reported(committed_world, at=before + timedelta(seconds=1))
    rollups.catch_up()
    found = DayByPlace.objects.filter(code="").order_by("day").values_list("day", "reported")
    assert list(found) == [(date(2026, 3, 1), 1), (date(2026, 3, 2), 1)]


@pytest.fixture
def a_week(committed_world: World) -> World:
    chance = random.Random(11)
    with acting(SYSTEM):
        kinds = [category(f"{number:02d}").pk for number in (71, 72)]
    for _ in range(90):
        happen(committed_world, chance, kinds)
    rollups.catch_up()
    return committed_world


POSTS = ["grid_worker", "community", "street_seat", "district_seat", "department_clerk", "department_leader"]


@pytest.mark.parametrize("who", POSTS)
def test_the_counts_of_the_queues_are_the_lengths_of_the_lists(a_week: World, who: str) -> None:
    by = a_week[who].actor
    with acting(by):
        answer = queue_counts(by, at=clock.now())
        for queue, number in answer["counts"].items():
            where = queue_condition(Queue(queue), by=by, at=clock.now())
            assert Case.objects.visible_to(by).filter(where).count() == number, (who, queue)
    assert answer["as_of"]["position"] > 0


@pytest.mark.parametrize("who", ["grid_chief", "community", "street_seat", "district_seat"])
def test_figures_of_a_place_are_counts_of_its_cases(a_week: World, who: str) -> None:
    by, today = a_week[who].actor, clock.today()
    period = figures.Period(today - timedelta(days=6), today + timedelta(days=1))
    inside: Callable[[str], bool] = by.covers
    with acting(SYSTEM):
        cases = [case for case in Case.objects.all() if inside(case.reported_grid)]
        still_open = [case for case in Case.objects.open() if inside(case.current_grid)]
    with acting(by):
        days = figures.by_days(by, period)["days"]
        kinds = figures.by_category(by, period)["items"]
        board = figures.dashboard(by, today=today)
    for day in days:
        came = [case for case in cases if clock.day_of(case.reported_at) == day["day"]]
        went = [case for case in cases if case.closed_at and clock.day_of(case.closed_at) == day["day"]]
        assert (day["reported"], day["closed"]) == (len(came), len(went))
        assert day["closed_in_time"] == sum(not case.was_late for case in went)
        assert day["answered_in_5"] == sum(
            case.answered_at is not None and case.answered_at - case.reported_at <= timedelta(minutes=5)
            for case in came
        )
        assert day["satisfied"] == sum((case.satisfaction or 0) >= 4 for case in went)
    assert len(days) == 7 and sum(day["reported"] for day in days) == len(cases)
    assert sum(kind["reported"] for kind in kinds) == len(cases)
    assert sum(kind["closed_in_time"] for kind in kinds) == sum(day["closed_in_time"] for day in days)
    assert board["open"]["open"] == len(still_open) == sum(board["open"]["states"].values())
    assert board["open"]["overdue"] == sum(case.is_overdue for case in still_open)


def test_children_of_a_place_add_up_to_it(a_week: World) -> None:
    by, today = a_week["district_seat"].actor, clock.today()
    period = figures.Period(today - timedelta(days=6), today + timedelta(days=1))
    with acting(by):
        streets = figures.by_place(by, period)["items"]
        communities = figures.by_place(by, period, code=town.STREET)["items"]
        grids = figures.by_place(by, period, code=town.COMMUNITY)["items"]
    assert {row["code"] for row in streets} == {town.STREET, town.OTHER_STREET}
    assert {row["code"] for row in communities} == {town.COMMUNITY, town.NEIGHBOUR_COMMUNITY}
    assert {row["code"] for row in grids} == {f"{town.COMMUNITY}00{number}" for number in (1, 2, 3)}
    own = DayByPlace.objects.filter(code=town.STREET).values_list("reported", flat=True)
    assert next(row for row in streets if row["code"] == town.STREET)["reported"] == sum(own)


def test_a_department_has_the_figures_of_its_unit(a_week: World) -> None:
    leader = api_as(a_week["department_leader"])
    board = leader.get("/api/figures/dashboard").json()
    with acting(SYSTEM):
        led = Case.objects.open().filter(lead_path__startswith=a_week.unit("D-CG").path).count()
    assert board["basis"] == "unit" and board["open"]["open"] == led
    since, until = clock.today() - timedelta(days=5), clock.today() + timedelta(days=1)
    units = leader.get("/api/figures/by-unit", since=since, until=until).json()["items"]
    assert {row["path"] for row in units} <= {a_week.unit(code).path for code in ("D-CG", "D-CG-1", "D-CG-2")}
    assert sum(row["open"] for row in units) == led


def test_figures_stay_in_scope_and_periods_in_bounds(a_week: World) -> None:
    seat, today = api_as(a_week["street_seat"]), clock.today()
    week = {"since": today - timedelta(days=7), "until": today}
    assert seat.get("/api/figures/dashboard", code=town.OTHER_STREET).status_code == 403
    assert seat.get("/api/figures/by-place", code=town.OTHER_COMMUNITY, **week).status_code == 403
    assert seat.get("/api/figures/by-unit", unit=a_week.unit("D-SW").path, **week).status_code == 403
    assert seat.get("/api/figures/days", since=today, until=today).status_code == 422
    assert seat.get("/api/figures/days", since="1999-01-01", until=today).status_code == 422
    assert api_as(a_week["grid_worker"]).get("/api/figures/dashboard").status_code == 403
    district = seat.get("/api/figures/by-place", code=town.DISTRICT, **week).json()["items"]
    assert [row["code"] for row in district] == [town.STREET]


def test_two_answers_at_one_position_agree(a_week: World) -> None:
    seat = api_as(a_week["district_seat"])
    today = clock.today()
    board = seat.get("/api/figures/dashboard").json()
    places = seat.get("/api/figures/by-place", since=today, until=today + timedelta(days=1)).json()
    counts = seat.get("/api/cases/counts").json()
    assert board["as_of"]["position"] == places["as_of"]["position"] == counts["as_of"]["position"]
    assert board["open"]["overdue"] == counts["counts"]["overdue"]

"""巡查: what a change of its plan does to rounds that are planned, under way or out of reach."""

from datetime import timedelta
from typing import Any

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.models import JournalEntry
from wangge.field.actions.patrol_days import plans_of, roll_up
from wangge.field.actions.rounds import miss_rounds
from wangge.field.models import PatrolDay, Round
from wangge.field.tests.test_patrols import LAT, LON, body, check, mine, ok, plan, rounds
from wangge.testing.client import api_as
from wangge.testing.world import World


def test_open_rounds_count_the_points_a_plan_has_now(world: World) -> None:
    made, worker = plan(world), api_as(world["grid_worker"])
    check(worker, mine(worker)[0], 0)
    more = [*made["points"], {"name": "新点", "lon": LON, "lat": LAT}]
    path = f"/api/field/patrol-plans/{made['id']}"
    ok(api_as(world["community"]).put(path, body(points=more, version=1)))
    assert (mine(worker)[0]["count"], mine(api_as(world["grid_chief"]))[0]["count"]) == (3, 3)
    ok(api_as(world["community"]).put(path, body(points=made["points"][:1], version=2)))
    assert [(one["state"], one["count"]) for one in mine(worker)] == [("kept", 1)], "nothing is left to walk"


def test_a_point_dropped_while_a_phone_was_out_of_reach_completes_no_round(world: World) -> None:
    made, worker = plan(world, count=3), api_as(world["grid_worker"])
    offline = mine(worker)[0]
    points = [*made["points"][:2], {"name": "新点", "lon": LON, "lat": LAT}]
    ok(api_as(world["community"]).put(f"/api/field/patrol-plans/{made['id']}", body(points=points, version=1)))
    for number in (0, 1, 2):
        walk = check(worker, offline, number)
    assert (walk["state"], walk["seen"], walk["count"]) == ("begun", 3, 4), "what was walked stays, the new one is left"
    (new,) = (number for number, point in enumerate(walk["points"]) if point["check"] is None)
    assert check(worker, walk, new)["state"] == "kept"


def test_a_round_of_a_day_before_the_points_changed_still_asks_for_its_own(world: World) -> None:
    made, worker = plan(world), api_as(world["grid_worker"])
    walk, yesterday = mine(worker)[0], clock.now() - timedelta(days=1)
    with acting(Actor.system("test")):
        days = {"day": clock.day_of(yesterday), "from_date": clock.day_of(yesterday)}
        Round.objects.filter(pk=walk["id"]).update(state="missed", **days)
    points = [made["points"][0], {"name": "新点", "lon": LON, "lat": LAT}]
    ok(api_as(world["community"]).put(f"/api/field/patrol-plans/{made['id']}", body(points=points, version=1)))
    for number in (0, 1):
        late = check(worker, walk, number, happened_at=yesterday.isoformat())
    assert (late["state"], late["seen"], late["count"]) == ("kept", 2, 2)


def everybodys() -> set[Any]:
    with acting(Actor.system("test")):
        return set(Round.objects.values_list("pk", flat=True))


def change(world: World, made: Any, **more: Any) -> Any:
    """The plan as it stands, with some of it changed."""
    kept = ("grid", "name", "per", "times", "posts", "points", "valid_from", "valid_to", "is_active")
    path = f"/api/field/patrol-plans/{made['id']}"
    now = ok(api_as(world["community"]).get(path))
    return ok(api_as(world["community"]).put(path, {name: now[name] for name in (*kept, "version")} | more))


def missed(days: int = 1) -> int:
    with acting(Actor.system("rounds")) as by:
        return miss_rounds(by=by, at=clock.now() + timedelta(days=days), limit=100)


def rolled_up(day: Any) -> list[Any]:
    """Rounds, kept, withdrawn, points asked for, seen."""
    with acting(Actor.system("patrols")):
        roll_up(day=day, plans=plans_of(day), at=clock.now())
        return list(PatrolDay.objects.values_list("rounds", "kept", "withdrawn", "points", "seen"))


def test_rounds_of_a_plan_that_is_stopped_are_withdrawn_and_missed_by_nobody(world: World) -> None:
    made, worker, today = plan(world), api_as(world["grid_worker"]), clock.today()
    offline = mine(worker)[0]
    with acting(Actor.system("patrols")):
        assert roll_up(day=today, plans=plans_of(today), at=clock.now()) == 1
    change(world, made, is_active=False)
    assert (mine(worker), missed()) == ([], 0)
    assert ok(worker.get("/api/field/today"))["patrol"]["rounds"] == 0
    with acting(Actor.system("patrols")):
        assert roll_up(day=today, plans=plans_of(today), at=clock.now()) == 0 and not PatrolDay.objects.exists()
    assert JournalEntry.objects.filter(kind="patrol.withdrawn").count() == 2
    assert check(worker, offline, 0)["seen"] == 1, "out of reach when it was stopped: nothing is lost"
    assert [walk["state"] for walk in mine(worker)] == ["withdrawn"] and missed() == 0
    assert rolled_up(today) == [(0, 0, 1, 1, 1)], "what was walked counts, and nothing is owed"
    assert check(worker, offline, 1)["state"] == "kept"
    assert rolled_up(today) == [(1, 1, 0, 2, 2)]


def test_a_plan_started_again_asks_for_its_rounds_again(world: World) -> None:
    made, worker = plan(world), api_as(world["grid_worker"])
    check(worker, mine(worker)[0], 0)
    before = everybodys()
    change(world, made, is_active=False)
    assert [walk["state"] for walk in mine(worker)] == ["withdrawn"], "who has begun may end"
    change(world, made)
    assert mine(worker)[0]["state"] == "withdrawn", "nothing else starts it"
    change(world, made, is_active=True)
    assert [walk["state"] for walk in mine(worker)] == ["begun"]
    assert [walk["state"] for walk in mine(api_as(world["grid_chief"]))] == ["planned"]
    assert everybodys() == before and missed() == 2


def test_who_walks_it_no_more_misses_nothing(world: World) -> None:
    worker, chief = world["grid_worker"], world["grid_chief"]
    made = plan(world, posts=[worker.post.pk])
    change(world, made, posts=[chief.post.pk])
    assert (mine(api_as(worker)), len(mine(api_as(chief)))) == ([], 1)
    chief.post.__class__.objects.filter(pk=chief.post.pk).update(revoked_at=clock.now())
    assert (rounds(), len(mine(api_as(worker)))) == (0, 1), "whoever is left is asked again"


def test_fewer_rounds_a_day_are_fewer_from_now_on(world: World) -> None:
    made, worker = plan(world, times=3), api_as(world["grid_worker"])
    check(worker, mine(worker)[1], 0)
    change(world, made, times=1)
    assert [(walk["number"], walk["state"]) for walk in mine(worker)] == [(1, "planned"), (2, "withdrawn")]
    assert missed() == 2, "one for each of the two"


def test_a_weekly_round_moves_with_the_end_of_its_plan(world: World) -> None:
    made, worker, today = plan(world, per="week"), api_as(world["grid_worker"]), clock.today()
    (walk,) = mine(worker)
    change(world, made, valid_to=str(today + timedelta(days=1)))
    assert [(one["id"], one["day"]) for one in mine(worker)] == [(walk["id"], str(today))] and rounds() == 0
    change(world, made, valid_to=None)
    assert [(one["id"], one["day"]) for one in mine(worker)] == [(walk["id"], walk["day"])] and rounds() == 0
    assert len(everybodys()) == 2


def test_who_has_walked_this_week_is_not_asked_again_for_a_later_end(world: World) -> None:
    today = clock.today()
    made, worker = plan(world, per="week", valid_to=str(today + timedelta(days=1))), api_as(world["grid_worker"])
    (walk,) = mine(worker)
    check(worker, walk, 0)
    assert check(worker, walk, 1)["state"] == "kept"
    change(world, made, valid_to=None)
    assert len(mine(worker)) == 1 and len(everybodys()) == 2 and rounds() == 0


def test_from_each_day_to_each_week_and_back_leaves_one_round_to_walk(world: World) -> None:
    made, worker = plan(world), api_as(world["grid_worker"])
    for per in ("week", "day", "week", "day"):
        change(world, made, per=per)
        assert [walk["state"] for walk in mine(worker)] == ["planned"], per
        assert rounds() == 0

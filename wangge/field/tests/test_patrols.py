"""巡查: rounds for whoever looks after the grid, check-ins by place, code or photo, and how plans were kept."""

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wangge.cases.tests.test_evidence import status_of
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry
from wangge.field.actions.patrol_days import plans_of, roll_up
from wangge.field.actions.round_making import make_rounds
from wangge.field.actions.rounds import miss_rounds
from wangge.field.models import Batch, PatrolDay, Round
from wangge.field.rules.patrols import Due, due_on
from wangge.field.rules.points import Point, pack
from wangge.field.tests.test_errands import photo
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

LON, LAT = town.point_in(town.GRID)
FRIDAY = date(2026, 11, 20)


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def body(count: int = 2, **more: Any) -> dict[str, Any]:
    points = [{"name": f"点{number}", "lon": LON + number * 0.001, "lat": LAT} for number in range(count)]
    return {"grid": town.GRID, "name": "早巡", "points": points, "route": [[LON, LAT], [LON + 0.001, LAT]]} | more


def plan(world: World, count: int = 2, **more: Any) -> Any:
    return ok(api_as(world["community"]).post("/api/field/patrol-plans", body(count, **more)), 201)


def rounds(day: date | None = None) -> int:
    with acting(Actor.system("rounds")) as by:
        return make_rounds(day=day or clock.today(), by=by, at=clock.now())


def mine(api: Api) -> Any:
    return ok(api.get("/api/field/patrols"))


def check(api: Api, walk: Any, number: int, status: int = 201, **more: Any) -> Any:
    point = walk["points"][number]
    sent = {"id": str(new_id()), "point_id": point["id"], "how": "place", "happened_at": clock.now().isoformat()}
    sent |= {"lon": point["lon"], "lat": point["lat"], "accuracy": 8}
    return ok(api.post(f"/api/field/patrols/{walk['id']}/checks", sent | more), status)


@pytest.mark.parametrize(
    ("plan_", "day", "due"),
    [
        ({"per": "day"}, FRIDAY, Due(FRIDAY, FRIDAY)),
        ({"per": "day", "weekdays": [1, 5]}, FRIDAY, Due(FRIDAY, FRIDAY)),
        ({"per": "day", "weekdays": [1, 2]}, FRIDAY, None),
        ({"per": "week"}, FRIDAY, Due(date(2026, 11, 16), date(2026, 11, 22))),
        ({"per": "week", "valid_from": date(2026, 11, 18)}, FRIDAY, Due(date(2026, 11, 18), date(2026, 11, 22))),
        ({"per": "week", "valid_to": date(2026, 11, 21)}, FRIDAY, Due(date(2026, 11, 16), FRIDAY)),
        ({"per": "day", "valid_to": FRIDAY}, FRIDAY, None),
        ({"per": "day", "valid_from": date(2026, 11, 21)}, FRIDAY, None),
    ],
)
def test_when_a_round_is_due(plan_: dict[str, Any], day: date, due: Due | None) -> None:
    assert due_on(day, **{"weekdays": [], "valid_from": date(2026, 1, 1), "valid_to": None, **plan_}) == due


def test_rounds_are_made_once_for_each_who_looks_after_the_grid(world: World) -> None:
    plan(world, times=2)
    assert (Round.objects.count(), rounds()) == (4, 0), "two rounds for the worker, two for the chief"
    walks = mine(api_as(world["grid_worker"]))
    assert [(walk["number"], walk["state"], walk["count"]) for walk in walks] == [(1, "planned", 2), (2, "planned", 2)]
    assert mine(api_as(world["stranger_grid_worker"])) == []


def test_a_weekly_round_is_the_same_all_week(world: World) -> None:
    plan(world, per="week", valid_from=str(clock.today() - timedelta(days=30)))
    monday = clock.today() - timedelta(days=clock.today().isoweekday() - 1)
    assert (Round.objects.count(), rounds(monday), rounds(monday + timedelta(days=3))) == (2, 0, 0)
    assert rounds(monday + timedelta(days=7)) == 2


def test_a_round_is_walked_point_by_point(world: World) -> None:
    plan(world)
    rounds()
    worker = api_as(world["grid_worker"])
    walk = mine(worker)[0]
    begun = check(worker, walk, 0)
    assert (begun["state"], begun["seen"], begun["share"]) == ("begun", 1, 0.5)
    kept = check(worker, walk, 1)
    assert kept["state"] == "kept" and kept["points"][1]["check"]["distance_m"] == 0
    kinds = JournalEntry.objects.filter(subject_type="round", subject_id=walk["id"]).values_list("kind", flat=True)
    assert list(kinds) == ["patrol.checked"] * 2


def test_from_afar_only_with_a_reason_that_stays_as_a_deviation(world: World) -> None:
    plan(world)
    rounds()
    worker = api_as(world["grid_worker"])
    walk = mine(worker)[0]
    refused = check(worker, walk, 0, 422, lon=LON + 0.002)
    assert refused["code"] == "patrol.too_far" and 150 < refused["data"]["distance_m"] < 220
    assert check(worker, walk, 0, 422, lon=LON + 0.002, accuracy=5000)["code"] == "patrol.too_far"
    told = check(worker, walk, 0, lon=LON + 0.002, reason="小区封闭施工，隔门查看")
    assert told["deviations"] == 1 and told["points"][0]["check"]["deviation"]


def test_by_code_only_the_sign_of_that_point_counts(world: World) -> None:
    points = [{"name": f"点{n}", "lon": LON, "lat": LAT, "has_code": True} for n in range(2)]
    made = plan(world, points=points)
    signs = ok(api_as(world["community"]).get(f"/api/field/patrol-plans/{made['id']}/codes"))
    token = signs[0]["text"].removeprefix("wangge:point:")
    rounds()
    worker = api_as(world["grid_worker"])
    walk = mine(worker)[0]
    assert walk["points"][0]["code_sha256"] == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(walk) and signs[0]["svg"].startswith("<svg")
    assert worker.get(f"/api/field/patrol-plans/{made['id']}/codes").status_code == 403
    assert check(worker, walk, 1, 422, how="code", token=token)["fields"].keys() == {"token"}
    assert check(worker, walk, 0, how="code", token=token, lon=None, lat=None)["seen"] == 1


def test_a_photo_where_one_is_needed_and_a_reason_where_one_is_skipped(world: World) -> None:
    plan(world, points=[{"name": f"点{n}", "lon": LON, "lat": LAT, "photo_needed": True} for n in range(2)])
    rounds()
    worker = api_as(world["grid_worker"])
    walk = mine(worker)[0]
    assert check(worker, walk, 0, 422)["fields"].keys() == {"evidence"}
    piece = photo(worker)
    assert check(worker, walk, 0, evidence=[piece])["seen"] == 1
    assert status_of(api_as(world["community"]).get(f"/api/field/pieces/{piece}/small")) == 200
    assert check(worker, walk, 1, 422, how="skipped")["fields"].keys() == {"reason"}
    kept = check(worker, walk, 1, how="skipped", reason="道路封闭")
    assert (kept["state"], kept["seen"], kept["skipped"], kept["share"]) == ("kept", 1, 1, 0.5)


def test_the_same_check_twice_is_one_and_another_of_the_same_point_says_how_it_stands(world: World) -> None:
    plan(world)
    rounds()
    worker, key = api_as(world["grid_worker"]), str(new_id())
    walk = mine(worker)[0]
    assert check(worker, walk, 0, id=key)["seen"] == check(worker, walk, 0, id=key)["seen"] == 1
    now = check(worker, walk, 0, 409)["data"]["now"]
    assert (now["who"], now["what"], now["round"]["seen"]) == ("王小格", "place", 1)


def test_another_workers_round_is_as_absent(world: World) -> None:
    plan(world)
    rounds()
    walk = mine(api_as(world["grid_worker"]))[0]
    check(api_as(world["stranger_grid_worker"]), walk, 0, 404)
    check(api_as(world["grid_chief"]), walk, 0, 404)
    assert ok(api_as(world["community"]).get(f"/api/field/patrols/{walk['id']}"))["name"] == "王小格"


def test_a_round_ends_early_only_with_a_reason(world: World) -> None:
    plan(world)
    rounds()
    worker = api_as(world["grid_worker"])
    walk = mine(worker)[0]
    path, now = f"/api/field/patrols/{walk['id']}/end", clock.now().isoformat()
    assert worker.post(path, {"happened_at": now}).status_code == 422
    assert ok(worker.post(path, {"happened_at": now, "reason": "接到紧急任务"}))["state"] == "ended"
    assert check(worker, walk, 0, 409)["code"] == "patrol.not_now"


def test_a_missed_round_still_takes_what_comes_out_of_a_dead_zone(world: World) -> None:
    plan(world)
    rounds()
    with acting(Actor.system("rounds")) as by:
        assert miss_rounds(by=by, at=clock.now() + timedelta(days=1), limit=10) == 2
        assert miss_rounds(by=by, at=clock.now() + timedelta(days=1), limit=10) == 0
    worker = api_as(world["grid_worker"])
    walk = mine(worker)[0]
    assert walk["state"] == "missed" and check(worker, walk, 0)["state"] == "begun"
    early = (clock.now() - timedelta(days=2)).isoformat()
    assert check(worker, walk, 1, 422, happened_at=early)["fields"].keys() == {"happened_at"}


def test_how_a_plan_was_kept_by_check_ins_and_by_the_track(world: World) -> None:
    made, today = plan(world), clock.today()
    rounds()
    worker = api_as(world["grid_worker"])
    check(worker, mine(worker)[0], 0)
    start = int(clock.now().timestamp() * 1000)
    walked = [Point(start + step * 10_000, LON + step * 0.0001, LAT, 5.0) for step in range(-1, 12)]
    with acting(Actor.system("patrols")):
        heard(world, today, walked)
        assert roll_up(day=today, plans=plans_of(today), at=clock.now()) == 1
        roll_up(day=today, plans=plans_of(today), at=clock.now())
    asked = {"since": str(today), "until": str(today + timedelta(days=1))}
    (row,) = ok(api_as(world["street_seat"]).get("/api/field/patrol-plans/keeping", **asked))
    assert (row["plan_id"], row["rounds"], row["points"], row["seen"], row["kept"]) == (made["id"], 2, 4, 1, 0)
    assert row["on_track"] == 2 and row["route_share"] > 0.95
    assert ok(api_as(world["stranger_street_seat"]).get("/api/field/patrol-plans/keeping", **asked)) == []


def test_a_weekly_round_walked_on_two_days_is_one_way(world: World) -> None:
    """Half the route and the first point on one day, the rest on another."""
    today = clock.today()
    end = today + timedelta(days=6 - today.weekday())
    plan(world, per="week", valid_from=str(today - timedelta(days=7)), route=[[LON, LAT], [LON + 0.002, LAT]])
    rounds()
    first = end - timedelta(days=6)
    with acting(Actor.system("patrols")):
        Round.objects.filter(post=world["grid_worker"].post).update(
            state=Round.State.BEGUN, begun_at=clock.day_start(first) + timedelta(hours=9)
        )
        for day, steps in ((first, range(6)), (first + timedelta(days=2), range(6, 21))):
            start = int((clock.day_start(day) + timedelta(hours=9)).timestamp() * 1000)
            heard(world, day, [Point(start + n * 10_000, LON + n * 0.0001, LAT, 5.0) for n in steps])
        roll_up(day=end, plans=plans_of(end), at=clock.now())
        (row,) = PatrolDay.objects.filter(day=end)
    assert row.on_track == 2 and row.route_share is not None and row.route_share > 0.95


def heard(world: World, day: date, walked: list[Point]) -> None:
    """As the house."""
    Batch.objects.create(
        day=day,
        post_id=world["grid_worker"].post.pk,
        id=new_id(),
        code=town.GRID,
        since_ms=walked[0].ms,
        until_ms=walked[-1].ms,
        received_at=clock.now(),
        points=pack(walked),
    )


def test_whoever_watches_sees_each_point_with_its_reason_and_photo(world: World) -> None:
    made, worker, seat = plan(world, 3), api_as(world["grid_worker"]), api_as(world["street_seat"])
    rounds()
    walk, piece = mine(worker)[0], photo(worker)
    check(worker, walk, 0, evidence=[piece])
    check(worker, walk, 1, lon=LON + 0.002, reason="道路封闭，从河对岸看")
    check(worker, walk, 2, how="skipped", reason="施工围挡")
    path = f"/api/field/patrol-plans/{made['id']}/rounds"
    found = ok(seat.get(path, day=str(clock.today())))
    [row] = [one for one in found if one["name"] == world["grid_worker"].user.name]
    assert [(point["check"]["how"], point["check"]["reason"]) for point in row["points"]] == [
        ("place", ""),
        ("place", "道路封闭，从河对岸看"),
        ("skipped", "施工围挡"),
    ]
    assert [[one["id"] for one in point["check"]["photos"]] for point in row["points"]] == [[piece], [], []]
    assert "code_sha256" not in row["points"][0] and (row["deviations"], row["skipped"]) == (1, 1)
    assert ok(seat.get(path, day=str(clock.today() - timedelta(days=1)))) == []
    assert api_as(world["stranger_street_seat"]).get(path, day=str(clock.today())).status_code == 404
    assert worker.get(path, day=str(clock.today())).status_code == 403


def test_a_district_of_plans_is_closed_and_rolled_up_in_as_many_queries_as_two(world: World) -> None:
    today, tomorrow = clock.today(), clock.now() + timedelta(days=1)

    def closed(*names: str) -> tuple[int, int, int]:
        for name in names:
            plan(world, name=name)
        rounds()
        with acting(Actor.system("patrols")) as by, CaptureQueriesContext(connection) as asked:
            missed = miss_rounds(by=by, at=tomorrow, limit=100)
            return missed, roll_up(day=today, plans=plans_of(today), at=clock.now()), len(asked)

    *two, queries = closed("早巡", "晚巡")
    assert (two, closed("夜巡", "午巡", "巡河")) == ([4, 2], (6, 5, queries))
    assert JournalEntry.objects.filter(kind="patrol.missed").count() == 10
    with acting(Actor.system("patrols")):
        assert list(PatrolDay.objects.values_list("rounds", "points", "seen")) == [(2, 4, 0)] * 5


def test_a_plan_changes_by_version_and_keeps_the_points_it_names(world: World) -> None:
    made, seat = plan(world), api_as(world["community"])
    path, first = f"/api/field/patrol-plans/{made['id']}", made["points"][0]
    points = [
        {"id": first["id"], "name": "改名", "lon": LON, "lat": LAT},
        {"name": "新点", "lon": LON, "lat": LAT, "has_code": True},
    ]
    changed = ok(seat.put(path, body(points=points, version=1)))
    assert [point["name"] for point in changed["points"]] == ["改名", "新点"]
    assert changed["points"][0]["id"] == first["id"] and changed["version"] == 2
    assert seat.put(path, body(version=1)).status_code == 409
    alien = [{"id": str(new_id()), "name": "别家", "lon": LON, "lat": LAT}]
    assert seat.put(path, body(points=alien, version=2)).status_code == 422
    assert api_as(world["stranger_community"]).put(path, body(version=2)).status_code == 404
    assert api_as(world["grid_worker"]).put(path, body(version=2)).status_code == 403
    assert len(mine(api_as(world["grid_worker"]))) == 1, "today's goes on"


def test_a_new_plan_is_on_the_phone_at_once(world: World) -> None:
    plan(world)
    assert [walk["count"] for walk in mine(api_as(world["grid_worker"]))] == [2]


def test_only_those_chosen_walk_it_while_any_of_them_serves_the_grid(world: World) -> None:
    worker, chief = api_as(world["grid_worker"]), api_as(world["grid_chief"])
    made = plan(world, posts=[world["grid_worker"].post.pk])
    assert (len(mine(worker)), len(mine(chief))) == (1, 0) and made["posts"] == [world["grid_worker"].post.pk]
    world["grid_worker"].post.__class__.objects.filter(pk=world["grid_worker"].post.pk).update(revoked_at=clock.now())
    assert rounds() == 1 and len(mine(chief)) == 1
    shown = ok(api_as(world["community"]).get(f"/api/field/patrol-plans/{made['id']}"))
    assert shown["walkers"] == [{"post_id": made["posts"][0], "name": "王小格"}], "not a number, though gone"
    stranger = body(posts=[world["stranger_grid_worker"].post.pk])
    refused = api_as(world["community"]).post("/api/field/patrol-plans", stranger)
    assert refused.status_code == 422 and refused.json()["fields"].keys() == {"posts"}


def test_a_plan_moved_to_another_grid_is_not_walked_by_those_of_the_last(world: World) -> None:
    made, seat = plan(world, posts=[world["grid_worker"].post.pk]), api_as(world["community"])
    moved = body(grid=town.NEIGHBOUR_GRID, points=made["points"], version=1)
    path = f"/api/field/patrol-plans/{made['id']}"
    assert seat.put(path, moved | {"posts": made["posts"]}).json()["fields"].keys() == {"posts"}
    assert ok(seat.put(path, moved))["grid"] == town.NEIGHBOUR_GRID


def test_whoever_looks_after_the_grid_can_be_chosen(world: World) -> None:
    found = ok(api_as(world["community"]).get("/api/field/workers", grid=town.GRID))
    assert {one["post_id"] for one in found} == {world["grid_worker"].post.pk, world["grid_chief"].post.pk}


def test_the_days_of_a_plan_are_said_before_it_is_made(world: World) -> None:
    asked = {"per": "day", "weekdays": [1, 3], "valid_from": "2099-11-18", "valid_to": "2099-12-01"}
    found = ok(api_as(world["community"]).get("/api/field/patrol-plans/days", **asked))
    assert [one["day"] for one in found] == ["2099-11-18", "2099-11-23", "2099-11-25", "2099-11-30"]
    weekly = ok(api_as(world["community"]).get("/api/field/patrol-plans/days", per="week"))
    assert len(weekly) in (6, 7) and all(one["since"] <= one["day"] for one in weekly)

"""A proposal is drawn up by one and approved by another; several changes are one, and the day does the rest."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wangge.accounts.models import Post, Unit
from wangge.cases.models import Case
from wangge.cases.tests.factories import make_case
from wangge.core import clock
from wangge.core.models import JournalEntry
from wangge.grids import queries
from wangge.grids.models import Boundary, Division, Grid, Plan, Succession, TeamMember
from wangge.grids.tasks import take_due_redraw
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

ACROSS = [[118.789, 32.026], [118.7955, 32.026]]
SPLIT = {"act": "split", "code": town.GRID, "line": ACROSS}
NORTH, SOUTH = (118.7925, 32.028), (118.7925, 32.022)


@pytest.fixture
def seat(world: World) -> Api:
    return api_as(world["street_seat"])


@pytest.fixture
def commander(world: World) -> Api:
    return api_as(world["commander"])


def day(after: int = 10) -> date:
    return clock.today() + timedelta(days=after)


def drawn_up(api: Api, *steps: dict[str, Any], **more: Any) -> Any:
    body = {"title": "柳岸社区网格优化", "date": day(), "reason": "小区入住", "steps": list(steps), **more}
    answer = api.post("/api/plans", body)
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def submitted(api: Api, *steps: dict[str, Any]) -> Any:
    plan = drawn_up(api, *steps)
    answer = api.post(f"/api/plans/{plan['id']}/submit")
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def approved(api: Api, plan: Any) -> Any:
    card = api.get(f"/api/plans/{plan['id']}").json()
    answer = api.post(f"/api/plans/{plan['id']}/approve", {"fingerprint": card["effect"]["fingerprint"]})
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def effect(api: Api, *steps: dict[str, Any]) -> Any:
    answer = api.post("/api/plans/effect", {"date": day(), "steps": list(steps)})
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def days_pass(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    later = clock.now() + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: later)
    while take_due_redraw():
        pass


def at(place: tuple[float, float], after: int = 10) -> str | None:
    return queries.index(day(after)).locate(*place)


def test_what_is_submitted_changes_nothing_until_another_approves_it(seat: Api, commander: Api) -> None:
    plan = submitted(seat, SPLIT)
    assert plan["state"] == "submitted" and at(NORTH) == town.GRID
    done = approved(commander, plan)
    assert done["state"] == "approved" and len(done["redraws"]) == 1
    assert at(NORTH) != town.GRID and at(NORTH, after=9) == town.GRID
    kinds = list(JournalEntry.objects.filter(subject_type="plan").order_by("at").values_list("kind", flat=True))
    assert kinds == ["plan.submitted", "plan.approved"]


def test_nobody_approves_a_proposal_of_their_own(world: World, seat: Api) -> None:
    plan = submitted(seat, SPLIT)
    role = world["street_seat"].role
    role.permissions = [*role.permissions, "grid.approve"]
    role.save()
    answer = api_as(world["street_seat"]).post(f"/api/plans/{plan['id']}/approve", {"fingerprint": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "grids.own_plan")
    assert not api_as(world["street_seat"]).get(f"/api/plans/{plan['id']}").json()["may_decide"]


def test_a_step_can_use_what_an_earlier_one_makes_and_all_of_it_is_one_redrawing(seat: Api, commander: Api) -> None:
    parts = effect(seat, SPLIT)["steps"][0]["codes"]
    merge = {"act": "merge", "codes": [parts[1], town.NEIGHBOUR_GRID], "into": town.NEIGHBOUR_GRID}
    both = effect(seat, SPLIT, merge)
    assert {one["code"] for one in both["after"]} == {parts[0], town.NEIGHBOUR_GRID}
    assert town.GRID in {one["code"] for one in both["before"] if one["ends"]}
    approved(commander, submitted(seat, *both["steps"]))
    assert Succession.objects.filter(from_code=town.GRID, to_code=town.NEIGHBOUR_GRID, kind="plan").exists()
    assert Grid.objects.filter(code=parts[1]).count() == 0  # made and merged within the proposal: never was
    assert at(SOUTH if parts[0] != at(SOUTH) else NORTH) == town.NEIGHBOUR_GRID


def test_teams_go_with_the_ground_and_a_planned_proposal_is_taken_back_whole(seat: Api, commander: Api) -> None:
    before = set(TeamMember.objects.values_list("grid", "kind", "name", "valid_from", "valid_to"))
    done = approved(commander, submitted(seat, SPLIT))
    created = Grid.objects.filter(valid_from=day()).values_list("code", flat=True)
    chiefs = TeamMember.objects.filter(grid__in=created, kind="chief")
    assert chiefs.count() == len(created) == 2
    cancelled = seat.post(f"/api/redraws/{done['redraws'][0]}/cancel", {"reason": "上级未批"})
    assert cancelled.status_code == 200, cancelled.content.decode()
    card = commander.get(f"/api/plans/{done['id']}").json()
    assert (card["state"], card["cancelled"]["by_name"], card["cancelled"]["reason"]) == (
        "cancelled",
        "钱街道",
        "上级未批",
    )
    assert [one["id"] for one in seat.get("/api/plans", state="cancelled").json()["items"]] == [done["id"]]
    assert seat.get("/api/plans", state="approved").json()["items"] == []
    assert set(TeamMember.objects.values_list("grid", "kind", "name", "valid_from", "valid_to")) == before
    assert at(NORTH) == town.GRID


def test_what_is_returned_comes_back_with_its_reason_and_can_be_sent_again(seat: Api, commander: Api) -> None:
    plan = submitted(seat, SPLIT)
    refused = commander.post(f"/api/plans/{plan['id']}/return", {"reason": " "})
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["reason"])
    commander.post(f"/api/plans/{plan['id']}/return", {"reason": "请避开学校"})
    card = seat.get(f"/api/plans/{plan['id']}").json()
    assert (card["state"], card["decision"], card["may_edit"]) == ("returned", "请避开学校", True)
    assert seat.post(f"/api/plans/{plan['id']}/submit").json()["state"] == "submitted"


def test_an_approver_who_looked_before_the_ground_changed_looks_again(world: World, seat: Api, commander: Api) -> None:
    plan = submitted(seat, {"act": "merge", "codes": [town.NEIGHBOUR_GRID, town.DEDICATED_GRID], "into": ""})
    seen = commander.get(f"/api/plans/{plan['id']}").json()["effect"]["fingerprint"]
    shape = {"type": "Polygon", "coordinates": [[[118.79, 32.02], [118.7955, 32.02], [118.7955, 32.03], [118.79, 32.03], [118.79, 32.02]]]}  # fmt: skip  # noqa: E501
    redrawn = api_as(world["administrator"]).post(f"/api/grids/{town.GRID}/draw", {"shape": shape})
    assert redrawn.status_code == 200, redrawn.content.decode()
    late = commander.post(f"/api/plans/{plan['id']}/approve", {"fingerprint": seen})
    assert (late.status_code, late.json()["code"]) == (409, "grids.ground_moved")
    assert Plan.objects.get().state == "submitted"


def test_gaps_and_overlaps_are_shown_while_one_draws_and_refused_when_submitted(seat: Api) -> None:
    west, south, east, north = town.SHAPES[town.GRID].bounds
    ring = [[west, south], [east - 0.001, south], [east - 0.001, north], [west, north], [west, south]]
    shift = {"act": "shift", "shapes": {town.GRID: {"type": "Polygon", "coordinates": [ring]}}}
    found = effect(seat, shift)
    assert not found["is_whole"]
    (gap,) = (one for one in found["findings"] if one["kind"] == "boundary.gap")
    assert gap["is_new"] and gap["geometry"]["type"] == "Polygon" and gap["area_m2"] > 90_000
    plan = drawn_up(seat, shift)
    assert plan["refusal"]
    refused = seat.post(f"/api/plans/{plan['id']}/submit")
    assert (refused.status_code, refused.json()["code"]) == (422, "grids.breaks_net")


def test_a_border_moved_for_both_neighbours_keeps_the_net_whole(seat: Api, commander: Api) -> None:
    net = seat.get("/api/grids/net", community=town.COMMUNITY).json()
    shapes = {one["properties"]["code"]: one["geometry"] for one in net["features"]}
    border = [118.795, 32.02]

    def moved(code: str) -> Any:
        rings = [
            [[c + 0.0005, y] if [c, y] == border else [c, y] for c, y in ring] for ring in shapes[code]["coordinates"]
        ]
        return {"type": "Polygon", "coordinates": rings}

    shift = {"act": "shift", "shapes": {code: moved(code) for code in (town.GRID, town.NEIGHBOUR_GRID)}}
    found = effect(seat, shift)
    assert found["is_whole"] and {one["code"] for one in found["after"]} == {town.GRID, town.NEIGHBOUR_GRID}
    approved(commander, submitted(seat, shift))
    assert at((118.7951, 32.0201)) == town.GRID


def test_the_open_cases_that_move_are_counted_and_listed(world: World, seat: Api, commander: Api) -> None:
    make_case(world, lon=NORTH[0], lat=NORTH[1], title="要转走的")
    make_case(world, lon=118.797, lat=32.022, code=town.NEIGHBOUR_GRID, title="不动的")
    plan = submitted(seat, SPLIT)
    (moving,) = commander.get(f"/api/plans/{plan['id']}").json()["effect"]["moving"]
    assert (moving["kind"], moving["old"], moving["open"], moving["all"]) == ("cases", town.GRID, 1, 1)
    listed = commander.get(f"/api/plans/{plan['id']}/cases").json()
    assert [(one["title"], one["new"]) for one in listed["items"]] == [("要转走的", moving["new"])]


def test_a_list_of_proposals_reads_no_shapes_and_asks_no_more_for_more(seat: Api) -> None:
    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as caught:
            items = seat.get("/api/plans").json()["items"]
        assert items[-1]["acts"] == ["merge", "split"]
        return [one["sql"] or "" for one in caught]

    merge = {"act": "merge", "codes": [town.NEIGHBOUR_GRID, town.DEDICATED_GRID]}
    drawn_up(seat, SPLIT, merge)
    few = asked()
    for _ in range(3):
        drawn_up(seat, SPLIT)
    assert len(asked()) == len(few)
    assert not [sql for sql in few if '"reason", "grids_plan"."steps"' in sql]


def merging() -> dict[str, Any]:
    return {"act": "pass_on", "source": town.NEIGHBOUR_COMMUNITY, "to": town.COMMUNITY, "ends": True}


def test_a_community_is_merged_into_another_with_all_that_is_in_it(
    world: World, seat: Api, commander: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = f"{town.NEIGHBOUR_COMMUNITY}001"
    lon, lat = town.point_in(old)
    case = make_case(world, code=old, lon=lon, lat=lat)
    told = make_case(world, code=town.NEIGHBOUR_COMMUNITY)  # nobody knew the grid
    post = world["grid_worker"].post
    Post.objects.filter(pk=post.pk).update(codes=[town.NEIGHBOUR_COMMUNITY])
    approved(commander, submitted(seat, merging()))
    assert Division.objects.get(code=town.NEIGHBOUR_COMMUNITY).valid_to == day()
    assert Boundary.objects.get(code=town.NEIGHBOUR_COMMUNITY).valid_to == day()
    assert Case.objects.get(pk=case.pk).current_grid == old  # its day is still to come
    days_pass(monkeypatch, 10)
    new = Succession.objects.get(from_code=old).to_code
    assert new.startswith(town.COMMUNITY) and queries.index().locate(lon, lat) == new
    moved, unknown = Case.objects.get(pk=case.pk), Case.objects.get(pk=told.pk)
    assert (moved.current_grid, moved.reported_grid) == (new, old)
    assert unknown.current_grid == town.COMMUNITY
    assert Post.objects.get(pk=post.pk).codes == [town.COMMUNITY]
    assert Unit.objects.get(name="石桥社区工作站").division == town.COMMUNITY
    assert Grid.objects.get(code=new).name == Grid.objects.get(code=old).name
    assert queries.community_coverage(town.COMMUNITY, by=world["street_seat"].actor)["is_whole"]


def test_a_planned_merger_of_communities_is_taken_back(seat: Api, commander: Api) -> None:
    def picture() -> Any:
        return (
            set(Grid.objects.values_list("code", "valid_from", "valid_to")),
            set(Boundary.objects.values_list("code", "valid_from", "valid_to")),
            set(Division.objects.values_list("code", "valid_to")),
        )

    before = picture()
    done = approved(commander, submitted(seat, merging()))
    assert picture() != before
    answer = seat.post(f"/api/redraws/{done['redraws'][0]}/cancel", {"reason": "上级未批"})
    assert answer.status_code == 200, answer.content.decode()
    assert picture() == before


def test_one_grid_passes_to_the_neighbouring_community(seat: Api, commander: Api) -> None:
    step = {
        "act": "pass_on",
        "source": town.COMMUNITY,
        "to": town.NEIGHBOUR_COMMUNITY,
        "grids": [town.NEIGHBOUR_GRID, town.DEDICATED_GRID],
    }
    found = effect(seat, step)
    assert found["is_whole"] and set(found["steps"][0]["codes"]) == {town.NEIGHBOUR_GRID, town.DEDICATED_GRID}
    approved(commander, submitted(seat, step))
    assert Division.objects.get(code=town.COMMUNITY).valid_to is None
    new = at(town.point_in(town.DEDICATED_GRID))
    assert new is not None and new.startswith(town.NEIGHBOUR_COMMUNITY)
    assert Grid.objects.get(code=new).type == "dedicated"


def ring(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


def test_a_code_once_filled_in_is_given_to_no_other_step(seat: Api) -> None:
    pass_on = {
        "act": "pass_on",
        "source": town.COMMUNITY,
        "to": town.NEIGHBOUR_COMMUNITY,
        "grids": [town.NEIGHBOUR_GRID, town.DEDICATED_GRID],
    }
    kept = effect(seat, pass_on)["steps"]
    shape = ring(118.801, 32.021, 118.803, 32.023)
    found = {"act": "found", "under": town.NEIGHBOUR_COMMUNITY, "name": "市场", "shape": shape}
    for steps in ([*kept, found], [found, *kept]):
        named = effect(seat, *steps)["steps"]
        new = next(one["code"] for one in named if one["act"] == "found")
        assert new not in kept[0]["codes"].values() and kept[0] in named


def test_a_grid_that_waits_for_its_boundary_is_drawn_by_a_proposal(seat: Api, commander: Api) -> None:
    """Where the ground is covered a neighbour gives it up, and nobody does that at once."""
    made = seat.post("/api/grids", {"under": town.COMMUNITY, "name": "新小区网格"})
    assert made.status_code == 201, made.content.decode()
    code = made.json()["code"]
    draw = {"act": "draw", "code": code, "shape": ring(118.795, 32.02, 118.7965, 32.03)}
    assert seat.post(f"/api/grids/{code}/draw", {"shape": draw["shape"]}).json()["code"] == "grids.needs_proposal"
    waiting = seat.get("/api/grids/net", community=town.COMMUNITY, day=str(day())).json()["features"][-1]
    assert (waiting["properties"]["code"], waiting["geometry"]) == (code, None)
    assert {one["code"]: one["is_new"] for one in effect(seat, draw)["after"]} == {
        code: False,
        town.NEIGHBOUR_GRID: False,
    }
    approved(commander, submitted(seat, draw))
    assert at((118.796, 32.025)) == code
    grid = Grid.objects.get(code=code)
    assert (grid.name, grid.valid_to) == ("新小区网格", None)


WEST = ring(118.79, 32.02, 118.793, 32.03)
SPLIT_INTO = [
    [f"{town.NEIGHBOUR_COMMUNITY}008", f"{town.NEIGHBOUR_COMMUNITY}009"],
    [f"{town.GRID}08", f"{town.GRID}09"],
    [town.GRID, town.NEIGHBOUR_GRID],
    [town.GRID, town.GRID],
]
ODD_STEPS: list[dict[str, Any]] = [
    *({**SPLIT, "codes": codes} for codes in SPLIT_INTO),
    {"act": "merge", "codes": [town.GRID, town.NEIGHBOUR_GRID], "into": f"{town.NEIGHBOUR_COMMUNITY}009"},
    {"act": "merge", "codes": [town.GRID, f"{town.NEIGHBOUR_COMMUNITY}001"]},
    {
        "act": "found",
        "under": town.COMMUNITY,
        "code": f"{town.NEIGHBOUR_COMMUNITY}009",
        "name": "新",
        "shape": WEST,
    },
    {"act": "draw", "code": f"{town.COMMUNITY}099", "shape": WEST},
]


@pytest.mark.parametrize("step", ODD_STEPS, ids=range(len(ODD_STEPS)))
def test_codes_that_make_no_sense_are_refused_while_one_draws(seat: Api, step: dict[str, Any]) -> None:
    answer = seat.post("/api/plans/effect", {"date": day(), "steps": [step]})
    assert answer.status_code in (409, 422), answer.content.decode()
    plan = drawn_up(seat, step)
    assert plan["refusal"] and seat.post(f"/api/plans/{plan['id']}/submit").status_code in (409, 422)


def test_communities_of_two_sub_districts_are_not_merged_here(world: World) -> None:
    step = {"act": "pass_on", "source": town.NEIGHBOUR_COMMUNITY, "to": town.OTHER_COMMUNITY, "ends": True}
    answer = api_as(world["administrator"]).post("/api/plans/effect", {"date": day(), "steps": [step]})
    assert (answer.status_code, answer.json()["code"]) == (422, "grids.other_subdistrict")


def test_a_planned_end_of_a_division_is_taken_back(world: World) -> None:
    admin = api_as(world["administrator"])
    made = admin.post("/api/divisions", {"code": f"{town.STREET}009", "name": "新社区", "valid_from": "2020-01-01"})
    assert made.status_code == 201, made.content.decode()
    ended = admin.post(f"/api/divisions/{town.STREET}009/end", {"valid_to": day(), "reason": "并入邻社区"})
    assert ended.status_code == 200, ended.content.decode()
    (planned,) = admin.get("/api/redraws", planned=True).json()["items"]
    assert (planned["kind"], planned["reason"], planned["may_cancel"]) == ("end", "并入邻社区", True)
    assert admin.post(f"/api/redraws/{planned['id']}/cancel", {"reason": "不撤了"}).status_code == 200
    assert Division.objects.get(code=f"{town.STREET}009").valid_to is None


def test_a_draft_is_its_authors_own(world: World, seat: Api) -> None:
    plan = drawn_up(seat, SPLIT)
    admin = api_as(world["administrator"])
    assert admin.get(f"/api/plans/{plan['id']}").status_code == 404
    seat.post(f"/api/plans/{plan['id']}/submit")
    assert admin.get(f"/api/plans/{plan['id']}").status_code == 200
    body = {"title": "改", "date": day(), "version": 2, "steps": []}
    answer = admin.put(f"/api/plans/{plan['id']}", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "grids.plan_not_yours")


def test_what_was_changed_on_another_machine_is_not_written_over(seat: Api) -> None:
    plan = drawn_up(seat, SPLIT)
    body = {"title": "新名", "date": day(), "reason": "", "steps": [SPLIT], "version": plan["version"]}
    assert seat.put(f"/api/plans/{plan['id']}", body).status_code == 200
    again = seat.put(f"/api/plans/{plan['id']}", {**body, "title": "旧页面"})
    assert (again.status_code, again.json()["code"]) == (409, "grids.plan_moved")


def test_a_proposal_for_a_day_that_has_come_is_not_submitted(seat: Api) -> None:
    plan = drawn_up(seat, SPLIT, date=clock.today())
    refused = seat.post(f"/api/plans/{plan['id']}/submit")
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["date"])


def test_drawn_borders_are_not_redrawn_at_once_by_who_only_edits(world: World, seat: Api) -> None:
    body = {"line": {"type": "LineString", "coordinates": ACROSS}}
    refused = seat.post(f"/api/grids/{town.GRID}/split", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "grids.needs_proposal")
    assert seat.post(f"/api/grids/{town.GRID}/split", {**body, "preview": True}).status_code == 200
    world.allow("street_seat", "grid.redraw")
    assert seat.post(f"/api/grids/{town.GRID}/split", body).status_code == 200


def test_what_has_no_boundary_yet_and_micro_grids_are_drawn_at_once(seat: Api) -> None:
    Boundary.objects.filter(code__startswith=town.DEDICATED_GRID).delete()
    hole = [[118.797, 32.024], [118.799, 32.024], [118.799, 32.026], [118.797, 32.026], [118.797, 32.024]]
    drawn = seat.post(f"/api/grids/{town.DEDICATED_GRID}/draw", {"shape": {"type": "Polygon", "coordinates": [hole]}})
    assert drawn.status_code == 200, drawn.content.decode()
    half = [[118.79, 32.02], [118.795, 32.02], [118.795, 32.024], [118.79, 32.024], [118.79, 32.02]]
    micro = seat.post(f"/api/grids/{town.MICRO_GRID}/draw", {"shape": {"type": "Polygon", "coordinates": [half]}})
    assert micro.status_code == 200, micro.content.decode()

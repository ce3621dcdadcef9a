"""People under care: seen by who answers for them, by nobody else; visited in time; ended with their basis."""

from datetime import timedelta
from typing import Any

import pytest

from wangge.core import clock
from wangge.core.actor import acting
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry
from wangge.registry.actions.care import end_expired
from wangge.registry.actions.retention import KEPT, forget_care, forget_gone
from wangge.registry.models import Care, Person
from wangge.registry.rules.care import next_visit, told
from wangge.registry.rules.purposes import MOST_REVEALED
from wangge.registry.tests.made import SYSTEM, building, competent, dwelling, moves_in, number, person, write
from wangge.registry.tests.test_search import ok
from wangge.registry.watching import watch
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World


def begin(world: World, key: str = "department_leader", status: int = 201, **more: Any) -> Any:
    body = {
        "id_number": number(1),
        "category": "elderly_alone",
        "basis": "民政〔2026〕12号",
        "worker_post": world["grid_worker"].post.pk,
        "helpers": [{"role": "doctor", "name": "华大夫"}],
        "start_date": "2026-01-01",
    }
    return ok(api_as(world[key]).post("/api/registry/care", body | more), status)


def names(world: World, key: str) -> list[str]:
    return [row["name"] for row in ok(api_as(world[key]).get("/api/registry/care"))["items"]]


@pytest.fixture
def care(world: World) -> str:
    competent()
    who = person(world)
    moves_in(world, who.pk, dwelling(world, building(world)).pk)
    return str(begin(world)["id"])


@pytest.mark.usefixtures("care")
def test_only_who_answers_for_them_sees_somebody_under_care(world: World) -> None:
    assert names(world, "department_leader") == names(world, "grid_worker") == ["张**"]
    for key in ("department_clerk", "grid_chief", "community", "stranger_department_leader", "stranger_grid_worker"):
        assert names(world, key) == [], key
    for key in ("street_seat", "district_seat", "commander", "administrator"):
        assert api_as(world[key]).get("/api/registry/care").status_code == 403, key


def test_whom_somebody_may_be_given_to_the_nearest_first(world: World) -> None:
    competent()
    person(world)
    office = api_as(world["department_leader"])

    def workers(**asked: Any) -> list[tuple[int, bool]]:
        found = ok(office.post("/api/registry/care/workers", asked))
        return [(one["post_id"], one["serves"]) for one in found]

    offered = workers(id_number=number(1))
    own = [world[key].post.pk for key in ("grid_worker", "grid_chief")]
    assert {post for post, _ in offered[:2]} == set(own)  # before the community, whose place is wider
    assert [serves for _, serves in offered] == sorted((serves for _, serves in offered), reverse=True)
    assert (world["department_leader"].post.pk, False) in offered
    assert world["stranger_grid_worker"].post.pk not in dict(offered)
    assert world["stranger_department_leader"].post.pk not in dict(offered)
    care = str(begin(world)["id"])
    assert workers(care_id=care) == offered
    # Each of them may really be given the person, and nobody else
    for post, _ in offered:
        body = {"level": 1, "worker_post": post, "helpers": []}
        assert office.post(f"/api/registry/care/{care}/assign", body).status_code == 204
    stranger = {"level": 1, "worker_post": world["stranger_grid_worker"].post.pk, "helpers": []}
    assert office.post(f"/api/registry/care/{care}/assign", stranger).status_code == 422


def test_only_the_competent_department_asks_whom_to_give_somebody_to(world: World, care: str) -> None:
    ask = {"id_number": number(1)}
    for key in ("grid_worker", "community", "district_seat", "administrator"):
        assert api_as(world[key]).post("/api/registry/care/workers", ask).status_code == 403, key
    other = api_as(world["stranger_department_leader"])
    assert other.post("/api/registry/care/workers", {"care_id": care}).status_code == 404
    assert other.post("/api/registry/care/workers", {"id_number": number(99)}).status_code == 422


def test_whom_somebody_may_be_given_to_is_asked_of_one_person(world: World, care: str) -> None:
    office = api_as(world["department_leader"])
    for asked in ({}, {"id_number": " "}, {"id_number": number(1), "care_id": care}):
        refused = office.post("/api/registry/care/workers", asked)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid"), asked
        assert list(refused.json()["fields"]) == ["body"], asked


def test_a_care_file_is_opened_for_a_purpose_and_on_the_record(world: World, care: str) -> None:
    worker = api_as(world["grid_worker"])
    assert worker.post(f"/api/registry/care/{care}/open", {}).status_code == 422
    file = ok(worker.post(f"/api/registry/care/{care}/open", {"purpose": "service"}))
    assert (file["name"], file["basis"], file["phone"]) == ("张伟明", "民政〔2026〕12号", "19900000001")
    assert file["helpers"] == [{"role": "doctor", "name": "华大夫", "post_id": None}] and "金陵花园" in file["address"]
    assert (file["worker_post"], file["worker"]) == (world["grid_worker"].post.pk, world["grid_worker"].actor.name)
    with acting(SYSTEM):
        entry = JournalEntry.objects.get(kind="care.revealed")
        assert (entry.code, entry.data) == ("", {"purpose": "service"}), "nothing tells who, or where"
    assert api_as(world["community"]).post(f"/api/registry/care/{care}/open", {"purpose": "service"}).status_code == 404


def test_only_the_competent_department_begins_assigns_and_ends(world: World, care: str) -> None:
    person(world, "李四", order=2)
    begin(world, "stranger_department_leader", 422, id_number=number(2))
    begin(world, status=422, id_number=number(2), category="correction")
    helper = world["stranger_department_leader"].post.pk
    with acting(SYSTEM):
        Care.objects.filter(pk=care).update(posts=[helper])
    stranger = api_as(world["stranger_department_leader"])
    assert names(world, "stranger_department_leader") == ["张**"], "a helper sees whom they help"
    assert stranger.post(f"/api/registry/care/{care}/assign", {"level": 1}).status_code == 403
    assert stranger.post(f"/api/registry/care/{care}/end", {"reason": "不再需要"}).status_code == 403


@pytest.mark.parametrize("key", ["stranger_grid_worker", "commander", "administrator"])
@pytest.mark.usefixtures("care")
def test_who_is_assigned_serves_the_grid_or_the_department_and_may_see_care(world: World, key: str) -> None:
    person(world, "李四", order=2)
    post = world[key].post.pk
    begin(world, status=422, id_number=number(2), worker_post=post)
    begin(world, status=422, id_number=number(2), helpers=[{"role": "police", "name": "孔", "post_id": post}])
    begin(world, status=422, id_number=number(2), worker_post=10**9)
    begin(world, id_number=number(2), worker_post=world["department_clerk"].post.pk)


def test_care_that_ended_is_opened_no_more_and_opening_is_limited_like_revealing(world: World, care: str) -> None:
    worker, leader = api_as(world["grid_worker"]), api_as(world["department_leader"])
    path, purpose = f"/api/registry/care/{care}/open", {"purpose": "service"}
    answers = [worker.post(path, purpose).status_code for _ in range(MOST_REVEALED + 1)]
    assert answers == [200] * MOST_REVEALED + [429]
    assert watch(clock.now()) > 0, "the auditor is told"
    assert leader.post(f"/api/registry/care/{care}/end", {"reason": "依据终止"}).status_code == 204
    assert leader.post(path, purpose).status_code == 404


def test_a_visit_written_up_late_and_a_new_level_count_from_the_latest_visit(world: World, care: str) -> None:
    worker, leader, today = api_as(world["grid_worker"]), api_as(world["department_leader"]), clock.today()
    for days_ago in (3, 40):
        body = {"visited_on": (today - timedelta(days=days_ago)).isoformat(), "findings": "身体尚好"}
        ok(worker.post(f"/api/registry/care/{care}/visits", body), 201)
    for level in (2, 1, 3):
        assert leader.post(f"/api/registry/care/{care}/assign", {"level": level}).status_code == 204
        [line] = ok(leader.get("/api/registry/care"))["items"]
        assert line["next_visit"] == next_visit(today - timedelta(days=3), 15, level).isoformat()


def test_a_visit_moves_the_next_one_and_sent_twice_is_one(world: World, care: str) -> None:
    worker, today = api_as(world["grid_worker"]), clock.today()
    assert [row["is_overdue"] for row in ok(worker.get("/api/registry/care", overdue=True))["items"]] == [True]
    body = {"id": str(new_id()), "visited_on": today.isoformat(), "findings": "身体尚好，灯泡坏了"}
    for _ in range(2):
        ok(worker.post(f"/api/registry/care/{care}/visits", body), 201)
    assert ok(worker.get("/api/registry/care", overdue=True))["items"] == []
    [line] = ok(worker.get("/api/registry/care"))["items"]
    assert line["next_visit"] == next_visit(today, 15, 2).isoformat()
    assert len(ok(worker.post(f"/api/registry/care/{care}/open", {"purpose": "service"}))["visits"]) == 1
    later = {"visited_on": (today + timedelta(days=1)).isoformat(), "findings": "明天"}
    assert worker.post(f"/api/registry/care/{care}/visits", later).status_code == 422


@pytest.mark.usefixtures("care")
def test_no_category_without_legal_basis_and_nobody_twice(world: World) -> None:
    begin(world, status=409)
    begin(world, status=422, category="petitioner")
    begin(world, status=422, basis=" ")
    begin(world, status=422, id_number=number(99))
    begin(world, "grid_worker", status=403)
    for row in ok(api_as(world["department_leader"]).get("/api/registry/care/categories")):
        assert row["legal_basis"] and row["approval"]
        assert row["count"] is None, "a count under ten is not given"


def test_care_ends_by_its_department_or_with_its_basis(world: World, care: str) -> None:
    assert api_as(world["grid_worker"]).post(f"/api/registry/care/{care}/end", {"reason": "x"}).status_code == 403
    leader = api_as(world["department_leader"])
    assert leader.post(f"/api/registry/care/{care}/end", {"reason": "已随子女居住"}).status_code == 204
    assert names(world, "grid_worker") == []
    person(world, "李四", order=2)
    begin(world, id_number=number(2), end_date=clock.today().isoformat())
    with acting(SYSTEM):
        assert end_expired(by=SYSTEM, at=clock.now(), limit=10) == 1
    assert names(world, "department_leader") == []


def test_sixty_days_before_somebody_turns_80_it_is_said_to_who_serves_the_grid(world: World) -> None:
    today = clock.today()
    soon = (today + timedelta(days=30)).replace(year=(today + timedelta(days=30)).year - 80)
    values = {"id_number": "", "birth_date": soon.isoformat()}
    who = person(world, "钱八十", values=values)
    person(world, "孙七十", order=5, values={"id_number": "", "birth_date": "1956-01-01"})
    write(world, "person", {"permit_expires": today.isoformat()}, id=who.pk, where=None)
    rows = ok(api_as(world["grid_worker"]).get("/api/registry/reminders"))["items"]
    assert [(row["name"], row["kind"]) for row in rows] == [("钱八十", "permit_ends"), ("钱八十", "turns_80")]
    assert {(row["code"], row["grid"]) for row in rows} == {(town.GRID, world.grids[town.GRID].name)}
    assert ok(api_as(world["stranger_grid_worker"]).get("/api/registry/reminders"))["items"] == []


def test_what_ended_long_ago_is_forgotten(world: World, care: str) -> None:
    at = clock.now()
    with acting(SYSTEM):
        Person.objects.update(ended_at=at - KEPT - timedelta(days=1))
        Care.objects.update(ended_at=at - timedelta(days=731))
        assert forget_care(by=SYSTEM, at=at, limit=10) == 1
        assert forget_gone(by=SYSTEM, at=at, limit=10) == 1
        assert Person.objects.get().name == ""
    assert care


def test_level_sets_how_often(world: World) -> None:
    day = clock.today()
    assert [(next_visit(day, 30, level) - day).days for level in (1, 2, 3)] == [15, 30, 60]
    assert [told(9), told(10)] == [None, 10]

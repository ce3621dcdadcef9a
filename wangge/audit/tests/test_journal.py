"""The journal as the auditor reads it: within the area, filtered, page by page."""

from datetime import timedelta
from typing import Any

import pytest

from wangge.core import clock, journal
from wangge.core.journal import Entry
from wangge.grids.models import Division
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.moments import at_moment
from wangge.testing.world import World


def write(world: World, kind: str, subject: str, code: str, *, key: str = "street_seat") -> None:
    entry = Entry(kind=kind, subject=("case", subject), code=code, permission="case.accept", changed=["state"])
    journal.record(entry, by=world[key].actor, at=clock.now())


def kinds(world: World, *, key: str = "auditor", **query: Any) -> list[str]:
    answer = api_as(world[key]).get("/api/journal", **query)
    assert answer.status_code == 200, answer.json()
    return [entry["kind"] for entry in answer.json()["items"]]


def test_an_entry_says_who_what_where_and_by_which_permission(world: World) -> None:
    write(world, "case.accepted", "c1", town.GRID)
    entry = api_as(world["auditor"]).get("/api/journal").json()["items"][0]
    assert entry["kind"] == "case.accepted"
    assert (entry["subject_type"], entry["subject_id"], entry["code"]) == ("case", "c1", town.GRID)
    assert (entry["actor_user"], entry["actor_post"]) == (world["street_seat"].user.pk, world["street_seat"].post.pk)
    assert (entry["permission"], entry["changed"]) == ("case.accept", ["state"])


def test_an_auditor_reads_their_area_and_what_belongs_to_no_place(world: World) -> None:
    write(world, "case.here", "c1", town.GRID)
    write(world, "case.there", "c2", town.OTHER_DISTRICT)
    write(world, "role.changed", "r", "")
    assert kinds(world) == ["role.changed", "case.here"]
    assert kinds(world, key="stranger_auditor") == ["role.changed", "case.there"]


def test_filters_narrow(world: World) -> None:
    with at_moment("2026-03-02T01:00:00Z") as now:
        write(world, "case.reported", "c1", town.GRID, key="grid_worker")
        now.shift(timedelta(minutes=1))
        write(world, "case.accepted", "c1", town.GRID)
        now.shift(timedelta(minutes=1))
        write(world, "session.opened", "s1", town.OTHER_STREET)
        assert kinds(world, actor=world["grid_worker"].user.pk) == ["case.reported"]
        assert kinds(world, subject="case:c1") == ["case.accepted", "case.reported"]
        assert kinds(world, kind="case.") == ["case.accepted", "case.reported"]
        assert kinds(world, kind="case.accepted") == ["case.accepted"]
        assert kinds(world, code=town.OTHER_STREET) == ["session.opened"]
        half_open = {"from": "2026-03-02T01:01:00Z", "to": "2026-03-02T01:02:00Z"}
        assert kinds(world, **half_open) == ["case.accepted"]


def test_pages_follow_each_other_without_gap_or_repeat(world: World) -> None:
    for number in range(5):
        write(world, f"case.n{number}", "c", town.GRID)
    api = api_as(world["auditor"])
    first = api.get("/api/journal", limit=2).json()
    write(world, "case.later", "c", town.GRID)  # what comes meanwhile does not shift the pages
    second = api.get("/api/journal", limit=2, cursor=first["next"]).json()
    third = api.get("/api/journal", limit=2, cursor=second["next"]).json()
    assert [entry["kind"] for page in (first, second, third) for entry in page["items"]] == [
        "case.n4",
        "case.n3",
        "case.n2",
        "case.n1",
        "case.n0",
    ]
    assert third["next"] is None


@pytest.mark.parametrize(
    "query",
    [{"cursor": "nonsense"}, {"cursor": "WyI5OTk5OTk5OTk5OTk5OTk5OTk5OTk5Il0"}, {"limit": 0}, {"from": "yesterday"},
     {"from": "2026-03-02T00:00:00Z", "to": "2026-03-01T00:00:00Z"}, {"actor": -1}, {"code": "32x"}],
)  # fmt: skip
def test_odd_questions_are_the_callers_fault(world: World, query: dict[str, Any]) -> None:
    assert api_as(world["auditor"]).get("/api/journal", **query).status_code == 422


def test_looking_is_told_apart_from_doing_and_from_signing_in(world: World) -> None:
    for kind in ("case.accept", "reporter.revealed", "cases.exported", "evidence.original_read", "session.opened"):
        write(world, kind, "c1", town.GRID)
    assert kinds(world, what="reading") == ["evidence.original_read", "cases.exported", "reporter.revealed"]
    assert kinds(world, what="sign_in") == ["session.opened"]
    assert kinds(world, what="writing") == ["case.accept"]
    found = {one["kind"]: one["what"] for one in api_as(world["auditor"]).get("/api/journal/kinds").json()}
    assert found["reporter.revealed"] == "reading" and found["case.accept"] == "writing"


def test_a_persons_story_has_their_posts_and_sessions(world: World) -> None:
    admin, clerk = api_as(world["administrator"]), world["department_clerk"]
    given = {"unit_id": world.unit("D-CG").pk, "role": "department_clerk", "account_id": clerk.user.pk}
    post = admin.post("/api/posts", given).json()
    admin.patch(f"/api/accounts/{clerk.user.pk}", {"name": "吴经办员"})
    admin.delete(f"/api/posts/{post['id']}")
    subject = f"account:{clerk.user.pk}"
    assert kinds(world, subject=subject) == ["account.changed"]
    assert kinds(world, subject=subject, story=True) == ["post.revoked", "account.changed", "post.given"]
    entries = api_as(world["auditor"]).get("/api/journal", subject=subject, story=True).json()["items"]
    assert [entry["subject_name"] for entry in entries] == [
        "吴经办员 · 测试区城市管理局",
        "吴经办员",
        "吴经办员 · 测试区城市管理局",
    ]
    assert entries[0]["place"] == town.DIVISIONS[town.DISTRICT]


def test_people_are_found_by_name_within_the_area(world: World) -> None:
    auditor = api_as(world["auditor"])
    assert [one["username"] for one in auditor.get("/api/journal/people", q="钱街").json()] == ["street_seat"]
    assert auditor.get("/api/journal/people", q="stranger_district").json() == []


def test_places_are_found_by_name_within_the_area_also_when_they_have_ended(world: World) -> None:
    street = town.DIVISIONS[town.STREET]
    Division.objects.filter(code=town.STREET).update(valid_to=clock.today())
    found = api_as(world["auditor"]).get("/api/journal/places", q=street).json()
    assert {"code": town.STREET, "name": street} in found
    assert town.GRID in [one["code"] for one in api_as(world["auditor"]).get("/api/journal/places", q=town.GRID).json()]
    assert api_as(world.stranger("auditor")).get("/api/journal/places", q=street).json() == []

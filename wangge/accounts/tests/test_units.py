"""Units: seen by everybody signed in, changed by the administrator of their area."""

from datetime import date, timedelta
from typing import Any

import pytest

from wangge.accounts.models import Post, Unit
from wangge.core import clock
from wangge.core.models import JournalEntry
from wangge.testing import town
from wangge.testing.client import anybody, api_as
from wangge.testing.committed import at_once
from wangge.testing.world import World


def branch(world: World, **changes: Any) -> dict[str, Any]:
    body = {
        "code": "D-SW-1",
        "name": "水务局桃叶所",
        "kind": "branch",
        "division": town.STREET,
        "parent_id": world.unit("D-SW").pk,
    }
    return body | changes


def test_an_administrator_sets_up_a_branch_and_its_path_follows(world: World) -> None:
    answer = api_as(world["administrator"]).post("/api/units", branch(world))
    assert answer.status_code == 201
    assert answer.json()["path"] == "D-SW/D-SW-1/"
    entry = JournalEntry.objects.get(kind="unit.created")
    assert (entry.code, entry.unit_paths, entry.permission) == (town.STREET, ["D-SW/D-SW-1/"], "account.edit")


def test_units_are_not_nested_without_end(world: World) -> None:
    api, parent = api_as(world["administrator"]), world.unit("D-SW").pk
    for level in range(40):
        answer = api.post("/api/units", branch(world, code=f"D-SW-{level:026}", parent_id=parent))
        if answer.status_code != 201:
            break
        parent = answer.json()["id"]
    assert level > 10 and (answer.status_code, list(answer.json()["fields"])) == (422, ["parent_id"])


def test_a_division_may_be_written_padded(world: World) -> None:
    answer = api_as(world["administrator"]).post("/api/units", branch(world, division="320104001000"))
    assert answer.json()["division"] == town.STREET


@pytest.mark.parametrize("key", ["street_seat", "commander", "security_officer", "auditor", "grid_worker"])
def test_others_do_not(world: World, key: str) -> None:
    assert api_as(world[key]).post("/api/units", branch(world)).status_code == 403
    assert api_as(world[key]).get("/api/units").json()["count"] == 12
    assert anybody().get("/api/units").status_code == 401


def test_an_administrator_of_another_district_sees_but_does_not_change(world: World) -> None:
    stranger, unit = api_as(world.stranger("administrator")), world.unit("D-CG")
    assert stranger.get(f"/api/units/{unit.pk}").json()["name"] == unit.name
    for refused in (
        stranger.patch(f"/api/units/{unit.pk}", {"name": "改名"}),
        stranger.post("/api/units", branch(world)),
        stranger.post("/api/units", branch(world, kind="department", parent_id=None)),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "unit.out_of_area")
    assert api_as(world["administrator"]).patch(f"/api/units/{unit.pk}", {"name": "改名"}).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "a/b"}, "code"),
        ({"division": "32010"}, "division"),
        ({"division": town.OTHER_DISTRICT}, "division"),
        ({"parent_id": None}, "parent_id"),
        ({"kind": "centre"}, "parent_id"),
        ({"kind": "ministry"}, "kind"),
        ({"name": "  "}, "name"),
        ({"division": "３２０１０４"}, "division"),
    ],
)
def test_a_unit_that_does_not_fit_is_refused_by_field(world: World, changes: dict[str, Any], field: str) -> None:
    answer = api_as(world["administrator"]).post("/api/units", branch(world, **changes))
    assert answer.status_code == 422
    assert field in answer.json()["fields"]


def test_an_unknown_parent_is_not_found(world: World) -> None:
    assert api_as(world["administrator"]).post("/api/units", branch(world, parent_id=2**62)).status_code == 404


def test_a_code_is_never_used_again(world: World) -> None:
    admin = api_as(world["administrator"])
    made = admin.post("/api/units", branch(world)).json()
    Unit.objects.filter(pk=made["id"]).update(valid_from=date(2020, 1, 1))
    tomorrow = str(clock.today() + timedelta(days=1))
    assert admin.patch(f"/api/units/{made['id']}", {"valid_to": tomorrow}).json()["valid_to"] == tomorrow
    again = admin.post("/api/units", branch(world))
    assert (again.status_code, again.json()["code"]) == (409, "unit.code_taken")
    assert list(again.json()["fields"]) == ["code"]  # the field is named


def test_two_at_once_make_one_unit(committed_world: World) -> None:
    admin = api_as(committed_world["administrator"])
    body = branch(committed_world)
    statuses = at_once(*[lambda: admin.post("/api/units", body).status_code] * 2)
    assert sorted(map(str, statuses)) == ["201", "409"]


def test_a_unit_with_people_or_branches_does_not_end(world: World) -> None:
    admin, unit = api_as(world["administrator"]), world.unit("D-CG")
    tomorrow = str(clock.today() + timedelta(days=1))
    refused = admin.patch(f"/api/units/{unit.pk}", {"valid_to": tomorrow})
    assert (refused.status_code, refused.json()["code"]) == (409, "unit.still_used")
    assert refused.json()["data"]["obstacles"] == [
        {"kind": "posts", "count": 1, "examples": ["department_leader"]},
        {"kind": "units", "count": 2, "examples": ["D-CG-1", "D-CG-2"]},
    ]
    assert "1 个在任岗位、2 个下级单位" in refused.json()["message"]
    Post.objects.filter(unit__path__startswith="D-CG/").update(revoked_at=clock.now())
    for branch_code in ("D-CG-1", "D-CG-2"):
        assert admin.patch(f"/api/units/{world.unit(branch_code).pk}", {"valid_to": tomorrow}).status_code == 200
    assert admin.patch(f"/api/units/{unit.pk}", {"valid_to": tomorrow}).status_code == 200
    assert admin.patch(f"/api/units/{unit.pk}", {"valid_to": "2099-01-01"}).json()["code"] == "unit.ended"


def test_the_list_is_filtered_and_counts_what_it_filters(world: World) -> None:
    api = api_as(world["grid_worker"])

    def codes(**query: Any) -> list[str]:
        page = api.get("/api/units", **query).json()
        assert page["count"] == len(page["items"])
        return [unit["code"] for unit in page["items"]]

    assert codes(kind="department") == ["D-CG", "D-GA", "D-SW"]
    assert codes(parent_id=world.unit("D-CG").pk) == ["D-CG-1", "D-CG-2"]
    assert codes(q="水务") == ["D-SW"]
    assert codes(division=town.OTHER_STREET) == [town.OTHER_STREET, town.OTHER_COMMUNITY, "D-CG-2"]
    assert len(api.get("/api/units", limit=5, offset=10).json()["items"]) == 2


def test_a_branch_knows_its_department_and_a_centre_is_its_own(world: World) -> None:
    assert Unit.objects.get(code="D-CG-1").root_path == "D-CG/"
    assert Unit.objects.get(code=town.COMMUNITY).root_path == world.unit(town.COMMUNITY).path

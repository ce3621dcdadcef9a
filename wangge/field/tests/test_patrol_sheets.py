"""A plan that names a form: each point is checked with its sheet, in one, or neither stands."""

from datetime import timedelta
from typing import Any

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.field.models import Form, Record, RoundCheck
from wangge.field.tests.test_patrols import LAT, LON, body, check, mine, ok, plan
from wangge.testing.client import api_as
from wangge.testing.world import World

FORM = "patrol_point"


def sheet(**answers: Any) -> dict[str, Any]:
    return {"id": str(new_id()), "form": FORM, "version": 1, "answers": {"state": "normal"} | answers}


def stands() -> tuple[int, int]:
    with acting(Actor.system("patrols")):
        return RoundCheck.objects.count(), Record.objects.count()


def test_a_point_is_checked_with_its_sheet_and_both_are_read_together(world: World) -> None:
    made, worker = plan(world, form=FORM), api_as(world["grid_worker"])
    walk = mine(worker)[0]
    said, key = sheet(state="minor", text="栏杆松动"), str(new_id())
    first = check(worker, walk, 0, id=key, sheet=said)
    assert (first["seen"], first["form"]) == (1, FORM)
    assert check(worker, walk, 0, id=key, sheet=said)["seen"] == 1, "sent twice it is one"
    record = Record.objects.get()
    assert (str(record.pk), record.kind, record.code) == (said["id"], "patrol", walk["grid"])
    assert record.address == "早巡 · 点0" and record.lon == walk["points"][0]["lon"]
    seat = api_as(world["street_seat"])
    found = ok(seat.get(f"/api/field/patrol-plans/{made['id']}/rounds", day=str(clock.today())))
    [row] = [one for one in found if one["name"] == world["grid_worker"].user.name]
    assert row["points"][0]["check"]["record"]["answers"] == {"state": "minor", "text": "栏杆松动"}
    assert row["points"][1]["check"] is None
    assert ok(seat.get("/api/field/records", kind="patrol", q="早巡"))["count"] == 1


def test_without_its_sheet_a_point_is_only_skipped(world: World) -> None:
    plan(world, form=FORM)
    worker = api_as(world["grid_worker"])
    walk = mine(worker)[0]
    refused = check(worker, walk, 0, 422)
    assert (refused["code"], refused["data"]["form"]) == ("patrol.sheet_needed", FORM)
    assert "巡查点情况" in refused["message"] and stands() == (0, 0)
    assert check(worker, walk, 0, how="skipped", reason="道路封闭")["skipped"] == 1
    Form.objects.filter(code=FORM).update(is_active=False)
    assert check(worker, walk, 1)["seen"] == 1, "no phone has a form that is out of use"


def test_what_the_form_does_not_take_leaves_neither_sheet_nor_check(world: World) -> None:
    plan(world, form=FORM)
    worker = api_as(world["grid_worker"])
    walk = mine(worker)[0]
    assert check(worker, walk, 0, 422, sheet=sheet(state="lovely"))["fields"].keys() == {"answers.state"}
    assert check(worker, walk, 0, 422, sheet=sheet() | {"form": "visit_general"})["fields"].keys() == {"form"}
    assert check(worker, walk, 0, 422, lon=LON + 0.01, sheet=sheet())["code"] == "patrol.too_far"
    assert stands() == (0, 0)
    used = sheet()
    check(worker, walk, 0, sheet=used)
    assert check(worker, walk, 1, 422, sheet=used)["code"] == "record.id_used"
    assert stands() == (1, 1)


def test_what_was_checked_before_the_plan_had_a_form_is_taken_however_late(world: World) -> None:
    made, worker, seat = plan(world), api_as(world["grid_worker"]), api_as(world["community"])
    walk, before = mine(worker)[0], clock.now() - timedelta(seconds=1)
    path = f"/api/field/patrol-plans/{made['id']}"
    named = ok(seat.put(path, body(points=made["points"], form=FORM, version=1)))
    assert check(worker, walk, 0, happened_at=before.isoformat())["seen"] == 1
    assert check(worker, walk, 1, 422)["code"] == "patrol.sheet_needed"
    ok(seat.put(path, body(points=named["points"], version=2)))
    assert check(worker, walk, 1, sheet=sheet())["seen"] == 2, "filled in before the plan dropped it"


def test_a_sheet_belongs_to_the_grid_of_its_round_wherever_the_phone_is(world: World) -> None:
    plan(world, form=FORM)
    worker = api_as(world["grid_worker"])
    walk = mine(worker)[0]
    check(worker, walk, 0, lon=LON + 0.2, lat=LAT, reason="从远处看", sheet=sheet())
    assert Record.objects.get().code == walk["grid"]

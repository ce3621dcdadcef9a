"""What the phone keeps: one answer with a version, of one's own grids and work only."""

from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from wangge.cases.tests.factories import make_case
from wangge.cases.tests.made import category
from wangge.command.tests.test_notices import say
from wangge.core import clock
from wangge.core.revisions import bump
from wangge.field.rules.envelopes import public_of
from wangge.field.tests import test_errands as errands
from wangge.field.tests import test_patrols as patrols
from wangge.field.tests import test_visits as visits
from wangge.grids.models import TeamMember
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def pack(api: Api) -> Any:
    return ok(api.get("/api/field/pack"))


def busy(world: World) -> None:
    category("77")
    bump("cases")
    TeamMember.objects.filter(user=world["grid_worker"].user).update(phone="02512345678")
    errands.give(world)
    patrols.plan(world)
    patrols.rounds()
    visits.plan(world)
    visits.plan(world, title="下个月", next_date=str(clock.today() + timedelta(days=30)))


def test_it_holds_what_a_day_without_a_network_needs(world: World) -> None:
    busy(world)
    held = pack(api_as(world["grid_worker"]))
    assert held["me"]["name"] == "王小格" and held["me"]["phone"] == "02512345678"
    assert {grid["code"] for grid in held["grids"]} == {code for code in town.GRIDS if code.startswith(town.GRID)}
    assert held["grids"][0]["polygon"]["type"] == "Polygon"
    assert {member["name"] for member in held["team"]} == {"王小格", "李格长"}
    assert [len(held[name]) for name in ("errands", "patrols", "visits")] == [1, 1, 1]
    assert any(one["code"] == "visit_rental" and one["schema"]["x-order"] for one in held["forms"])
    assert any(one["is_leaf"] for one in held["categories"])
    assert isinstance(public_of(held["house_key"]["jwk"]), ec.EllipticCurvePublicKey)
    assert held["settings"]["part_bytes"] == 262_144


def test_nothing_of_others_is_in_it(world: World) -> None:
    busy(world)
    held = pack(api_as(world["stranger_grid_worker"]))
    assert [len(held[name]) for name in ("errands", "patrols", "visits")] == [0, 0, 0]
    assert all(grid["code"].startswith(town.OTHER_GRID) for grid in held["grids"])


def test_it_is_sent_again_only_when_something_has_changed(world: World) -> None:
    busy(world)
    worker = api_as(world["grid_worker"])
    first = worker.get("/api/field/pack")
    again = worker.client.get("/api/field/pack", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    errands.give(world, title="又一项任务")
    changed = worker.client.get("/api/field/pack", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200 and changed["ETag"] != first["ETag"]


def test_today_counts_ones_own(world: World) -> None:
    busy(world)
    worker = api_as(world["grid_worker"])
    errand = errands.give(world, title="第二项", due_at=(clock.now() + timedelta(hours=1)).isoformat())
    errands.move(worker, errand, "finish", text="已办好")
    patrols.check(worker, patrols.mine(worker)[0], 0)
    subject = ok(worker.get("/api/field/visits"))["items"][0]
    visits.send(worker, visits.visit(subject))
    say()
    told = ok(worker.get("/api/field/today"))
    assert told["errands"]["open"] == 1 and told["visits"] == {"due": 0, "overdue": 0}
    assert told["patrol"] == {"rounds": 1, "points": 2, "seen": 1, "skipped": 0}
    assert told["unread"] == {"notices": 2, "orders": 0}
    month = told["month"]
    assert (month["errands"], month["errands_in_time"], month["visits"], month["visits_in_time"]) == (1, 1, 1, 1)
    assert month["points"] == 1 and set(month) == {
        *("reports", "closed", "errands", "errands_in_time", "visits", "visits_in_time", "points")
    }


def test_it_holds_what_is_reported_in_ones_own_grids_by_hour_and_by_oneself(world: World) -> None:
    me, other = world["grid_worker"], world["stranger_grid_worker"]
    midnight = clock.day_start(clock.today())
    rubbish, lamp = category("78"), category("79")
    for what, who, before in (
        (rubbish, me, timedelta(hours=17)),  # at seven in the morning
        (rubbish, other, timedelta(days=2, hours=16, minutes=1)),
        (lamp, other, timedelta(minutes=1)),
        (lamp, me, timedelta(minutes=-1)),  # of today: the pack changes once a day
        (lamp, me, timedelta(days=200)),
    ):
        make_case(world, at=midnight - before, category=what, reported_by_post=who.post.pk)
    make_case(world, at=midnight - timedelta(hours=1), category=lamp, code=town.OTHER_GRID)
    assert pack(api_as(me))["likely"] == [
        {"category_id": rubbish.pk, "here": 2, "mine": 1, "by_part": [0, 0, 2, 0, 0, 0, 0, 0]},
        {"category_id": lamp.pk, "here": 1, "mine": 0, "by_part": [0, 0, 0, 0, 0, 0, 0, 1]},
    ]


def test_the_pack_asks_a_bounded_number_of_questions(world: World, django_assert_max_num_queries: Any) -> None:
    busy(world)
    for _ in range(3):
        errands.give(world)
    with django_assert_max_num_queries(41):
        pack(api_as(world["grid_worker"]))

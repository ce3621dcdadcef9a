"""就近力量: who is on duty, seen, near, free and skilled; and why somebody was passed over."""

from datetime import timedelta
from typing import Any

import pytest

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.field.models import DutySpan, Newest
from wangge.field.rules.responders import Candidate, Why, is_chosen, judged
from wangge.field.tests import test_errands as errands
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World

LON, LAT = town.point_in(town.GRID)


@pytest.mark.parametrize(
    ("age_s", "metres", "busy", "skill", "against"),
    [
        (10.0, 900.0, 0, "", set()),
        (301.0, 900.0, 0, "", {Why.STALE}),
        (10.0, 1001.0, 0, "", {Why.FAR}),
        (10.0, 900.0, 1, "", {Why.BUSY}),
        (10.0, 900.0, 0, "police", {Why.OTHER_SKILL}),
        (10.0, 900.0, 0, "full_time", set()),
        (None, None, 0, "", {Why.OFF_DUTY}),
    ],
)
def test_who_is_chosen(age_s: float | None, metres: float | None, busy: int, skill: str, against: set[Why]) -> None:
    one = Candidate(age_s=age_s, metres=metres, busy=busy, skills=frozenset({"full_time"}), on_duty=age_s is not None)
    reasons = judged(one, reach_m=1000, skill=skill)
    assert against <= set(reasons) and is_chosen(reasons) is not bool(against)


def on_duty(world: World, key: str, *, east: float = 0.001, ago_s: float | None = 20) -> None:
    """`ago_s` None: not located since."""
    at, person = clock.now(), world[key]
    with acting(Actor.system("test")):
        DutySpan.objects.create(
            id=new_id(),
            post=person.post,
            user_id=person.user.pk,
            code=person.post.codes[0],
            unit_path=person.unit.path,
            began_at=at - timedelta(hours=1),
            heard_at=at,
        )
        if ago_s is None:
            return
        Newest.objects.create(
            post=person.post,
            code=person.post.codes[0],
            ms=int((at.timestamp() - ago_s) * 1000),
            lon=LON + east,
            lat=LAT,
            accuracy=8,
            speed=0,
            odd=0,
            source="phone",
            heard_at=at,
        )


def ask(world: World, key: str = "community", **query: Any) -> Any:
    answer = api_as(world[key]).get("/api/field/responders", **{"lon": LON, "lat": LAT, **query})
    assert answer.status_code == 200, answer.content.decode()
    return {one["name"]: one for one in answer.json()["people"]}


def codes(one: Any) -> set[str]:
    return {why["code"] for why in one["why"]}


def test_the_nearest_on_duty_is_chosen_and_the_other_said_why_not(world: World) -> None:
    on_duty(world, "grid_worker")
    found = ask(world)
    assert list(found) == ["王小格", "李格长"]
    assert found["王小格"]["chosen"] and 80 < found["王小格"]["distance_m"] < 110
    assert codes(found["李格长"]) == {"off_duty"} and found["李格长"]["lon"] is None, "off duty nobody is located"


def test_who_was_sent_out_is_busy(world: World) -> None:
    on_duty(world, "grid_worker")
    on_duty(world, "grid_chief", east=0.002)
    errands.give(world)
    found = ask(world)
    assert list(found) == ["李格长", "王小格"] and "busy" in codes(found["王小格"])
    assert not ask(world, skill="chief")["王小格"]["chosen"] and ask(world, skill="chief")["李格长"]["chosen"]


def test_a_place_of_an_hour_ago_is_no_place(world: World) -> None:
    on_duty(world, "grid_worker", ago_s=900)
    assert "stale" in codes(ask(world)["王小格"])


def test_who_serves_the_grid_is_said_wherever_they_are(world: World) -> None:
    on_duty(world, "grid_worker", ago_s=None)
    on_duty(world, "grid_chief", east=0.2)
    found = ask(world)
    assert codes(found["王小格"]) == {"unheard"} and found["王小格"]["lon"] is None
    assert "far" in codes(found["李格长"]) and found["李格长"]["distance_m"] > 15_000
    assert not found["王小格"]["chosen"] and not found["李格长"]["chosen"]


def test_others_people_are_not_shown(world: World) -> None:
    on_duty(world, "grid_worker")
    assert ask(world, "stranger_community") == {}


def test_to_a_case(world: World) -> None:
    from wangge.cases.tests import made

    on_duty(world, "grid_worker")
    case = made.reported(world, 1, at=clock.now())[0]
    seat = api_as(world["street_seat"])
    answer = seat.get("/api/field/responders", case_id=str(case.pk))
    assert answer.status_code in (200, 422) and (case.lon is None) == (answer.status_code == 422)
    assert api_as(world["stranger_street_seat"]).get("/api/field/responders", case_id=str(case.pk)).status_code == 404

"""Late is late, also when the worker had not said so yet and the clock ended, or was given more time."""

from datetime import timedelta
from typing import Any

import pytest

from wangge.cases.models import Case
from wangge.cases.tests import made
from wangge.core import clock
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

LONG_AGO = timedelta(days=60)


def post(api: Api, case: Case, move: str, body: Any = None) -> None:
    answer = api.post(f"/api/cases/{case.pk}/{move}", body or {})
    assert answer.status_code == 200, f"{move}: {answer.content.decode()}"


def was_late(case: Case) -> bool:
    return Case.objects.values_list("was_late", flat=True).get(pk=case.pk)


def handling(world: World, ago: timedelta) -> Case:
    return made.handling(world, 1, at=clock.now() - ago)[0]


ENDINGS = ["return", "transfer", "more time"]


def ended(world: World, case: Case, how: str) -> None:
    seat, clerk = api_as(world["street_seat"]), api_as(world["department_clerk"])
    match how:
        case "return":
            post(clerk, case, "return", {"reason": "不属于本单位"})
        case "transfer":
            post(seat, case, "transfer", {"lead_id": world.unit("D-SW").pk, "reason": "改由水务办理"})
        case _:
            limit = {"kind": "natural_days", "amount": 90}
            post(clerk, case, "ask-extension", {"limit": limit, "reason": "等待配件"})
            post(seat, case, "grant-extension")
            assert not Case.objects.get(pk=case.pk).is_overdue


@pytest.mark.parametrize("how", ENDINGS)
def test_what_ended_or_got_more_time_too_late_was_late(world: World, how: str) -> None:
    case = handling(world, LONG_AGO)
    ended(world, case, how)
    assert was_late(case)


@pytest.mark.parametrize("how", ENDINGS)
def test_what_ended_or_got_more_time_in_time_was_not(world: World, how: str) -> None:
    case = handling(world, timedelta(minutes=1))
    ended(world, case, how)
    assert not was_late(case)


def test_a_duplicate_joined_too_late_was_late(world: World) -> None:
    now = clock.now()
    late = made.reported(world, 1, at=now - timedelta(minutes=6))[0]
    main, early = made.reported(world, 2, at=now)
    seat = api_as(world["street_seat"])
    for case in (late, early):
        post(seat, case, "join", {"into_id": str(main.pk)})
    assert (was_late(late), was_late(early)) == (True, False)

"""吹哨台 through the API: open whistles first, and how fast those called came."""

from datetime import timedelta
from typing import Any

from wangge.cases.models import Case, Muster, Whistle
from wangge.cases.tests import made
from wangge.core import clock
from wangge.core.ids import new_id
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World


def whistle(world: World, case: Case, *, minutes: list[int | None], open_: bool = False, **values: Any) -> Whistle:
    """Called an hour ago, confirmed two minutes later; each of `minutes`: when a unit came, None: not yet."""
    at = clock.now() - timedelta(hours=1)
    confirmed = at + timedelta(minutes=2)
    row = Whistle.objects.create(
        id=new_id(),
        number=f"CS{new_id().hex[:12]}",
        case=case,
        code=town.GRID,
        by_unit_path=case.holder_path,
        by_name="王小格",
        centre=world.unit(town.STREET),
        reason="占道经营",
        called_at=at,
        **({"confirmed_at": confirmed, "ended_at": None if open_ else clock.now()} | values),
    )
    for unit, came in zip(("D-CG-1", "D-GA", "D-CG-2"), minutes, strict=False):
        Muster.objects.create(
            whistle=row,
            unit=world.unit(unit),
            unit_path=world.unit(unit).path,
            called_at=confirmed,
            arrived_at=None if came is None else confirmed + timedelta(minutes=came),
            score=None if came is None else 4,
        )
    return row


def board(api: Api, **asked: Any) -> Any:
    today = clock.today()
    answer = api.get("/api/whistles/board", since=today - timedelta(days=1), until=today + timedelta(days=1), **asked)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def test_the_board_counts_who_came_and_how_fast(world: World) -> None:
    one, two, three = made.reported(world, 3, at=clock.now() - timedelta(hours=2))
    whistle(world, one, minutes=[4, 10, 12])
    opened = whistle(world, two, minutes=[8, None], open_=True)
    whistle(
        world, three, minutes=[], confirmed_at=None, refused_at=clock.now(), refusal="社区可自行处理", ended_at=None
    )
    shown = board(api_as(world["street_seat"]))
    assert shown["figures"] == {
        "called": 3,
        "confirmed": 2,
        "refused": 1,
        "ended": 1,
        "confirm_minutes": 2.0,
        "musters": 5,
        "arrived": 4,
        "arrived_in_10": 3,
        "arrive_minutes": 8.5,
        "rated": 4,
        "score": 4.0,
    }
    assert [row["number"] for row in shown["open"]] == [opened.number]


def test_the_board_of_one_unit_counts_its_own_arrivals(world: World) -> None:
    one, two = made.reported(world, 2, at=clock.now() - timedelta(hours=2))
    whistle(world, one, minutes=[4, 20])
    whistle(world, two, minutes=[6])
    figures = board(api_as(world["street_seat"]), unit=world.unit("D-GA").path)["figures"]
    assert (figures["called"], figures["musters"], figures["arrived_in_10"]) == (1, 1, 0)
    assert board(api_as(world["stranger_street_seat"]))["figures"]["called"] == 0


def test_an_open_whistle_of_another_day_still_stands_on_the_board(world: World) -> None:
    [case] = made.reported(world, 1, at=clock.now() - timedelta(days=9))
    old = whistle(world, case, minutes=[None], open_=True)
    Whistle.objects.filter(pk=old.pk).update(called_at=clock.now() - timedelta(days=8))
    shown = board(api_as(world["street_seat"]))
    assert [row["number"] for row in shown["open"]] == [old.number] and shown["figures"]["called"] == 0

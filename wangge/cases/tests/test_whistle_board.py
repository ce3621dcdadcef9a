"""吹哨台 through the API: open whistles first, and how fast those called came."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

from wangge.cases.models import Case, Muster, Whistle
from wangge.cases.tests import made
from wangge.cases.tests.test_evidence import body_of
from wangge.core import clock
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World


def whistle(world: World, case: Case, *, minutes: list[int | None], open_: bool = False, **values: Any) -> Whistle:
    """Called an hour ago, confirmed two minutes later; each of `minutes`: when a unit came, None: not yet."""
    at = clock.now() - timedelta(hours=1)
    confirmed = at + timedelta(minutes=2)
    row = Whistle.objects.create(
        id=new_id(),
        number=f"CS{new_id().hex[-12:]}",
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


def test_units_are_counted_in_the_period_of_their_own_call_as_on_the_wall(world: World) -> None:
    [case] = made.reported(world, 1, at=clock.now() - timedelta(days=9))
    confirmed_later = whistle(world, case, minutes=[4, None])
    Whistle.objects.filter(pk=confirmed_later.pk).update(called_at=clock.now() - timedelta(days=8))
    whistle_of_today = whistle(world, case, minutes=[6])
    Muster.objects.filter(whistle=whistle_of_today).update(called_at=clock.now() + timedelta(days=2))
    figures = board(api_as(world["street_seat"]))["figures"]
    assert (figures["called"], figures["musters"], figures["arrived"]) == (1, 2, 1)


def test_a_whistle_leaves_one_file_with_what_was_done_while_it_was_open(world: World) -> None:
    [case] = made.reported(world, 1, at=clock.now() - timedelta(hours=2))
    seat, clerk = api_as(world["street_seat"]), api_as(world["department_clerk"])
    ended = whistle(world, case, minutes=[4])
    assert seat.post(f"/api/cases/{case.pk}/note", {"text": "哨后另记"}).status_code == 200
    path = f"/api/whistles/{ended.pk}/file"
    pdf = seat.get(f"{path}.pdf")
    assert pdf.status_code == 200 and pdf.content.startswith(b"%PDF") and ended.number in pdf["Content-Disposition"]
    bundle = zipfile.ZipFile(io.BytesIO(body_of(seat.get(f"{path}.zip"))))
    file = json.loads(bundle.read("case.json"))
    assert file["whistle"] == ended.number and [one["number"] for one in file["whistles"]] == [ended.number]
    assert "哨后另记" not in str(file["steps"]) and file["stages"] == []
    assert clerk.get(f"{path}.pdf").status_code == 404, "the case is not theirs to see"
    kept = JournalEntry.objects.filter(kind="case.export", subject_id=str(case.pk)).values_list("data", flat=True)
    assert sorted((data["form"], data["whistle"]) for data in kept) == [("pdf", ended.number), ("zip", ended.number)]


def test_whistles_that_ended_are_listed_apart_from_open_ones(world: World) -> None:
    one, two = made.reported(world, 2, at=clock.now() - timedelta(hours=2))
    ended = whistle(world, one, minutes=[4])
    whistle(world, two, minutes=[None], open_=True)
    seat = api_as(world["street_seat"])
    assert [row["number"] for row in seat.get("/api/whistles", state="past").json()["items"]] == [ended.number]
    police = world.unit("D-GA").path
    assert seat.get("/api/whistles", state="past", unit=police).json()["items"] == []
    assert seat.get("/api/whistles", state="past", code="320104002").json()["items"] == []

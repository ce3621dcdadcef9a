"""吹哨、联动、报到、评价 through the API, and one file for each whistle."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from wangge.cases.models import Assignment, Case, Muster, Whistle
from wangge.cases.tests import made
from wangge.core import clock
from wangge.core.models import JournalEntry
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World


def post(api: Api, case: Case, move: str, body: Any = None, status: int = 200) -> Any:
    answer = api.post(f"/api/cases/{case.pk}/{move}", body or {})
    assert answer.status_code == status, f"{move}: {answer.content.decode()}"
    return answer.json()


@pytest.fixture
def case(world: World) -> Case:
    found = made.reported(world, 1, at=clock.now())[0]
    found.lon, found.lat = town.point_in(town.GRID)
    found.save(update_fields=["lon", "lat"])
    return found


def blown(world: World, case: Case) -> Whistle:
    post(api_as(world["grid_worker"]), case, "whistle", {"reason": "占道经营多部门交叉"})
    return Whistle.objects.get(case=case)


def test_a_whistle_goes_from_grid_to_rating_and_keeps_one_file(world: World, case: Case) -> None:
    worker, seat, clerk = (api_as(world[key]) for key in ("grid_worker", "street_seat", "department_clerk"))
    whistle = blown(world, case)
    assert whistle.centre == world.unit(town.STREET) and whistle.number.startswith("CS320104")
    assert clerk.get(f"/api/whistles/{whistle.pk}").status_code == 404
    units = [world.unit("D-CG-1").pk, world.unit("D-GA").pk]
    post(seat, case, "confirm-whistle", {"unit_ids": units})
    lon, lat = town.point_in(town.GRID)
    post(clerk, case, "arrive", {"lon": lon, "lat": lat + 0.001})
    post(worker, case, "end-whistle", {"ratings": []}, status=422)
    ratings = [{"unit_id": units[0], "score": 5, "comment": "来得快"}, {"unit_id": units[1], "score": 1}]
    post(worker, case, "end-whistle", {"ratings": ratings})
    file = clerk.get(f"/api/whistles/{whistle.pk}").json()
    assert file["state"] == "ended" and file["by_name"] == "王小格"
    came, absent = file["musters"]
    assert 105 < came["distance_m"] < 117 and came["score"] == 5 and came["comment"] == "来得快"
    assert absent["arrived_at"] is None and absent["score"] == 1
    kinds = list(JournalEntry.objects.filter(subject_id=str(case.pk)).order_by("id").values_list("kind", flat=True))
    assert kinds == [f"case.{kind}" for kind in ("whistle", "confirm_whistle", "arrive", "end_whistle")]


def test_only_those_called_see_the_case_and_arrive(world: World, case: Case) -> None:
    blown(world, case)
    post(api_as(world["street_seat"]), case, "confirm-whistle", {"unit_ids": [world.unit("D-CG-1").pk]})
    place = dict(zip(("lon", "lat"), town.point_in(town.GRID), strict=True))
    post(api_as(world["police_clerk"]), case, "arrive", place, status=404)
    post(api_as(world["street_seat"]), case, "arrive", place, status=403)
    post(api_as(world["department_leader"]), case, "arrive", place)
    post(api_as(world["department_clerk"]), case, "arrive", place, status=409)


def test_one_whistle_at_a_time_and_a_refusal_lets_it_be_blown_again(world: World, case: Case) -> None:
    first = blown(world, case)
    again = post(api_as(world["grid_worker"]), case, "whistle", {"reason": "还没有人来"}, status=409)
    assert again["code"] == "whistle.blown_already" and first.number in again["message"]
    assert not may_blow(world, case), "it is not offered while it waits"
    post(api_as(world["stranger_street_seat"]), case, "refuse-whistle", {"reason": "社区可自行处理"}, status=404)
    post(api_as(world["street_seat"]), case, "refuse-whistle", {"reason": "社区可自行处理"})
    assert may_blow(world, case)
    post(api_as(world["grid_worker"]), case, "whistle", {"reason": "确需联动"})
    listed = api_as(world["street_seat"]).get("/api/whistles", limit=1).json()
    assert listed["next"] and listed["items"][0]["state"] == "called"
    rest = api_as(world["street_seat"]).get("/api/whistles", cursor=listed["next"]).json()
    assert [item["state"] for item in rest["items"]] == ["refused"] and rest["next"] is None
    assert api_as(world["stranger_street_seat"]).get("/api/whistles").json()["items"] == []


def test_the_file_says_whose_arrival_the_reader_may_tell(world: World, case: Case) -> None:
    whistle = blown(world, case)
    units = [world.unit("D-CG-1").pk, world.unit("D-GA").pk]
    post(api_as(world["street_seat"]), case, "confirm-whistle", {"unit_ids": units})

    def yours(key: str) -> list[bool]:
        file = api_as(world[key]).get(f"/api/whistles/{whistle.pk}").json()
        return [muster["yours"] for muster in file["musters"]]

    assert yours("department_clerk") == [True, False] and yours("police_clerk") == [False, True]
    assert yours("street_seat") == yours("grid_worker") == [False, False]


def test_a_unit_mustered_may_then_be_charged_as_lead(world: World, case: Case) -> None:
    case.category = made.category()
    case.save(update_fields=["category"])
    blown(world, case)
    seat, unit = api_as(world["street_seat"]), world.unit("D-CG-1")
    post(seat, case, "confirm-whistle", {"unit_ids": [unit.pk]})
    post(seat, case, "accept")
    post(seat, case, "dispatch", {"lead_id": unit.pk})
    open_ones = Assignment.objects.filter(case=case, ended_at__isnull=True)
    assert [(row.unit_id, row.role) for row in open_ones] == [(unit.pk, "lead")]


def test_the_unit_complained_of_is_not_told_who_blew_the_whistle(world: World, case: Case) -> None:
    complained = world.unit(town.COMMUNITY)
    Case.objects.filter(pk=case.pk).update(complained=complained, complained_root=complained.path)
    whistle = blown(world, case)
    post(api_as(world["street_seat"]), case, "confirm-whistle", {"unit_ids": [world.unit("D-CG-1").pk]})
    assert api_as(world["community"]).get(f"/api/whistles/{whistle.pk}").json()["by_name"] == ""
    assert api_as(world["street_seat"]).get(f"/api/whistles/{whistle.pk}").json()["by_name"] == "王小格"


def mustering(world: World, case: Case, *, called: timedelta) -> datetime:
    """Called so long ago; when that was."""
    blown(world, case)
    post(api_as(world["street_seat"]), case, "confirm-whistle", {"unit_ids": [world.unit("D-CG-1").pk]})
    at = (clock.now() - called).replace(microsecond=0)
    Whistle.objects.filter(case=case).update(called_at=at, confirmed_at=at)
    Muster.objects.filter(whistle__case=case).update(called_at=at)
    return at


def came(world: World, case: Case, **more: Any) -> Any:
    lon, lat = town.point_in(town.GRID)
    post(api_as(world["department_clerk"]), case, "arrive", {"lon": lon, "lat": lat, **more})
    whistle = Whistle.objects.get(case=case)
    [muster] = api_as(world["street_seat"]).get(f"/api/whistles/{whistle.pk}").json()["musters"]
    return muster


def test_an_arrival_told_later_is_counted_from_the_deed_and_both_times_are_kept(world: World, case: Case) -> None:
    called_at = mustering(world, case, called=timedelta(minutes=45))
    there = called_at + timedelta(minutes=6)
    muster = came(world, case, happened_at=there.isoformat())
    assert muster["minutes"] == 6.0 and datetime.fromisoformat(muster["arrived_at"]) == there
    heard = datetime.fromisoformat(muster["arrival_received_at"])
    assert heard - there > timedelta(minutes=38)
    entry = JournalEntry.objects.get(kind="case.arrive", subject_id=str(case.pk))
    assert (
        abs(entry.at - heard) < timedelta(milliseconds=1) and datetime.fromisoformat(entry.data["happened_at"]) == there
    )
    detail = api_as(world["street_seat"]).get(f"/api/cases/{case.pk}").json()
    assert detail["whistles"][0]["musters"][0]["arrival_received_at"] == muster["arrival_received_at"]
    told = f"实际到场（手机离线补报）：{clock.local(there):%Y-%m-%d %H:%M}"
    assert told in detail["steps"][-1]["lines"]


def test_nobody_arrives_before_the_call_or_after_it_was_heard_of(world: World, case: Case) -> None:
    called_at = mustering(world, case, called=timedelta(minutes=5))
    early = came(world, case, happened_at=(called_at - timedelta(days=1)).isoformat())
    assert early["minutes"] == 0.0 and datetime.fromisoformat(early["arrived_at"]) == called_at


def test_a_clock_that_runs_ahead_brings_nobody_later_than_heard_of(world: World, case: Case) -> None:
    mustering(world, case, called=timedelta(minutes=5))
    ahead = came(world, case, happened_at=(clock.now() + timedelta(days=1)).isoformat())
    assert ahead["arrived_at"] == ahead["arrival_received_at"] and 5 <= ahead["minutes"] < 60


def test_an_arrival_told_at_once_has_one_time(world: World, case: Case) -> None:
    mustering(world, case, called=timedelta(minutes=5))
    muster = came(world, case)
    assert muster["arrived_at"] == muster["arrival_received_at"]
    detail = api_as(world["street_seat"]).get(f"/api/cases/{case.pk}").json()
    assert not [line for line in detail["steps"][-1]["lines"] if "实际到场" in line]


def may_blow(world: World, case: Case) -> bool:
    moves = api_as(world["grid_worker"]).get(f"/api/cases/{case.pk}").json()["moves"]
    return "whistle" in {move["kind"] for move in moves}

"""A case whose pictures of the state after handling do not fit passes only with a reason, which stays with it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from wangge.cases.evidence.tests import samples
from wangge.cases.models import Case
from wangge.cases.tests import made
from wangge.cases.tests.test_evidence import sent
from wangge.core import clock
from wangge.core.models import JournalEntry
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

PLACE = town.point_in(town.GRID)


def exif(at: datetime) -> str:
    return clock.local(at).strftime("%Y:%m:%d %H:%M:%S")


@pytest.fixture
def case(world: World) -> Case:
    """With the branch since half an hour."""
    found = made.handling(world, 1, at=clock.now() - timedelta(minutes=30))[0]
    found.lon, found.lat = PLACE
    found.category = made.category()
    found.save(update_fields=["lon", "lat", "category"])
    return found


def finish(world: World, case: Case, picture: bytes) -> Any:
    clerk = api_as(world["department_clerk"])
    piece = sent(clerk, picture)
    answer = clerk.post(f"/api/cases/{case.pk}/finish", {"text": "已清理", "evidence": [piece["id"]]})
    assert answer.status_code == 200, answer.content.decode()
    return piece


def passed(seat: Api, case: Case, **body: Any) -> Any:
    return seat.post(f"/api/cases/{case.pk}/pass", body)


def need_of_passing(seat: Api, case: Case) -> list[str]:
    moves = seat.get(f"/api/cases/{case.pk}").json()["moves"]
    return next(move["needs"] for move in moves if move["kind"] == "pass")


def test_good_pictures_pass_at_one_press(world: World, case: Case) -> None:
    finish(world, case, samples.picture(place=PLACE, taken=exif(clock.now())))
    seat = api_as(world["street_seat"])
    assert need_of_passing(seat, case) == []
    assert passed(seat, case).status_code == 200
    assert "doubts" not in JournalEntry.objects.get(kind="case.pass", subject_id=str(case.pk)).data


def test_a_hint_asks_no_reason(world: World, case: Case) -> None:
    finish(world, case, samples.picture())
    seat = api_as(world["street_seat"])
    assert need_of_passing(seat, case) == [] and passed(seat, case).status_code == 200


def test_doubtful_pictures_pass_only_with_a_reason_that_is_kept(world: World, case: Case) -> None:
    far = (PLACE[0] + 0.02, PLACE[1])
    piece = finish(world, case, samples.picture(place=far, taken=exif(clock.now() - timedelta(hours=1))))
    seat = api_as(world["street_seat"])
    shown = seat.get(f"/api/cases/{case.pk}").json()["evidence"][0]
    assert shown["phase"] == "after" and {one["kind"] for one in shown["warnings"]} == {
        "too_far",
        "taken_before_report",
    }
    assert need_of_passing(seat, case) == ["doubts"]
    refused = passed(seat, case)
    assert refused.status_code == 422 and refused.json()["code"] == "case.doubts_unanswered"
    assert "text" in refused.json()["fields"] and "米" in refused.json()["message"]
    assert Case.objects.get(pk=case.pk).state == "handled"
    assert passed(seat, case, text="现场复核属实，手机定位漂移").status_code == 200
    step = seat.get(f"/api/cases/{case.pk}").json()["steps"][-1]
    assert step["kind"] == "pass" and step["text"] == "现场复核属实，手机定位漂移"
    assert step["lines"] == ["照片存疑：拍摄位置偏远、早于上报拍摄"]
    kept = JournalEntry.objects.get(kind="case.pass", subject_id=str(case.pk)).data["doubts"]
    assert kept == {piece["id"]: ["too_far", "taken_before_report"]}


def test_a_picture_from_before_the_dispatch_does_not_show_the_handling(world: World, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(reported_at=clock.now() - timedelta(hours=5))
    finish(world, case, samples.picture(place=PLACE, taken=exif(clock.now() - timedelta(hours=2))))
    seat = api_as(world["street_seat"])
    [shown] = seat.get(f"/api/cases/{case.pk}").json()["evidence"]
    assert [one["kind"] for one in shown["warnings"]] == ["taken_before_dispatch"]


def test_what_an_earlier_unit_sent_is_not_held_against_a_new_dispatch(world: World, case: Case) -> None:
    finish(world, case, samples.picture(place=PLACE, taken=exif(clock.now())))
    later = clock.now() + timedelta(hours=3)
    Case.objects.filter(pk=case.pk).update(dispatched_at=later)
    [shown] = api_as(world["street_seat"]).get(f"/api/cases/{case.pk}").json()["evidence"]
    assert shown["warnings"] == []


def test_one_file_for_before_and_after_is_told(world: World, case: Case) -> None:
    seat, picture = api_as(world["street_seat"]), samples.picture(place=PLACE, taken=exif(clock.now()))
    piece = sent(seat, picture, photo_type="before")
    assert seat.post(f"/api/cases/{case.pk}/note", {"text": "现场", "evidence": [piece["id"]]}).status_code == 200
    finish(world, case, picture)
    kinds = [[one["kind"] for one in each["warnings"]] for each in seat.get(f"/api/cases/{case.pk}").json()["evidence"]]
    assert kinds == [["same_on_both_sides"], ["same_on_both_sides"]]
    assert need_of_passing(seat, case) == ["doubts"]

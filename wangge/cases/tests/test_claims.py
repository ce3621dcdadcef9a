"""占用: one seat at a time is at work on a case, everybody sees who, and nobody is locked out for ever."""

import json
from datetime import timedelta
from typing import Any

import pytest

from wangge.accounts.models import Post, User
from wangge.cases import actions, tasks
from wangge.cases.models import Case, Step
from wangge.cases.models import Claim as ClaimRow
from wangge.cases.models.claims import Looking
from wangge.cases.tests import made
from wangge.cases.tests.factories import make_case
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.journal import Read
from wangge.core.models import JournalEntry
from wangge.live.news import Newsroom
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.moments import at_moment
from wangge.testing.world import SINCE, UNUSABLE, Person, World

REASON = {"reason": "测试所需的理由"}


@pytest.fixture
def colleague(world: World) -> Person:
    """Another seat of the same sub-district."""
    seat = world["street_seat"]
    user = User.objects.create(username="seat2", name="郑二坐", password=UNUSABLE, created_at=clock.now())
    post = Post.objects.create(user=user, unit=seat.unit, role=seat.role, codes=seat.post.codes, valid_from=SINCE)
    return Person(key="colleague", user=user, post=post, unit=seat.unit, role=seat.role)


@pytest.fixture
def case(world: World) -> Case:
    return made.reported(world, 1, at=clock.now() - timedelta(minutes=1))[0]


def take_up(api: Api, case: Case, move: str = "refuse") -> Any:
    answer = api.post(f"/api/cases/{case.pk}/claim", {"move": move})
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def kinds(case: Case) -> list[str]:
    return list(JournalEntry.objects.filter(subject_id=str(case.pk)).order_by("id").values_list("kind", flat=True))


def test_a_case_that_is_taken_up_says_by_whom_and_since_when(world: World, case: Case, colleague: Person) -> None:
    seat, other = api_as(world["street_seat"]), api_as(colleague)
    claim = take_up(seat, case)["claim"]
    assert (claim["by_name"], claim["move"], claim["is_left"]) == ("钱街道", "refuse", False)
    detail = other.get(f"/api/cases/{case.pk}").json()
    [row] = other.get("/api/cases", queue="to_accept").json()["items"]
    assert detail["claim"] == row["claim"] == claim
    assert detail["version"] == case.version, "taking up changes nothing of the case itself"
    assert kinds(case) == ["case.claimed"]


def test_the_moves_of_another_seat_are_refused_and_say_who_and_since(
    world: World, case: Case, colleague: Person
) -> None:
    take_up(api_as(world["street_seat"]), case)
    other = api_as(colleague)
    for path, body in (("accept", {}), ("refuse", REASON), ("claim", {"move": "refuse"})):
        answer = other.post(f"/api/cases/{case.pk}/{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "case.claimed"), path
        assert "钱街道" in answer.json()["message"] and answer.json()["data"]["claim"]["since"]
    assert other.post(f"/api/cases/{case.pk}/note", {"text": "报告人又来电"}).status_code == 200, (
        "adding holds nobody up"
    )


def test_the_version_one_looked_at_still_decides(world: World, case: Case) -> None:
    seat = api_as(world["street_seat"])
    take_up(seat, case)
    assert seat.post(f"/api/cases/{case.pk}/note", {"text": "补充一句说明"}).status_code == 200
    late = seat.post(f"/api/cases/{case.pk}/refuse", REASON | {"version": case.version})
    assert (late.status_code, late.json()["code"]) == (409, "case.changed")


def test_a_claim_ends_with_the_move_and_when_one_leaves(world: World, case: Case, colleague: Person) -> None:
    seat, other = api_as(world["street_seat"]), api_as(colleague)
    take_up(seat, case)
    assert other.delete(f"/api/cases/{case.pk}/claim").status_code == 204
    assert ClaimRow.objects.exists(), "nobody leaves for another"
    assert seat.delete(f"/api/cases/{case.pk}/claim").status_code == 204
    assert seat.delete(f"/api/cases/{case.pk}/claim").status_code == 204
    take_up(other, case)
    assert other.post(f"/api/cases/{case.pk}/refuse", REASON).status_code == 200
    assert not ClaimRow.objects.exists()
    assert kinds(case) == ["case.claimed", "case.released", "case.claimed", "case.refuse"]


def test_taking_over_needs_a_reason_and_is_on_record(world: World, case: Case, colleague: Person) -> None:
    first, other = api_as(world["street_seat"]), api_as(colleague)
    take_up(first, case)
    path = f"/api/cases/{case.pk}/claim/take-over"
    assert "reason" in other.post(path, {"move": "refuse"}).json()["fields"]
    answer = other.post(path, {"move": "refuse", "reason": "钱街道已去开会"})
    assert answer.json()["claim"]["by_name"] == "郑二坐"
    lost = first.post(f"/api/cases/{case.pk}/looking", {"working": True}).json()
    assert lost["claim"]["by_name"] == "郑二坐", "the first learns it when it says that it is still there, too"
    assert first.post(f"/api/cases/{case.pk}/refuse", REASON).json()["code"] == "case.claimed"
    step = Step.objects.get(case=case, kind="take_over")
    assert step.text == "钱街道已去开会" and step.data["from"] == "桃叶街道分中心"
    entry = JournalEntry.objects.get(subject_id=str(case.pk), kind="case.taken_over")
    assert entry.actor_post == colleague.post.pk and entry.data["from_post"] == world["street_seat"].post.pk
    assert "开会" not in json.dumps(entry.data, ensure_ascii=False), "words of people are in the history alone"
    assert other.post(f"/api/cases/{case.pk}/refuse", REASON).status_code == 200


def test_a_claim_left_behind_is_shown_as_left_and_taken_over_with_one_press(
    world: World, case: Case, colleague: Person
) -> None:
    first, other = api_as(world["street_seat"]), api_as(colleague)
    take_up(first, case)
    with at_moment(clock.now() + timedelta(seconds=100)) as time:
        first.post(f"/api/cases/{case.pk}/looking", {"working": True})
        time.shift(timedelta(seconds=100))
        assert other.get(f"/api/cases/{case.pk}").json()["claim"]["is_left"] is False, "it was renewed"
        time.shift(timedelta(seconds=30))
        tasks.claims_left()
        [row] = other.get("/api/cases", queue="to_accept").json()["items"]
        assert row["claim"]["is_left"] and other.get(f"/api/cases/{case.pk}").json()["claim"]["is_left"]
        assert other.post(f"/api/cases/{case.pk}/claim", {"move": "refuse"}).json()["data"]["claim"]["is_left"]
        assert other.post(f"/api/cases/{case.pk}/claim/take-over", {"move": "refuse"}).status_code == 200
    assert kinds(case) == ["case.claimed", "case.claim_left", "case.taken_over"]
    assert JournalEntry.objects.get(kind="case.taken_over").data["left"] is True


def test_whoever_comes_back_to_what_they_left_has_it_again(world: World, case: Case) -> None:
    first = api_as(world["street_seat"])
    take_up(first, case)
    with at_moment(clock.now() + timedelta(minutes=3)):
        tasks.claims_left()
        again = first.post(f"/api/cases/{case.pk}/looking", {"working": True}).json()
        assert again["claim"]["is_left"] is False
        assert ClaimRow.objects.get().left_at is None
    assert kinds(case) == ["case.claimed", "case.claim_left", "case.claimed"]


def test_a_move_past_a_claim_left_behind_is_on_record_as_taking_over(
    world: World, case: Case, colleague: Person
) -> None:
    take_up(api_as(world["street_seat"]), case)
    with at_moment(clock.now() + timedelta(minutes=3)):
        assert api_as(colleague).post(f"/api/cases/{case.pk}/refuse", REASON).status_code == 200
    assert kinds(case) == ["case.claimed", "case.taken_over", "case.refuse"]


def test_a_claim_nobody_comes_back_to_is_forgotten(world: World, case: Case) -> None:
    take_up(api_as(world["street_seat"]), case)
    with at_moment(clock.now() + timedelta(hours=5)):
        tasks.claims_left()
    assert not ClaimRow.objects.exists()


def test_a_commander_and_the_house_itself_pass_a_claim(world: World, case: Case, colleague: Person) -> None:
    take_up(api_as(world["street_seat"]), case)
    assert api_as(world["commander"]).post(f"/api/cases/{case.pk}/refuse", REASON).status_code == 200
    assert kinds(case)[1:] == ["case.taken_over", "case.refuse"]
    closed = made.reported(world, 1, at=clock.now())[0]
    take_up(api_as(colleague), closed)
    house = Actor.system("deadlines")
    with acting(house):
        actions.refuse_case(case_id=closed.pk, by=house, at=clock.now(), reason="系统办理")
    assert ClaimRow.objects.filter(case=closed).exists()


def test_who_may_not_make_the_move_may_not_take_the_case_up(world: World, case: Case) -> None:
    path = f"/api/cases/{case.pk}/claim"
    assert api_as(world["district_seat"]).post(path, {"move": "refuse"}).status_code == 403
    assert api_as(world.stranger("street_seat")).post(path, {"move": "refuse"}).status_code == 404
    now = api_as(world["street_seat"]).post(path, {"move": "close"})
    assert (now.status_code, now.json()["code"]) == (409, "case.not_now")
    assert api_as(world["street_seat"]).post(path, {"move": "take_over"}).status_code == 422


def test_everybody_looking_is_seen_by_the_others_and_by_nobody_afterwards(
    world: World, case: Case, colleague: Person
) -> None:
    seat, other = api_as(world["street_seat"]), api_as(colleague)
    path = f"/api/cases/{case.pk}/looking"
    assert seat.post(path, {}).json()["looking"] == []
    assert [one["by_name"] for one in other.post(path, {}).json()["looking"]] == ["钱街道"]
    assert kinds(case) == [], "looking is on no record"
    seat.delete(f"/api/cases/{case.pk}/claim")
    assert other.post(path, {}).json()["looking"] == []
    with at_moment(clock.now() + timedelta(minutes=2)):
        assert seat.post(path, {}).json()["looking"] == [], "the other has said nothing for two minutes"
        tasks.claims_left()
        assert Looking.objects.count() == 1


def test_the_unit_complained_of_learns_that_a_case_is_worked_on_but_not_by_whom(world: World) -> None:
    case = make_case(world, "handling", lead="D-CG-1", complained="D-SW", assist=["D-SW"])  # type: ignore[arg-type]
    seat, accused = api_as(world["street_seat"]), api_as(world.stranger("department_clerk"))
    take_up(seat, case, "suspend")
    seat.post(f"/api/cases/{case.pk}/looking", {})
    claim = accused.get(f"/api/cases/{case.pk}").json()["claim"]
    assert (claim["by_name"], claim["by_unit"]) == ("", "桃叶街道分中心")
    [row] = accused.get("/api/cases").json()["items"]
    assert row["claim"]["by_name"] == ""
    assert accused.post(f"/api/cases/{case.pk}/looking", {}).json()["looking"] == []


def test_the_unit_complained_of_learns_that_a_case_changed_hands_but_not_between_whom(
    world: World, colleague: Person
) -> None:
    case = make_case(world, "handling", lead="D-CG-1", complained="D-SW", assist=["D-SW"])  # type: ignore[arg-type]
    take_up(api_as(world["street_seat"]), case, "suspend")
    taken = api_as(colleague).post(
        f"/api/cases/{case.pk}/claim/take-over", {"move": "suspend", "reason": "前一位已去开会"}
    )
    assert taken.status_code == 200, taken.content.decode()
    told = api_as(world.stranger("department_clerk")).get(f"/api/cases/{case.pk}").json()
    assert "take_over" in [step["kind"] for step in told["steps"]]
    said = json.dumps(told, ensure_ascii=False)
    assert "桃叶街道分中心" in said and "钱街道" not in said and "郑二坐" not in said


def test_news_of_a_claim_carries_the_line_with_it(world: World, case: Case) -> None:
    take_up(api_as(world["street_seat"]), case)
    entry = JournalEntry.objects.get(subject_id=str(case.pk))
    read = Read(**{name: getattr(entry, name) for name in Read.__dataclass_fields__})
    with acting(Actor.system("live")):
        [news] = Newsroom().news([read], languages=frozenset({"zh"}))
    told = news.for_whom(world["district_seat"].actor).decode()
    data = json.loads(told.split("data: ", 1)[1])
    assert data["kind"] == "case.claimed" and data["row"]["claim"]["by_name"] == "钱街道"


def test_other_streets_see_no_claim(world: World, case: Case) -> None:
    assert case.current_grid == town.GRID
    assert api_as(world.stranger("street_seat")).post(f"/api/cases/{case.pk}/looking", {}).status_code == 404

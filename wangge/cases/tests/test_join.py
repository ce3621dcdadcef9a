"""A duplicate joined and taken out again: nothing is lost, and nobody learns more than before."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from wangge.cases.models import Attachment, Case, Deadline, Join, Reporter
from wangge.cases.tests import made
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.models import JournalEntry
from wangge.testing.client import api_as
from wangge.testing.committed import at_once
from wangge.testing.world import World

SYSTEM = Actor.system("test")


def post(world: World, key: str, case: Case, move: str, body: dict[str, Any]) -> Any:
    return api_as(world[key]).post(f"/api/cases/{case.pk}/{move}", body)


def joined(world: World, case: Case, main: Case, status: int = 200) -> Any:
    answer = post(world, "street_seat", case, "join", {"into_id": str(main.pk)})
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


@pytest.fixture
def two(world: World) -> tuple[Case, Case, datetime]:
    """The older one is the duplicate: its clock began first."""
    at = clock.now()
    older, newer = made.reported(world, 1, at=at - timedelta(minutes=3))[0], made.reported(world, 1, at=at)[0]
    with acting(SYSTEM):
        for case, name in ((older, "甲"), (newer, "乙")):
            Reporter.objects.bulk_create(
                [Reporter(id=uuid.uuid4(), case=case, name=name, code=case.current_grid, at=at)]
            )
            Attachment.objects.bulk_create(
                [
                    Attachment(
                        id=uuid.uuid4(),
                        case=case,
                        kind="picture",
                        name=name,
                        mime="image/jpeg",
                        size=1,
                        sha256="0" * 64,
                        served_sha256="0" * 64,
                        at=at,
                        code=case.current_grid,
                    )
                ]
            )
    return older, newer, at


def people(case: Case) -> list[tuple[str, bool]]:
    with acting(SYSTEM):
        return list(Reporter.objects.filter(case=case).order_by("name").values_list("name", "is_follower"))


def pieces(case: Case) -> list[str]:
    with acting(SYSTEM):
        return list(Attachment.objects.filter(case=case).order_by("name").values_list("name", flat=True))


def clock_of(case: Case) -> tuple[datetime, datetime | None]:
    row = Deadline.objects.get(case=case, stage="respond")
    return row.started_at, row.due_at


def test_joining_keeps_followers_evidence_and_the_earlier_clock(world: World, two: tuple[Case, Case, datetime]) -> None:
    older, main, at = two
    joined(world, older, main)
    assert Case.objects.get(pk=older.pk).state == "joined"
    assert people(main) == [("乙", False), ("甲", True)] and people(older) == []
    assert pieces(main) == ["乙", "甲"]
    assert clock_of(main)[0] == at - timedelta(minutes=3)
    assert Case.objects.get(pk=main.pk).due_at == at + timedelta(minutes=2)
    kinds = JournalEntry.objects.filter(kind="case.join").values_list("subject_id", flat=True)
    assert set(kinds) == {str(older.pk), str(main.pk)}


def test_separating_puts_everything_back(world: World, two: tuple[Case, Case, datetime]) -> None:
    older, main, _ = two
    before = [(people(case), pieces(case), clock_of(case)) for case in (older, main)]
    shown = [Case.objects.values("state", "due_at", "due_stage", "joined_to").get(pk=case.pk) for case in (older, main)]
    joined(world, older, main)
    assert post(world, "street_seat", older, "separate", {"reason": "不是同一件事"}).status_code == 200
    assert [(people(case), pieces(case), clock_of(case)) for case in (older, main)] == before
    assert shown == [
        Case.objects.values("state", "due_at", "due_stage", "joined_to").get(pk=case.pk) for case in (older, main)
    ]
    assert Deadline.objects.get(case=older).dropped_at is None
    assert Join.objects.get(case=older).undone_at is not None
    joined(world, older, main)
    listed = api_as(world["street_seat"]).get(f"/api/cases/{main.pk}/joins").json()
    assert [row["undone_at"] is None for row in listed] == [False, True]


def test_a_complaint_never_joins_a_case_that_shows_its_reporter_to_the_unit(
    world: World, two: tuple[Case, Case, datetime]
) -> None:
    older, main, _ = two
    unit = world.unit("D-CG")
    Case.objects.filter(pk=older.pk).update(complained=unit, complained_root=unit.path)
    assert joined(world, older, main, status=409)["code"] == "case.cannot_join"


def test_what_is_closed_joined_out_of_sight_or_itself_takes_nothing_in(
    world: World, two: tuple[Case, Case, datetime]
) -> None:
    older, main, at = two
    joined(world, older, older, status=422)
    Case.objects.filter(pk=main.pk).update(state="refused")
    joined(world, older, main, status=409)
    elsewhere = made.reported(world, 1, at=at, code="320105001001001")[0]
    Case.objects.filter(pk=elsewhere.pk).update(holder_path="320105/", holder=world.unit("320105"))
    joined(world, older, elsewhere, status=404)


def test_two_seats_joining_crosswise_leave_one_joined(committed_world: World) -> None:
    one, other = made.reported(committed_world, 2, at=clock.now())
    first, second = api_as(committed_world["street_seat"]), api_as(committed_world["commander"])
    answers = at_once(
        lambda: first.post(f"/api/cases/{one.pk}/join", {"into_id": str(other.pk)}).status_code,
        lambda: second.post(f"/api/cases/{other.pk}/join", {"into_id": str(one.pk)}).status_code,
    )
    assert sorted(map(str, answers)) == ["200", "409"]
    assert Case.objects.filter(state="joined").count() == 1

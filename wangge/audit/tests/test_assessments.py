"""个人信息保护影响评估: written once, superseded and never changed; what is done here without one is said."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from wangge.audit.models import Assessment
from wangge.audit.rules import Standing, standing
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.models import JournalEntry
from wangge.registry.tests.made import person
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

PROSE = ("purpose", "basis", "necessity", "risks", "measures", "conclusion")


@pytest.fixture
def officer(world: World) -> Api:
    return api_as(world["security_officer"])


def given(**changes: Any) -> dict[str, Any]:
    today = clock.today()
    days = {"assessed_on": today.isoformat(), "valid_until": (today + timedelta(days=365)).isoformat()}
    return {"processing": "people", **dict.fromkeys(PROSE, "说明"), "assessed_by": "钱安全", **days, **changes}


def record(officer: Api, **changes: Any) -> Any:
    return officer.post("/api/assessments", given(**changes))


def stands(officer: Api, processing: str = "people") -> tuple[bool, str]:
    [found] = [one for one in officer.get("/api/assessments").json() if one["processing"] == processing]
    return found["in_use"], found["standing"]


def test_what_is_done_without_an_assessment_is_said(world: World, officer: Api) -> None:
    assert stands(officer) == (False, "missing")
    person(world)
    assert stands(officer) == (True, "missing")
    assert record(officer).status_code == 201
    assert stands(officer) == (True, "valid") and stands(officer, "care") == (False, "missing")


def test_a_later_one_supersedes_and_the_earlier_stays_as_it_was(world: World, officer: Api) -> None:
    first = record(officer).json()
    assert record(officer).json()["code"] == "assessment.superseded", "written from a page that did not know of it"
    second = record(officer, risks="新的风险", supersedes=first["id"]).json()
    assert record(officer, supersedes=first["id"]).status_code == 409
    assert [one["id"] for one in officer.get("/api/assessments/people").json()] == [second["id"], first["id"]]
    assert officer.get("/api/assessments/people").json()[1] == first


def test_the_database_changes_and_deletes_none(world: World, officer: Api) -> None:
    record(officer)
    for change in (lambda: Assessment.objects.update(risks="没有"), lambda: Assessment.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert Assessment.objects.get().risks == "说明"


def test_it_runs_out_after_its_last_day() -> None:
    today = clock.today()
    day = timedelta(days=1)
    assert standing(today, today=today) is Standing.SOON
    assert standing(today - day, today=today) is Standing.EXPIRED
    assert standing(today + 61 * day, today=today) is Standing.VALID


@pytest.mark.parametrize(("field", "days"), [("assessed_on", 1), ("valid_until", -1), ("valid_until", 3 * 366 + 1)])
def test_days_are_judged(officer: Api, field: str, days: int) -> None:
    answer = record(officer, **{field: (clock.today() + timedelta(days=days)).isoformat()})
    assert answer.status_code == 422 and answer.json()["fields"]


def test_the_officer_writes_the_auditor_reads_and_the_administrator_does_neither(world: World, officer: Api) -> None:
    record(officer)
    assert len(api_as(world["auditor"]).get("/api/assessments/people").json()) == 1
    assert record(api_as(world["auditor"])).status_code == 403
    admin = api_as(world["administrator"])
    assert (admin.get("/api/assessments").status_code, record(admin).status_code) == (403, 403)


def test_that_it_was_recorded_is_on_the_journal(world: World, officer: Api) -> None:
    made = record(officer).json()
    with acting(Actor.system("test")):
        entry = JournalEntry.objects.get(kind="assessment.recorded")
    assert entry.subject_id == str(made["id"]) and entry.data["processing"] == "people"

"""The whole loop through the API: report, accept, dispatch, sign, handle, review, close, rate, archive."""

import uuid
from typing import Any

import pytest

from wangge.cases.models import Case, Category, Deadline, Scheme, Step
from wangge.core.models import Idempotency, JournalEntry
from wangge.testing.client import Api, api_as
from wangge.testing.world import World


@pytest.fixture
def category(db: None) -> int:
    scheme = Scheme.objects.create(
        code="TEST", version="1", name_zh="测试", name_en="Test", source="test", valid_from="2020-01-01"
    )
    return Category.objects.create(scheme=scheme, code="01", path="01/", name_zh="路面塌陷", name_en="Collapse").pk


def report(api: Api, category: int, **values: Any) -> Any:
    body = {"source": "telephone", "title": "路面塌陷", "lon": 118.7905, "lat": 32.0205, "category_id": category}
    answer = api.post("/api/cases", body | values, Idempotency_Key=str(uuid.uuid4()))
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def test_a_case_goes_all_the_way_round(world: World, category: int) -> None:
    seat, clerk = api_as(world["street_seat"]), api_as(world["department_clerk"])
    case = report(seat, category)
    path = f"/api/cases/{case['id']}"
    unit = world.unit("D-CG-1").pk

    def go(api: Api, move: str, body: dict[str, Any] | None = None) -> Any:
        answer = api.post(f"{path}/{move}", body or {})
        assert answer.status_code == 200, f"{move}: {answer.content.decode()}"
        return answer.json()

    assert go(seat, "accept")["state"] == "accepted"
    assert go(seat, "dispatch", {"lead_id": unit})["state"] == "dispatched"
    assert go(clerk, "sign")["state"] == "handling"
    assert go(clerk, "finish", {"text": "已回填夯实并恢复路面"})["state"] == "handled"
    assert go(seat, "pass")["state"] == "reviewed"
    assert go(seat, "close", {"outcome": "solved"})["state"] == "closed"
    assert go(seat, "rate", {"score": 5, "solved": True})["state"] == "closed"
    assert go(seat, "archive")["state"] == "archived"

    row = Case.objects.get(pk=case["id"])
    assert row.outcome == "solved" and row.satisfaction == 5 and not row.was_late
    kinds = list(Step.objects.filter(case=row).order_by("id").values_list("kind", flat=True))
    assert kinds == ["report", "accept", "dispatch", "sign", "finish", "pass", "close", "rate", "archive"]
    entries = JournalEntry.objects.filter(subject_type="case", subject_id=str(row.pk)).order_by("id")
    assert [entry.kind for entry in entries] == [f"case.{kind}" for kind in kinds]
    assert not Deadline.objects.filter(case=row, met_at__isnull=True, dropped_at__isnull=True).exists()


@pytest.mark.parametrize(
    "key", ["7f8b9c9e-3a53-4d8e-8f6e-2f1f0d3f9a11", "019a0000-0000-7000-8000-000000000003"], ids=["random", "timed"]
)
def test_a_report_sent_again_after_days_is_still_one_case(world: World, category: int, key: str) -> None:
    """Whose answer was lost on Friday: the key is sent again on Monday, when answers of Friday are forgotten."""
    worker, other = api_as(world["grid_worker"]), api_as(world["street_seat"])
    body = {"source": "grid", "title": "路面塌陷", "lon": 118.7905, "lat": 32.0205, "category_id": category}
    body["reporter"] = {"name": "王某", "phone": "13800000001"}
    first = worker.post("/api/cases", body, Idempotency_Key=key).json()
    Idempotency.objects.all().delete()
    again = worker.post("/api/cases", body, Idempotency_Key=key)
    assert (again.status_code, again.json()) == (201, first) and len(first["follow_code"]) == 8
    assert Case.objects.count() == 1 and Step.objects.filter(kind="report").count() == 1
    Idempotency.objects.all().delete()
    own = other.post("/api/cases", body | {"source": "telephone"}, Idempotency_Key=key)
    assert own.status_code == 201 and own.json()["id"] != first["id"], "a key is its owner's alone"
    unkeyed = [worker.post("/api/cases", body).json()["id"] for _ in range(2)]
    assert len(set(unkeyed)) == 2

"""Reports that cannot be and moves that cannot be made: refused by field, nothing half-done."""

import json
from typing import Any

import pytest

from wangge.cases import actions
from wangge.cases.rules.states import Source
from wangge.cases.tests.made import category
from wangge.config.tests.test_fuzz import row_counts
from wangge.config.tests.test_fuzz_bad_input import BEYOND, REPORT, UUID, Wrong, api, send
from wangge.core import clock
from wangge.core.actor import acting
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

__all__ = ["api"]  # the fixture

# -- what a report says -----------------------------------------------------------------------------------------------
LIES: dict[str, dict[str, Any]] = {
    "outside every grid": {"lon": 100.0, "lat": 40.0},
    "off the globe": {"lon": 181},
    "off the globe by a hair": {"lat": 90.00000001},
    "half a place": {"lat": None},
    "in the future": {"happened_at": "2199-01-01T00:00:00Z"},
    "in the year 9999": {"happened_at": "9999-12-31T23:59:59Z"},
    "before there was anything": {"happened_at": "0001-01-01T00:00:00Z"},
    "without a zone": {"happened_at": "2026-01-01T00:00:00"},
    "unknown category": {"category_id": BEYOND - 1},
    "category out of range": {"category_id": BEYOND},
    "unknown unit complained of": {"complained_id": BEYOND - 1},
    "unknown code": {"lon": None, "lat": None, "code": "990101001001001"},
    "code in other digits": {"lon": None, "lat": None, "code": "٣٢٠١٠٤٠٠١٠٠١٠٠١"},
    "code with a line break": {"lon": None, "lat": None, "code": f"{town.GRID}\n"},
    "unknown source": {"source": "partner'"},
    "only spaces": {"title": " \u3000\t"},
    "title too long": {"title": "字" * 201},
    "text too long": {"description": "字" * 5001},
    "evidence of nobody": {"evidence": [UUID]},
    "much evidence": {"evidence": [UUID] * 31},
    "a reporter who is no object": {"reporter": "王先生"},
    "a reporter who is a list": {"reporter": []},
    "half a character": {"title": "a\udcffb"},
    "telephone that is none": {"reporter": {"phone": "call me"}},
    "telephone in other digits": {"reporter": {"phone": "١٣٨٠٠١٣٨٠٠٠"}},
}


@pytest.mark.parametrize("name", LIES)
def test_a_report_that_cannot_be_is_refused_by_field(api: Api, name: str) -> None:
    before = row_counts()
    answer = send(api, "post", "/api/cases", json.dumps(REPORT | LIES[name]).encode())
    assert answer.status_code == 422, answer.content.decode()
    assert (answer.json()["fields"] or answer.json()["code"] == "text_not_storable") and row_counts() == before


# -- what cannot be done ----------------------------------------------------------------------------------------------
def test_a_move_with_unknown_units_leaves_the_case_as_it_was(api: Api, world: World) -> None:
    seat = world["street_seat"].actor
    with acting(seat):
        given = actions.ReportGiven(
            source=Source.TELEPHONE, title="测试", lon=118.7905, lat=32.0205, accept=True, category_id=category("77").pk
        )
        case = actions.report_case(given=given, by=seat, at=clock.now()).case
    wrong, before = Wrong(), row_counts()
    lead = world.unit("D-CG-1").pk
    for body in (
        {"lead_id": BEYOND - 1},
        {"lead_id": lead, "assist_ids": [BEYOND - 1]},
        {"lead_id": lead, "assist_ids": [-1]},
        {"lead_id": lead, "limit": {"kind": "work_days", "amount": "NaN"}},
        {"lead_id": lead, "limit": {"kind": "work_days", "amount": 1e308}},
        {"lead_id": lead, "limit": {"kind": "eons", "amount": 1}},
        {"lead_id": lead, "version": 99},
    ):
        answer = send(api, "post", f"/api/cases/{case.pk}/dispatch", json.dumps(body).encode())
        wrong.check(body, answer)
    assert not wrong, "\n".join(wrong)
    assert row_counts() == before
    case.refresh_from_db()
    assert case.state == "accepted" and case.lead_id is None


def test_the_same_key_with_the_same_content_answers_the_same_and_with_other_content_not_at_all(
    api: Api, world: World
) -> None:
    content, key = json.dumps(REPORT).encode(), {"Idempotency-Key": UUID}
    first = send(api, "post", "/api/cases", content, headers=key)
    before = row_counts()
    again = send(api, "post", "/api/cases", json.dumps(dict(reversed(REPORT.items()))).encode(), headers=key)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    other = send(api, "post", "/api/cases", json.dumps(REPORT | {"title": "另一件"}).encode(), headers=key)
    stranger = send(api_as(world["street_seat"]), "post", "/api/cases", content, headers=key)
    for refused in (other, stranger):
        assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert {**row_counts(), "accounts_session": 0} == {**before, "accounts_session": 0}

"""Two seats press the same move at the same instant: one wins, the other is told who and when."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from wangge.cases.models import Case, Step
from wangge.config.tests.access import LOOP, TOGETHER, Row
from wangge.config.tests.access.targets import Targets
from wangge.config.tests.test_access import operations
from wangge.core.models import JournalEntry
from wangge.testing.client import Api, api_as
from wangge.testing.committed import at_once
from wangge.testing.world import World

# A second one beside the first is right; nothing to win.
BOTH_MAY = {"report_case", "note_case", "rate_case", "list_whistles", "read_whistle", "list_joins", "arrive"}
# The state stays, or the case leaves the hands of both: the version they looked at decides, as the page sends it.
BY_VERSION = {
    "ask_extension",
    "assist_done",
    "blow_whistle",
    "confirm_whistle",
    "contact_reporter",
    "correct_case",
    "end_whistle",
    "hand_up_case",
    "refuse_whistle",
    "sign_step",
    "supervise_case",
    "transfer_case",
}
# What is read (一哨一档 as PDF or zip) may be read by both.
MOVES = {**LOOP, **{n: row for n, row in TOGETHER.items() if row.kind == "case" and not n.startswith("download_")}}


@pytest.fixture
def town(committed_world: World) -> Iterator[Targets]:
    yield Targets(committed_world)


@pytest.mark.parametrize("operation", sorted(set(MOVES) - BOTH_MAY))
def test_one_wins_and_the_other_is_told_who_and_when(town: Targets, operation: str) -> None:
    row = MOVES[operation]
    method, path = operations()[operation]
    for name, value in town.parameters(path, row).items():
        path = path.replace("{" + name + "}", value)
    body = row.body(town) if callable(row.body) else dict(row.body or {})
    case = Case.objects.get(pk=town.case(row.target))
    if operation in BY_VERSION:
        body["version"] = case.version
    before = _marks(case)
    seats = [api_as(town.world[key]) for key in _two(row)]
    answers: list[Any] = at_once(*(lambda api=api: _press(api, method, path, body) for api in seats))
    winners = [answer for answer in answers if answer[0] == 200]
    losers = [answer for answer in answers if answer[0] == 409]
    assert len(winners) == len(losers) == 1, answers
    told = losers[0][1]
    assert told["code"] in {"case.not_now", "case.changed"}, told
    assert told["data"]["who"] and told["data"]["when"] and told["data"]["what"] in told["message"], told
    assert _marks(case) == {name: count + 1 for name, count in before.items()}


def _two(row: Row) -> tuple[str, str]:
    """Two people who may, or the same person at two desks."""
    able = sorted(row.allowed & {"street_seat", "commander", "department_clerk", "department_leader", "grid_worker"})
    return (able[0], able[-1])


def _press(api: Api, method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
    answer = getattr(api, method)(path, body)
    return answer.status_code, json.loads(answer.content)


def _marks(case: Case) -> dict[str, int]:
    with transaction.atomic():
        return {
            "steps": Step.objects.filter(case=case).count(),
            "entries": JournalEntry.objects.filter(subject_type="case", subject_id=str(case.pk)).count(),
        }

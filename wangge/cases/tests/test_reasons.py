"""Every return and refusal needs a reason: each move of the table that asks for one is refused without it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from wangge.cases.models import Assignment, Case, Deadline, Extension, Muster, Step, Whistle
from wangge.cases.rules.moves import RULES, Move, Need
from wangge.config.tests.access import LOOP, TOGETHER, Row
from wangge.config.tests.access.targets import Targets
from wangge.config.tests.test_access import operations
from wangge.core.models import Idempotency, JournalEntry

# The operation of each move; a new rule that needs a reason needs a line here.
OPERATIONS = {
    Move.REFUSE: "refuse_case",
    Move.RECALL: "recall_case",
    Move.TRANSFER: "transfer_case",
    Move.HAND_UP: "hand_up_case",
    Move.RETURN: "return_case",
    Move.ASK_EXTENSION: "ask_extension",
    Move.DENY_EXTENSION: "deny_extension",
    Move.SUSPEND: "suspend_case",
    Move.REWORK: "rework_case",
    Move.REOPEN: "reopen_case",
    Move.WHISTLE: "blow_whistle",
    Move.REFUSE_WHISTLE: "refuse_whistle",
    Move.SEPARATE: "separate_case",
}
NEED_A_REASON = [rule.move for rule in RULES if Need.REASON in rule.needs]
ABSENT = object()
NO_REASONS = {
    "absent": ABSENT,
    "null": None,
    "empty": "",
    "blanks": "    ",
    "wide blanks": "\u3000\u3000\u3000",
    "lines": "\n\t\n",
    "a sign": "。",
    "a number": 5,
}


@pytest.fixture(scope="module")
def targets(django_db_setup: None, django_db_blocker: Any) -> Iterator[Targets]:
    """One town for all: what a move does is taken back."""
    from wangge.testing.world import build

    with django_db_blocker.unblock(), transaction.atomic():
        yield Targets(build())
        transaction.set_rollback(True)


def everything(case_id: UUID) -> dict[str, Any]:
    """Of the case, its clocks and all that hangs on it; and how long the whole journal is."""
    own = {
        model.__name__: list(model._default_manager.filter(case=case_id).order_by("pk").values())
        for model in (Deadline, Assignment, Extension, Whistle, Step)
    }
    return own | {
        "row": Case.objects.filter(pk=case_id).values().get(),
        "musters": list(Muster.objects.filter(whistle__case=case_id).order_by("pk").values()),
        "journal": JournalEntry.objects.count(),
        "answers kept": Idempotency.objects.count(),
    }


def request_of(row: Row, targets: Targets, operation: str) -> tuple[str, dict[str, Any], UUID]:
    """path, body with its reason, id of the case."""
    method, path = operations()[operation]
    assert method == "post"
    for name, value in targets.parameters(path, row).items():
        path = path.replace("{" + name + "}", value)
    body = row.body(targets) if callable(row.body) else dict(row.body or {})
    return path, body, UUID(targets.case(row.target))


def test_every_move_that_needs_a_reason_is_tried_here() -> None:
    assert set(NEED_A_REASON) == set(OPERATIONS)


@pytest.mark.parametrize("move", NEED_A_REASON)
def test_without_a_reason_nothing_is_done(move: Move, targets: Targets, django_db_blocker: Any) -> None:
    operation = OPERATIONS[move]
    row = {**LOOP, **TOGETHER}[operation]
    with django_db_blocker.unblock():
        path, body, case_id = request_of(row, targets, operation)
        api = targets.api(min(row.allowed))
        before = everything(case_id)
        for name, given in NO_REASONS.items():
            sent = {key: value for key, value in body.items() if key != "reason"}
            answer = api.post(path, sent if given is ABSENT else {**sent, "reason": given})
            assert answer.status_code == 422, f"{name}: {answer.status_code} {answer.content.decode()}"
            assert list(answer.json()["fields"]) == ["reason"], f"{name}: {answer.content.decode()}"
            assert everything(case_id) == before, name
        # The same person with the same body and a reason: it was refused for nothing else.
        with transaction.atomic():
            done = api.post(path, body)
            assert done.status_code == 200, done.content.decode()
            assert everything(case_id) != before
            transaction.set_rollback(True)

"""Every operation × every role, in scope and out of it, as one table.

`allowed`: roles for which the operation opens, acting inside their own scope. Everybody else gets 403 where they see the
target, 404 where they do not. Strangers (the same role in another street, department or district) get 404 for a
target found by id, and an empty-handed 200 for lists. An operation of the API without a row here fails the test.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

ROLES = (
    "grid_worker",
    "grid_chief",
    "community",
    "street_seat",
    "district_seat",
    "commander",
    "department_clerk",
    "department_leader",
    "assessor",
    "administrator",
    "security_officer",
    "auditor",
)
R = frozenset
ALL = R(ROLES)
NOBODY = R[str]()
SEATS = R({"community", "street_seat", "district_seat", "commander"})
FIELD = R({"grid_worker", "grid_chief"})
DEPARTMENT = R({"department_clerk", "department_leader"})
SEES_CASE = SEATS | FIELD | DEPARTMENT | {"assessor"}
HOLDER = R({"street_seat", "commander"})  # the street centre holds the case; a commander above it may act
READS_GRIDS = SEES_CASE | {"administrator"}
ADMINISTRATOR, SECURITY, AUDITOR = R({"administrator"}), R({"security_officer"}), R({"auditor"})


@dataclass(frozen=True)
class Row:
    """`path` and `body` may name targets: `{reported}` is the id of a case in that state (see test_access.py).

    `kind`: "case" (found by id, scoped), "place" (a code, scoped), "list" (anybody allowed, contents scoped), "house"
    (configuration of the whole house: the same inside and outside), "self" (one's own), "public" (no session).
    """

    allowed: frozenset[str]
    kind: str = "house"
    target: str = ""
    body: Any = None
    query: Any = field(default_factory=dict)
    sees: frozenset[str] = ALL
    files: bool = False


Bodies = dict[str, Any] | Callable[[Any], dict[str, Any]]


def case(target: str, allowed: frozenset[str], body: Any = None) -> Row:
    sees = SEES_CASE - DEPARTMENT if target in {"reported", "accepted"} else SEES_CASE  # nobody is charged yet
    return Row(allowed, "case", target, body if body is not None else {}, sees=sees)


REASON = {"reason": "测试所需的理由"}
TEXT = {"text": "测试所需的说明"}

LOOP: dict[str, Row] = {
    "report_case": Row(
        SEATS | FIELD,
        "house",
        body={"source": "telephone", "title": "测试", "lon": 118.7905, "lat": 32.0205},
    ),
    "accept_case": case("reported", HOLDER),
    "refuse_case": case("reported", HOLDER, REASON),
    "contact_reporter": case("reported", HOLDER, TEXT),
    "correct_case": case("reported", HOLDER, {"title": "改过的标题"}),
    "settle_case": case("reported", R({"grid_worker", "grid_chief", "community"}), {**TEXT, "outcome": "solved"}),
    "answer_case": case("accepted", HOLDER, {**TEXT, "outcome": "explained"}),
    "hand_up_case": case("accepted", HOLDER, REASON),
    "dispatch_case": case("accepted", HOLDER, lambda t: {"lead_id": t.unit("D-CG-1")}),
    "recall_case": case("dispatched", HOLDER, REASON),
    "transfer_case": case("dispatched", HOLDER, lambda t: {**REASON, "lead_id": t.unit("D-SW")}),
    "sign_case": case("dispatched", DEPARTMENT),
    "return_case": case("dispatched", DEPARTMENT, REASON),
    "sign_step": case("procedure", DEPARTMENT, {"number": 1}),
    "assist_done": case("assisting", DEPARTMENT, TEXT),
    "ask_extension": case("handling", DEPARTMENT, {**REASON, "limit": {"kind": "work_days", "amount": 2}}),
    "grant_extension": case("extension", HOLDER),
    "deny_extension": case("extension", HOLDER, REASON),
    "suspend_case": case("handling", HOLDER, REASON),
    "resume_case": case("suspended", HOLDER),
    "finish_case": case("handling", DEPARTMENT, TEXT),
    "pass_review": case("handled", HOLDER),
    "rework_case": case("handled", HOLDER, REASON),
    "close_case": case("reviewed", HOLDER, {"outcome": "solved"}),
    "rate_case": case("closed", HOLDER, {"score": 5}),
    "reopen_case": case("closed", HOLDER, REASON),
    "archive_case": case("closed", HOLDER),
    "note_case": case("handling", SEES_CASE, TEXT),
    "supervise_case": case("handling", R({"street_seat", "district_seat", "commander"}), {**TEXT, "step": "urge"}),
    "receipt_supervision": case("supervised", DEPARTMENT, TEXT),
}

TABLE: dict[str, Row] = {**LOOP}

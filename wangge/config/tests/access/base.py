"""Who there is, and what one row says."""

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
    "data_clerk",
    "wall",
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
    nobody_charged_yet = target in {"reported", "accepted", "whistle", "joined", "told"}
    sees = SEES_CASE - DEPARTMENT if nobody_charged_yet else SEES_CASE
    return Row(allowed, "case", target, body if body is not None else {}, sees=sees)


JANUARY = {"since": "2026-01-01", "until": "2026-02-01"}
REASON = {"reason": "测试所需的理由"}
TEXT = {"text": "测试所需的说明"}


def point(x: float = 118.7905, y: float = 32.0205) -> dict[str, float]:
    return {"lon": x, "lat": y}


READS_FIGURES = SEATS | {"grid_chief", "department_leader", "assessor", "wall"}

RULE_EDITORS = R({"commander", "administrator"})
SETTINGS_READERS = RULE_EDITORS | R({"security_officer", "auditor"})

READS_ACCOUNTS = ADMINISTRATOR | SECURITY

READS_WALL = SEATS | {"assessor", "wall"}

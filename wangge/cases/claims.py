"""A claim as a move meets it and as a reader is shown it. The rule: rules/claims.py; taking, leaving: actions/."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from wangge.cases.models import Claim as ClaimRow
from wangge.cases.move_words import MOVE_NAMES
from wangge.cases.rules.claims import Claim
from wangge.cases.rules.confidence import Confided, is_complained_of
from wangge.core import journal
from wangge.core.actor import Actor
from wangge.core.clock import local
from wangge.core.errors import Conflict

if TYPE_CHECKING:
    from wangge.cases.models import Case

CLAIMED, RELEASED, TAKEN_OVER, LEFT = "case.claimed", "case.released", "case.taken_over", "case.claim_left"
# Entries that say nothing else of a case: no figure changes with them.
KINDS = frozenset({CLAIMED, RELEASED, TAKEN_OVER, LEFT})
CHANGED = "claim"

# Of `cases_claim k`, in the order in which `claim_of` takes them.
COLUMNS = "k.post_id, k.by_name, k.by_unit, k.by_unit_path, k.move, k.since, k.renewed_at"


class Claimed(Conflict):
    code = "case.claimed"
    zh = "{who} 自 {when} 起正在办理此件；要由您办，请先接手。"
    en = "{who} has been at work on this case since {when}; take it over first."


def claim_of(row: Sequence[Any]) -> Claim | None:
    if row[0] is None:
        return None
    names = ("post_id", "by_name", "by_unit", "by_unit_path", "move", "since", "renewed_at")
    return Claim(**dict(zip(names, row, strict=True)))


def claimed(claim: Claim, case: "Case", by: Actor, at: datetime) -> Claimed:
    told = shown(claim, case, by, is_left=claim.is_left(at))
    who = " ".join(part for part in (told["by_unit"], told["by_name"]) if part)
    return Claimed(who=who, when=local(claim.since).strftime("%H:%M:%S"), claim=told)


def shown(claim: Claim, case: Confided, by: Actor, *, is_left: bool) -> dict[str, Any]:
    """Persons of other units are not named to the unit complained of."""
    named = not is_complained_of(case, by) or claim.by_unit_path.startswith(by.unit_path)
    return {
        "post_id": claim.post_id,
        "by_name": claim.by_name if named else "",
        "by_unit": claim.by_unit,
        "move": claim.move,
        "label": MOVE_NAMES.get(claim.move, (claim.move, claim.move))[by.language == "en"],
        "since": claim.since,
        "is_left": is_left,
    }


def end(case: "Case", claim: Claim, *, by: Actor, at: datetime) -> None:
    """With a move. Whoever passed another's claim is on record as having taken over. Nothing is read."""
    ClaimRow.objects.filter(case_id=case.pk).delete()
    if not claim.is_of(by):
        record(case, TAKEN_OVER, by=by, at=at, data=taken_from(claim, at))


def taken_from(claim: Claim, at: datetime) -> dict[str, Any]:
    return {"from_post": claim.post_id, "since": claim.since.isoformat(), "left": claim.is_left(at)}


def record(case: "Case", kind: str, *, by: Actor, at: datetime, data: dict[str, Any]) -> None:
    journal.record(entry(case, kind, data), by=by, at=at)


def entry(case: "Case", kind: str, data: dict[str, Any]) -> journal.Entry:
    return journal.Entry(
        kind=kind,
        subject=("case", str(case.pk)),
        code=case.current_grid,
        unit_paths=sorted({case.holder_path, case.lead_path} - {""}),
        changed=[CHANGED],
        data={"number": case.number, **data},
    )

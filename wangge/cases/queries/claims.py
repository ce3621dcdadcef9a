"""Who is on a case now, as this reader may know it."""

from datetime import datetime
from typing import Any

from wangge.cases import claims
from wangge.cases.models import Case, Looking
from wangge.cases.models import Claim as ClaimRow
from wangge.cases.queries.plain import Confided
from wangge.cases.rules.confidence import is_complained_of
from wangge.core.actor import Actor

NAMES = ("post_id", "by_name", "by_unit", "by_unit_path", "move", "since", "renewed_at")
# What a line of a list reads with the case.
OF_LINE = tuple(f"claim__{name}" for name in (*NAMES, "left_at"))


def claim_on(case: Case, by: Actor, at: datetime) -> dict[str, Any] | None:
    row = ClaimRow.objects.filter(case=case).values_list(*NAMES).first()
    claim = claims.claim_of(row) if row else None
    return claims.shown(claim, case, by, is_left=claim.is_left(at)) if claim else None


def claim_of_line(row: dict[str, Any], by: Actor) -> dict[str, Any] | None:
    """From the columns of OF_LINE, which are taken out of the row. Left is what the worker said was left."""
    *values, left_at = [row.pop(name) for name in OF_LINE]
    claim = claims.claim_of(values)
    if claim is None:
        return None
    case = Confided(row["id"], row["current_grid"], row["complained_root"])
    return claims.shown(claim, case, by, is_left=left_at is not None)


def others_looking(case: Case, by: Actor, *, since: datetime) -> list[dict[str, Any]]:
    """To the unit complained of only its own people."""
    rows = (
        Looking.objects.filter(case_id=case.pk, seen_at__gte=since).exclude(post_id=by.post_id or 0).order_by("since")
    )
    if is_complained_of(case, by):
        rows = rows.filter(by_unit_path__startswith=by.unit_path)
    found: list[dict[str, Any]] = list(rows.values("post_id", "by_name", "by_unit", "since"))  # type: ignore[arg-type]
    return found

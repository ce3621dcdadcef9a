"""Grids are asked to put records right, each thing once within the cool-down."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.core import journal
from wangge.core.actor import Actor
from wangge.registry.models import Asked
from wangge.registry.queries.quality import Problem, still_having

MOST = 200


def ask_grids(*, problem: Problem, ids: Sequence[UUID], by: Actor, at: datetime) -> int:
    """How many were asked for; those asked already, put right since, or out of sight are left out.

    One journal entry for each grid, which makes it a task there. Raises NotAllowed.
    """
    by.require(Permission.REGISTRY_EDIT)
    asking = still_having(problem, list(dict.fromkeys(ids))[:MOST], by=by, at=at)
    Asked.objects.bulk_create(
        Asked(record=pk, problem=problem, code=code, at=at, by_name=by.name) for pk, code in asking.items()
    )
    by_grid: dict[str, list[str]] = {}
    for pk, code in asking.items():
        by_grid.setdefault(code, []).append(str(pk))
    entries = (
        journal.Entry(
            kind="registry.asked",
            subject=("grid", code),
            code=code,
            permission=Permission.REGISTRY_EDIT,
            data={"problem": problem, "records": records},
        )
        for code, records in by_grid.items()
    )
    journal.record_all(entries, by=by, at=at)
    return len(asking)

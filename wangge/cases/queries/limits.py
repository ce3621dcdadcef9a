"""A limit tried out: when a case that begins now would be due, and why."""

from datetime import datetime
from typing import Any

from wangge.cases.configuration import DEFAULT_LIMITS, configuration
from wangge.cases.rules.deadlines import due
from wangge.cases.rules.limits import TimeLimit
from wangge.cases.rules.traces import explain
from wangge.core.errors import NotFound

Limits = dict[str, TimeLimit]


def try_limits(
    *, category_id: int | None, condition_id: int | None, limits: Limits, at: datetime, language: str
) -> list[dict[str, Any]]:
    """Each stage as if it began at `at`: by `limits` where they say so, else by the category's, else by the house's.

    Raises NotFound.
    """
    config = configuration()
    if category_id is not None and category_id not in config.categories:
        raise NotFound()
    rows = []
    for stage in DEFAULT_LIMITS:
        limit = limits.get(stage) or config.limit(category_id, condition_id, stage)
        found = due(at, limit, config.calendar)
        rows.append(
            {
                "stage": stage,
                "kind": limit.kind,
                "amount": str(limit.amount),
                "text": limit.in_words(language),
                "due_at": found.at,
                "amber_at": found.amber_at,
                "steps": [explain(step, language) for step in found.trace],
            }
        )
    return rows

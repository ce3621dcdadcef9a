"""A limit tried out: when a case that begins now would be due, and why, and which open cases it would reach."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wangge.cases.configuration import DEFAULT_LIMITS, configuration
from wangge.cases.models import Case, Category, Deadline
from wangge.cases.rules.deadlines import due
from wangge.cases.rules.limits import TimeLimit
from wangge.cases.rules.states import OPEN, Stage, State
from wangge.cases.rules.traces import explain
from wangge.core.errors import NotFound

Limits = dict[str, TimeLimit]
# States of open cases whose clock of the stage is still to begin. RESPOND begins with the report.
AHEAD: dict[str, tuple[State, ...]] = {
    Stage.RESPOND: (),
    Stage.DISPATCH: (State.REPORTED,),
    Stage.SIGN: (State.REPORTED, State.ACCEPTED),
    Stage.HANDLE: (State.REPORTED, State.ACCEPTED),
    Stage.REVIEW: tuple(state for state in OPEN if state not in (State.HANDLED, State.REVIEWED)),
}


def try_limits(
    *,
    category_id: int | None,
    condition_id: int | None,
    limits: Limits,
    at: datetime,
    language: str,
    reach: bool = False,
) -> list[dict[str, Any]]:
    """Each stage as if it began at `at`: by `limits` where they say so, else by the category's, else by the house's.

    `reach`: also how many open cases the category's limit holds for: `running`, whose clock keeps the limit it began
    with, and `ahead`, whose stage is still to begin. Raises NotFound.
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
            | (_reached(category_id, stage) if reach and category_id is not None else {"running": None, "ahead": None})
        )
    return rows


def _reached(category_id: int, stage: str) -> dict[str, int]:
    cases = _held_by(category_id, stage)
    running = Deadline.objects.filter(case__in=cases, stage=stage, met_at__isnull=True, dropped_at__isnull=True)
    return {"running": running.count(), "ahead": cases.filter(state__in=AHEAD[stage]).count()}


def _held_by(category_id: int, stage: str) -> "QuerySet[Case]":
    """Open cases that take the stage's limit from this category: not those below it with a limit of their own."""
    top = Category.objects.get(pk=category_id)
    takers = {top.pk}
    below = Category.objects.filter(scheme=top.scheme_id, path__startswith=top.path).exclude(pk=top.pk)
    for pk, parent, limits in below.order_by("path").values_list("pk", "parent_id", "limits"):
        if parent in takers and stage not in limits:
            takers.add(pk)
    config = configuration()
    own = [one for pk in takers for one, limits in config.categories[pk].conditions.items() if stage in limits]
    return Case.objects.open().filter(category_id__in=takers).exclude(condition_id__in=own)

"""A limit tried out: when a case that begins now would be due, and why, and which open cases it would reach."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

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
    tree = _tree(category_id) if reach and category_id is not None else []
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
            | (_reached(tree, stage) if tree else {"running": None, "ahead": None})
        )
    return rows


class _Branch(NamedTuple):
    id: int
    parent_id: int | None
    limits: dict[str, Any]  # its own alone


def _tree(category_id: int) -> list[_Branch]:
    """The category, and what is below it in the order of their paths."""
    top = Category.objects.get(pk=category_id)
    rows = Category.objects.filter(scheme=top.scheme_id, path__startswith=top.path).order_by("path")
    return [_Branch(*row) for row in rows.values_list("pk", "parent_id", "limits")]


def _reached(tree: Sequence[_Branch], stage: str) -> dict[str, int]:
    cases = _held_by(tree, stage)
    running = Deadline.objects.filter(case__in=cases, stage=stage, met_at__isnull=True, dropped_at__isnull=True)
    return {"running": running.count(), "ahead": cases.filter(state__in=AHEAD[stage]).count()}


def _held_by(tree: Sequence[_Branch], stage: str) -> "QuerySet[Case]":
    """Open cases that take the stage's limit from the first: not those below it with a limit of their own."""
    top, *below = tree
    takers = {top.id}
    for one in below:
        if one.parent_id in takers and stage not in one.limits:
            takers.add(one.id)
    config = configuration()
    own = [one for pk in takers for one, limits in config.categories[pk].conditions.items() if stage in limits]
    return Case.objects.open().filter(category_id__in=takers).exclude(condition_id__in=own)

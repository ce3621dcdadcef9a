"""督办台: who is late, who was given cards and owes receipts, and what falls due in the next hours.

By unit, and case by case with each step of the ladder: who was told, when, in which words, and what they answered.

Counted now, over running clocks and open cases alone: it changes with the clock and not only with a write. A number of
the board and the list it opens are made from the same rows.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf

from wangge.accounts.models import Unit
from wangge.accounts.permissions import Permission
from wangge.cases.configuration import UnitInfo, units_by_path
from wangge.cases.models import Case, Deadline, Supervision
from wangge.cases.queries.filters import OPEN_STATES, SUPERVISED_FROM
from wangge.cases.queries.listing import rows_of
from wangge.cases.queries.plain import Plain, confided, plain_texts
from wangge.cases.rules.moves import Move, rule_for
from wangge.cases.rules.parties import Standing, may_now
from wangge.cases.rules.traces import explain, trace_from_json
from wangge.core.actor import Actor
from wangge.core.codes import END
from wangge.core.paging import LARGEST_SIZE
from wangge.core.ranges import within

YELLOW_CARD, RED_CARD = 4, 5
COUNTED = ("overdue", "soon", "ordered", "yellow", "red", "owing")


class View(StrEnum):
    ALL = "all"
    OVERDUE = "overdue"  # 已超期
    SOON = "soon"  # 即将到期
    ORDERED = "ordered"  # 督办及以上
    YELLOW = "yellow"  # 黄牌
    RED = "red"  # 红牌
    OWING = "owing"  # 待回执


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """`unit` is a path: it and those below it. `hours`: how far ahead falls under "soon"."""

    code: str = ""
    unit: str = ""
    kind: str = ""
    hours: int = 4


def supervision_board(by: Actor, asked: Board, *, at: datetime) -> dict[str, Any]:
    """Raises NotAllowed. Four queries."""
    by.require(Permission.CASE_READ)
    clocks, given = _clocks(by, asked, at), _given(by, asked)
    rows: dict[str, dict[str, Any]] = {}
    late, cards = _late_counts(at), _card_counts()
    for row in clocks.values("path").annotate(**late, oldest=Min("due_at")).order_by():
        rows.setdefault(row.pop("path"), {}).update(row)
    for row in given.values("path").annotate(**cards).order_by():
        rows.setdefault(row.pop("path"), {}).update(row)
    totals = clocks.aggregate(**late) | given.aggregate(**cards)
    known = units_by_path()
    found = [_unit_row(path, row, known.get(path)) for path, row in rows.items()]
    found.sort(key=lambda row: (-row["red"], -row["overdue"], -row["yellow"], -row["soon"], row["path"]))
    return {"totals": totals, "units": found, "hours": asked.hours, "at": at}


def supervised_cases(
    by: Actor, asked: Board, view: View, *, at: datetime, offset: int = 0, limit: int = LARGEST_SIZE
) -> dict[str, Any]:
    """Raises NotAllowed. What is due longest first. A constant number of queries, whatever the page holds."""
    by.require(Permission.CASE_READ)
    found = _seen(by, asked.code).filter(_shown(view, by, asked, at))
    page = found.order_by(F("due_at").asc(nulls_last=True), "pk")[offset : offset + min(limit, LARGEST_SIZE)]
    return {"items": _lines(by, list(page.values_list("pk", flat=True))), "count": found.count()}


def _shown(view: View, by: Actor, asked: Board, at: datetime) -> Q:
    clocks, given = _clocks(by, asked, at), _given(by, asked)
    conditions: dict[View, Q] = {
        View.OVERDUE: _of(clocks, _is_late(at)),
        View.SOON: _of(clocks, ~_is_late(at)),
        View.ORDERED: _of(given, Q()),
        View.YELLOW: _of(given, Q(step=YELLOW_CARD)),
        View.RED: _of(given, Q(step=RED_CARD)),
        View.OWING: _of(given, Q(receipt_at__isnull=True)),
    }
    if view is View.ALL:
        return _of(clocks, Q()) | _of(given, Q())
    return conditions[view]


def _of(rows: "QuerySet[Any]", where: Q) -> Q:
    return Q(pk__in=rows.filter(where).values("case"))


def _seen(by: Actor, code: str) -> QuerySet[Case]:
    here = within("current_grid", (code,)) if code else Q()
    return Case.objects.visible_to(by).filter(here, state__in=OPEN_STATES)


def _clocks(by: Actor, asked: Board, at: datetime) -> "QuerySet[Any, Any]":
    """Running clocks that are past due, or will be within the hours asked; two conditions for the two indexes."""
    until = at + timedelta(hours=asked.hours)
    due = Q(overdue_at__isnull=True, due_at__lte=until) | Q(overdue_at__isnull=False, due_at__lte=until)
    rows = Deadline.objects.filter(due, met_at__isnull=True, dropped_at__isnull=True)
    return _of_units(rows, by, asked)


def _given(by: Actor, asked: Board) -> "QuerySet[Any, Any]":
    """Steps from the supervision order up, on cases that are open: reminders and urgings are notices."""
    return _of_units(Supervision.objects.filter(step__gte=SUPERVISED_FROM), by, asked)


def _of_units(rows: "QuerySet[Any, Any]", by: Actor, asked: Board) -> "QuerySet[Any, Any]":
    """With `path`, whose it is. A post without codes is shown its own unit and those below."""
    rows = rows.filter(case__in=_seen(by, asked.code).values("pk")).annotate(
        path=Coalesce(NullIf("unit_path", Value("", output_field=TextField())), "case__holder_path")
    )
    for root in {asked.unit, "" if by.ranges else by.unit_path} - {""}:
        rows = rows.filter(path__gte=root, path__lt=root + END)
    if asked.kind:
        paths = [path for path, unit in units_by_path().items() if unit.kind == asked.kind]
        rows = rows.filter(path__in=paths)
    return rows


def _is_late(at: datetime) -> Q:
    return Q(due_at__lte=at)


def _late_counts(at: datetime) -> dict[str, Count]:
    return {"overdue": _cases(_is_late(at)), "soon": _cases(~_is_late(at))}


def _card_counts() -> dict[str, Count]:
    return {
        "ordered": _cases(Q()),
        "yellow": _cases(Q(step=YELLOW_CARD)),
        "red": _cases(Q(step=RED_CARD)),
        "owing": _cases(Q(receipt_at__isnull=True)),
    }


def _cases(where: Q) -> Count:
    """Cases, not clocks: of a standard procedure several run at once."""
    return Count("case", distinct=True, filter=where) if where else Count("case", distinct=True)


def _unit_row(path: str, row: dict[str, Any], unit: UnitInfo | None) -> dict[str, Any]:
    return {
        "path": path,
        "id": unit.id if unit else None,
        "name": unit.name if unit else path,
        "kind": unit.kind if unit else Unit.Kind.CENTRE,
        "oldest_due_at": row.get("oldest"),
        **{name: row.get(name) or 0 for name in COUNTED},
    }


def _lines(by: Actor, ids: list[uuid.UUID]) -> list[dict[str, Any]]:
    cases = {case.pk: case for case in Case.objects.filter(pk__in=ids)}
    plain = plain_texts(by, [confided(case) for case in cases.values()])
    clocks = _by_case(Deadline.objects.filter(case__in=ids, met_at__isnull=True, dropped_at__isnull=True))
    steps = _by_case(Supervision.objects.filter(case__in=ids))
    names = {path: unit.name for path, unit in units_by_path().items()}
    return [
        row
        | {
            "clock": _clock(cases[row["id"]], clocks.get(row["id"], []), names, by.language),
            "ladder": [_step(step, names, plain[row["id"]]) for step in steps.get(row["id"], [])],
            "may": _may(cases[row["id"]], steps.get(row["id"], []), by),
        }
        for row in rows_of(by, ids)
    ]


def _by_case(rows: "QuerySet[Any, Any]") -> dict[uuid.UUID, list[Any]]:
    found: dict[uuid.UUID, list[Any]] = {}
    for row in rows.order_by("id"):
        found.setdefault(row.case_id, []).append(row)
    return found


def _clock(case: Case, clocks: Sequence[Deadline], names: dict[str, str], language: str) -> dict[str, Any] | None:
    """The one that is due first. `next_step_at`: when the rules take the next step of the ladder."""
    due = [clock for clock in clocks if clock.due_at is not None]
    if not due:
        return None
    first = min(due, key=lambda clock: clock.due_at or case.reported_at)
    return {
        "stage": first.stage,
        "unit": names.get(first.unit_path or case.holder_path, ""),
        "unit_path": first.unit_path or case.holder_path,
        "started_at": first.started_at,
        "due_at": first.due_at,
        "next_step_at": min((clock.ladder_at for clock in clocks if clock.ladder_at), default=None),
        "trace": [explain(step, language) for step in trace_from_json(first.trace)],
    }


def _step(row: Supervision, names: dict[str, str], plain: Plain) -> dict[str, Any]:
    return {
        "id": row.pk,
        "step": row.step,
        "by_rule": row.by_rule,
        "unit": names.get(row.unit_path, ""),
        "text": plain(row.text),
        "at": row.at,
        "receipt_at": row.receipt_at,
        "receipt_by": row.receipt_by,
        "receipt_text": plain(row.receipt_text),
    }


def _may(case: Case, steps: Sequence[Supervision], by: Actor) -> list[str]:
    """Which of the two moves of this board are this person's now; above the red card there is no step."""
    standing = Standing(owing=tuple(step.unit_path for step in steps if step.receipt_at is None))
    moves = [Move.RECEIPT] if case.supervision >= RED_CARD else [Move.SUPERVISE, Move.RECEIPT]
    return [str(move) for move in moves if may_now(rule_for(move), case, by, standing)]

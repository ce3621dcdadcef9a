"""A case with all that hangs on it, as it is: read in two round trips, the second for what the first one names."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from wangge.accounts.permissions import Permission
from wangge.cases.access import Found, find_case
from wangge.cases.models import (
    Assignment,
    Attachment,
    Case,
    CaseText,
    Condition,
    Deadline,
    Extension,
    Muster,
    Rating,
    Reporter,
    Step,
    Supervision,
    Whistle,
)
from wangge.cases.queries.scope import visible
from wangge.core import codes
from wangge.core.actor import Actor
from wangge.core.pipeline import Statement, all_of, read, rows_of, statement

OF_CASE = "r.case_id = %s"
IN_ORDER = f"{OF_CASE} order by r.id"
DISTRICT = 6
NAMED = """
select code, name from grids_division where code = any(%s)
union all
select code, name from grids_grid where code = any(%s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """`pieces`, `ratings` and `reporters` are those this reader may see; `tied`, too."""

    found: Found
    text: str
    condition: Condition | None
    places: list[dict[str, str]]  # from the district down to the grid, as far as they are known
    steps: list[Step]
    clocks: list[Deadline]
    assignments: list[Assignment]
    extensions: list[Extension]
    supervisions: list[Supervision]
    whistles: list[Whistle]
    musters: dict[uuid.UUID, list[Muster]]  # by whistle
    pieces: list[Attachment]
    ratings: list[Rating]
    reporters: list[Reporter]
    tied: list[Case]  # joined into it, and then the one it is joined to


def read_whole(by: Actor, case_id: uuid.UUID) -> Whole:
    """Raises NotFound."""
    of = [case_id]
    found, rows = find_case(
        by,
        case_id,
        all_of(CaseText, OF_CASE, of),
        all_of(Step, IN_ORDER, of),
        all_of(Deadline, IN_ORDER, of),
        all_of(Assignment, IN_ORDER, of),
        all_of(Extension, IN_ORDER, of),
        all_of(Supervision, IN_ORDER, of),
        all_of(Whistle, f"{OF_CASE} order by r.called_at, r.id", of),
        all_of(Muster, "r.whistle_id in (select id from cases_whistle where case_id = %s) order by r.id", of),
        statement(Attachment.objects.visible_to(by).filter(case=case_id).order_by("at", "id")),
        statement(Rating.objects.visible_to(by).filter(case=case_id).order_by("at", "id")),
        statement(_reporters(by, case_id)),
    )
    texts, steps, clocks, assignments, extensions, supervisions, whistles, musters, pieces, ratings, reporters = rows
    places, conditions, *tied = _around(by, found.case)
    lines = rows_of(Step, steps)
    return Whole(
        found=found,
        text=next((text.description for text in rows_of(CaseText, texts)), ""),
        condition=next(iter(rows_of(Condition, conditions)), None),
        places=_places(found.case.current_grid, places),
        steps=lines,
        clocks=rows_of(Deadline, clocks),
        assignments=rows_of(Assignment, assignments),
        extensions=rows_of(Extension, extensions),
        supervisions=rows_of(Supervision, supervisions),
        whistles=rows_of(Whistle, whistles),
        musters=_by_whistle(rows_of(Muster, musters)),
        pieces=_with_steps(rows_of(Attachment, pieces), lines),
        ratings=rows_of(Rating, ratings),
        reporters=rows_of(Reporter, reporters),
        tied=[case for cases in tied for case in rows_of(Case, cases)],
    )


def _reporters(by: Actor, case_id: uuid.UUID) -> "QuerySet[Reporter]":
    if not by.is_system and not by.may(Permission.REPORTER_READ):
        return Reporter.objects.none()
    return Reporter.objects.visible_to(by).filter(case=case_id).order_by("is_follower", "at", "id")


def _around(by: Actor, case: Case) -> list[list[tuple[Any, ...]]]:
    parts = _parts(case.current_grid)
    wanted: list[Statement] = [
        (NAMED, [parts, parts]),
        all_of(Condition, "r.id = %s", [case.condition_id]),
        statement(visible(by).filter(joined_to=case.pk).order_by("reported_at", "pk")),
    ]
    if case.joined_to_id is not None:
        wanted.append(statement(visible(by).filter(pk=case.joined_to_id)))
    return read(*wanted)


def _parts(code: str) -> list[str]:
    lengths = (*codes.GROUPS, codes.GRID_LENGTH, codes.MICRO_LENGTH)
    return [code[:length] for length in lengths if DISTRICT <= length <= len(code)]


def _places(code: str, rows: Sequence[tuple[Any, ...]]) -> list[dict[str, str]]:
    names: dict[str, str] = dict(rows)
    return [{"code": part, "name": names[part]} for part in _parts(code) if part in names] or [
        {"code": code, "name": ""}
    ]


def _with_steps(pieces: list[Attachment], steps: list[Step]) -> list[Attachment]:
    """Each with the move it came with, which is at hand."""
    by_id = {step.pk: step for step in steps}
    for piece in pieces:
        if piece.step_id in by_id:
            piece.step = by_id[piece.step_id]
    return pieces


def _by_whistle(rows: list[Muster]) -> dict[uuid.UUID, list[Muster]]:
    found: dict[uuid.UUID, list[Muster]] = {}
    for row in rows:
        found.setdefault(row.whistle_id, []).append(row)
    return found

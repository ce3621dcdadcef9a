"""When grids are redrawn, cases go with the ground: `current_grid` moves, `reported_grid` never does.

A case with a point goes to the grid that holds the point now; one without goes to what took over the largest part.
Closed cases move too, so that whoever looks after the ground sees what happened on it; figures of what came in stand,
because they count by `reported_grid`.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from wangge.cases.models import Assignment, Attachment, Case, Rating, Reporter, Step
from wangge.cases.rules.states import PlacedBy
from wangge.core import codes, journal
from wangge.core.actor import Actor
from wangge.grids.following import Redrawn

BATCH = 2_000
KIND = "redrawn"


def cases_follow(redrawn: Redrawn, at: datetime) -> None:
    """Called in the transaction of the redrawing, as the system (policies let nobody else rewrite a place)."""
    by = Actor.system("redraw")
    moved = 0
    waiting = list(Case.objects.filter(current_grid__in=redrawn.codes).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(waiting), BATCH):
        # Locked in the order of ids: two redrawings, or a redrawing and a seat, wait and do not deadlock.
        held = Case.objects.select_for_update(no_key=True).filter(pk__in=waiting[start : start + BATCH])
        moved += _move(list(held.order_by("pk")), redrawn, by, at)
    if moved:
        entry = journal.Entry(
            kind="cases.moved",
            subject=("redraw", str(redrawn.redraw)),
            code=redrawn.community,
            changed=["current_grid"],
            data={"redraw": str(redrawn.redraw), "cases": moved},
        )
        journal.record(entry, by=by, at=at)


def _move(cases: list[Case], redrawn: Redrawn, by: Actor, at: datetime) -> int:
    targets = targets_of(cases, redrawn)
    going = [case for case in cases if targets[case.pk] != case.current_grid]
    before = {case.pk: case.current_grid for case in going}
    by_target = defaultdict(list)
    for case in going:
        by_target[targets[case.pk]].append(case.pk)
    for target, ids in by_target.items():
        Case.objects.filter(pk__in=ids).update(current_grid=target, changed_at=at)
        for model in (Reporter, Rating, Attachment):
            model.objects.filter(case_id__in=ids).update(code=target)
    Step.objects.bulk_create(_step(case, before[case.pk], targets[case.pk], redrawn, by, at) for case in going)
    paths = _concerned(going)
    journal.record_all(
        [
            journal.Entry(
                kind=f"case.{KIND}",
                subject=("case", str(case.pk)),
                code=targets[case.pk],
                unit_paths=sorted(paths[case.pk] - {""}),
                changed=["current_grid"],
                data={
                    "state": case.state,
                    "version": case.version,
                    "number": case.number,
                    "from": before[case.pk],
                    "redraw": str(redrawn.redraw),
                },
            )
            for case in going
        ],
        by=by,
        at=at,
    )
    return len(going)


class Placed(Protocol):
    @property
    def pk(self) -> UUID: ...
    @property
    def current_grid(self) -> str: ...
    @property
    def lon(self) -> float | None: ...
    @property
    def lat(self) -> float | None: ...
    @property
    def place_by(self) -> str: ...


class Lying(NamedTuple):
    """Of a case no more than where it lies."""

    pk: UUID
    current_grid: str
    lon: float | None
    lat: float | None
    place_by: str


def targets_of(cases: Sequence[Placed], redrawn: Redrawn) -> dict[UUID, str]:
    """Where each case lies afterwards."""
    found: dict[UUID, str] = {}
    placed = [case for case in cases if case.lon is not None and not _is_chosen_grid(case)]
    located = redrawn.index.locate_many([case.lon or 0.0 for case in placed], [case.lat or 0.0 for case in placed])
    for case, code in zip(placed, located, strict=True):
        if code is not None:
            found[case.pk] = str(code)
    for case in cases:
        if case.pk not in found:
            ended = case.current_grid in redrawn.ended
            found[case.pk] = redrawn.successor_of(case.current_grid) if ended else case.current_grid
    return found


def _is_chosen_grid(case: Placed) -> bool:
    """A community chosen for want of grids is no grid: its point decides once there are some."""
    return case.place_by == PlacedBy.CHOSEN and codes.is_grid(case.current_grid)


def _concerned(cases: list[Case]) -> dict[object, set[str]]:
    paths: dict[object, set[str]] = {case.pk: {case.holder_path} for case in cases}
    charged = Assignment.objects.filter(case_id__in=list(paths)).values_list("case_id", "unit_path")
    for case_id, path in charged:
        paths[case_id].add(path)
    return paths


def _step(case: Case, before: str, after: str, redrawn: Redrawn, by: Actor, at: datetime) -> Step:
    return Step(
        case=case,
        kind=KIND,
        at=at,
        state=case.state,
        by_kind=by.kind,
        by_name=by.name,
        data={"from": before, "to": after, "redraw": str(redrawn.redraw)},
    )

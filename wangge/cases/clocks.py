"""The running clocks of a case: started, met, paused, extended, dropped. Each due time is stored with its trace.

The case row carries the clock of the stage it is in (`due_at`, `amber_at`, `due_stage`), so that queues sort by it.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from wangge.cases.configuration import Configuration
from wangge.cases.models import Case, Deadline
from wangge.cases.rules.deadlines import Due, Extension, Pause, Timer, due, trace_as_json
from wangge.cases.rules.limits import LimitKind, TimeLimit
from wangge.cases.rules.states import Stage
from wangge.cases.rules.supervision import LadderStep, StageTimer, next_step

LADDER = tuple(LadderStep)
# What counting again may change.
COUNTED = ("due_at", "amber_at", "trace", "calendar", "overdue_at", "ladder_step", "ladder_at", "ladder_by")

# Which clock a queue shows when several run: the one whose work it is now.
PRECEDENCE = (Stage.STEP, Stage.HANDLE, Stage.SIGN, Stage.REVIEW, Stage.DISPATCH, Stage.RESPOND)


def new_clock(
    case: Case,
    stage: Stage,
    *,
    config: Configuration,
    at: datetime,
    unit_path: str,
    limit: TimeLimit | None = None,
    step: int = 0,
) -> Deadline:
    """A clock not saved yet. `limit` overrides what the category says (a step of a procedure, an emergency)."""
    limit = limit or config.limit(case.category_id, case.condition_id, stage)
    clock = Deadline(
        case=case,
        stage=stage,
        step=step,
        unit_path=unit_path,
        started_at=at,
        limit_kind=limit.kind,
        limit_amount=limit.amount,
    )
    fill(clock, config)
    return clock


def running(case: Case) -> list[Deadline]:
    """Clocks not met and not dropped. One query."""
    return list(Deadline.objects.filter(case=case, met_at__isnull=True, dropped_at__isnull=True))


def meet(clocks: Iterable[Deadline], stages: Iterable[Stage], *, at: datetime) -> list[Deadline]:
    """Mark these stages done (not saved); what was due before `at` and not announced yet is late all the same."""
    met = [clock for clock in clocks if clock.stage in set(stages)]
    for clock in met:
        clock.met_at = at
    return met


def drop(clocks: Iterable[Deadline], *, at: datetime) -> None:
    """They no longer run (not saved)."""
    for clock in clocks:
        clock.dropped_at = at


def write_ends(clocks: Iterable[Deadline], *, at: datetime) -> None:
    """Save what `meet` and `drop` marked at this moment."""
    ended = [clock for clock in clocks if not clock._state.adding]
    for name in ("met_at", "dropped_at"):
        ids = [clock.pk for clock in ended if getattr(clock, name) == at]
        if ids:
            Deadline.objects.filter(pk__in=ids).update(**{name: at})


def pause(clocks: Iterable[Deadline], *, config: Configuration, at: datetime) -> None:
    for clock in clocks:
        clock.pauses = [*clock.pauses, [at.isoformat(), None]]
        recount(clock, config=config, at=at)


def resume(clocks: Iterable[Deadline], *, config: Configuration, at: datetime) -> None:
    for clock in clocks:
        clock.pauses = [[since, until or at.isoformat()] for since, until in clock.pauses]
        recount(clock, config=config, at=at)


def extend(clock: Deadline, limit: TimeLimit, *, config: Configuration, at: datetime) -> None:
    granted = {"kind": limit.kind, "amount": str(limit.amount), "at": at.isoformat()}
    clock.extensions = [*clock.extensions, granted]
    recount(clock, config=config, at=at)


def recount(clock: Deadline, *, config: Configuration, at: datetime) -> None:
    """Count again and save. A clock that is due later after all may go overdue, and be announced, once more."""
    count_again(clock, config=config, at=at)
    clock.save(update_fields=["pauses", "extensions", *COUNTED])


def count_again(clock: Deadline, *, config: Configuration, at: datetime) -> None:
    fill(clock, config)
    if clock.overdue_at is not None and (clock.due_at is None or clock.due_at > at):
        clock.overdue_at = None


def fill(clock: Deadline, config: Configuration) -> Due:
    found = due_of(clock, config)
    clock.due_at = found.at
    clock.amber_at = found.amber_at
    clock.trace = trace_as_json(found.trace)
    clock.calendar = found.calendar_version
    set_ladder(clock, config)
    return found


def set_ladder(clock: Deadline, config: Configuration) -> None:
    """When the next step above the one taken is due by rule; never while paused."""
    rules = config.ladder.get(clock.stage, ())
    step = next_step(rules, stage_timer(clock, config), LADDER[: clock.ladder_step], config.calendar) if rules else None
    clock.ladder_at = step.at if step else None
    clock.ladder_by = config.ladder_mark(clock.stage)


def stage_timer(clock: Deadline, config: Configuration) -> StageTimer:
    known = clock.due_at if clock.calendar == config.calendar.version else None
    return StageTimer(clock.stage, timer_of(clock), clock.ladder_from, known)


def due_of(clock: Deadline, config: Configuration) -> Due:
    timer = timer_of(clock)
    return due(timer.start, timer.limit, config.calendar, timer.pauses, timer.extensions)


def timer_of(clock: Deadline) -> Timer:
    return Timer(
        clock.started_at,
        TimeLimit(LimitKind(clock.limit_kind), Decimal(clock.limit_amount)),
        tuple(
            Pause(datetime.fromisoformat(since), datetime.fromisoformat(until) if until else None)
            for since, until in clock.pauses
        ),
        tuple(
            Extension(TimeLimit(LimitKind(item["kind"]), Decimal(item["amount"])), datetime.fromisoformat(item["at"]))
            for item in clock.extensions
        ),
    )


def show(case: Case, clocks: Iterable[Deadline]) -> None:
    """Put the clock that matters now on the case row (not saved here), and whether anything is late."""
    live = [clock for clock in clocks if clock.met_at is None and clock.dropped_at is None]
    live.sort(key=lambda clock: (PRECEDENCE.index(Stage(clock.stage)), clock.step))
    shown = live[0] if live else None
    case.due_at = shown.due_at if shown else None
    case.amber_at = shown.amber_at if shown else None
    case.due_stage = shown.stage if shown else ""
    case.is_overdue = any(clock.overdue_at is not None for clock in live)


def is_late(clocks: Iterable[Deadline], *, at: datetime) -> bool:
    """Whether one of these was met (or still runs) after its due instant."""
    return any(clock.due_at is not None and (clock.met_at or at) >= clock.due_at for clock in clocks)

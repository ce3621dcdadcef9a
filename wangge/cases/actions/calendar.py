"""The working calendar and the supervision rules are changed; what that does to open cases is shown first."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from wangge.accounts.permissions import Permission
from wangge.cases import clocks
from wangge.cases.actions.recount import count_again, stale_clocks
from wangge.cases.configuration import REVISION, calendar_of, configuration, ladder_rule
from wangge.cases.models import CalendarDay, Case, Deadline, ShiftSet, SupervisionRule
from wangge.cases.rules.calendar import WorkCalendar, there_twice
from wangge.cases.rules.limits import LimitKind
from wangge.cases.rules.states import Stage
from wangge.cases.rules.supervision import LadderRule, check_rules
from wangge.core import journal, setting_changes
from wangge.core.actor import Actor
from wangge.core.marks import ChangedMeanwhile
from wangge.core.revisions import bump

CALENDAR, LADDER = "calendar", "supervision"  # kinds of setting
AT_ONCE = 200  # clocks counted again within the request; the worker goes on with the rest
MOST_LOOKED_AT = 5000  # clocks a preview counts; more are said to be more
SAMPLE = 20
NIGHT = timedelta(days=2)  # a shift over midnight, and zones


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChange:
    date: date
    is_workday: bool
    name: str = ""
    origin: str = CalendarDay.Origin.OVERRIDE
    document: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftChange:
    name: str
    valid_from: date
    valid_to: date | None
    shifts: tuple[tuple[time, time], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChange:
    """Days are added or replaced; `remove` takes days of an origin away; `shifts`, when given, replaces every set."""

    days: tuple[DayChange, ...] = ()
    remove: tuple[tuple[date, str], ...] = ()
    shifts: tuple[ShiftChange, ...] | None = None


@dataclass(slots=True)
class Moved:
    """One clock that would be due at another time."""

    case: Case
    stage: str
    before: datetime | None
    after: datetime | None


@dataclass(slots=True)
class Preview:
    open: int = 0  # running clocks
    looked_at: int = 0  # of those that the change can touch
    is_whole: bool = True
    changed: int = 0
    earlier: int = 0
    later: int = 0
    newly_overdue: int = 0
    no_longer_overdue: int = 0
    sample: list[Moved] = field(default_factory=list)


def preview_calendar(change: CalendarChange, *, by: Actor, at: datetime) -> Preview:
    """What a change would do to open cases. Writes nothing. Raises NotAllowed, CalendarFault."""
    by.require(Permission.CALENDAR_EDIT)
    config = replace(configuration(), calendar=_as_changed(change))
    found = Preview(open=_running().count())
    rows = list(_touched(change).select_related("case").defer("trace")[: MOST_LOOKED_AT + 1])
    found.is_whole = len(rows) <= MOST_LOOKED_AT
    for clock in rows[:MOST_LOOKED_AT]:
        found.looked_at += 1
        after = clocks.due_of(clock, config).at
        if after != clock.due_at:
            _add(found, clock, after, at)
    seen = set(
        Case.objects.visible_to(by).filter(pk__in=[m.case.pk for m in found.sample]).values_list("pk", flat=True)
    )
    if not by.may(Permission.CASE_READ):
        seen = set()
    found.sample = [moved for moved in found.sample if moved.case.pk in seen][:SAMPLE]
    return found


def change_calendar(change: CalendarChange, *, by: Actor, at: datetime) -> int:
    """Apply it, and count open clocks again; returns how many are left for the worker, which takes seconds."""
    by.require(Permission.CALENDAR_EDIT)
    stood = setting_changes.before(CALENDAR, CALENDAR)
    _as_changed(change)  # a fault is told before anything is written
    for day, origin in change.remove:
        CalendarDay.objects.filter(date=day, origin=origin).delete()
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(
                date=day.date, origin=day.origin, is_workday=day.is_workday, name=day.name, document=day.document
            )
            for day in change.days
        ],
        update_conflicts=True,
        unique_fields=["date", "origin"],
        update_fields=["is_workday", "name", "document"],
    )
    if change.shifts is not None:
        ShiftSet.objects.all().delete()
        ShiftSet.objects.bulk_create(_shift_row(shift) for shift in change.shifts)
    bump(REVISION)
    entry = journal.Entry(kind="calendar.changed", subject=(CALENDAR, CALENDAR), permission=Permission.CALENDAR_EDIT)
    setting_changes.record(entry, before=stood, by=by, at=at, effective=_effective(change))
    return _count_again(by, at)


def set_ladder(
    stage: Stage, rules: Sequence[LadderRule], *, by: Actor, at: datetime, seen: Sequence[LadderRule] | None = None
) -> int:
    """Replace the supervision rules of one stage; none switches them off. `seen`: those that were looked at.

    Raises NotAllowed, LadderFault, ChangedMeanwhile.

    Returns how many clocks are left for the worker to look at again.
    """
    by.require(Permission.RULE_EDIT)
    check_rules(rules)
    stood = setting_changes.before(LADDER, stage)
    rows = SupervisionRule.objects.filter(stage=stage)
    if seen is not None and {*seen} != {ladder_rule(row) for row in rows.filter(is_active=True)}:
        raise ChangedMeanwhile()
    rows.delete()
    SupervisionRule.objects.bulk_create(_rule_row(rule) for rule in rules)
    bump(REVISION)
    entry = journal.Entry(
        kind="supervision.rules_changed", subject=(LADDER, str(stage)), permission=Permission.RULE_EDIT
    )
    setting_changes.record(entry, before=stood, by=by, at=at)
    return _count_again(by, at)


def _count_again(by: Actor, at: datetime) -> int:
    """The first of them at once, so that a small place sees it on the next page it opens."""
    count_again(by=by, at=at, limit=AT_ONCE)
    return stale_clocks(configuration()).count()


def _effective(change: CalendarChange) -> date | None:
    """The first day that is another than before; None says from today."""
    days = [*(day.date for day in change.days), *(day for day, _ in change.remove)]
    shifts = [row.valid_from for row in change.shifts or ()]
    return min([*days, *shifts], default=None)


def _as_changed(change: CalendarChange) -> WorkCalendar:
    days: dict[tuple[date, str], CalendarDay] = {(row.date, row.origin): row for row in CalendarDay.objects.all()}
    for gone in change.remove:
        days.pop(gone, None)
    said: set[tuple[date, str]] = set()
    for day in change.days:
        if (day.date, day.origin) in said:
            raise there_twice(day.date)
        said.add((day.date, day.origin))
        days[day.date, day.origin] = CalendarDay(
            date=day.date, origin=day.origin, is_workday=day.is_workday, name=day.name
        )
    shifts = ShiftSet.objects.order_by("-valid_from", "-id")
    if change.shifts is None:
        return calendar_of(days.values(), shifts)
    newest_first = sorted(change.shifts, key=lambda shift: shift.valid_from, reverse=True)
    return calendar_of(days.values(), [_shift_row(shift) for shift in newest_first])


def _touched(change: CalendarChange) -> "QuerySet[Deadline]":
    """Clocks that ask for working days somewhere between the first and the last day concerned, or stand still."""
    works = Q(limit_kind__in=[kind for kind in LimitKind if kind.asks_calendar]) | ~Q(extensions=[])
    rows = _running().filter(works).order_by("case_id", "id")
    if change.shifts is not None:
        return rows
    dates = [*(day.date for day in change.days), *(day for day, _ in change.remove)]
    if not dates:
        return rows.none()
    first, last = min(dates) - NIGHT, max(dates) + NIGHT
    return rows.filter(Q(due_at__isnull=True) | Q(due_at__date__gte=first), started_at__date__lte=last)


def _running() -> "QuerySet[Deadline]":
    return Deadline.objects.filter(met_at__isnull=True, dropped_at__isnull=True)


def _add(found: Preview, clock: Deadline, after: datetime | None, at: datetime) -> None:
    before = clock.due_at
    found.changed += 1
    if before is not None and after is not None:
        found.earlier += after < before
        found.later += after > before
        found.newly_overdue += before > at >= after
        found.no_longer_overdue += after > at >= before
    if len(found.sample) < 10 * SAMPLE:
        found.sample.append(Moved(clock.case, clock.stage, before, after))


def _shift_row(shift: ShiftChange) -> ShiftSet:
    pairs = [[start.isoformat("minutes"), end.isoformat("minutes")] for start, end in shift.shifts]
    return ShiftSet(name=shift.name, valid_from=shift.valid_from, valid_to=shift.valid_to, shifts=pairs)


def _rule_row(rule: LadderRule) -> SupervisionRule:
    after = rule.overdue_by
    return SupervisionRule(
        stage=rule.stage,
        step=rule.step.height + 1,
        fraction=float(rule.share_used) if rule.share_used is not None else None,
        after_kind=after.kind if after else "",
        after_amount=after.amount if after else None,
    )

"""What cases are judged by, kept in each process: categories with their limits, the calendar, centres, rules.

Every action that changes a category, a calendar day, a shift, a unit or a rule bumps the revision `cases` (or `units`).
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any

from wangge.accounts.models import Unit
from wangge.cases.models import CalendarDay, Category, Condition, ProcedureStep, ShiftSet, SupervisionRule
from wangge.cases.rules.calendar import DEFAULT_SHIFTS, DayRow, Season, Shift, WorkCalendar
from wangge.cases.rules.limits import LimitKind, TimeLimit
from wangge.cases.rules.states import Stage
from wangge.cases.rules.supervision import LadderRule, LadderStep
from wangge.core import clock
from wangge.core.errors import Message
from wangge.core.revisions import Kept, revisions

REVISION = "cases"
UNITS_REVISION = "units"

# When neither the category nor its condition says otherwise. 5 minutes to answer: the figure districts are measured by
# (docs/glossary.md); the others are a proposal that a district changes in its categories.
DEFAULT_LIMITS: dict[str, TimeLimit] = {
    Stage.RESPOND: TimeLimit(LimitKind.MINUTES, Decimal(5)),
    Stage.DISPATCH: TimeLimit(LimitKind.MINUTES, Decimal(30)),
    Stage.SIGN: TimeLimit(LimitKind.WORK_HOURS, Decimal(2)),
    Stage.HANDLE: TimeLimit(LimitKind.WORK_DAYS, Decimal(5)),
    Stage.REVIEW: TimeLimit(LimitKind.WORK_DAYS, Decimal(1)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepInfo:
    number: int
    name_zh: str
    name_en: str
    unit_id: int | None
    limit: TimeLimit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryInfo:
    id: int
    scheme_id: int
    parent_id: int | None
    path: str
    name_zh: str
    name_en: str
    is_leaf: bool
    is_active: bool
    urgency: str
    limits: dict[str, TimeLimit]
    evidence: tuple[str, ...]
    first_handler: str
    settle_on_spot: bool
    is_complaint: bool
    conditions: dict[int, dict[str, TimeLimit]]
    procedure: tuple[StepInfo, ...]
    full_name_zh: str
    full_name_en: str
    successor_id: int | None = None
    scheme_ends: date | None = None

    def limit(self, stage: str, condition_id: int | None) -> TimeLimit:
        own = self.conditions.get(condition_id, {}) if condition_id else {}
        return own.get(stage) or self.limits.get(stage) or DEFAULT_LIMITS[stage]

    def steps_left(self, signed: Collection[int]) -> list[StepInfo]:
        """Of the standard procedure, in the order in which they are to be signed off."""
        return [step for step in self.procedure if step.number not in signed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    categories: dict[int, CategoryInfo]
    calendar: WorkCalendar
    ladder: dict[str, tuple[LadderRule, ...]] = field(default_factory=dict)

    def limit(self, category_id: int | None, condition_id: int | None, stage: str) -> TimeLimit:
        category = self.categories.get(category_id) if category_id else None
        return category.limit(stage, condition_id) if category else DEFAULT_LIMITS[stage]

    def fault_of(self, category_id: int, day: date) -> Message | None:
        """Why no case can be of this category on this day; None when it can."""
        category = self.categories.get(category_id)
        if category is None:
            return Message("没有这个类别。", "There is no such category.")
        if not category.is_active or (category.scheme_ends is not None and category.scheme_ends <= day):
            later = self.categories.get(category.successor_id or 0)
            if later is None:
                return Message("这个类别已停用。", "This category is no longer used.")
            return Message(
                f"这个类别已停用，请改用“{later.full_name_zh}”。",
                f"This category is no longer used; take “{later.full_name_en}”.",
            )
        if not category.is_leaf:
            return Message("请选到最末一级类别。", "Choose a category of the lowest level.")
        return None

    def ladder_mark(self, stage: str) -> str:
        """The same as long as this stage's rules are; "" without any. Kept with each clock they were applied to."""
        rules = self.ladder.get(stage)
        return hashlib.sha256(repr(rules).encode()).hexdigest()[:12] if rules else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitInfo:
    id: int
    code: str
    name: str
    kind: str
    path: str
    division: str
    parent_id: int | None
    valid_from: date
    valid_to: date | None

    def is_open(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    by_id: dict[int, UnitInfo]
    by_path: dict[str, UnitInfo]
    centres: dict[str, tuple[UnitInfo, ...]]  # division code -> its centres, ended and planned ones too
    areas: dict[int, str]  # by id: division that each serves

    def centre_over(self, code: str) -> UnitInfo | None:
        """The nearest centre at or above a place, of those there are today."""
        today = clock.today()
        for length in (12, 9, 6, 4, 2):
            for centre in self.centres.get(code[:length], ()) if len(code) >= length else ():
                if centre.is_open(today):
                    return centre
        return None

    def for_step(self, step: StepInfo, *, lead_path: str, complained_root: str) -> UnitInfo | None:
        """The unit that a step names, where it is another than the lead, stands, and is not the one complained of."""
        unit = self.by_id.get(step.unit_id or 0)
        if unit is None or unit.path == lead_path or not unit.is_open(clock.today()):
            return None
        return None if complained_root and unit.path.startswith(complained_root) else unit

    def root_of(self, unit: UnitInfo) -> UnitInfo:
        """The whole department a branch belongs to; a centre stands for itself."""
        root = unit
        while root.kind == Unit.Kind.BRANCH and root.parent_id in self.by_id:
            root = self.by_id[root.parent_id]
        return root


def configuration(revision: int | None = None) -> Configuration:
    return _kept.get(revision)


def units(revision: int | None = None) -> Units:
    return _units.get(revision)


def units_by_path() -> dict[str, UnitInfo]:
    """As they stand at this moment."""
    return units(revisions(UNITS_REVISION)[0]).by_path


def limits_from(values: dict[str, Any]) -> dict[str, TimeLimit]:
    return {stage: limit_from(value) for stage, value in values.items()}


def limit_from(value: dict[str, Any]) -> TimeLimit:
    return TimeLimit(LimitKind(value["kind"]), Decimal(str(value["amount"])))


def _load() -> Configuration:
    conditions: dict[int, dict[int, dict[str, TimeLimit]]] = {}
    for condition_id, category_id, limits in Condition.objects.values_list("id", "category_id", "limits"):
        conditions.setdefault(category_id, {})[condition_id] = limits_from(limits)
    procedures: dict[int, list[StepInfo]] = {}
    for step in ProcedureStep.objects.order_by("category_id", "number"):
        procedures.setdefault(step.category_id, []).append(
            StepInfo(
                number=step.number,
                name_zh=step.name_zh,
                name_en=step.name_en,
                unit_id=step.unit_id,
                limit=limit_from(step.limit) if step.limit else None,
            )
        )
    rows = {row.pk: row for row in Category.objects.select_related("scheme")}
    categories = {
        row.pk: _category(row, rows, conditions.get(row.pk, {}), tuple(procedures.get(row.pk, ())))
        for row in rows.values()
    }
    return Configuration(
        categories=categories,
        calendar=calendar_of(CalendarDay.objects.all(), ShiftSet.objects.order_by("-valid_from", "-id")),
        ladder=_ladder(),
    )


def _category(
    row: Category,
    rows: dict[int, Category],
    conditions: dict[int, dict[str, TimeLimit]],
    procedure: tuple[StepInfo, ...],
) -> CategoryInfo:
    chain: list[Category] = [row]
    while chain[0].parent_id is not None:
        chain.insert(0, rows[chain[0].parent_id])
    limits: dict[str, TimeLimit] = {}
    for node in chain:
        limits |= limits_from(node.limits)
    return CategoryInfo(
        id=row.pk,
        scheme_id=row.scheme_id,
        parent_id=row.parent_id,
        path=row.path,
        name_zh=row.name_zh,
        name_en=row.name_en or row.name_zh,
        is_leaf=row.is_leaf,
        is_active=row.is_active,
        urgency=row.urgency,
        limits=limits,
        evidence=tuple(row.evidence),
        first_handler=next((node.first_handler for node in reversed(chain) if node.first_handler), ""),
        settle_on_spot=row.settle_on_spot,
        is_complaint=row.is_complaint,
        conditions=conditions,
        procedure=procedure,
        full_name_zh=" / ".join(node.name_zh for node in chain),
        full_name_en=" / ".join(node.name_en or node.name_zh for node in chain),
        successor_id=row.successor_id,
        scheme_ends=row.scheme.valid_to,
    )


def calendar_of(rows: Iterable[CalendarDay], shift_sets: Iterable[ShiftSet]) -> WorkCalendar:
    """Shift sets newest first: the first that covers a day gives its shifts."""
    days: dict[str, list[DayRow]] = {CalendarDay.Origin.OVERRIDE: [], CalendarDay.Origin.STATE_COUNCIL: []}
    for row in rows:
        days[row.origin].append(DayRow(row.date, row.is_workday, row.name))
    seasons = tuple(
        Season(_shifts(row.shifts), row.valid_from, row.valid_to or date.max, row.name) for row in shift_sets
    )
    return WorkCalendar(
        shifts=DEFAULT_SHIFTS,
        seasons=seasons,
        overrides=tuple(days[CalendarDay.Origin.OVERRIDE]),
        state_council=tuple(days[CalendarDay.Origin.STATE_COUNCIL]),
    )


def _shifts(pairs: list[list[str]]) -> tuple[Shift, ...]:
    return tuple(Shift(time.fromisoformat(start), time.fromisoformat(end)) for start, end in pairs)


def _ladder() -> dict[str, tuple[LadderRule, ...]]:
    rules: dict[str, list[LadderRule]] = {}
    for row in SupervisionRule.objects.filter(is_active=True).order_by("stage", "step"):
        rules.setdefault(row.stage, []).append(ladder_rule(row))
    return {stage: tuple(found) for stage, found in rules.items()}


def ladder_rule(row: SupervisionRule) -> LadderRule:
    after = TimeLimit(LimitKind(row.after_kind), row.after_amount) if row.after_amount is not None else None
    share = Decimal(str(row.fraction)) if row.fraction is not None else None
    return LadderRule(row.stage, tuple(LadderStep)[row.step - 1], share_used=share, overdue_by=after)


def _load_units() -> Units:
    by_id = {
        row.pk: UnitInfo(
            id=row.pk,
            code=row.code,
            name=row.name,
            kind=row.kind,
            path=row.path,
            division=row.division,
            parent_id=row.parent_id,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in Unit.objects.all()
    }
    centres: dict[str, tuple[UnitInfo, ...]] = {}
    for unit in by_id.values():
        if unit.kind == Unit.Kind.CENTRE:
            centres[unit.division] = (*centres.get(unit.division, ()), unit)
    areas = {unit.id: unit.division for unit in by_id.values()}
    return Units(by_id=by_id, by_path={unit.path: unit for unit in by_id.values()}, centres=centres, areas=areas)


_kept: Kept[Configuration] = Kept(REVISION, _load)
_units: Kept[Units] = Kept(UNITS_REVISION, _load_units)

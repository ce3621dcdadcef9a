"""Schemes and categories changed by hand. Every change is journalled and read by all processes at their next case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import ProtectedError, Q, QuerySet

from wangge.accounts.permissions import Permission
from wangge.cases.configuration import REVISION, units
from wangge.cases.models import Case, Category, Condition, DispatchRule, ProcedureStep, Scheme
from wangge.cases.rules.limits import TimeLimit
from wangge.core import clock, journal, revisions, setting_changes
from wangge.core.actor import Actor, acting
from wangge.core.errors import TAKEN, Conflict, Invalid, Message, NotFound, invalid

CATEGORY = "category"  # kind of setting
LEVELS = {"community", "street", "district"}
TAKEN_AS_THEY_ARE = (
    "name_zh",
    "name_en",
    "urgency",
    "evidence",
    "first_handler",
    "supervisor",
    "legal_basis",
    "collect",
    "settle_on_spot",
    "is_complaint",
    "is_active",
    "successor_id",
)


class CategoryInUse(Conflict):
    code = "category.in_use"
    zh = "“{name}”已有{what_zh}，不能删除；可以停用。"
    en = "“{name}” has {what_en} and cannot be taken away; put it out of use instead."


class CodeTaken(Conflict):
    code = "category.code_taken"
    zh = "这个编码已在用：{code}。"
    en = "This code is taken: {code}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionGiven:
    accept_when: str
    close_when: str = ""
    limits: dict[str, TimeLimit]
    unit_id: int | None = None
    unit_text: str = ""
    legal_basis: str = ""
    legal_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepGiven:
    name_zh: str
    name_en: str = ""
    unit_id: int | None = None
    limit: TimeLimit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryChange:
    """`values`: of TAKEN_AS_THEY_ARE, only those that are given. None leaves the rest as it is."""

    values: dict[str, Any]
    limits: dict[str, TimeLimit] | None = None
    conditions: Sequence[ConditionGiven] | None = None
    procedure: Sequence[StepGiven] | None = None


def add_category(
    *,
    scheme_id: int,
    parent_id: int | None,
    code: str,
    change: CategoryChange,
    by: Actor,
    at: datetime,
    category_id: int | None = None,
) -> Category:
    """`category_id`: of one that was taken away and comes back. Raises NotAllowed, NotFound, CodeTaken, Invalid."""
    by.require(Permission.CATEGORY_EDIT)
    setting_changes.before(CATEGORY, None)
    scheme = Scheme.objects.filter(pk=scheme_id).first()
    parent = Category.objects.filter(pk=parent_id, scheme_id=scheme_id).first() if parent_id else None
    if scheme is None or (parent_id and parent is None):
        raise NotFound()
    path = f"{parent.path if parent else ''}{code}/"
    if Category.objects.filter(scheme=scheme, path=path).exists():
        raise CodeTaken(code=code, fields={"code": TAKEN})
    category = Category(pk=category_id, scheme=scheme, parent=parent, code=code, path=path)
    _take(category, change)
    category.save(force_insert=True)
    _take_lists(category, change)
    if parent is not None and parent.is_leaf:
        Category.objects.filter(pk=parent.pk).update(is_leaf=False)
    _record("category.added", category, None, by, at)
    return category


def change_category(
    *, category_id: int, change: CategoryChange, by: Actor, at: datetime, seen: str | None = None
) -> Category:
    """Open cases keep the clocks that run; new ones are counted by the new limits. Raises NotAllowed, NotFound,
    ChangedMeanwhile."""
    by.require(Permission.CATEGORY_EDIT)
    stood = setting_changes.before(CATEGORY, category_id, seen=seen)
    category = Category.objects.select_for_update(no_key=True, of=("self",)).filter(pk=category_id).first()
    if category is None:
        raise NotFound()
    changed = _take(category, change)
    if changed:
        category.save(update_fields=changed)
    changed += _take_lists(category, change)
    if changed:
        _record("category.changed", category, stood, by, at)
    return category


def remove_category(*, category_id: int, by: Actor, at: datetime) -> None:
    """Only one that nothing has used yet; others are put out of use. Raises NotAllowed, NotFound, CategoryInUse."""
    by.require(Permission.CATEGORY_EDIT)
    stood = setting_changes.before(CATEGORY, category_id)
    category = Category.objects.select_related("parent").filter(pk=category_id).first()
    if category is None:
        raise NotFound()
    if Category.objects.filter(parent=category).exists():
        raise CategoryInUse(name=category.name_zh, what_zh="下级类别", what_en="categories below it")
    if DispatchRule.objects.filter(Q(scheme=None) | Q(scheme=category.scheme), category_path=category.path).exists():
        raise CategoryInUse(name=category.name_zh, what_zh="派单规则", what_en="dispatch rules")
    delete_unused(Category.objects.filter(pk=category_id), category.name_zh)
    if category.parent_id and not Category.objects.filter(parent=category.parent_id).exists():
        Category.objects.filter(pk=category.parent_id).update(is_leaf=True)
    _record("category.removed", category, stood, by, at)


def delete_unused(categories: "QuerySet[Category]", name: str) -> None:
    """Raises CategoryInUse. As the house itself: what is out of the actor's sight counts too."""
    with acting(Actor.system("categories")):
        if Case.objects.filter(category__in=categories.values("pk")).exists():
            raise CategoryInUse(name=name, what_zh="案件", what_en="cases")
        try:
            categories.delete()
        except ProtectedError as used:
            raise CategoryInUse(name=name, what_zh="答复等其他引用", what_en="answers or other uses") from used


def limits_as_json(limits: dict[str, TimeLimit]) -> dict[str, dict[str, str]]:
    return {str(stage): limit_as_json(limit) for stage, limit in limits.items()}


def limit_as_json(limit: TimeLimit) -> dict[str, str]:
    return {"kind": str(limit.kind), "amount": str(limit.amount)}


def _take(category: Category, change: CategoryChange) -> list[str]:
    first = change.values.get("first_handler")
    if first and first not in LEVELS and first not in {unit.code for unit in units().by_id.values()}:
        raise Invalid(
            fields={
                "first_handler": Message(
                    "填单位编码，或 community、street、district。",
                    "A unit's code, or community, street or district.",
                )
            }
        )
    changed = []
    for name in TAKEN_AS_THEY_ARE:
        if name in change.values and change.values[name] != getattr(category, name):
            setattr(category, name, change.values[name])
            changed.append(name)
    if "successor_id" in changed:  # one chosen before may have gone out of use since: that is for who put it out of use
        _check_successor(category)
    if change.limits is not None and limits_as_json(change.limits) != category.limits:
        category.limits = limits_as_json(change.limits)
        changed.append("limits")
    return changed


def _check_successor(category: Category) -> None:
    if category.successor_id is None:
        return
    later = Category.objects.filter(pk=category.successor_id).first()
    if later is None or (later.pk == category.pk or not later.is_active or not later.is_leaf):
        raise invalid(
            "successor_id", "请选到最末一级、仍在用的另一类别。", "Choose another category of the lowest level, in use."
        )


def _take_lists(category: Category, change: CategoryChange) -> list[str]:
    changed = []
    if change.conditions is not None:
        _check_units(change.conditions, "conditions")
        _take_conditions(category, change.conditions)
        changed.append("conditions")
    if change.procedure is not None:
        _check_units(change.procedure, "procedure")
        ProcedureStep.objects.filter(category=category).delete()
        ProcedureStep.objects.bulk_create(
            ProcedureStep(
                category=category,
                number=number,
                name_zh=step.name_zh,
                name_en=step.name_en,
                unit_id=step.unit_id,
                limit=limit_as_json(step.limit) if step.limit else None,
            )
            for number, step in enumerate(change.procedure, 1)
        )
        changed.append("procedure")
    return changed


def _record(kind: str, category: Category, stood: setting_changes.State | None, by: Actor, at: datetime) -> None:
    revisions.bump(REVISION)
    entry = journal.Entry(
        kind=kind,
        subject=(CATEGORY, str(category.pk)),
        permission=Permission.CATEGORY_EDIT,
        data={"path": category.path, "scheme": category.scheme.code},
    )
    setting_changes.record(entry, before=stood, by=by, at=at)


def _take_conditions(category: Category, conditions: Sequence[ConditionGiven]) -> None:
    """By number: cases point to them, so a changed one keeps its row; what is left over at the end goes."""
    for number, one in enumerate(conditions, 1):
        Condition.objects.update_or_create(
            category=category,
            number=number,
            defaults={
                "accept_when": one.accept_when,
                "close_when": one.close_when,
                "limits": limits_as_json(one.limits),
                "unit_id": one.unit_id,
                "unit_text": one.unit_text,
                "legal_basis": one.legal_basis,
                "legal_text": one.legal_text,
            },
        )
    Condition.objects.filter(category=category, number__gt=len(conditions)).delete()


def _check_units(rows: "Sequence[ConditionGiven] | Sequence[StepGiven]", field: str) -> None:
    today, known = clock.today(), units().by_id
    for row in rows:
        if row.unit_id is not None and (row.unit_id not in known or not known[row.unit_id].is_open(today)):
            raise Invalid(
                fields={field: Message("没有这个单位，或已撤销。", "There is no such unit, or it has ended.")}
            )

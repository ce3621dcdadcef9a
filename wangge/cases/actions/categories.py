"""Schemes and categories changed by hand. Every change is journalled and read by all processes at their next case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.cases.configuration import REVISION, units
from wangge.cases.models import Category, Condition, ProcedureStep, Scheme
from wangge.cases.rules.limits import TimeLimit
from wangge.core import clock, journal, revisions
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, Invalid, Message, NotFound

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
)


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


def add_scheme(
    *,
    code: str,
    version: str,
    name_zh: str,
    name_en: str,
    source: str,
    valid_from: date,
    valid_to: date | None,
    by: Actor,
    at: datetime,
) -> Scheme:
    """Raises NotAllowed, CodeTaken, Invalid."""
    by.require(Permission.CATEGORY_EDIT)
    if valid_to is not None and valid_to <= valid_from:
        raise Invalid(fields={"valid_to": Message("止期须晚于起期。", "It must end after it begins.")})
    if Scheme.objects.filter(code=code, version=version).exists():
        raise CodeTaken(code=f"{code} {version}")
    scheme = Scheme.objects.create(
        code=code,
        version=version,
        name_zh=name_zh,
        name_en=name_en,
        source=source,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    record_change("scheme.added", ("scheme", scheme.pk), [], {"code": code, "version": version}, by, at)
    return scheme


def add_category(
    *, scheme_id: int, parent_id: int | None, code: str, change: CategoryChange, by: Actor, at: datetime
) -> Category:
    """Raises NotAllowed, NotFound, CodeTaken, Invalid."""
    by.require(Permission.CATEGORY_EDIT)
    scheme = Scheme.objects.filter(pk=scheme_id).first()
    parent = Category.objects.filter(pk=parent_id, scheme_id=scheme_id).first() if parent_id else None
    if scheme is None or (parent_id and parent is None):
        raise NotFound()
    path = f"{parent.path if parent else ''}{code}/"
    if Category.objects.filter(scheme=scheme, path=path).exists():
        raise CodeTaken(code=code)
    category = Category(scheme=scheme, parent=parent, code=code, path=path)
    _take(category, change)
    category.save(force_insert=True)
    _take_lists(category, change)
    if parent is not None and parent.is_leaf:
        Category.objects.filter(pk=parent.pk).update(is_leaf=False)
    record_change("category.added", ("category", category.pk), [], {"path": path, "scheme": scheme.code}, by, at)
    return category


def change_category(*, category_id: int, change: CategoryChange, by: Actor, at: datetime) -> Category:
    """Open cases keep the clocks that run; new ones are counted by the new limits. Raises NotAllowed, NotFound."""
    by.require(Permission.CATEGORY_EDIT)
    category = Category.objects.select_for_update(no_key=True, of=("self",)).filter(pk=category_id).first()
    if category is None:
        raise NotFound()
    changed = _take(category, change)
    if changed:
        category.save(update_fields=changed)
    changed += _take_lists(category, change)
    if changed:
        record_change("category.changed", ("category", category.pk), changed, {"path": category.path}, by, at)
    return category


def record_change(
    kind: str, subject: tuple[str, object], changed: Sequence[str], data: dict[str, Any], by: Actor, at: datetime
) -> None:
    revisions.bump(REVISION)
    journal.record(
        journal.Entry(
            kind=kind,
            subject=(subject[0], str(subject[1])),
            code=by.division,
            permission=Permission.CATEGORY_EDIT,
            changed=sorted(changed),
            data=data,
        ),
        by=by,
        at=at,
    )


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
    if change.limits is not None and limits_as_json(change.limits) != category.limits:
        category.limits = limits_as_json(change.limits)
        changed.append("limits")
    return changed


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

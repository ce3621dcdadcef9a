"""How the settings of cases are read for their history, and put back (core/setting_changes.py)."""

from collections.abc import Set
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.cases.actions import calendar, categories, dispatch_rules, schemes
from wangge.cases.actions.calendar import CalendarChange, DayChange, ShiftChange
from wangge.cases.actions.categories import CategoryChange, ConditionGiven, StepGiven
from wangge.cases.actions.dispatch_rules import RuleGiven
from wangge.cases.configuration import configuration, limit_from, limits_from, units
from wangge.cases.models import (
    CalendarDay,
    Category,
    Condition,
    DispatchRule,
    ProcedureStep,
    Scheme,
    ShiftSet,
    SupervisionRule,
)
from wangge.cases.rules.limits import plain
from wangge.cases.rules.states import Stage
from wangge.cases.rules.supervision import LadderRule, LadderStep
from wangge.core.actor import Actor
from wangge.core.setting_changes import Held, Keeper, Names, State
from wangge.grids import queries as grids

STEPS = tuple(LadderStep)
SHIFTS = "shifts"
DAYS = {"valid_from", "valid_to"}
CONDITION = ("accept_when", "close_when", "limits", "unit_id", "unit_text", "legal_basis", "legal_text")
STEP = ("name_zh", "name_en", "unit_id", "limit")
STAGES = {
    Stage.RESPOND: ("响应", "respond"),
    Stage.DISPATCH: ("派发", "dispatch"),
    Stage.SIGN: ("签收", "sign"),
    Stage.STEP: ("流程步骤", "procedure step"),
    Stage.HANDLE: ("处置", "handle"),
    Stage.REVIEW: ("复核", "review"),
}


# -- categories -----------------------------------------------------------------------------------------------------


def _read_category(subject: str) -> State | None:
    row = Category.objects.filter(pk=subject).first()
    if row is None:
        return None
    return {
        "scheme_id": row.scheme_id,
        "parent_id": row.parent_id,
        "code": row.code,
        **{name: getattr(row, name) for name in categories.TAKEN_AS_THEY_ARE},
        "limits": row.limits,
        "conditions": list(Condition.objects.filter(category=row).order_by("number").values(*CONDITION)),
        "procedure": list(ProcedureStep.objects.filter(category=row).order_by("number").values(*STEP)),
    }


def _name_category(subject: str, state: State) -> tuple[str, str]:
    return state["name_zh"], state["name_en"] or state["name_zh"]


def _put_back_category(subject: str, parts: State | None, *, by: Actor, at: datetime) -> None:
    category_id = int(subject)
    if parts is None:
        categories.remove_category(category_id=category_id, by=by, at=at)
    elif Category.objects.filter(pk=category_id).exists():
        categories.change_category(category_id=category_id, change=_category_change(parts), by=by, at=at)
    else:
        categories.add_category(
            scheme_id=parts["scheme_id"],
            parent_id=parts["parent_id"],
            code=parts["code"],
            change=_category_change(parts),
            category_id=category_id,
            by=by,
            at=at,
        )


def _category_change(parts: State) -> CategoryChange:
    conditions, procedure = parts.get("conditions"), parts.get("procedure")
    return CategoryChange(
        values={name: parts[name] for name in categories.TAKEN_AS_THEY_ARE if name in parts},
        limits=limits_from(parts["limits"]) if "limits" in parts else None,
        conditions=None if conditions is None else [_condition(one) for one in conditions],
        procedure=None if procedure is None else [_step(one) for one in procedure],
    )


def _condition(kept: dict[str, Any]) -> ConditionGiven:
    return ConditionGiven(**kept | {"limits": limits_from(kept["limits"])})


def _step(kept: dict[str, Any]) -> StepGiven:
    return StepGiven(**kept | {"limit": limit_from(kept["limit"]) if kept["limit"] else None})


# -- schemes --------------------------------------------------------------------------------------------------------


def _read_scheme(subject: str) -> State | None:
    row = Scheme.objects.filter(pk=subject).first()
    return None if row is None else _state_of_scheme(row)


def _state_of_scheme(row: Scheme) -> State:
    return {"code": row.code, "version": row.version, **{name: _plain(getattr(row, name)) for name in schemes.DATED}}


def _name_scheme(subject: str, state: State) -> tuple[str, str]:
    return f"{state['name_zh']} {state['version']}", f"{state['name_en'] or state['name_zh']} {state['version']}"


def _put_back_scheme(subject: str, parts: State | None, *, by: Actor, at: datetime) -> None:
    scheme_id = int(subject)
    if parts is None:
        schemes.remove_scheme(scheme_id=scheme_id, by=by, at=at)
    elif Scheme.objects.filter(pk=scheme_id).exists():
        values = {name: _day(value) if name in DAYS else value for name, value in parts.items()}
        schemes.change_scheme(scheme_id=scheme_id, values=values, by=by, at=at)
    else:
        raise schemes.CategoriesGone()


# -- calendar -------------------------------------------------------------------------------------------------------


def _read_calendar(subject: str) -> State:
    days = {
        f"{row.date.isoformat()}/{row.origin}": {
            "is_workday": row.is_workday,
            "name": row.name,
            "document": row.document,
        }
        for row in CalendarDay.objects.all()
    }
    shifts = [
        {
            "name": row.name,
            "valid_from": row.valid_from.isoformat(),
            "valid_to": _plain(row.valid_to),
            "shifts": row.shifts,
        }
        for row in ShiftSet.objects.order_by("valid_from", "id")
    ]
    return {**days, SHIFTS: shifts}


def _calendar_change(parts: State) -> CalendarChange:
    days, remove = [], []
    for part, value in parts.items():
        if part == SHIFTS:
            continue
        day, _, origin = part.partition("/")
        if value is None:
            remove.append((date.fromisoformat(day), origin))
        else:
            days.append(DayChange(date=date.fromisoformat(day), origin=origin, **value))
    shifts = None if SHIFTS not in parts else tuple(_shift(one) for one in parts[SHIFTS] or ())
    return CalendarChange(days=tuple(days), remove=tuple(remove), shifts=shifts)


def _shift(kept: dict[str, Any]) -> ShiftChange:
    pairs = tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in kept["shifts"])
    begins = date.fromisoformat(kept["valid_from"])
    return ShiftChange(name=kept["name"], valid_from=begins, valid_to=_day(kept["valid_to"]), shifts=pairs)


def _put_back_calendar(subject: str, parts: State | None, *, by: Actor, at: datetime) -> None:
    calendar.change_calendar(_calendar_change(parts or {}), by=by, at=at)


def _effect_of_calendar(subject: str, parts: State | None, *, by: Actor, at: datetime) -> calendar.Preview:
    return calendar.preview_calendar(_calendar_change(parts or {}), by=by, at=at)


# -- supervision ----------------------------------------------------------------------------------------------------


def _read_ladder(subject: str) -> State:
    rows = SupervisionRule.objects.filter(stage=subject, is_active=True).order_by("step")
    return {
        "rules": [
            {
                "step": str(STEPS[row.step - 1]),
                "fraction": row.fraction,
                "overdue_by": None
                if row.after_amount is None
                else {"kind": row.after_kind, "amount": plain(row.after_amount)},
            }
            for row in rows
        ]
    }


def _put_back_ladder(subject: str, parts: State | None, *, by: Actor, at: datetime) -> None:
    rules = [
        LadderRule(
            subject,
            LadderStep(one["step"]),
            share_used=None if one["fraction"] is None else Decimal(str(one["fraction"])),
            overdue_by=None if one["overdue_by"] is None else limit_from(one["overdue_by"]),
        )
        for one in (parts or {}).get("rules") or ()
    ]
    calendar.set_ladder(Stage(subject), rules, by=by, at=at)


# -- dispatch rules -------------------------------------------------------------------------------------------------


def _read_rule(subject: str) -> State | None:
    row = DispatchRule.objects.filter(pk=subject).first()
    if row is None:
        return None
    return {name: _plain(getattr(row, name)) for name in RuleGiven.__dataclass_fields__}


def _name_rule(subject: str, state: State) -> tuple[str, str]:
    """By names, as they are when it is changed: codes say nothing to who reads the history."""
    path, scheme, code = state["category_path"], state["scheme_id"], state["code"]
    kinds = (one for one in configuration().categories.values() if one.path == path and scheme in (None, one.scheme_id))
    category = next(kinds, None)
    place = grids.names_of([code]).get(code, code) if code else ""
    unit = units().by_id.get(state["unit_id"])
    to = f" → {unit.name}" if unit else ""
    zh = f"{category.full_name_zh if category else path or '任何类别'} · {place or '任何地方'}{to}"
    en = f"{category.full_name_en if category else path or 'Any category'} · {place or 'Anywhere'}{to}"
    return zh, en


def _put_back_rule(subject: str, parts: State | None, *, by: Actor, at: datetime) -> None:
    rule_id = int(subject)
    if parts is None:
        dispatch_rules.remove_rule(rule_id=rule_id, by=by, at=at)
        return
    stands = _read_rule(subject)
    kept = {**(stands or {}), **parts}
    values: dict[str, Any] = {name: _day(value) if name in DAYS else value for name, value in kept.items()}
    if stands is None:
        dispatch_rules.add_rule(given=RuleGiven(**values), rule_id=rule_id, by=by, at=at)
    else:
        dispatch_rules.change_rule(rule_id=rule_id, given=RuleGiven(**values), by=by, at=at)


# -- what parts hold by number or code ------------------------------------------------------------------------------


def _names(held: Set[Held]) -> Names:
    numbers = [value for part, value in held if part == "scheme_id"]
    rows = Scheme.objects.in_bulk(numbers).values()
    found = {("scheme_id", row.pk): _name_scheme(str(row.pk), _state_of_scheme(row)) for row in rows}
    others = {(part, value): _called(part, value) for part, value in held}
    return found | {pair: names for pair, names in others.items() if names is not None}


def _names_of_rule(held: Set[Held]) -> Names:
    places = grids.names_of(value for part, value in held if part == "code")
    return _names(held) | {("code", code): (name, name) for code, name in places.items()}


def _called(part: str, value: Any) -> tuple[str, str] | None:
    """Of what is kept ready: no query."""
    if part == "unit_id":
        unit = units().by_id.get(value)
        return (unit.name, unit.name) if unit else None
    if part in ("parent_id", "successor_id"):
        category = configuration().categories.get(value)
        return (category.full_name_zh, category.full_name_en) if category else None
    if part == "category_path":
        # Without its scheme a path may be several matters; all of them are said.
        found = [one for one in configuration().categories.values() if one.path == value]
        zh, en = {one.full_name_zh: None for one in found}, {one.full_name_en: None for one in found}
        return ("、".join(zh), ", ".join(en)) if found else None
    return None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


ALL = (
    Keeper(
        kind=categories.CATEGORY,
        permission=Permission.CATEGORY_EDIT,
        read=_read_category,
        name=_name_category,
        names=_names,
        put_back=_put_back_category,
    ),
    Keeper(
        kind=schemes.SCHEME,
        permission=Permission.CATEGORY_EDIT,
        read=_read_scheme,
        name=_name_scheme,
        put_back=_put_back_scheme,
    ),
    Keeper(
        kind=calendar.CALENDAR,
        permission=Permission.CALENDAR_EDIT,
        read=_read_calendar,
        name=lambda subject, state: ("工作日历", "Working calendar"),
        put_back=_put_back_calendar,
        effect=_effect_of_calendar,
    ),
    Keeper(
        kind=calendar.LADDER,
        permission=Permission.RULE_EDIT,
        read=_read_ladder,
        name=lambda subject, state: STAGES[Stage(subject)],
        put_back=_put_back_ladder,
    ),
    Keeper(
        kind=dispatch_rules.RULE,
        permission=Permission.RULE_EDIT,
        read=_read_rule,
        name=_name_rule,
        names=_names_of_rule,
        put_back=_put_back_rule,
    ),
)

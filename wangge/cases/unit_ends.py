"""What of the cases still names a unit that is to end: work in its hands, whistles, rules and categories."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from wangge.accounts.models import Unit
from wangge.accounts.obstacles import EXAMPLES, Obstacle
from wangge.cases.models import Assignment, Case, Category, Condition, DispatchRule, Muster, ProcedureStep, Whistle
from wangge.cases.rules.states import OPEN

LEAD, ASSIST = Assignment.Role.LEAD, Assignment.Role.ASSIST


def still_naming(unit: Unit, day: date) -> list[Obstacle]:
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    rules = DispatchRule.objects.filter(lasting, unit=unit).order_by("order")
    held = Case.objects.filter(holder_path=unit.path, state__in=OPEN).order_by("reported_at")
    found = [
        _told("cases_held", held, "number", "{} 件由其受理的在办案件", "{} open cases it holds"),
        _told("cases_led", _charges(unit, LEAD), "case__number", "{} 件主办案件", "{} cases it leads"),
        _told("cases_assisted", _charges(unit, ASSIST), "case__number", "{} 件协办案件", "{} cases it assists in"),
        _told("whistles", _whistles(unit), "number", "{} 个未结束的哨", "{} open whistles"),
        _told("dispatch_rules", rules, "order", "{} 条派发规则", "{} dispatch rules"),
        _told("categories", _categories(unit), "path", "{} 个事项类别", "{} categories"),
    ]
    return [obstacle for obstacle in found if obstacle is not None]


def _told(kind: str, rows: "QuerySet[Any]", name: str, zh: str, en: str) -> Obstacle | None:
    count = rows.count()
    if not count:
        return None
    examples = tuple(str(one) for one in rows.values_list(name, flat=True)[:EXAMPLES])
    return Obstacle(kind=kind, count=count, zh=zh.format(count), en=en.format(count), examples=examples)


def _charges(unit: Unit, role: str) -> "QuerySet[Assignment]":
    """What an assisting unit has done its part of is in its way no more."""
    rows = Assignment.objects.filter(unit_path=unit.path, role=role, ended_at__isnull=True, case__state__in=OPEN)
    if role == ASSIST:
        rows = rows.filter(finished_at__isnull=True)
    return rows.order_by("reported_at")


def _whistles(unit: Unit) -> "QuerySet[Whistle]":
    called = Muster.objects.filter(unit=unit).values("whistle")
    open_ones = Whistle.objects.filter(ended_at__isnull=True, refused_at__isnull=True)
    return open_ones.filter(Q(centre=unit) | Q(by_unit_path=unit.path) | Q(pk__in=called)).order_by("called_at")


def _categories(unit: Unit) -> "QuerySet[Category]":
    """Those that hand to it first, or name it in a condition or a step of their procedure."""
    named = Condition.objects.filter(unit=unit).values("category")
    stepping = ProcedureStep.objects.filter(unit=unit).values("category")
    rows = Category.objects.filter(Q(first_handler=unit.code) | Q(pk__in=named) | Q(pk__in=stepping), is_active=True)
    return rows.order_by("scheme", "path")

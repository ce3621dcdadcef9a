"""Dispatch rules looked at as a whole: which cells they leave open, why a cell gets its unit, what a trial found."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.cases.configuration import CategoryInfo, configuration, units
from wangge.cases.models import Case, DispatchTrial, Scheme
from wangge.cases.rules import coverage, suggest
from wangge.cases.rules.suggest import Asked, DispatchRule
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import NotFound
from wangge.grids import queries as grids

MOST_GAPS = 30  # places named for one category


def lint_rules(rules: Sequence[DispatchRule], *, by: Actor, at: datetime) -> dict[str, Any]:
    """Over the grids the actor looks after and the categories in force. Raises NotAllowed."""
    by.require(Permission.RULE_EDIT)
    day = clock.day_of(at)
    holding = [rule for rule in rules if rule.holds_on(day)]
    categories = _leaves(day)
    kinds = [coverage.Kind(category_id=one.id, scheme_id=one.scheme_id, path=one.path) for one in categories]
    found = coverage.lint(kinds, grids.codes_under(by.ranges, day=day), holding)
    shown = {code for row in found.rows for code, _ in row.gaps[:MOST_GAPS]}
    names = grids.names_of(shown)
    by_id = {one.id: one for one in categories}
    reach = {one.rule_id: one for one in found.reach}
    return {
        "grids": found.grids,
        "cells": found.grids * len(found.rows),
        "covered": sum(row.covered for row in found.rows),
        "doubled": sum(row.doubled for row in found.rows),
        "categories": [_row(row, by_id[row.category_id], found.grids, names, by.language) for row in found.rows],
        "rules": [_reach(rule, reach.get(rule.id)) for rule in rules],
    }


def explain_rules(
    rules: Sequence[DispatchRule], *, category_id: int, code: str, by: Actor, at: datetime
) -> dict[str, Any]:
    """Each rule in its order, and why it does or does not name the unit. Raises NotAllowed, NotFound."""
    by.require(Permission.RULE_EDIT)
    category = configuration().categories.get(category_id)
    if category is None:
        raise NotFound()
    asked = Asked(
        scheme_id=category.scheme_id,
        category_id=category.id,
        category_path=category.path,
        code=code,
        day=clock.day_of(at),
    )
    first = suggest.first_match(asked, rules)
    steps = []
    for rule in rules:
        why = suggest.mismatch(asked, rule)
        verdict = str(why) if why else "first" if rule is first else "later"
        steps.append({"rule_id": rule.id, "unit_id": rule.unit_id, "verdict": verdict})
    return {
        "unit_id": first.unit_id if first else None,
        "unit": _unit_name(first.unit_id) if first else "",
        "is_broken": first is not None and not first.unit_open,
        "steps": steps,
    }


def trial_shown(trial: DispatchTrial, *, by: Actor) -> dict[str, Any]:
    kept = trial.result or {"counts": dict.fromkeys(DispatchTrial.COUNTS, 0), "units": {}, "shown": []}
    rows = kept["shown"]
    seen = set()
    if by.may(Permission.CASE_READ):
        ids = [row["case_id"] for row in rows if "case_id" in row]
        seen = {str(pk) for pk in Case.objects.visible_to(by).filter(pk__in=ids).values_list("pk", flat=True)}
    names = grids.names_of({row["code"] for row in rows})
    return {
        "id": trial.pk,
        "state": trial.state,
        "since": clock.day_of(trial.since),
        "until": clock.day_of(trial.until),
        "total": trial.total,
        "done": trial.done,
        "asked_at": trial.asked_at,
        "finished_at": trial.finished_at,
        "counts": kept["counts"],
        "units": _units(kept["units"]),
        "shown": [_case(row, row.get("case_id") in seen, names, by.language) for row in rows],
    }


def _leaves(day: date) -> list[CategoryInfo]:
    schemes = {
        row.pk for row in Scheme.objects.all() if row.valid_from <= day and (row.valid_to is None or day < row.valid_to)
    }
    known = configuration().categories.values()
    found = (one for one in known if one.is_leaf and one.is_active and one.scheme_id in schemes)
    return sorted(found, key=lambda one: (one.scheme_id, one.path))


def _row(row: coverage.Row, info: CategoryInfo, many: int, names: Mapping[str, str], language: str) -> dict[str, Any]:
    gaps = [{"code": code, "name": names.get(code, code), "grids": size} for code, size in row.gaps[:MOST_GAPS]]
    return {
        "category_id": info.id,
        "scheme_id": info.scheme_id,
        "path": info.path,
        "name": _full_name(info, language),
        "grids": many,
        "covered": row.covered,
        "doubled": row.doubled,
        "gaps": gaps,
        "gaps_in_all": len(row.gaps),
    }


def _reach(rule: DispatchRule, reach: coverage.Reach | None) -> dict[str, Any]:
    """`reach` None: it does not hold today."""
    return {
        "rule_id": rule.id,
        "cells": reach.cells if reach else 0,
        "first": reach.first if reach else 0,
        "holds": reach is not None,
        "is_broken": not rule.unit_open,
    }


def _units(counted: Mapping[str, Sequence[int]]) -> list[dict[str, Any]]:
    rows = [
        {"unit_id": int(unit), "unit": _unit_name(int(unit)), "handled": done, "now": now, "draft": draft}
        for unit, (done, now, draft) in counted.items()
    ]
    return sorted(rows, key=lambda row: (-abs(row["draft"] - row["now"]), -row["handled"], row["unit_id"]))


def _case(row: Mapping[str, Any], is_seen: bool, names: Mapping[str, str], language: str) -> dict[str, Any]:
    info = configuration().categories.get(row["category_id"])
    return {
        "case_id": row.get("case_id") if is_seen else None,
        "number": row.get("number", "") if is_seen else "",
        "category": _full_name(info, language) if info else "",
        "place": names.get(row["code"], row["code"]),
        "lead": _unit_name(row["lead"]),
        "now": _unit_name(row["now"][1]),
        "now_rule": row["now"][0],
        "draft": _unit_name(row["draft"][1]),
        "draft_rule": row["draft"][0],
    }


def _full_name(info: CategoryInfo, language: str) -> str:
    return info.full_name_en if language == "en" else info.full_name_zh


def _unit_name(unit_id: int | None) -> str:
    unit = units().by_id.get(unit_id or 0)
    return unit.name if unit else ""

"""Dispatch rules: one by one, replaced together, looked over for gaps, explained, and tried on past cases."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from wangge.accounts.auth import actor_of
from wangge.cases import trials
from wangge.cases.actions.dispatch_rules import (
    RuleGiven,
    add_rule,
    change_rule,
    remove_rule,
    replace_rules,
    visible_rules,
)
from wangge.cases.configuration import configuration, units
from wangge.cases.models import DispatchRule as RuleRow
from wangge.cases.queries import dispatch as queries
from wangge.cases.rules.suggest import DispatchRule
from wangge.cases.schemas import dispatch as shapes
from wangge.cases.schemas.suggestions import RuleIn, RuleOut
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.schemas import Id, answers, reads, writes
from wangge.grids import queries as grids

router = Router()


@router.get(
    "/dispatch-rules",
    response=answers(list[RuleOut]),
    operation_id="list_dispatch_rules",
    summary="派单规则 dispatch rules",
)
def all_rules(request: HttpRequest) -> Any:
    return _all_shown(actor_of(request))


@router.post(
    "/dispatch-rules",
    response=writes(RuleOut, status=201),
    operation_id="add_dispatch_rule",
    summary="新增派单规则 add a rule",
)
def add(request: HttpRequest, body: RuleIn) -> Any:
    actor = actor_of(request)
    rule = add_rule(given=RuleGiven(**body.model_dump()), by=actor, at=clock.now())
    return Status(201, _shown([rule], actor)[0])


@router.put(
    "/dispatch-rules/{int:rule_id}",
    response=writes(RuleOut),
    operation_id="change_dispatch_rule",
    summary="修改派单规则 change a rule",
)
def change(request: HttpRequest, rule_id: Id, body: RuleIn) -> Any:
    actor = actor_of(request)
    rule = change_rule(rule_id=rule_id, given=RuleGiven(**body.model_dump()), by=actor, at=clock.now())
    return _shown([rule], actor)[0]


@router.delete(
    "/dispatch-rules/{int:rule_id}",
    response=answers(None, 404, status=204),
    operation_id="remove_dispatch_rule",
    summary="删除派单规则 remove a rule",
)
def remove(request: HttpRequest, rule_id: Id) -> Any:
    remove_rule(rule_id=rule_id, by=actor_of(request), at=clock.now())
    return Status(204, None)


@router.put(
    "/dispatch-rules",
    response=writes(list[RuleOut]),
    operation_id="replace_dispatch_rules",
    summary="整体替换派单规则 put a draft in force: rules added, changed and removed together",
)
def replace(request: HttpRequest, body: shapes.RulesIn) -> Any:
    actor = actor_of(request)
    replace_rules(draft=shapes.as_draft(body.rules), base=body.base, by=actor, at=clock.now())
    return _all_shown(actor)


@router.post(
    "/dispatch-rules/lint",
    response=answers(shapes.LintOut),
    operation_id="lint_dispatch_rules",
    summary="派单规则体检 cells (category × grid) without a rule, with two, and rules that never decide",
)
def lint(request: HttpRequest, body: shapes.LintIn) -> Any:
    actor = actor_of(request)
    return queries.lint_rules(_rules(body, actor), by=actor, at=clock.now())


@router.post(
    "/dispatch-rules/explain",
    response=reads(shapes.ExplainedOut),
    operation_id="explain_dispatch_rules",
    summary="说明派单规则 why a category at a place gets its unit",
)
def explain(request: HttpRequest, body: shapes.ExplainIn) -> Any:
    actor = actor_of(request)
    return queries.explain_rules(
        _rules(body, actor), category_id=body.category_id, code=body.code, by=actor, at=clock.now()
    )


@router.post(
    "/dispatch-rules/trials",
    response=writes(shapes.TrialOut, status=201),
    operation_id="try_dispatch_rules",
    summary="用历史案件试算派单规则 replay past cases against a draft",
)
def begin(request: HttpRequest, body: shapes.TrialIn) -> Any:
    actor = actor_of(request)
    draft = shapes.as_draft(body.rules)
    trial = trials.begin_trial(
        since=body.since, until=body.until, draft=draft, draft_day=body.day, by=actor, at=clock.now()
    )
    return Status(201, queries.trial_shown(trial, by=actor))


@router.get(
    "/dispatch-rules/trials/{uuid:trial_id}",
    response=reads(shapes.TrialOut),
    operation_id="read_dispatch_trial",
    summary="试算结果 a trial and what it found",
)
def read(request: HttpRequest, trial_id: uuid.UUID) -> Any:
    actor = actor_of(request)
    return queries.trial_shown(trials.trial_of(trial_id, by=actor), by=actor)


def _all_shown(actor: Actor) -> list[dict[str, Any]]:
    return _shown(visible_rules(actor), actor)


def _shown(rules: Iterable[RuleRow], actor: Actor) -> list[dict[str, Any]]:
    rules = list(rules)
    names = grids.names_of({rule.code for rule in rules} - {""})
    return [_line(rule, names.get(rule.code, ""), actor.language) for rule in rules]


def _line(rule: RuleRow, place: str, language: str) -> dict[str, Any]:
    unit = units().by_id.get(rule.unit_id)
    named = [
        one
        for one in configuration().categories.values()
        if one.path == rule.category_path and rule.scheme_id in (None, one.scheme_id)
    ]
    return {
        "id": rule.pk,
        "order": rule.order,
        "scheme_id": rule.scheme_id,
        "category_path": rule.category_path,
        "category": (named[0].full_name_en if language == "en" else named[0].full_name_zh) if named else "",
        "code": rule.code,
        "place": place,
        "unit_id": rule.unit_id,
        "unit": unit.name if unit else "",
        "is_broken": unit is None or not unit.is_open(clock.today()),
        "note": rule.note,
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
    }


def _rules(body: shapes.LintIn, actor: Actor) -> list[DispatchRule]:
    if body.rules is None:
        return trials.rules_seen(actor)
    return trials.draft_of(shapes.as_draft(body.rules))

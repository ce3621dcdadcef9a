"""Suggested units, and the dispatch rules they come from."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from wangge.accounts.auth import actor_of
from wangge.cases.actions.dispatch_rules import RuleGiven, add_rule, change_rule, remove_rule, visible_rules
from wangge.cases.configuration import configuration, units
from wangge.cases.models import DispatchRule
from wangge.cases.schemas.suggestions import RuleIn, RuleOut, SuggestionsOut
from wangge.cases.suggestions import suggestions_for
from wangge.core import clock
from wangge.core.schemas import Id, answers, reads, writes

router = Router()


@router.get(
    "/cases/{uuid:case_id}/suggestions",
    response=reads(SuggestionsOut),
    operation_id="suggest_units",
    summary="推荐承办单位 suggested units",
)
def suggestions(request: HttpRequest, case_id: uuid.UUID) -> Any:
    return suggestions_for(case_id=case_id, by=actor_of(request), at=clock.now())


@router.get(
    "/dispatch-rules",
    response=answers(list[RuleOut]),
    operation_id="list_dispatch_rules",
    summary="派单规则 dispatch rules",
)
def all_rules(request: HttpRequest) -> Any:
    actor = actor_of(request)
    return [_shown(rule, actor.language) for rule in visible_rules(actor)]


@router.post(
    "/dispatch-rules",
    response=writes(RuleOut, status=201),
    operation_id="add_dispatch_rule",
    summary="新增派单规则 add a rule",
)
def add(request: HttpRequest, body: RuleIn) -> Any:
    actor = actor_of(request)
    rule = add_rule(given=RuleGiven(**body.model_dump()), by=actor, at=clock.now())
    return Status(201, _shown(rule, actor.language))


@router.put(
    "/dispatch-rules/{rule_id}",
    response=writes(RuleOut),
    operation_id="change_dispatch_rule",
    summary="修改派单规则 change a rule",
)
def change(request: HttpRequest, rule_id: Id, body: RuleIn) -> Any:
    actor = actor_of(request)
    rule = change_rule(rule_id=rule_id, given=RuleGiven(**body.model_dump()), by=actor, at=clock.now())
    return _shown(rule, actor.language)


@router.delete(
    "/dispatch-rules/{rule_id}",
    response=answers(None, 404, status=204),
    operation_id="remove_dispatch_rule",
    summary="删除派单规则 remove a rule",
)
def remove(request: HttpRequest, rule_id: Id) -> Any:
    remove_rule(rule_id=rule_id, by=actor_of(request), at=clock.now())
    return Status(204, None)


def _shown(rule: DispatchRule, language: str) -> dict[str, Any]:
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
        "unit_id": rule.unit_id,
        "unit": unit.name if unit else "",
        "is_broken": unit is None or not unit.is_open(clock.today()),
        "note": rule.note,
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
    }

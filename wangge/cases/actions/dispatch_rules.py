"""Dispatch rules changed by hand: only for the places one looks after, read by every process at its next case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from wangge.accounts.permissions import Permission
from wangge.cases.configuration import REVISION, units
from wangge.cases.models import Category, DispatchRule, Scheme
from wangge.core import clock, journal, revisions, setting_changes
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from wangge.core.ranges import within

RULE = "dispatch_rule"  # kind of setting


class RuleOutOfArea(NotAllowed):
    code = "dispatch_rule.out_of_area"
    zh = "只能为自己管理的区划设派单规则。"
    en = "Rules can be made only for the places you look after."


class RulesChanged(Conflict):
    code = "dispatch_rule.changed_meanwhile"
    zh = "{who}刚刚改动了派单规则，请刷新后在新的基础上再改。"
    en = "{who} changed the dispatch rules a moment ago; reload and make your changes on those."


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGiven:
    """Prefixes; "" for any category, any place."""

    order: int
    scheme_id: int | None
    category_path: str
    code: str
    unit_id: int
    note: str
    valid_from: date
    valid_to: date | None


def visible_rules(by: Actor) -> "QuerySet[DispatchRule]":
    """Those of one's own places, and those that hold everywhere. Raises NotAllowed."""
    if not by.may(Permission.RULE_EDIT):
        by.require(Permission.CASE_DISPATCH)
    return DispatchRule.objects.filter(within("code", by.ranges) | Q(code="")).order_by("order", "id")


def add_rule(*, given: RuleGiven, by: Actor, at: datetime, rule_id: int | None = None) -> DispatchRule:
    """`rule_id`: of one that was removed and comes back. Raises NotAllowed, Invalid."""
    by.require(Permission.RULE_EDIT)
    _check(given, by)
    setting_changes.before(RULE, None)
    rule = DispatchRule(pk=rule_id, **_values(given))
    rule.save(force_insert=True)
    _record("dispatch_rule.added", rule, None, by, at)
    return rule


def change_rule(*, rule_id: int, given: RuleGiven, by: Actor, at: datetime) -> DispatchRule:
    stood = setting_changes.before(RULE, rule_id)
    rule = _own(rule_id, by)
    _check(given, by)
    values = _values(given)
    changed = sorted(name for name, value in values.items() if getattr(rule, name) != value)
    for name in changed:
        setattr(rule, name, values[name])
    if changed:
        rule.save(update_fields=changed)
        _record("dispatch_rule.changed", rule, stood, by, at)
    return rule


def remove_rule(*, rule_id: int, by: Actor, at: datetime) -> None:
    stood = setting_changes.before(RULE, rule_id)
    rule = _own(rule_id, by)
    DispatchRule.objects.filter(pk=rule_id).delete()
    _record("dispatch_rule.removed", rule, stood, by, at)


def replace_rules(*, draft: Sequence[tuple[int | None, RuleGiven]], base: int | None, by: Actor, at: datetime) -> None:
    """Make the rules this actor sees what the draft says, all or none; those without a number are new.

    `base`: the newest change the draft was made on. Raises NotAllowed, RuleOutOfArea, Invalid (`rules.3.unit_id`),
    RulesChanged.
    """
    by.require(Permission.RULE_EDIT)
    setting_changes.before(RULE, None)
    seen = setting_changes.visible_changes(by, all_of_them=False).filter(kind=RULE).first()
    if (seen.pk if seen else None) != base:
        raise RulesChanged(who=seen.by_name if seen else "")
    stand = {rule.pk: rule for rule in visible_rules(by)}
    kept = {rule_id for rule_id, _ in draft if rule_id is not None}
    if not kept <= stand.keys():
        raise NotFound()
    for gone in stand.keys() - kept:
        remove_rule(rule_id=gone, by=by, at=at)
    for number, (rule_id, given) in enumerate(draft):
        try:
            if rule_id is None:
                add_rule(given=given, by=by, at=at)
            elif any(getattr(stand[rule_id], name) != value for name, value in _values(given).items()):
                change_rule(rule_id=rule_id, given=given, by=by, at=at)
        except Invalid as fault:
            raise Invalid(fields={f"rules.{number}.{name}": text for name, text in fault.fields.items()}) from fault


def _own(rule_id: int, by: Actor) -> DispatchRule:
    by.require(Permission.RULE_EDIT)
    rule = visible_rules(by).select_for_update(of=("self",)).filter(pk=rule_id).first()
    if rule is None:
        raise NotFound()
    if not by.covers(rule.code):
        raise RuleOutOfArea()
    return rule


def _check(given: RuleGiven, by: Actor) -> None:
    fields: dict[str, Message] = {}
    unit = units().by_id.get(given.unit_id)
    if unit is None or not unit.is_open(clock.today()):
        fields["unit_id"] = Message("没有这个单位，或已撤销。", "There is no such unit, or it has ended.")
    if given.valid_to is not None and given.valid_to <= given.valid_from:
        fields["valid_to"] = Message("止期须晚于起期。", "It must end after it begins.")
    if given.scheme_id is not None and not Scheme.objects.filter(pk=given.scheme_id).exists():
        fields["scheme_id"] = Message("没有这个分类标准。", "There is no such category scheme.")
    elif given.category_path:
        rows = Category.objects.filter(path=given.category_path)
        if not (rows.filter(scheme_id=given.scheme_id) if given.scheme_id else rows).exists():
            fields["category_path"] = Message("没有这个类别。", "There is no such category.")
    if fields:
        raise Invalid(fields=fields)
    if not by.covers(given.code):
        raise RuleOutOfArea()


def _values(given: RuleGiven) -> dict[str, object]:
    return {name: getattr(given, name) for name in RuleGiven.__dataclass_fields__}


def _record(kind: str, rule: DispatchRule, stood: setting_changes.State | None, by: Actor, at: datetime) -> None:
    revisions.bump(REVISION)
    entry = journal.Entry(
        kind=kind,
        subject=(RULE, str(rule.pk)),
        code=rule.code,
        permission=Permission.RULE_EDIT,
        data={"category": rule.category_path, "unit": rule.unit_id},
    )
    effective = max(rule.valid_from, clock.day_of(at))
    setting_changes.record(entry, before=stood, by=by, at=at, effective=effective)

"""Suggested units for a case, and how good they would have been (rules/suggest.py decides)."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.db.models import Count

from wangge.accounts.permissions import Permission
from wangge.cases.access import access_case
from wangge.cases.configuration import REVISION, Configuration, configuration, units
from wangge.cases.models import Case, DispatchRule
from wangge.cases.queries.loads import loads
from wangge.cases.rules import suggest
from wangge.cases.rules.suggest import LEVELS, Asked, Broken, Suggestion, Suggestions, Why
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ranges import within
from wangge.core.revisions import Kept
from wangge.grids import queries as grids

log = structlog.get_logger()
HISTORY = timedelta(days=365)

BROKEN_WORDS: dict[Broken, tuple[str, str]] = {
    Broken.UNIT_ENDED: (
        "派单规则指向的单位“{unit}”已撤销，请修改规则。",
        "The rule names “{unit}”, which has ended; mend the rule.",
    ),
    Broken.UNIT_UNKNOWN: (
        "派单规则指向的单位不存在，请修改规则。",
        "The rule names a unit that does not exist; mend it.",
    ),
    Broken.COMPLAINED_OF: (
        "派单规则指向的“{unit}”正是被投诉单位，请另选。",
        "The rule names “{unit}”, the very unit complained of; choose another.",
    ),
}


def suggestions_for(*, case_id: uuid.UUID, by: Actor, at: datetime) -> dict[str, Any]:
    """For whoever dispatches. Raises NotFound, NotAllowed."""
    case = access_case(by, case_id, to=Permission.CASE_DISPATCH)
    found = Suggester(at).of(case)
    if found.broken is not None:
        log.error("dispatch_rule.broken", rule=found.broken.rule_id, unit=found.broken.unit_id, why=found.broken.why)
    return _shown(found, by.language, loads(found.unit_ids))


class Suggester:
    """For one case or many: what was handled at one place is counted once. Cases not dispatched yet are not counted."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._ended = _ended()
        self._counted: dict[tuple[int, str], Mapping[int, int]] = {}

    def of(self, case: Case) -> Suggestions:
        counts = self._others_than(case) if case.lead_id is not None else self._counts
        asked = asked_of(case, configuration(), clock.day_of(self._at))
        return suggest.suggest(replace(asked, barred=asked.barred | self._ended), rules_of_the_day(), counts)

    def _others_than(self, case: Case) -> suggest.Counts:
        return lambda category_id, code: self._count(category_id, code, but=case.pk)

    def _counts(self, category_id: int, code: str) -> Mapping[int, int]:
        key = (category_id, code)
        if key not in self._counted:
            self._counted[key] = self._count(category_id, code)
        return self._counted[key]

    def _count(self, category_id: int, code: str, *, but: uuid.UUID | None = None) -> Mapping[int, int]:
        """What units did there is no secret of the place; the share must not depend on who asks."""
        with acting(Actor.system("suggestions")):
            rows = (
                Case.objects.filter(within("current_grid", (code,)), category_id=category_id, lead__isnull=False)
                .filter(reported_at__gt=self._at - HISTORY)
                .values_list("lead_id")
                .annotate(size=Count("pk"))
            )
            rows = rows.exclude(pk=but) if but else rows
            return {lead: size for lead, size in rows if lead is not None}


def asked_of(case: Case, config: Configuration, day: date) -> Asked:
    category = config.categories.get(case.category_id or 0)
    root = case.complained_root
    barred = {unit.id for unit in units().by_id.values() if root and unit.path.startswith(root)}
    return Asked(
        scheme_id=category.scheme_id if category else None,
        category_id=case.category_id,
        category_path=category.path if category else "",
        code=case.current_grid,
        day=day,
        barred=frozenset(barred),
        areas=units().areas,
    )


def rules_of_the_day() -> list[suggest.DispatchRule]:
    """As they are kept, each told whether its unit is there today: no revision says that a day has begun."""
    today, all_units = clock.today(), units().by_id
    return [
        replace(rule, unit_open=all_units[rule.unit_id].is_open(today) if rule.unit_id in all_units else None)
        for rule in _rules.get()
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Of the cases dispatched since the day: how often the unit that had it was named first, or among three."""

    cases: int
    learned_from: int
    answered: int  # at least one unit was named
    first: int
    among_three: int
    by_rule: int  # the rule's unit was the right one
    rules_asked: int
    broken: int
    most_frequent: int  # what naming the busiest unit of all, always, would have got right

    def share(self, count: int) -> float:
        return count / self.cases if self.cases else 0.0


def evaluate(*, since: datetime, until: datetime, batch: uuid.UUID | None = None) -> Accuracy:
    """Learned from the year before `since` alone, tried on every dispatched case from then on. Reads two passes."""
    rows = Case.objects.filter(lead__isnull=False, category__isnull=False).order_by("reported_at", "id")
    if batch is not None:
        rows = rows.filter(batch=batch)
    history: dict[tuple[int, str], Counter[int]] = {}
    all_units: Counter[int] = Counter()
    with acting(Actor.system("suggestions")):
        earlier = rows.filter(reported_at__gte=since - HISTORY, reported_at__lt=since)
        for category_id, code, lead_id in earlier.values_list("category_id", "current_grid", "lead_id").iterator():
            all_units[lead_id] += 1
            for level in LEVELS:
                if len(code) >= level:
                    history.setdefault((category_id, code[:level]), Counter())[lead_id] += 1
        later = rows.filter(reported_at__gte=since, reported_at__lt=until)
        fields = ("category_id", "current_grid", "lead_id", "complained_root", "reported_at")
        return _tried(later.only(*fields).iterator(), history, all_units)


def _tried(later: Any, history: dict[tuple[int, str], Counter[int]], all_units: Counter[int]) -> Accuracy:
    rules, config = rules_of_the_day(), configuration()
    busiest = all_units.most_common(1)[0][0] if all_units else None
    tally: Counter[str] = Counter()
    empty: Counter[int] = Counter()
    for case in later:
        asked = asked_of(case, config, clock.day_of(case.reported_at))
        found = suggest.suggest(asked, rules, lambda category, code: history.get((category, code), empty))
        named = found.unit_ids
        tally["cases"] += 1
        tally["answered"] += bool(named)
        tally["first"] += case.lead_id in named[:1]
        tally["among_three"] += case.lead_id in named[:3]
        tally["most_frequent"] += case.lead_id == busiest
        tally["broken"] += found.broken is not None
        if found.items and found.items[0].why is Why.RULE:
            tally["rules_asked"] += 1
            tally["by_rule"] += found.items[0].unit_id == case.lead_id
    names = ("cases", "answered", "first", "among_three", "by_rule", "rules_asked", "broken", "most_frequent")
    return Accuracy(learned_from=sum(all_units.values()), **{name: tally[name] for name in names})


def _ended() -> frozenset[int]:
    """They cannot be charged any more."""
    today = clock.today()
    return frozenset(unit.id for unit in units().by_id.values() if not unit.is_open(today))


def _load() -> list[suggest.DispatchRule]:
    return [
        suggest.DispatchRule(
            id=row.pk,
            scheme_id=row.scheme_id,
            category_path=row.category_path,
            code=row.code,
            unit_id=row.unit_id,
            unit_open=None,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in DispatchRule.objects.order_by("order", "id")
    ]


_rules: Kept[list[suggest.DispatchRule]] = Kept(REVISION, _load)


def _shown(found: Suggestions, language: str, load: dict[str, Any]) -> dict[str, Any]:
    names = {unit_id: unit.name for unit_id, unit in units().by_id.items()}
    broken = found.broken
    return {
        "items": [_item(one, names, language) | {"load": load["items"][one.unit_id]} for one in found.items],
        "as_of": load["as_of"],
        "broken": None
        if broken is None
        else {
            "rule_id": broken.rule_id,
            "why": str(broken.why),
            "message": BROKEN_WORDS[broken.why][language == "en"].format(unit=names.get(broken.unit_id, "")),
        },
    }


def _item(one: Suggestion, names: Mapping[int, str], language: str) -> dict[str, Any]:
    return {
        "unit_id": one.unit_id,
        "unit": names.get(one.unit_id, ""),
        "why": str(one.why),
        "rule_id": one.rule_id,
        "count": one.count,
        "total": one.total,
        "share": round(one.share, 4),
        "reason": _reason(one, language),
    }


def _reason(one: Suggestion, language: str) -> str:
    english = language == "en"
    if one.why is Why.RULE:
        return ("符合派单规则", "a dispatch rule says so")[english]
    place = grids.names_of([one.code]).get(one.code, one.code)
    return (
        f"近一年{place}的同类案件 {one.total} 件，其中 {one.count} 件由该单位办理（{one.share:.0%}）",
        f"it handled {one.count} of {one.total} like cases in {place} within a year ({one.share:.0%})",
    )[english]

"""A draft of the dispatch rules, its lint, its explanation and its trial on past cases, as they cross HTTP."""

import uuid
from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.cases.actions.dispatch_rules import RuleGiven
from wangge.cases.schemas.calendar import Day
from wangge.cases.schemas.suggestions import RuleIn
from wangge.core.schemas import Id

Draft = list[tuple[int | None, RuleGiven]]
MOST_RULES = 2000


class DraftRuleIn(RuleIn):
    """`id`: of one that stands; without, it is new."""

    id: Id | None = None


Rules = Annotated[list[DraftRuleIn], Field(max_length=MOST_RULES)]


def as_draft(rules: list[DraftRuleIn]) -> Draft:
    return [(rule.id, RuleGiven(**rule.model_dump(exclude={"id"}))) for rule in rules]


class RulesIn(Schema):
    """The whole list. `base`: the newest change of these rules that the page knows (null: it knows of none)."""

    rules: Rules
    base: Id | None = None


class LintIn(Schema):
    """Without `rules`: those that stand."""

    rules: Rules | None = None


class ExplainIn(LintIn):
    category_id: Id
    code: Annotated[str, StringConstraints(pattern=r"^\d{0,17}$")]


class TrialIn(Schema):
    """`day`: the draft is read as it holds then; today without it."""

    rules: Rules
    since: Day
    until: Day
    day: Day | None = None


class GapOut(Schema):
    code: str
    name: str
    grids: int


class LintRowOut(Schema):
    """`gaps`: the widest places without a rule; `doubled`: grids where a later rule names another unit too."""

    category_id: int
    scheme_id: int
    path: str
    name: str
    grids: int
    covered: int
    doubled: int
    gaps: list[GapOut]
    gaps_in_all: int


class ReachOut(Schema):
    """`cells` it matches, `first` of them where it decides. New rules have negative numbers, in the order sent."""

    rule_id: int
    cells: int
    first: int
    holds: bool
    is_broken: bool


class LintOut(Schema):
    grids: int
    cells: int
    covered: int
    doubled: int
    categories: list[LintRowOut]
    rules: list[ReachOut]


class VerdictOut(Schema):
    """first, later (an earlier one decided), scheme, category, place, not_yet, ended."""

    rule_id: int
    unit_id: int
    verdict: str


class ExplainedOut(Schema):
    unit_id: int | None
    unit: str
    is_broken: bool
    steps: list[VerdictOut]


class TrialCountsOut(Schema):
    """`gained`: named by the draft alone; `lost`: by the present rules alone; `right`: the unit that had it."""

    cases: int
    changed: int
    gained: int
    lost: int
    named_now: int
    named_draft: int
    right_now: int
    right_draft: int


class TrialUnitOut(Schema):
    unit_id: int
    unit: str
    handled: int
    now: int
    draft: int


class TrialCaseOut(Schema):
    case_id: uuid.UUID | None
    number: str
    category: str
    place: str
    lead: str
    now: str
    now_rule: int | None
    draft: str
    draft_rule: int | None


class TrialOut(Schema):
    id: uuid.UUID
    state: str
    since: date
    until: date
    total: int
    done: int
    asked_at: datetime
    finished_at: datetime | None
    counts: TrialCountsOut
    units: list[TrialUnitOut]
    shown: list[TrialCaseOut]

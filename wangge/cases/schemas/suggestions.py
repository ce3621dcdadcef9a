"""Suggested units and the rules behind them, as they cross HTTP."""

from datetime import date
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.cases.schemas.read import AsOfOut
from wangge.core.schemas import Id, Line


class LoadOut(Schema):
    """What a unit leads now, with its branches."""

    open: int
    overdue: int


class UnitLoadOut(LoadOut):
    unit_id: int


class LoadsOut(Schema):
    items: list[UnitLoadOut]
    as_of: AsOfOut


class SuggestionOut(Schema):
    unit_id: int
    unit: str
    why: str
    rule_id: int | None = None
    count: int
    total: int
    share: float
    reason: str
    load: LoadOut


class BrokenRuleOut(Schema):
    rule_id: int
    why: str
    message: str


class SuggestionsOut(Schema):
    items: list[SuggestionOut]
    broken: BrokenRuleOut | None = None
    as_of: AsOfOut


class RuleIn(Schema):
    """The first rule in `order` that matches counts. Prefixes; empty for any category, any place."""

    order: Annotated[int, Field(ge=0, le=1_000_000)] = 100
    scheme_id: Id | None = None
    category_path: Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9._-]{1,32}/){0,5}$")] = ""
    code: Annotated[str, StringConstraints(pattern=r"^\d{0,17}$")] = ""
    unit_id: Id
    note: Line = ""
    valid_from: date
    valid_to: date | None = None


class RuleOut(RuleIn):
    id: int
    unit: str
    category: str
    place: str = Field(description="name of the division or grid of `code`")
    is_broken: bool

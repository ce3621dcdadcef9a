"""Categories as they cross HTTP."""

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.cases.rules.evidence import PhotoType
from wangge.cases.rules.states import Stage, Urgency
from wangge.cases.schemas.calendar import Day
from wangge.cases.schemas.write import LimitIn, Title
from wangge.core.marks import Seen
from wangge.core.schemas import Code, Id, Instant, Lat, Line, Lon, Words

CategoryCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,32}$")]
Limits = dict[Stage, LimitIn]
FirstHandler = Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)]


class SchemeOut(Schema):
    id: int
    code: str
    version: str
    name: str
    source: str
    valid_from: date
    valid_to: date | None = None
    categories: int


class LimitOut(Schema):
    kind: str
    amount: str
    text: str


class CategoryOut(Schema):
    id: int
    scheme_id: int
    parent_id: int | None = None
    code: str
    path: str
    name: str
    full_name: str
    is_leaf: bool
    is_active: bool
    urgency: str
    settle_on_spot: bool
    is_complaint: bool
    successor_id: int | None = None


class CategoryConditionOut(Schema):
    id: int
    number: int
    accept_when: str
    close_when: str
    limits: dict[str, LimitOut]
    unit_id: int | None = None
    unit_text: str
    legal_basis: str
    legal_text: str


class CategoryStepOut(Schema):
    number: int
    name: str
    name_zh: str
    name_en: str
    unit_id: int | None = None
    unit: str = ""
    limit: LimitOut | None = None


class CategoryCardOut(CategoryOut):
    """`limits`: as they hold, with those of the nodes above; `own_limits`: what this node says itself."""

    name_zh: str
    name_en: str
    limits: dict[str, LimitOut]
    own_limits: dict[str, LimitOut]
    evidence: list[str]
    first_handler: str
    supervisor: str
    legal_basis: str
    collect: str
    conditions: list[CategoryConditionOut]
    procedure: list[CategoryStepOut]
    mark: str


class ConditionIn(Schema):
    accept_when: Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
    close_when: Words = ""
    limits: Limits = {}
    unit_id: Id | None = None
    unit_text: Line = ""
    legal_basis: Words = ""
    legal_text: Words = ""


class ProcedureStepIn(Schema):
    name_zh: Title
    name_en: Line = ""
    unit_id: Id | None = None
    limit: LimitIn | None = None


class CategoryPatch(Schema):
    """What is not sent stays. Conditions and steps are sent whole, in order; those with cases keep their number."""

    name_zh: Title | None = None
    name_en: Line | None = None
    urgency: Urgency | None = None
    limits: Limits | None = None
    evidence: Annotated[list[PhotoType], Field(max_length=5)] | None = None
    first_handler: FirstHandler | None = None
    supervisor: Line | None = None
    legal_basis: Words | None = None
    collect: Words | None = None
    settle_on_spot: bool | None = None
    is_complaint: bool | None = None
    is_active: bool | None = None
    successor_id: Id | None = None
    conditions: Annotated[list[ConditionIn], Field(max_length=50)] | None = None
    procedure: Annotated[list[ProcedureStepIn], Field(max_length=50)] | None = None
    seen: Seen | None = None


class CategoryIn(CategoryPatch):
    scheme_id: Id
    parent_id: Id | None = None
    code: CategoryCode
    name_zh: Title


class SchemeIn(Schema):
    code: CategoryCode
    version: CategoryCode
    name_zh: Title
    name_en: Line = ""
    source: Title
    valid_from: date
    valid_to: date | None = None


class TryLimitsIn(Schema):
    """`limits` of the draft come before those of the category; `at`: when each stage begins, now without it."""

    category_id: Id | None = None
    condition_id: Id | None = None
    limits: Limits = {}
    at: Instant | None = None


class TriedLimitOut(LimitOut):
    """`running`, `ahead`: open cases whose clock keeps its limit, and whose stage is to begin; for who sets it."""

    stage: str
    due_at: datetime
    amber_at: datetime | None
    steps: list[str]
    running: int | None
    ahead: int | None


class SchemePatch(Schema):
    """What is not sent stays; `valid_to` null says that it holds until further notice."""

    name_zh: Title | None = None
    name_en: Line | None = None
    source: Title | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None


class SchemeCopyIn(Schema):
    version: CategoryCode
    valid_from: Day
    source: Line = ""
    ends_old: bool = True
    with_rules: bool = True


class GuessIn(Schema):
    text: Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
    scheme: CategoryCode | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    code: Code | None = None


class GuessOut(Schema):
    category_id: int
    path: str
    name: str
    full_name: str
    score: float
    reasons: list[str]

"""Who serves where, and what others call a place, over HTTP."""

from datetime import date

from ninja import Schema

from wangge.core.schemas import Code, Day, Line
from wangge.grids.schemas.common import GridCode, MemberKind, Phone


class MemberOut(Schema):
    id: int
    grid: str
    kind: str
    profession: str
    name: str
    username: str
    phone: str
    valid_from: date
    valid_to: date | None


class MemberRowOut(MemberOut):
    grid_name: str


class MemberIn(Schema):
    grid: GridCode
    kind: MemberKind
    name: Line
    profession: Line = ""
    username: Line = ""
    phone: Phone = ""
    valid_from: Day | None = None
    valid_to: Day | None = None


class MemberChange(Schema):
    name: Line | None = None
    profession: Line | None = None
    username: Line | None = None
    phone: Phone | None = None
    valid_to: Day | None = None


class VacancyOut(Schema):
    code: str
    name: str
    community: str
    missing: list[str]


class AliasOut(Schema):
    id: int
    scheme: str
    alias: str
    code: str


class AliasIn(Schema):
    scheme: Line
    alias: Line
    code: Code
    valid_from: Day | None = None


class AliasRowOut(AliasOut):
    valid_from: date
    valid_to: date | None

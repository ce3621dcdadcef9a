"""What a phone keeps, and today in numbers."""

import uuid
from datetime import date, datetime
from typing import Any

from ninja import Schema

from wangge.field.schemas.errands import ErrandRowOut
from wangge.field.schemas.forms import FormOut
from wangge.field.schemas.patrols import RoundOut
from wangge.field.schemas.visits import SubjectOut


class PackMeOut(Schema):
    """`phone`: the duty number posted at one's grid."""

    post_id: int
    user_id: int
    name: str
    unit: str
    role: str
    codes: list[str]
    phone: str


class PackGridOut(Schema):
    """`polygon`: GeoJSON, WGS-84, simplified to about 3 m."""

    code: str
    name: str
    type: str
    address: str
    polygon: dict[str, Any] | None


class PackMemberOut(Schema):
    id: int
    grid: str
    kind: str
    profession: str
    name: str
    phone: str
    mine: bool


class PackCategoryOut(Schema):
    id: int
    scheme_id: int
    parent_id: int | None
    name_zh: str
    name_en: str
    is_leaf: bool
    evidence: list[str]
    settle_on_spot: bool


class PackLikelyOut(Schema):
    """What was reported in one's own grids in half a year, for a guess without a network: `here` in all, `by_part` in
    each of the eight parts of three hours of the Beijing day, `mine` by oneself."""

    category_id: int
    here: int
    mine: int
    by_part: list[int]


class HouseKeyOut(Schema):
    """P-256, for ECDH: what is sealed for it only the centre opens."""

    id: uuid.UUID
    jwk: dict[str, str]


class PackSettingsOut(Schema):
    answer_minutes: int
    arrive_minutes: int
    part_bytes: int
    pieces_most: int


class PackOut(Schema):
    """`version` is the ETag: of everything but `made_at` and `unread`."""

    version: str
    made_at: datetime
    day: date
    unread: dict[str, int]
    me: PackMeOut
    grids: list[PackGridOut]
    team: list[PackMemberOut]
    categories: list[PackCategoryOut]
    likely: list[PackLikelyOut]
    forms: list[FormOut]
    patrols: list[RoundOut]
    visits: list[SubjectOut]
    errands: list[ErrandRowOut]
    house_key: HouseKeyOut
    settings: PackSettingsOut


class TodayErrandsOut(Schema):
    open: int
    late: int
    next_due_at: datetime | None


class TodayPatrolOut(Schema):
    rounds: int
    points: int
    seen: int
    skipped: int


class TodayVisitsOut(Schema):
    due: int
    overdue: int


class MonthOut(Schema):
    """Since the first of the month, of one's own: counts, no score."""

    reports: int
    closed: int
    errands: int
    errands_in_time: int
    visits: int
    visits_in_time: int
    points: int


class TodayOut(Schema):
    at: datetime
    day: date
    unread: dict[str, int]
    errands: TodayErrandsOut
    patrol: TodayPatrolOut
    visits: TodayVisitsOut
    month: MonthOut

"""What crosses HTTP about working days, shifts and the supervision ladder."""

import uuid
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, field_validator

from wangge.cases.actions.calendar import CalendarChange, DayChange, ShiftChange
from wangge.cases.models import CalendarDay
from wangge.cases.rules.limits import LimitKind
from wangge.cases.rules.states import Stage
from wangge.cases.rules.supervision import LadderRule, LadderStep
from wangge.cases.schemas.write import LimitIn
from wangge.core.schemas import Line, TimeOfDay

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


class CalendarDayIn(Schema):
    date: Day
    is_workday: bool
    name: Line = ""
    origin: Literal["override", "state_council"] = "override"
    document: Line = ""


class ShiftIn(Schema):
    """Beijing wall-clock times; an end not after its start is on the next day."""

    name: Line
    valid_from: Day
    valid_to: Day | None = None
    shifts: Annotated[list[tuple[TimeOfDay, TimeOfDay]], Field(min_length=1, max_length=6)]

    @field_validator("shifts")
    @classmethod
    def _plain(cls, shifts: list[tuple[time, time]]) -> list[tuple[time, time]]:
        return [(_minute(start), _minute(end)) for start, end in shifts]


class CalendarIn(Schema):
    days: Annotated[list[CalendarDayIn], Field(max_length=400)] = []
    remove: Annotated[list[Day], Field(max_length=400)] = []
    shifts: Annotated[list[ShiftIn], Field(max_length=20)] | None = None

    def as_change(self) -> CalendarChange:
        shifts = None
        if self.shifts is not None:
            shifts = tuple(
                ShiftChange(name=row.name, valid_from=row.valid_from, valid_to=row.valid_to, shifts=tuple(row.shifts))
                for row in self.shifts
            )
        days = tuple(DayChange(**row.model_dump()) for row in self.days)
        remove = tuple((day, CalendarDay.Origin.OVERRIDE.value) for day in self.remove)
        return CalendarChange(days=days, remove=remove, shifts=shifts)


class CalendarDayOut(Schema):
    date: date
    is_workday: bool
    kind: str
    source: str
    name: str


class ShiftOut(Schema):
    name: str
    valid_from: date
    valid_to: date | None
    shifts: list[list[str]]


class CalendarOut(Schema):
    """`unknown_years`: nobody has said which days are holidays. `left`: clocks still to be counted again."""

    year: int
    version: str
    days: list[CalendarDayOut]
    default_shifts: list[list[str]]
    shifts: list[ShiftOut]
    unknown_years: list[int]
    left: int


class MovedClockOut(Schema):
    case_id: uuid.UUID
    case_number: str
    stage: str
    before: datetime | None
    after: datetime | None


class PreviewOut(Schema):
    open: int
    looked_at: int
    is_whole: bool
    changed: int
    earlier: int
    later: int
    newly_overdue: int
    no_longer_overdue: int
    sample: list[MovedClockOut]


class AppliedOut(Schema):
    """`left`: clocks the worker still counts again, within seconds."""

    left: int


class LadderRuleIn(Schema):
    """When the step is due: once this share of the limit is used, or this long after it ended; one of the two."""

    step: LadderStep
    fraction: Annotated[Decimal | None, Field(ge=0, le=1, max_digits=4, decimal_places=3)] = None
    overdue_by: LimitIn | None = None

    def as_rule(self, stage: Stage) -> LadderRule:
        after = self.overdue_by.as_limit() if self.overdue_by else None
        return LadderRule(stage, self.step, self.fraction, overdue_by=after)


class LadderIn(Schema):
    """`seen`: the rules that were looked at; null: whatever stands."""

    rules: Annotated[list[LadderRuleIn], Field(max_length=5)]
    seen: Annotated[list[LadderRuleIn], Field(max_length=5)] | None = None


class OverdueByOut(Schema):
    kind: LimitKind
    amount: Decimal


class LadderRuleOut(Schema):
    stage: str
    step: LadderStep
    fraction: float | None
    overdue_by: OverdueByOut | None


def _minute(at: time) -> time:
    return at.replace(second=0, microsecond=0)

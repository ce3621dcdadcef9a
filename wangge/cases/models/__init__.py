"""Tables of the closed loop."""

from wangge.cases.models.case import Assignment, Case, CaseText, Join, Step
from wangge.cases.models.category import Category, Condition, ProcedureStep, Scheme
from wangge.cases.models.claims import Claim, Looking
from wangge.cases.models.clocks import CalendarDay, Deadline, Extension, ShiftSet, Supervision, SupervisionRule
from wangge.cases.models.figures import (
    DayByCategory,
    DayByHour,
    DayByMuster,
    DayByOutcome,
    DayByPlace,
    DayBySource,
    DayByUnit,
    Grain,
    MusterGrain,
    OpenByPlace,
    OpenByUnit,
    OpenCharge,
)
from wangge.cases.models.looks import Attempt, Look
from wangge.cases.models.people import Attachment, Rating, Reporter
from wangge.cases.models.routing import DispatchRule, DispatchTrial
from wangge.cases.models.whistle import Muster, Whistle

__all__ = [
    "Assignment",
    "Attachment",
    "Attempt",
    "CalendarDay",
    "Case",
    "CaseText",
    "Category",
    "Claim",
    "Condition",
    "DayByCategory",
    "DayByHour",
    "DayByMuster",
    "DayByOutcome",
    "DayByPlace",
    "DayBySource",
    "DayByUnit",
    "Deadline",
    "DispatchRule",
    "DispatchTrial",
    "Extension",
    "Grain",
    "Join",
    "Look",
    "Looking",
    "Muster",
    "MusterGrain",
    "OpenByPlace",
    "OpenByUnit",
    "OpenCharge",
    "ProcedureStep",
    "Rating",
    "Reporter",
    "Scheme",
    "ShiftSet",
    "Step",
    "Supervision",
    "SupervisionRule",
    "Whistle",
]

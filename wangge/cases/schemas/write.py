"""What is sent to change a case. `version` is the one the person looked at; another one meanwhile answers 409."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.cases.actions import Correction, ReporterGiven, ReportGiven
from wangge.cases.rules.limits import LimitKind, TimeLimit
from wangge.cases.rules.states import Outcome, Source, Urgency
from wangge.cases.rules.supervision import LadderStep
from wangge.core.schemas import Code, Id, Instant, Lat, Line, Lon, Part, Words

Title = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Evidence = Annotated[list[uuid.UUID], Field(max_length=30)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Reason = Annotated[str, StringConstraints(min_length=2, max_length=2000, strip_whitespace=True)]


class LimitIn(Schema):
    kind: LimitKind
    amount: Annotated[Decimal, Field(ge=0, le=9999, max_digits=6, decimal_places=2, allow_inf_nan=False)]

    def as_limit(self) -> TimeLimit:
        return TimeLimit(self.kind, self.amount)


class ReporterIn(Part):
    name: Line = ""
    phone: Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)] = ""
    is_anonymous: bool = False
    is_confidential: bool = False
    wants_call: bool = True

    def as_given(self) -> ReporterGiven:
        return ReporterGiven(**self.model_dump())


class ReportIn(Schema):
    source: Source
    title: Title
    description: Words = ""
    category_id: Id | None = None
    condition_id: Id | None = None
    urgency: Urgency | None = None
    address: Line = ""
    lon: Lon | None = None
    lat: Lat | None = None
    code: Code | None = None
    happened_at: Instant | None = None
    complained_id: Id | None = None
    reporter: ReporterIn | None = None
    evidence: Evidence = []
    accept: bool = False

    def as_given(self) -> ReportGiven:
        values = self.model_dump(exclude={"reporter", "evidence", "code"})
        return ReportGiven(
            **values,
            code=self.code or "",
            evidence=tuple(self.evidence),
            reporter=self.reporter.as_given() if self.reporter else None,
        )


class PublicReportIn(Schema):
    """From a resident without an account."""

    title: Title
    description: Words = ""
    address: Line = ""
    lon: Lon | None = None
    lat: Lat | None = None
    code: Code | None = None
    category_id: Id | None = None
    happened_at: Instant | None = None
    complained_id: Id | None = None
    reporter: ReporterIn = ReporterIn(is_anonymous=True)

    def as_given(self) -> ReportGiven:
        values = self.model_dump(exclude={"reporter", "code"})
        return ReportGiven(**values, code=self.code or "", source=Source.RESIDENT, reporter=self.reporter.as_given())


class CorrectionIn(Schema):
    title: Title | None = None
    description: Words | None = None
    category_id: Id | None = None
    condition_id: Id | None = None
    urgency: Urgency | None = None
    address: Line | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    code: Code | None = None

    def as_correction(self) -> Correction:
        return Correction(**self.model_dump())


class MoveIn(Schema):
    version: Version | None = None
    text: Words = ""


class AcceptIn(MoveIn, CorrectionIn):
    def as_correction_or_none(self) -> Correction | None:
        values = self.model_dump(exclude={"version", "text"})
        return Correction(**values) if any(value is not None for value in values.values()) else None


class CorrectIn(MoveIn, CorrectionIn):
    def as_correction(self) -> Correction:
        return Correction(**self.model_dump(exclude={"version", "text"}))


class ReasonIn(Schema):
    version: Version | None = None
    reason: Reason


class TextIn(Schema):
    version: Version | None = None
    text: Reason


class EvidenceIn(TextIn):
    evidence: Evidence = []


class NoteIn(EvidenceIn):
    centre_only: bool = False


class OutcomeIn(TextIn):
    outcome: Outcome
    evidence: Evidence = []


class SettleIn(OutcomeIn):
    """`category_id`: for a case that has no category yet."""

    category_id: Id | None = None


class CloseIn(MoveIn):
    outcome: Outcome
    evidence: Evidence = []


class DispatchIn(MoveIn):
    lead_id: Id
    assist_ids: Annotated[list[Id], Field(max_length=20)] = []
    limit: LimitIn | None = None


class TransferIn(ReasonIn):
    lead_id: Id
    assist_ids: Annotated[list[Id], Field(max_length=20)] = []
    limit: LimitIn | None = None


class AskExtensionIn(ReasonIn):
    limit: LimitIn


class SignStepIn(MoveIn):
    number: Annotated[int, Field(ge=1, le=1000)]


class SuperviseIn(TextIn):
    step: LadderStep


class RateIn(Schema):
    score: Annotated[int, Field(ge=1, le=5)]
    solved: bool | None = None
    text: Words = ""


class MovedOut(Schema):
    """After a move: enough to know where it stands; the page reads the case again for the rest."""

    id: uuid.UUID
    number: str
    state: str
    version: int
    due_at: datetime | None = None
    due_stage: str = ""


class ReportedOut(MovedOut):
    grid: str
    follow_code: str = ""

"""The journal as its auditors read it, and its exports."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.accounts.schemas.common import Range, Short
from wangge.audit.assessments import AssessmentGiven
from wangge.audit.queries import JournalFilter, what_of
from wangge.audit.rules import Processing, Standing
from wangge.core.models import JournalEntry
from wangge.core.paging import DEFAULT_SIZE, Limit
from wangge.core.schemas import Day, Id, Instant
from wangge.insight.models import Export
from wangge.insight.schemas.exports import ExportIn

What = Literal["reading", "sign_in", "writing"]


class JournalOut(Schema):
    """`subject_name` and `place`: what they are called, "" where nothing is known but the number."""

    id: int
    at: datetime
    kind: str
    what: What
    subject_type: str
    subject_id: str
    subject_name: str
    code: str
    place: str
    unit_paths: list[str]
    actor_kind: str
    actor_user: int | None
    actor_post: int | None
    actor_name: str
    permission: str
    changed: list[str]
    data: dict[str, Any]

    @classmethod
    def of(
        cls, entry: JournalEntry, subjects: Mapping[tuple[str, str], str], places: Mapping[str, str]
    ) -> "JournalOut":
        made = {"what", "subject_name", "place"}
        return cls(
            **{name: getattr(entry, name) for name in cls.model_fields if name not in made},
            what=what_of(entry.kind),  # type: ignore[arg-type]
            subject_name=subjects.get((entry.subject_type, entry.subject_id), ""),
            place=places.get(entry.code, ""),
        )


class JournalChoice(Schema):
    """`story`: with what belongs to the subject (a person's posts and sessions, a unit's posts)."""

    actor: Id | None = None
    subject: Short = ""
    story: bool = False
    kind: Short = ""
    what: What | None = None
    code: Range = ""
    since: Annotated[Instant | None, Field(alias="from")] = None
    until: Annotated[Instant | None, Field(alias="to")] = None

    def as_filter(self) -> JournalFilter:
        names = JournalFilter.__dataclass_fields__
        return JournalFilter(**{name: getattr(self, name) for name in names} | {"what": self.what or ""})


class JournalQuery(JournalChoice):
    cursor: Annotated[str, StringConstraints(max_length=200)] = ""
    limit: Limit = DEFAULT_SIZE


class KindSeenOut(Schema):
    kind: str
    what: What


class PersonOut(Schema):
    id: int
    name: str
    username: str


class JournalPlaceOut(Schema):
    """A division or a grid."""

    code: str
    name: str


class JournalExportIn(ExportIn):
    chosen: JournalChoice = JournalChoice()
    format: Literal[Export.Format.CSV, Export.Format.XLSX]


class SigningKeyOut(Schema):
    """The public half, for whoever checks files later. `fingerprint` is what two people read to each other."""

    algorithm: str
    fingerprint: str
    pem: str


Prose = Annotated[str, StringConstraints(min_length=2, max_length=5000, strip_whitespace=True)]


class AssessmentIn(Schema):
    """个人信息保护影响评估 as § 56 wants it. `supersedes`: the one that stands now, null for the first."""

    processing: Processing
    purpose: Prose
    basis: Prose
    necessity: Prose
    risks: Prose
    measures: Prose
    conclusion: Prose
    assessed_by: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
    assessed_on: Day
    valid_until: Day = Field(description="the last day")
    supersedes: Id | None = None

    def given(self) -> AssessmentGiven:
        return AssessmentGiven(**self.model_dump(exclude={"supersedes"}))


class AssessmentOut(Schema):
    id: int
    processing: Processing
    purpose: str
    basis: str
    necessity: str
    risks: str
    measures: str
    conclusion: str
    assessed_by: str
    assessed_on: date
    valid_until: date
    by_name: str
    at: datetime


class ProcessingOut(Schema):
    """A kind of processing, whether it is done here, and how its assessment stands today."""

    processing: Processing
    name: str
    ground: str
    in_use: bool
    standing: Standing
    newest: AssessmentOut | None

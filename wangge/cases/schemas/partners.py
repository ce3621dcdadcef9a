"""What another system sends and reads."""

import base64
import binascii
import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints, field_validator

from wangge.cases.actions.intake import ReportGiven
from wangge.cases.rules.evidence import PhotoType
from wangge.cases.rules.states import Source
from wangge.cases.schemas import write
from wangge.core.schemas import Line

MOST_FILES = 5
LONGEST_FILE = 1_400_000  # characters of base64: a whole body may have 2 MB
SourceNo = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class FileIn(Schema):
    name: Line = ""
    photo_type: PhotoType | None = None
    content: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_FILE)]

    @field_validator("content")
    @classmethod
    def _is_base64(cls, text: str) -> str:
        try:
            base64.b64decode(text, validate=True)
        except binascii.Error as wrong:
            raise ValueError("not base64") from wrong
        return text

    def as_bytes(self) -> bytes:
        return base64.b64decode(self.content)


class PartnerCaseIn(write.ReportIn):
    """`source_no`: the case's number over there. The same number with the same content answers as the first time."""

    source: Literal[Source.PARTNER, Source.VIDEO, Source.SENSOR, Source.SUPERIOR] = Source.PARTNER
    source_no: SourceNo
    files: Annotated[list[FileIn], Field(max_length=MOST_FILES)] = []
    evidence: Annotated[list[uuid.UUID], Field(max_length=0)] = []
    accept: Literal[False] = False

    def given_by(self, system: str) -> ReportGiven:
        values: dict[str, Any] = self.model_dump(exclude={"reporter", "evidence", "code", "files", "source"})
        return ReportGiven(
            **values,
            source=Source(self.source),
            code=self.code or "",
            reporter=self.reporter.as_given() if self.reporter else None,
            source_system=system,
        )


class PartnerCaseOut(Schema):
    number: str
    source_no: str
    state: str
    grid: str
    version: int


class PartnerStateOut(PartnerCaseOut):
    outcome: str = ""
    reply: str = ""
    reported_at: datetime
    closed_at: datetime | None = None
    due_at: datetime | None = None
    is_overdue: bool = False

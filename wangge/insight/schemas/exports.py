"""Exports as they cross HTTP."""

import uuid
from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.cases.schemas.asked import FiltersIn
from wangge.core.schemas import Code, Line
from wangge.insight.models import Export
from wangge.insight.schemas.analysis import AnalysisIn
from wangge.registry.schemas.records import RecordKind


class ExportIn(Schema):
    format: Export.Format
    title: Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]


class CaseExportIn(ExportIn):
    filters: FiltersIn = FiltersIn()


class AnalysisExportIn(ExportIn):
    asked: AnalysisIn


class RegistryExportIn(ExportIn):
    """Masked, as in lists. `code`: a division or grid of the asker's own; empty: all of it."""

    record_kind: RecordKind
    code: Code | None = None
    purpose: Line


class ProposedExportOut(Schema):
    id: uuid.UUID
    kind: str
    format: str
    title: str
    purpose: str
    asked_by: str
    code: str
    asked_at: datetime


class DecideExportIn(Schema):
    approve: bool


class TableExportOut(Schema):
    id: uuid.UUID
    kind: str = Field(description="cases, analysis, journal or registry")
    format: str
    title: str
    state: str = Field(description="proposed, refused, waiting, running, ready, failed, expired")
    done: int = Field(description="rows written so far")
    total: int | None = Field(default=None, description="where it is known beforehand")
    size: int | None = None
    sha256: str = ""
    is_cut: bool = Field(description="there was more than the format holds; what is left out is the oldest")
    is_signed: bool = Field(description="there is a signed statement beside the file")
    asked_at: datetime
    ready_at: datetime | None = None
    expires_at: datetime | None = None
    problem: str
    purpose: str = ""
    decided_by: str = ""

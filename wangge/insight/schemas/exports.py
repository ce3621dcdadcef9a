"""Exports as they cross HTTP."""

import uuid
from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.cases.schemas.read import FiltersIn
from wangge.insight.models import Export
from wangge.insight.schemas.analysis import AnalysisIn


class ExportIn(Schema):
    format: Export.Format
    title: Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]


class CaseExportIn(ExportIn):
    filters: FiltersIn = FiltersIn()


class AnalysisExportIn(ExportIn):
    asked: AnalysisIn


class TableExportOut(Schema):
    id: uuid.UUID
    kind: str = Field(description="cases, analysis or journal")
    format: str
    title: str
    state: str = Field(description="waiting, running, ready, failed, expired")
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

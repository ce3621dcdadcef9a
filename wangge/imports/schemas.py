"""What goes in and out over HTTP."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.core.errors import invalid
from wangge.core.requests import check_text
from wangge.core.schemas import Day, Line
from wangge.imports.reading import mapping_named
from wangge.imports.sent import LONGEST, MOST_FIELDS, MOST_ROWS, Given

Kind = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
SentName = Annotated[str, StringConstraints(min_length=1, max_length=60)]
SentValue = Annotated[str, StringConstraints(max_length=LONGEST)] | bool | int | float | None
SentRow = Annotated[dict[SentName, SentValue], Field(max_length=MOST_FIELDS)]
Text = Annotated[str, StringConstraints(max_length=20_000)]


class OptionsIn(Schema):
    """How the file is to be read, and what the importer asks beside."""

    mapping: Text = Field("", description="name of a saved mapping, `field=column,…`, or the rules as JSON")
    encoding: Annotated[str, StringConstraints(max_length=40)] = ""
    delimiter: Annotated[str, StringConstraints(max_length=4)] = ""
    part: Line = Field("", description="sheet or layer")
    crs: Literal["", "wgs84", "cgcs2000", "gcj02", "bd09"] = ""
    valid_from: Day | None = None
    options: Text = Field("", description="the importer's own options as a JSON object")

    def as_options(self) -> dict[str, Any]:
        own = _json(self.options, "options", dict) if self.options else {}
        common = self.model_dump(include={"encoding", "delimiter", "part", "crs"})
        return {**own, **common, "valid_from": self.valid_from.isoformat() if self.valid_from else ""}

    def as_mapping(self, kind: str) -> list[dict[str, Any]]:
        if self.mapping.lstrip().startswith("["):
            rules: list[dict[str, Any]] = _json(self.mapping, "mapping", list)
            return rules
        return mapping_named(kind, self.mapping)


class ReceiveIn(OptionsIn):
    kind: Kind
    again: bool = False


class StageIn(Schema):
    skip_faulty: bool = False


class MappingIn(Schema):
    kind: Kind
    name: Line
    definition: Annotated[list[dict[str, Any]], Field(max_length=200)]


class MappingOut(Schema):
    id: int
    kind: str
    name: str
    definition: list[dict[str, Any]]
    by_name: str
    at: datetime


class FieldOut(Schema):
    name: str
    zh: str
    en: str
    type: str
    required: bool
    help_zh: str
    help_en: str
    choices: list[str]


class KindOut(Schema):
    kind: str
    name: str
    takes_geometry: bool
    fields: list[FieldOut]
    options: list[FieldOut]


class FailureOut(Schema):
    code: str
    message: str


class BatchOut(Schema):
    id: UUID
    partner: str = Field(description="code of the system that sent it, empty for a file")
    source_no: str
    kind: str
    file_name: str
    file_size: int
    options: dict[str, Any]
    mapping: list[dict[str, Any]]
    state: str
    rows_total: int
    rows_staged: int
    errors: int
    warnings: int
    file_errors: int
    by_fault: dict[str, int]
    fault_names: dict[str, str]
    faults_kept: int
    counts: dict[str, int]
    skip_faulty: bool
    failure: FailureOut | None
    by_name: str
    received_at: datetime
    applied_at: datetime | None
    may: list[str]


class SampleOut(Schema):
    columns: list[str]
    rows: list[dict[str, str]]
    mapping: list[dict[str, Any]]
    file_kind: str
    encoding: str


class FaultOut(Schema):
    row: int | None
    column: str
    level: str
    code: str
    subject: str
    message: str
    lon: float | None
    lat: float | None
    area_m2: float | None


SourceNo = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class RecordsIn(Schema):
    """Up to a thousand rows of one kind; the fields are those of the kind's import."""

    source_no: SourceNo = Field(description="the sender's own number of this batch")
    kind: Kind
    rows: Annotated[list[SentRow], Field(min_length=1, max_length=MOST_ROWS)]

    def given(self) -> Given:
        check_text(self.source_no)
        return Given(source_no=self.source_no, kind=self.kind, rows=self.rows)


class SentFaultOut(Schema):
    row: int | None = Field(description="place in the batch, from 1; null: the batch as a whole")
    field: str
    level: str
    code: str
    message: str


class RecordsOut(Schema):
    """The receipt of a batch: how many rows were taken, and what was wrong with the others."""

    id: UUID
    source_no: str
    kind: str
    state: Literal["applied", "failed"]
    rows: int
    accepted: int
    counts: dict[str, int]
    errors: int
    warnings: int
    failure: FailureOut | None
    received_at: datetime
    applied_at: datetime | None
    faults: list[SentFaultOut]


def _json(text: str, name: str, kind: type) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise invalid(name, "不是有效的 JSON。", "Not valid JSON.") from wrong
    if not isinstance(value, kind):
        raise invalid(name, "JSON 的形状不对。", "The JSON has another shape.")
    check_text(value)  # the text around it was looked at with its \\u0000 still written out
    return value

"""Evidence as it crosses HTTP; its bytes go their own way (api/evidence.py)."""

import uuid
from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from wangge.cases.rules.evidence import Odd, Phase, PhotoType
from wangge.core.schemas import Instant, Lat, Line, Lon, Row


class EvidenceForm(Schema):
    """Beside the file. The file's own place and time are taken first; these only where it has none."""

    photo_type: PhotoType | None = None
    taken_at: Instant | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    from_reporter: bool = False
    case_id: uuid.UUID | None = None


class TellsOfFile(Schema):
    """Sent with each part. The file's own place and time are taken first; these only where it has none."""

    name: Line = ""
    photo_type: PhotoType | None = None
    taken_at: Instant | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    from_reporter: bool = False


class EvidencePatch(Schema):
    photo_type: PhotoType | None = None
    is_released: bool | None = None


class WarningOut(Row):
    kind: Odd
    message: str
    data: dict[str, Any] = {}
    is_hint: bool = Field(description="worth knowing, and no fault")


class EvidenceOut(Row):
    id: uuid.UUID
    case_id: uuid.UUID | None = None
    kind: str
    photo_type: str
    phase: Phase = Field(description="which side of the handling it shows")
    name: str
    mime: str
    size: int
    sha256: str
    at: datetime
    by_unit: str = Field(description="of whoever tied it to the case; never said of a reporter's")
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    from_reporter: bool
    is_released: bool
    variants: list[str]
    cautions: list[str] = []
    warnings: list[WarningOut] = []


class UploadOut(Schema):
    """`received`: numbers of the parts that are here. `evidence` once all of them are."""

    id: uuid.UUID
    parts: int
    received: list[int]
    done: bool
    evidence: EvidenceOut | None


class PublicEvidenceOut(Schema):
    """`token` ties it to one report; whoever has no token has no access."""

    id: uuid.UUID
    token: str
    kind: str
    name: str


class PublicPiece(Schema):
    id: uuid.UUID
    token: Line

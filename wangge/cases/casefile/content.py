"""What a case file holds. All text is ready for the reader: masked or revealed, and in the reader's language."""

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from wangge.cases.rules.evidence import Phase


class Shown(StrEnum):
    """How the reporter's contact stands in this copy."""

    HIDDEN = "hidden"
    MASKED = "masked"
    REVEALED = "revealed"


class Kind(StrEnum):
    PICTURE = "picture"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"


@dataclass(frozen=True, kw_only=True)
class Reporter:
    """`revealed_by` and `purpose` are printed when the contact is shown in full."""

    shown: Shown
    name: str = ""
    contact: str = ""
    revealed_by: str = ""
    purpose: str = ""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """`trace` is the explanation of the due time, step by step."""

    name: str
    due_at: datetime
    met_at: datetime | None = None
    trace: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Step:
    at: datetime
    who: str
    unit: str
    what: str
    opinion: str = ""


@dataclass(frozen=True, kw_only=True)
class Assignment:
    unit: str
    is_lead: bool
    assigned_at: datetime
    signed_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Supervision:
    at: datetime
    step: str
    by: str
    to: str
    reason: str
    answer: str = ""


@dataclass(frozen=True, kw_only=True)
class Called:
    """One unit called to a whistle; `distance_m` from the case when it arrived, `received_at` where it told later."""

    unit: str
    called_at: datetime
    arrived_at: datetime | None = None
    received_at: datetime | None = None
    distance_m: float | None = None
    rating: str = ""


@dataclass(frozen=True, kw_only=True)
class Whistle:
    """`refusal` is empty where the centre confirmed it, or has not answered yet."""

    number: str
    at: datetime
    by: str
    reason: str
    centre: str
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    refusal: str = ""
    called: tuple[Called, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rating:
    at: datetime
    by: str
    verdict: str
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """`sha256` is that of the original. `thumbnail` is a JPEG made by evidence/picture.py, pictures only."""

    kind: Kind
    extension: str
    caption: str
    sha256: str
    phase: Phase = Phase.BEFORE
    taken_at: datetime | None = None
    place: str = ""
    thumbnail: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Printed:
    """Who made this copy: the watermark of every page."""

    by: str
    unit: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """`lon`, `lat` in WGS-84 degrees. `whistle`: the number of the one whistle that this is the file of (一哨一档)."""

    number: str
    title: str
    description: str
    category_path: tuple[str, ...]
    source: str
    reported_at: datetime
    place: str
    grid: str
    state: str
    reporter: Reporter
    printed: Printed
    lon: float | None = None
    lat: float | None = None
    whistle: str = ""
    outcome: str = ""
    closed_at: datetime | None = None
    stages: tuple[Stage, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    steps: tuple[Step, ...] = ()
    supervision: tuple[Supervision, ...] = ()
    whistles: tuple[Whistle, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    ratings: tuple[Rating, ...] = ()


def as_json(case: CaseFile) -> bytes:
    """Canonical: the same case file gives the same bytes. Of pictures it holds the originals' hashes."""
    document = {"format": "wangge.case_file", "version": 1, **_plain(without_hidden(case))}
    return (
        json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8", "backslashreplace") + b"\n"
    )


def without_hidden(case: CaseFile) -> CaseFile:
    """A hidden reporter stays hidden even if a caller hands the name over by mistake."""
    if case.reporter.shown is not Shown.HIDDEN:
        return case
    return dataclasses.replace(case, reporter=Reporter(shown=Shown.HIDDEN))


def content_hash(case: CaseFile) -> str:
    return hashlib.sha256(as_json(case)).hexdigest()


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        names = (field.name for field in dataclasses.fields(value) if field.name != "thumbnail")
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value

"""What is wrong in a file, said so that whoever made the file can mend it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from wangge.core.errors import Invalid

QUOTED = ("value", "reason")  # words of a sentence that repeat what stands in a cell
HIDDEN = "***"
SURROGATES = re.compile("[\ud800-\udfff]")


class FaultLevel(StrEnum):
    ERROR = "error"  # this row cannot be applied
    WARNING = "warning"  # it can, and somebody should look


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    code: str  # stable, "row.too_many_cells"
    zh: str
    en: str
    row: int | None = None  # as a spreadsheet shows it: the header is row 1; features count from 1
    column: str | None = None  # as the file names it
    subject: str = ""  # the code of what the row is about, where it has one
    place: tuple[float, float] | None = None  # lon, lat
    area_m2: float | None = None
    shape: bytes | None = field(default=None, repr=False)  # WKB, lon lat: what to draw
    level: FaultLevel = FaultLevel.ERROR
    kind: "FaultKind | None" = field(default=None, repr=False, compare=False)
    words: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)  # of the sentence

    def message(self, language: str) -> str:
        return self.en if language == "en" else self.zh

    def about(self, subject: str) -> "Fault":
        return replace(self, subject=subject)

    def unquoted(self) -> "Fault":
        """The same without what stands in the cell, whatever it be: in a shifted column it is anything."""
        quoted = [name for name in QUOTED if name in self.words]
        if self.kind is None or not quoted:
            return self
        words = {**self.words, **dict.fromkeys(quoted, HIDDEN)}
        return replace(self, words=words, zh=self.kind.zh.format(**words), en=self.kind.en.format(**words))

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "zh": self.zh,
            "en": self.en,
            "row": self.row,
            "column": self.column,
            "subject": self.subject,
            "lon": self.place[0] if self.place else None,
            "lat": self.place[1] if self.place else None,
            "area_m2": self.area_m2,
            "level": self.level.value,
        }


_kinds: "dict[str, FaultKind]" = {}


def known_codes() -> list[str]:
    return sorted(_kinds)


def name_of(code: str, language: str) -> str:
    """What faults of this code have in common: their sentence, with an ellipsis where each has its own words."""
    kind = _kinds.get(code)
    return code if kind is None else (kind.en if language == "en" else kind.zh).format_map(_Elided())


class _Elided(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A sentence in both languages with `{names}`; called with what fills them, it is a fault. What stands in a cell is
    quoted as `{value}` (or, by software that read it, within a `{reason}`) and in no other words."""

    code: str
    zh: str
    en: str
    level: FaultLevel = FaultLevel.ERROR

    def __post_init__(self) -> None:
        _kinds.setdefault(self.code, self)

    def __call__(
        self,
        *,
        row: int | None = None,
        column: str | None = None,
        subject: str = "",
        place: tuple[float, float] | None = None,
        area_m2: float | None = None,
        **words: object,
    ) -> Fault:
        shown = {name: _short(value) for name, value in words.items()}
        return Fault(
            code=self.code,
            zh=self.zh.format(**shown),
            en=self.en.format(**shown),
            row=row,
            column=column,
            subject=subject,
            place=place,
            area_m2=area_m2,
            level=self.level,
            kind=self,
            words=shown,
        )


class FileRefused(Invalid):
    """The file as a whole cannot be read; `fault` says why. Faults of single rows never raise."""

    code = "import.file_refused"
    zh = "{zh}"
    en = "{en}"

    def __init__(self, fault: Fault) -> None:
        super().__init__(zh=fault.zh, en=fault.en, reason=fault.code, row=fault.row, column=fault.column)
        self.fault = fault


def storable(text: str) -> str:
    """As the database can hold it: NUL left out, half a character shown as such (DBF cuts names at ten bytes)."""
    return SURROGATES.sub("\ufffd", text.replace("\0", ""))


def _short(value: object) -> object:
    """A cell of ten megabytes is quoted by its beginning."""
    if not isinstance(value, str):
        return value
    return storable(value[:60] + "…" if len(value) > 60 else value)

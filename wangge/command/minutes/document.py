"""会议纪要 as PDF/A-2u, the way case files are made: text reaches typst as data, never as source."""

import json
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from wangge.cases.casefile import fonts
from wangge.cases.casefile.document import compiled
from wangge.core.clock import local

Language = Literal["zh", "en"]
TEMPLATE = Path(__file__).with_name("minutes.typ")


@dataclass(frozen=True, kw_only=True)
class Party:
    unit: str
    came: bool | None
    who: str


@dataclass(frozen=True, kw_only=True)
class Decided:
    number: int
    text: str
    unit: str
    due_at: datetime
    state: str


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """All text is ready for its reader. `printed_*`: the watermark of every page."""

    number: str
    kind: str
    title: str
    agenda: str
    begins_at: datetime
    place: str
    case_number: str
    by_unit: str
    by_name: str
    text: str
    parties: tuple[Party, ...]
    decisions: tuple[Decided, ...]
    printed_by: str
    printed_unit: str
    printed_at: datetime


def as_pdf(minutes: Minutes, *, language: Language = "zh") -> bytes:
    covered = fonts.coverage()
    with tempfile.TemporaryDirectory(prefix="wangge-minutes-") as name:
        folder = Path(name)
        shutil.copyfile(TEMPLATE, folder / TEMPLATE.name)
        view = _shown(_view(minutes), covered) | {"language": language}
        (folder / "minutes.json").write_text(json.dumps(view, ensure_ascii=False), encoding="utf-8")
        return compiled(folder / TEMPLATE.name, fonts.typst_fonts(), minutes.printed_at)


def _view(minutes: Minutes) -> dict[str, Any]:
    return {
        "number": minutes.number,
        "kind": minutes.kind,
        "title": minutes.title,
        "agenda": minutes.agenda,
        "begins_at": _time(minutes.begins_at),
        "place": minutes.place,
        "case": minutes.case_number,
        "by": f"{minutes.by_unit} {minutes.by_name}",
        "text": minutes.text,
        "parties": [
            {"unit": one.unit, "came": "" if one.came is None else "yes" if one.came else "no", "who": one.who}
            for one in minutes.parties
        ],
        "decisions": [
            {
                "number": str(one.number),
                "text": one.text,
                "unit": one.unit,
                "due_at": _time(one.due_at),
                "state": one.state,
            }
            for one in minutes.decisions
        ],
        "printed": f"{minutes.printed_unit} {minutes.printed_by} {_time(minutes.printed_at)}",
    }


def _shown(value: Any, covered: frozenset[int]) -> Any:
    if isinstance(value, dict):
        return {name: _shown(item, covered) for name, item in value.items()}
    if isinstance(value, list):
        return [_shown(item, covered) for item in value]
    return fonts.printable(value, covered)


def _time(at: datetime) -> str:
    return local(at).strftime("%Y-%m-%d %H:%M")

"""The case file as PDF/A-2u. Text of users reaches typst as data in a JSON file, never as typst source."""

import json
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typst

from wangge.cases.casefile import fonts
from wangge.cases.casefile.content import CaseFile, Evidence, Kind, Stage, Whistle, content_hash, without_hidden
from wangge.core.clock import local

Language = Literal["zh", "en"]
TEMPLATE = Path(__file__).with_name("case.typ")


class DocumentFailed(Exception):
    """The template and the data do not fit: a fault of ours. Carries typst's own words, which hold no case data."""


def as_pdf(case: CaseFile, *, language: Language = "zh", more_fonts: tuple[Path, ...] = ()) -> bytes:
    """`more_fonts`: folders of fonts the site adds for rare characters."""
    covered = fonts.coverage(more_fonts)
    with tempfile.TemporaryDirectory(prefix="wangge-case-") as name:
        folder = Path(name)
        view = {
            **_view(without_hidden(case), lambda text: fonts.printable(text, covered), folder),
            "language": language,
        }
        shutil.copyfile(TEMPLATE, folder / TEMPLATE.name)
        (folder / "case.json").write_text(json.dumps(view, ensure_ascii=False), encoding="utf-8")
        return compiled(folder / TEMPLATE.name, fonts.typst_fonts(more_fonts), case.printed.at)


def compiled(template: Path, own_fonts: typst.Fonts, at: datetime) -> bytes:
    """A template with its data beside it, in a folder that holds nothing else. Other rooms make their papers by it."""
    try:
        return typst.compile(
            str(template),
            root=str(template.parent),
            font_paths=own_fonts,
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards="a-2u",
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        raise DocumentFailed(error.message) from error


def _view(case: CaseFile, shown: Callable[[str], str], folder: Path) -> dict[str, Any]:
    printed = case.printed
    return {
        "number": shown(case.number),
        "whistle": shown(case.whistle),
        "title": shown(case.title),
        "description": shown(case.description),
        "category": shown(" / ".join(case.category_path)),
        "source": shown(case.source),
        "reported_at": _time(case.reported_at),
        "closed_at": _time(case.closed_at),
        "place": shown(case.place),
        "point": "" if case.lon is None or case.lat is None else f"{case.lon:.6f}, {case.lat:.6f}",
        "grid": shown(case.grid),
        "state": shown(case.state),
        "outcome": shown(case.outcome),
        "reporter": {
            "shown": case.reporter.shown,
            "name": shown(case.reporter.name),
            "contact": shown(case.reporter.contact),
            "revealed_by": shown(case.reporter.revealed_by),
            "purpose": shown(case.reporter.purpose),
        },
        "stages": [
            {
                "name": shown(stage.name),
                "due_at": _time(stage.due_at),
                "met_at": _time(stage.met_at),
                "standing": _standing(stage, printed.at),
                "trace": [shown(line) for line in stage.trace],
            }
            for stage in case.stages
        ],
        "assignments": [
            {
                "unit": shown(one.unit),
                "is_lead": one.is_lead,
                "times": [_time(one.assigned_at), _time(one.signed_at), _time(one.finished_at)],
            }
            for one in case.assignments
        ],
        "steps": [
            {
                "at": _time(step.at),
                "who": shown(step.who),
                "unit": shown(step.unit),
                "what": shown(step.what),
                "opinion": shown(step.opinion),
            }
            for step in case.steps
        ],
        "supervision": [
            {
                "at": _time(one.at),
                "step": shown(one.step),
                "by": shown(one.by),
                "to": shown(one.to),
                "reason": shown(one.reason),
                "answer": shown(one.answer),
            }
            for one in case.supervision
        ],
        "whistles": [_whistle(one, shown) for one in case.whistles],
        "evidence": [_evidence(one, number, shown, folder) for number, one in enumerate(case.evidence, 1)],
        "ratings": [
            {
                "at": _time(one.at),
                "by": shown(one.by),
                "verdict": shown(one.verdict),
                "comment": shown(one.comment),
            }
            for one in case.ratings
        ],
        "printed": {"by": shown(printed.by), "unit": shown(printed.unit), "at": _time(printed.at)},
        "hash": content_hash(case),
    }


def _whistle(whistle: Whistle, shown: Callable[[str], str]) -> dict[str, Any]:
    return {
        "number": shown(whistle.number),
        "at": _time(whistle.at),
        "by": shown(whistle.by),
        "reason": shown(whistle.reason),
        "centre": shown(whistle.centre),
        "confirmed_at": _time(whistle.confirmed_at),
        "ended_at": _time(whistle.ended_at),
        "refusal": shown(whistle.refusal),
        "called": [
            {
                "unit": shown(one.unit),
                "called_at": _time(one.called_at),
                "arrived_at": _time(one.arrived_at),
                "received_at": _time(one.received_at),
                "distance": "" if one.distance_m is None else f"{one.distance_m:.0f} m",
                "rating": shown(one.rating),
            }
            for one in whistle.called
        ],
    }


def _evidence(one: Evidence, number: int, shown: Callable[[str], str], folder: Path) -> dict[str, Any]:
    file = ""
    if one.kind is Kind.PICTURE and one.thumbnail:
        file = f"{number}.jpg"
        (folder / file).write_bytes(one.thumbnail)
    return {
        "number": number,
        "kind": one.kind,
        "format": one.extension.upper(),
        "phase": one.phase,
        "caption": shown(one.caption),
        "taken_at": _time(one.taken_at),
        "place": shown(one.place),
        "sha256": fonts.breakable(one.sha256),
        "file": file,
    }


def _standing(stage: Stage, at: datetime) -> str:
    if stage.met_at is not None:
        return "met" if stage.met_at <= stage.due_at else "late"
    return "running" if at <= stage.due_at else "overdue"


def _time(at: datetime | None) -> str:
    return "" if at is None else local(at).strftime("%Y-%m-%d %H:%M")

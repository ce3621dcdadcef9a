"""One case's file as this reader may have it: what they may not see is not gathered, rather than hidden later."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from django.db.models import Q

from wangge.accounts.models import Unit
from wangge.cases import files, models
from wangge.cases.casefile.content import (
    Assignment,
    Called,
    CaseFile,
    Evidence,
    Kind,
    Printed,
    Rating,
    Reporter,
    Shown,
    Stage,
    Step,
    Supervision,
    Whistle,
)
from wangge.cases.configuration import configuration, units
from wangge.cases.doubts import phase
from wangge.cases.evidence.store import ContentMissing
from wangge.cases.move_words import MOVE_NAMES
from wangge.cases.queries.plain import Plain, plain_text
from wangge.cases.queries.story import lines_of
from wangge.cases.queries.whistles import whole
from wangge.cases.rules.arrivals import is_told_later
from wangge.cases.rules.confidence import is_complained_of, knows_reporter
from wangge.cases.rules.evidence import PhotoType
from wangge.cases.rules.supervision import LadderStep
from wangge.cases.rules.traces import explain, trace_from_json
from wangge.cases.words import OUTCOMES, SOURCES, STAGES, STATES, said, who
from wangge.core import codes
from wangge.core.actor import PERSON, Actor
from wangge.core.masking import mask_name
from wangge.grids.models import Division, Grid

KINDS = {"picture": Kind.PICTURE, "sound": Kind.AUDIO, "video": Kind.VIDEO, "document": Kind.DOCUMENT}
PHOTOS = {  # before and after are said by the phase
    PhotoType.NEAR: ("近景", "near"),
    PhotoType.FAR: ("远景", "far"),
    PhotoType.REFERENCE: ("参照", "reference"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A reporter in clear: given only by `reveal_reporter`, which puts it on the record."""

    name: str
    phone: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Gathered:
    file: CaseFile
    served: dict[str, str]  # SHA-256 of the original -> of the copy this reader gets

    def open_evidence(self) -> Callable[[Evidence], BinaryIO | None]:
        store, served = files.served(), self.served

        def opened(one: Evidence) -> BinaryIO | None:
            try:
                return store.open(served[one.sha256])
            except ContentMissing:
                return None

        return opened


def gather_whistle(whistle: models.Whistle, *, by: Actor, at: datetime) -> Gathered:
    """一哨一档: its case, and what was done and sent while it was open. `whistle` through `visible_to`."""
    ended = whistle.ended_at or whistle.refused_at or at
    whole = gather(whistle.case, by=by, at=at, open_between=(whistle.called_at, ended))
    own = tuple(one for one in whole.file.whistles if one.number == whistle.number)
    file = replace(
        whole.file,
        whistle=whistle.number,
        whistles=own,
        stages=(),
        assignments=(),
        supervision=(),
        ratings=(),
    )
    return Gathered(file, whole.served)


def gather(
    case: models.Case,
    *,
    by: Actor,
    at: datetime,
    contact: Contact | None = None,
    open_between: tuple[datetime, datetime] | None = None,
) -> Gathered:
    """`case` through `access_case`. `contact`: revealed beforehand. `open_between`: what was done then."""
    english, knows = by.language == "en", knows_reporter(case, by)
    plain = plain_text(by, case)
    category = configuration().categories.get(case.category_id or 0)
    full_name = (category.full_name_en if english else category.full_name_zh) if category else ""
    text = models.CaseText.objects.filter(case=case).first()
    between = Q(at__range=open_between) if open_between else Q()
    pieces = list(models.Attachment.objects.visible_to(by).filter(between, case=case).select_related("step"))
    return Gathered(
        CaseFile(
            number=case.number,
            title=plain(case.title),
            description=plain(text.description if text else ""),
            category_path=tuple(full_name.split(" / ")) if full_name else (),
            source=said(SOURCES, case.source, by.language),
            reported_at=case.reported_at,
            place=plain(case.address),
            grid=_where(case.current_grid),
            state=said(STATES, case.state, by.language),
            outcome=said(OUTCOMES, case.outcome, by.language) if case.outcome else "",
            closed_at=case.closed_at,
            lon=case.lon,
            lat=case.lat,
            reporter=_reporter(case, by, knows, contact),
            printed=Printed(by=by.name, unit=by.unit_name, at=at),
            stages=_stages(case, by.language),
            assignments=_assignments(case),
            steps=_steps(case, by, knows, plain, between),
            supervision=_supervision(case, by.language, plain),
            whistles=_whistles(case, by, plain),
            evidence=tuple(_evidence(piece, by, plain, placed=by.covers(case.current_grid)) for piece in pieces),
            ratings=_ratings(case, by, plain),
        ),
        {piece.sha256: piece.served_sha256 for piece in pieces},
    )


def _reporter(case: models.Case, by: Actor, knows: bool, contact: Contact | None) -> Reporter:
    if not knows:
        return Reporter(shown=Shown.HIDDEN)
    if contact is not None:
        return Reporter(
            shown=Shown.REVEALED,
            name=contact.name,
            contact=contact.phone,
            revealed_by=f"{by.unit_name} {by.name}".strip(),
            purpose=contact.purpose,
        )
    row = models.Reporter.objects.visible_to(by).filter(case=case, is_follower=False).first()
    if row is None:
        return Reporter(shown=Shown.MASKED)
    return Reporter(shown=Shown.MASKED, name=mask_name(row.name), contact=row.phone_masked)


def _where(code: str) -> str:
    """District, street, community and grid by name, as far as they are known."""
    parts = [code[:length] for length in (*codes.GROUPS, codes.GRID_LENGTH) if 6 <= length <= len(code)]
    names = dict(Division.objects.filter(code__in=parts).values_list("code", "name"))
    names |= dict(Grid.objects.filter(code__in=[code, *parts]).values_list("code", "name"))
    found = [names[part] for part in parts if part in names]
    return " ".join([*found, codes.padded(code)])


def _stages(case: models.Case, language: str) -> tuple[Stage, ...]:
    rows = models.Deadline.objects.filter(case=case, due_at__isnull=False, dropped_at__isnull=True).order_by("id")
    return tuple(
        Stage(
            name=said(STAGES, row.stage, language) + (f" {row.step}" if row.step else ""),
            due_at=row.due_at,
            met_at=row.met_at,
            trace=tuple(explain(step, language) for step in trace_from_json(row.trace)),
        )
        for row in rows
        if row.due_at is not None
    )


def _assignments(case: models.Case) -> tuple[Assignment, ...]:
    rows = models.Assignment.objects.filter(case=case).select_related("unit").order_by("id")
    return tuple(
        Assignment(
            unit=row.unit.name,
            is_lead=row.role == models.Assignment.Role.LEAD,
            assigned_at=row.dispatched_at,
            signed_at=row.signed_at,
            finished_at=row.finished_at,
        )
        for row in rows
    )


def _steps(case: models.Case, by: Actor, knows: bool, plain: Callable[[str], str], between: Q) -> tuple[Step, ...]:
    names = {unit.path: unit.name for unit in units().by_id.values()}
    return tuple(
        _step(row, by, knows or not row.centre_only, is_complained_of(case, by), names, plain)
        for row in models.Step.objects.filter(between, case=case).order_by("id")
    )


def _step(
    row: models.Step,
    by: Actor,
    may_read: bool,
    is_complained: bool,
    names: dict[str, str],
    plain: Callable[[str], str],
) -> Step:
    """The unit complained of is not told which persons of other units acted: it must not know whom to turn to."""
    may_name = may_read and (not is_complained or row.by_kind != PERSON or row.by_unit_path.startswith(by.unit_path))
    lines = lines_of(row.data, names, by.language) if may_read else []
    told = [plain(line) for line in (row.text if may_read else "", *lines) if line]
    return Step(
        at=row.at,
        who=who(row.by_kind, row.by_name, by.language) if may_name else "",
        unit=row.by_unit,
        what=MOVE_NAMES.get(row.kind, (row.kind, row.kind))[by.language == "en"],
        opinion="\n".join(told),
    )


def _supervision(case: models.Case, language: str, plain: Plain) -> tuple[Supervision, ...]:
    rows = list(models.Supervision.objects.filter(case=case).order_by("id"))
    names = dict(Unit.objects.filter(path__in={row.unit_path for row in rows}).values_list("path", "name"))
    by_rule = ("系统按规则", "by rule")[language == "en"]
    steps = tuple(LadderStep)
    return tuple(
        Supervision(
            at=row.at,
            step=steps[row.step - 1].label(language),
            by=by_rule if row.by_rule else "",
            to=names.get(row.unit_path, row.unit_path),
            reason=plain(row.text),
            answer=plain(row.receipt_text),
        )
        for row in rows
    )


def _whistles(case: models.Case, by: Actor, plain: Plain) -> tuple[Whistle, ...]:
    """The unit complained of is not told who called: a grid worker may be the reporter."""
    named, score = not is_complained_of(case, by), ("{n} 分", "{n} of 5")[by.language == "en"]
    rows = whole().filter(case=case).order_by("called_at", "id")
    return tuple(
        Whistle(
            number=row.number,
            at=row.called_at,
            by=row.by_name if named else "",
            reason=plain(row.reason),
            centre=row.centre.name,
            confirmed_at=row.confirmed_at,
            ended_at=row.ended_at,
            refusal=plain(row.refusal),
            called=tuple(
                Called(
                    unit=one.unit.name,
                    called_at=one.called_at,
                    arrived_at=one.arrived_at,
                    received_at=_told_later(one),
                    distance_m=one.distance_m,
                    rating=f"{score.format(n=one.score)} {plain(one.comment)}".strip() if one.score else "",
                )
                for one in row.musters.all()
            ),
        )
        for row in rows
    )


def _told_later(one: models.Muster) -> datetime | None:
    there, heard = one.arrived_at, one.arrival_received_at
    return heard if there and heard and is_told_later(there, received=heard) else None


def _evidence(piece: models.Attachment, by: Actor, plain: Plain, *, placed: bool) -> Evidence:
    """`placed`: whether this reader may see where it was taken."""
    photo = PHOTOS[PhotoType(piece.photo_type)][by.language == "en"] if piece.photo_type in PHOTOS else ""
    stem, _, ending = piece.name.rpartition(".")
    return Evidence(
        kind=KINDS[piece.kind],
        extension="jpg" if piece.kind == "picture" else ending,
        caption=plain(" ".join(part for part in (photo, stem) if part)),
        sha256=piece.sha256,
        phase=phase(piece),
        taken_at=piece.taken_at,
        place=f"{piece.lon:.6f}, {piece.lat:.6f}" if placed and piece.lon is not None and piece.lat is not None else "",
        thumbnail=_thumbnail(piece),
    )


def _thumbnail(piece: models.Attachment) -> bytes | None:
    if not piece.medium_sha256:
        return None
    try:
        with files.served().open(piece.medium_sha256) as file:
            return file.read()
    except ContentMissing:
        return None


def _ratings(case: models.Case, by: Actor, plain: Plain) -> tuple[Rating, ...]:
    reporter = ("报告人", "reporter")[by.language == "en"]
    rows = models.Rating.objects.visible_to(by).filter(case=case).order_by("at", "id")
    verdict = ("{score} 分", "{score} of 5")[by.language == "en"]
    return tuple(
        Rating(at=row.at, by=reporter, verdict=verdict.format(score=row.score), comment=plain(row.text)) for row in rows
    )

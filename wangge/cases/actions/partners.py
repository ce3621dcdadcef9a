"""A case from another system, once for each of its numbers."""

import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wangge.cases import files
from wangge.cases.actions.evidence import Told, add_piece, keep_content
from wangge.cases.actions.intake import ReportGiven
from wangge.cases.actions.report_again import report_once
from wangge.cases.models import Attachment, Case, Step
from wangge.core.actor import Actor, acting
from wangge.core.errors import NotAllowed, NotFound


class OutOfArea(NotAllowed):
    code = "partner.out_of_area"
    zh = "这个地点不在该系统的授权范围内。"
    en = "This place is outside the area that the system may report for."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileGiven:
    name: str
    content: bytes
    photo_type: str = ""


def report_from_partner(
    *, given: ReportGiven, pieces: Sequence[FileGiven], case_id: uuid.UUID, by: Actor, at: datetime
) -> Case:
    """`case_id` is made from the number and what was said under it: the case that has it already is the answer.

    Raises what report_case raises (SourceNumberUsed among them), OutOfArea, and what evidence may.
    """
    reported, is_new = report_once(given=given, case_id=case_id, by=by, at=at)
    case = reported.case
    if not is_new:
        return case
    if not by.covers(case.current_grid):
        raise OutOfArea()
    kept = [_keep(piece, by, at) for piece in pieces]
    if kept:
        with acting(Actor.system("partner-evidence")):
            step = Step.objects.filter(case=case).order_by("id").first()
            Attachment.objects.filter(pk__in=kept).update(
                case=case, step=step, code=case.current_grid, complained_root=case.complained_root
            )
    return case


def case_of_partner(*, source_no: str, by: Actor) -> tuple[Case, str]:
    """The partner's own case by its own number, wherever it went since; and the reply. Raises NotFound."""
    case = Case.objects.filter(source_system=by.name, source_no=source_no).first()
    if case is None:
        raise NotFound()
    reply = (
        Step.objects.filter(case=case, kind__in=["refuse", "answer", "settle", "close"], centre_only=False)
        .order_by("-id")
        .values_list("text", flat=True)
        .first()
    )
    return case, reply or ""


def is_known(*, source_no: str, by: Actor) -> bool:
    return Case.objects.filter(source_system=by.name, source_no=source_no).exists()


def _keep(piece: FileGiven, by: Actor, at: datetime) -> uuid.UUID:
    content = keep_content(io.BytesIO(piece.content), limits=files.limits(public=True))
    told = Told(name=piece.name, photo_type=piece.photo_type)
    return add_piece(content=content, told=told, by=by, at=at).pk

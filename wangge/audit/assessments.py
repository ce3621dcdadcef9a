"""Assessments written and read: by the security officer, read by the auditor too."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from wangge.accounts.models import PartnerSystem
from wangge.accounts.permissions import Permission
from wangge.audit.models import Assessment
from wangge.audit.rules import KINDS, LONGEST, Processing, standing
from wangge.cases.models import Attachment, Reporter
from wangge.core import clock, journal
from wangge.core.actor import Actor, acting
from wangge.core.errors import Conflict, NotAllowed, invalid
from wangge.field.models import Batch as Positions
from wangge.insight.models import Export
from wangge.registry.models import Care, Person

# Whether the house does it at all.
IN_USE: dict[Processing, Callable[[], bool]] = {
    Processing.PEOPLE: lambda: Person.objects.filter(ended_at=None).exists(),
    Processing.CARE: lambda: Care.objects.exists(),
    Processing.REPORTERS: lambda: Reporter.objects.exists(),
    Processing.LOCATING: lambda: Positions.objects.exists(),
    Processing.EVIDENCE: lambda: Attachment.objects.exists(),
    Processing.EXPORTS: lambda: Export.objects.exists(),
    Processing.EXCHANGE: lambda: PartnerSystem.objects.filter(is_active=True).exclude(kinds=[]).exists(),
}


class AssessedMeanwhile(Conflict):
    code = "assessment.superseded"
    zh = "这一项刚刚有了更新的评估，请刷新后再写。"
    en = "There is a later assessment of this by now; reload before you write."


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentGiven:
    processing: Processing
    purpose: str
    basis: str
    necessity: str
    risks: str
    measures: str
    conclusion: str
    assessed_by: str
    assessed_on: date
    valid_until: date


def record_assessment(*, given: AssessmentGiven, supersedes: int | None, by: Actor, at: datetime) -> Assessment:
    """`supersedes`: the one that stands now, as its writer saw it. Raises NotAllowed, Invalid, AssessedMeanwhile."""
    by.require(Permission.SECURITY_EDIT)
    _check_days(given, clock.day_of(at))
    now = _standing_now().get(given.processing)
    if (now.pk if now else None) != supersedes:
        raise AssessedMeanwhile()
    row = Assessment(**asdict(given), supersedes=now, by_user=by.user_id, by_name=by.name, at=at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as twice:
        raise AssessedMeanwhile() from twice
    entry = journal.Entry(
        kind="assessment.recorded",
        subject=("assessment", str(row.pk)),
        permission=Permission.SECURITY_EDIT,
        data={
            "processing": str(given.processing),
            "valid_until": given.valid_until.isoformat(),
            "supersedes": supersedes,
        },
    )
    journal.record(entry, by=by, at=at)
    return row


def assessments(*, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """Each kind of processing, whether it is done here, and how its assessment stands; a query for each kind."""
    _require_reader(by)
    newest, today, word = _standing_now(), clock.day_of(at), by.language == "en"
    with acting(Actor.system("assessments")):
        in_use = {processing: done() for processing, done in IN_USE.items()}
    return [
        {
            "processing": processing,
            "name": kind.en if word else kind.zh,
            "ground": kind.ground_en if word else kind.ground_zh,
            "in_use": in_use[processing],
            "standing": standing(newest[processing].valid_until if processing in newest else None, today=today),
            "newest": newest.get(processing),
        }
        for processing, kind in KINDS.items()
    ]


def versions(processing: Processing, *, by: Actor) -> list[Assessment]:
    """Newest first, all that were ever recorded."""
    _require_reader(by)
    return list(Assessment.objects.filter(processing=processing).order_by("-id"))


def _standing_now() -> dict[str, Assessment]:
    return {row.processing: row for row in Assessment.objects.filter(superseded_by=None)}


def _require_reader(by: Actor) -> None:
    if not (by.may(Permission.SECURITY_EDIT) or by.may(Permission.JOURNAL_READ)):
        raise NotAllowed(permission=Permission.SECURITY_EDIT)


def _check_days(given: AssessmentGiven, today: date) -> None:
    if given.assessed_on > today:
        raise invalid("assessed_on", "不能晚于今天。", "This cannot be later than today.")
    if not given.assessed_on <= given.valid_until <= given.assessed_on + LONGEST:
        raise invalid("valid_until", "应在评估之后、三年以内。", "After the assessment, within three years.")

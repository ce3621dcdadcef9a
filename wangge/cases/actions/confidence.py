"""Looking at who reported, and taking a case's file away: allowed for a purpose, and always on the record."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from wangge.accounts.permissions import Permission
from wangge.cases.access import access_case
from wangge.cases.casefile.gather import Contact, Gathered, gather, gather_whistle
from wangge.cases.models import Case, Reporter, Whistle
from wangge.cases.rules.confidence import PURPOSES, Purpose, knows_reporter, without_names
from wangge.cases.throttle import TooOften
from wangge.core import crypto, journal
from wangge.core.actor import Actor
from wangge.core.errors import Invalid, Message, NotAllowed, NotFound
from wangge.core.models import JournalEntry

MOST_REVEALED = 30
REVEALED_WITHIN = timedelta(minutes=10)
PHONE_CONTEXT = "cases_reporter.phone"
SHORTEST_REASON = 2


class ReporterHidden(NotAllowed):
    code = "reporter.hidden"
    zh = "报告人信息对您的单位保密。要联系报告人，请找受理中心。"
    en = "Who reported is kept from your unit. To reach them, ask the centre that took the case."


class ReporterConfidential(NotAllowed):
    code = "reporter.confidential"
    zh = "报告人要求保密，只有持有案件的中心可以查看。"
    en = "The reporter asked for confidence; only the centre that holds the case may look."


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    name: str
    phone: str
    is_follower: bool
    is_anonymous: bool
    is_confidential: bool
    wants_call: bool


def reveal_reporter(
    *, case_id: uuid.UUID, by: Actor, at: datetime, purpose: Purpose, reason: str
) -> tuple[Case, list[Revealed]]:
    """The main reporter first, then who followed. One journal entry each time, before anything is shown.

    Raises NotFound, NotAllowed, ReporterHidden, ReporterConfidential, TooOften, Invalid.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid(fields={"reason": Message("请写明查看原因。", "Please say why.")})
    case = access_case(by, case_id, to=Permission.REPORTER_READ)
    if not knows_reporter(case, by):
        raise ReporterHidden()
    rows = list(Reporter.objects.visible_to(by).filter(case=case).order_by("is_follower", "at", "id"))
    if any(row.is_confidential for row in rows) and case.holder_path != by.unit_path:
        raise ReporterConfidential()
    _check_pace(by, at)
    record_reading(
        case,
        "reporter.revealed",
        by=by,
        at=at,
        permission=Permission.REPORTER_READ,
        data={
            "purpose": str(purpose),
            "reason": without_names(reason.strip(), [row.name for row in rows]),
            "reporters": len(rows),
        },
    )
    return case, [_revealed(row) for row in rows]


def export_case(
    *,
    case_id: uuid.UUID,
    by: Actor,
    at: datetime,
    form: str,
    purpose: Purpose | None = None,
    reason: str = "",
) -> Gathered:
    """`form` pdf: whoever sees the case may have it, contacts masked; zip, with the evidence: the right to export.

    With a purpose the reporter stands in it in clear, under the rules of `reveal_reporter`.
    """
    case = access_case(by, case_id, to=Permission.CASE_READ if form == "pdf" else Permission.CASE_EXPORT)
    contact = None
    if purpose is not None:
        case, found = reveal_reporter(case_id=case_id, by=by, at=at, purpose=purpose, reason=reason)
        if found:
            contact = Contact(name=found[0].name, phone=found[0].phone, purpose=PURPOSES[purpose][by.language == "en"])
    gathered = gather(case, by=by, at=at, contact=contact)
    record_reading(
        case,
        "case.export",
        by=by,
        at=at,
        permission=Permission.CASE_READ if form == "pdf" else Permission.CASE_EXPORT,
        data={"form": form, "reporter": str(gathered.file.reporter.shown), "evidence": len(gathered.file.evidence)},
    )
    return gathered


def export_whistle(*, whistle_id: uuid.UUID, by: Actor, at: datetime, form: str) -> Gathered:
    """The file of one whistle, with the rights and the record that the file of its case asks. Raises NotFound."""
    whistle = Whistle.objects.visible_to(by).select_related("case").filter(pk=whistle_id).first()
    if whistle is None:
        raise NotFound()
    needed = Permission.CASE_READ if form == "pdf" else Permission.CASE_EXPORT
    access_case(by, whistle.case_id, to=needed)
    gathered = gather_whistle(whistle, by=by, at=at)
    data = {"form": form, "whistle": whistle.number, "evidence": len(gathered.file.evidence)}
    record_reading(whistle.case, "case.export", by=by, at=at, permission=needed, data=data)
    return gathered


def record_reading(
    case: Case, kind: str, *, by: Actor, at: datetime, permission: Permission, data: dict[str, object]
) -> None:
    journal.record(
        journal.Entry(
            kind=kind,
            subject=("case", str(case.pk)),
            code=case.current_grid,
            permission=permission,
            data={"number": case.number, **data},
        ),
        by=by,
        at=at,
    )


def _check_pace(by: Actor, at: datetime) -> None:
    """Counted in the journal itself, which keeps every reading."""
    since = at - REVEALED_WITHIN
    seen = JournalEntry.objects.filter(actor_user=by.user_id, kind="reporter.revealed", at__gt=since)
    if seen.count() >= MOST_REVEALED:
        raise TooOften(minutes=int(REVEALED_WITHIN.total_seconds() // 60))


def _revealed(row: Reporter) -> Revealed:
    sealed = row.phone_sealed
    return Revealed(
        name=row.name,
        phone=crypto.unseal_text(bytes(sealed), context=PHONE_CONTEXT, row=str(row.pk)) if sealed else "",
        is_follower=row.is_follower,
        is_anonymous=row.is_anonymous,
        is_confidential=row.is_confidential,
        wants_call=row.wants_call,
    )

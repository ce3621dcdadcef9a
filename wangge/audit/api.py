"""The auditor's side over HTTP: who did what and who read what, and signed exports of it."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import StringConstraints

from wangge.accounts.auth import actor_of
from wangge.accounts.permissions import Permission
from wangge.audit import assessments, queries, signing
from wangge.audit.exports import JOURNAL, asked_of
from wangge.audit.rules import Processing
from wangge.audit.schemas import (
    AssessmentIn,
    AssessmentOut,
    JournalExportIn,
    JournalOut,
    JournalPlaceOut,
    JournalQuery,
    KindSeenOut,
    PersonOut,
    ProcessingOut,
    SigningKeyOut,
)
from wangge.core import clock
from wangge.core.once import once
from wangge.core.paging import CursorPage
from wangge.core.requests import idempotency_key
from wangge.core.schemas import answers, writes
from wangge.insight.api.exports import asked_once
from wangge.insight.schemas.exports import TableExportOut

router = Router(tags=["journal"])
Words = Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)]


@router.get(
    "/journal",
    operation_id="read_journal",
    summary="操作记录 who did what, newest first (auditor)",
    description="`subject` is `case:<id>` or `case`; `kind` is `session.opened`, or `session.` for all of them; "
    "`what` is reading, sign_in or writing; `code` is a division or grid; `from` and `to` are instants, half-open.",
    response=answers(CursorPage[JournalOut]),
)
def read(request: HttpRequest, query: Query[JournalQuery]) -> Any:
    actor = actor_of(request)
    page = queries.journal(query.as_filter(), by=actor, cursor=query.cursor, limit=query.limit)
    subjects = queries.names_of_subjects(page["items"], language=actor.language)
    places = queries.names_of_places(page["items"])
    return {"items": [JournalOut.of(entry, subjects, places) for entry in page["items"]], "next": page["next"]}


@router.get(
    "/journal/kinds",
    operation_id="list_journal_kinds",
    summary="操作种类 every kind of entry there is",
    response=answers(list[KindSeenOut]),
)
def kinds(request: HttpRequest) -> Any:
    return queries.kinds_seen(by=actor_of(request))


@router.get(
    "/journal/people",
    operation_id="find_journal_people",
    summary="按姓名找人 people of the auditor's area by name",
    response=answers(list[PersonOut]),
)
def people(request: HttpRequest, q: Words = "") -> Any:
    return queries.people(q, by=actor_of(request))


@router.get(
    "/journal/places",
    operation_id="find_journal_places",
    summary="按名称找地方 divisions and grids of the auditor's area by name or code, also ended ones",
    response=answers(list[JournalPlaceOut]),
)
def places(request: HttpRequest, q: Words = "") -> Any:
    return queries.places(q, by=actor_of(request))


@router.post(
    "/exports/journal",
    operation_id="export_journal",
    summary="导出操作记录并签名（后台生成）what is chosen of the journal, signed",
    response=answers(TableExportOut, 409, status=201),
)
def export(request: HttpRequest, body: JournalExportIn) -> Any:
    asked = asked_of(body.chosen.as_filter())
    return asked_once(request, body, JOURNAL.kind, asked, asked)


@router.get(
    "/journal/signing-key",
    operation_id="get_signing_key",
    summary="签名公钥 the public key that exports are checked with",
    response=answers(SigningKeyOut),
)
def signing_key(request: HttpRequest) -> Any:
    actor_of(request).require(Permission.JOURNAL_READ)
    key = signing.public_key()
    return {"algorithm": "Ed25519", "fingerprint": signing.fingerprint(key), "pem": signing.public_pem().decode()}


@router.get(
    "/assessments",
    operation_id="list_assessments",
    summary="个人信息保护影响评估 each kind of processing and how its assessment stands",
    response=answers(list[ProcessingOut]),
)
def list_assessments(request: HttpRequest) -> Any:
    return assessments.assessments(by=actor_of(request), at=clock.now())


@router.get(
    "/assessments/{processing}",
    operation_id="list_assessment_versions",
    summary="历次评估 every assessment of one kind, newest first",
    response=answers(list[AssessmentOut]),
)
def assessment_versions(request: HttpRequest, processing: Processing) -> Any:
    return assessments.versions(processing, by=actor_of(request))


@router.post(
    "/assessments",
    operation_id="record_assessment",
    summary="登记评估（取代前一份，不改写） record one; the one before stays as it was",
    response=writes(AssessmentOut, status=201),
)
def record_assessment(request: HttpRequest, body: AssessmentIn) -> Any:
    by, at = actor_of(request), clock.now()

    def do() -> dict[str, Any]:
        made = assessments.record_assessment(given=body.given(), supersedes=body.supersedes, by=by, at=at)
        return AssessmentOut.from_orm(made).model_dump(mode="json")

    return Status(201, once(idempotency_key(request), owner=by, content=body.model_dump(mode="json"), at=at, do=do))

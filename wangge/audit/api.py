"""The auditor's side over HTTP: who did what and who read what, and signed exports of it."""

import json
import uuid
from typing import Annotated, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import StringConstraints

from wangge.accounts.auth import actor_of
from wangge.accounts.permissions import Permission
from wangge.audit import exports, queries, signing
from wangge.audit.schemas import (
    ExportIn,
    ExportOut,
    JournalOut,
    JournalQuery,
    KindSeenOut,
    PersonOut,
    SigningKeyOut,
)
from wangge.cases.api.files import disposition, gives_file
from wangge.core import clock
from wangge.core.paging import CursorPage
from wangge.core.schemas import answers, reads, writes

router = Router(tags=["journal"])
MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
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
    "/journal/exports",
    operation_id="list_journal_exports",
    summary="我的导出 my exports",
    response=answers(list[ExportOut]),
)
def mine(request: HttpRequest) -> Any:
    return [ExportOut.of(export) for export in exports.exports_of(by=actor_of(request))]


@router.post(
    "/journal/exports",
    operation_id="export_journal",
    summary="导出并签名 export what is chosen, signed",
    response=writes(ExportOut, status=201),
)
def begin(request: HttpRequest, body: ExportIn) -> Any:
    export = exports.begin_export(chosen=body.as_filter(), form=body.form, by=actor_of(request), at=clock.now())
    return Status(201, ExportOut.of(export))


@router.get(
    "/journal/exports/{uuid:export_id}",
    operation_id="get_journal_export",
    summary="一份导出 one export",
    response=reads(ExportOut),
)
def one(request: HttpRequest, export_id: uuid.UUID) -> Any:
    return ExportOut.of(exports.export_of(export_id, by=actor_of(request)))


@router.get(
    "/journal/exports/{uuid:export_id}/file",
    **gives_file(409),
    operation_id="download_journal_export",
    summary="下载导出文件 its file",
)
def download(request: HttpRequest, export_id: uuid.UUID) -> Any:
    export = exports.export_of(export_id, by=actor_of(request))
    answer = FileResponse(exports.file_of(export).open("rb"), content_type=MEDIA[export.form])
    answer.headers["Content-Disposition"] = disposition(exports.name_of(export), download=True)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@router.get(
    "/journal/exports/{uuid:export_id}/signature",
    **gives_file(409, media="application/json"),
    operation_id="download_journal_signature",
    summary="下载签名 the signed statement, to be kept beside the file",
)
def signature(request: HttpRequest, export_id: uuid.UUID) -> Any:
    export = exports.export_of(export_id, by=actor_of(request))
    if export.signature is None:
        raise exports.NotReady()
    text = json.dumps(export.signature, ensure_ascii=False, indent=1)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = disposition(f"{exports.name_of(export)}.sig", download=True)
    return answer


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

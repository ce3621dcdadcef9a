"""一案一档 over HTTP, and the one audited call that shows who reported."""

import uuid
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from ninja import Query, Router

from wangge.accounts.auth import actor_of
from wangge.cases.actions.confidence import export_case, export_whistle, reveal_reporter
from wangge.cases.api.files import disposition, gives_file
from wangge.cases.casefile.bundle import stream_zip
from wangge.cases.casefile.document import Language, as_pdf
from wangge.cases.schemas.casefile import FileQuery, RevealedOut, RevealIn
from wangge.core import clock
from wangge.core.schemas import reads

router = Router()


@router.post(
    "/cases/{uuid:case_id}/reveal",
    response=reads(list[RevealedOut]),
    operation_id="reveal_reporter",
    summary="查看报告人（留痕）see who reported, on the record",
)
def reveal(request: HttpRequest, case_id: uuid.UUID, body: RevealIn) -> Any:
    _, found = reveal_reporter(
        case_id=case_id, by=actor_of(request), at=clock.now(), purpose=body.purpose, reason=body.reason
    )
    return found


@router.get(
    "/cases/{uuid:case_id}/file.pdf",
    **gives_file(media="application/pdf"),
    operation_id="download_case_pdf",
    summary="案件档案 PDF the case file as PDF",
)
def pdf(request: HttpRequest, case_id: uuid.UUID, query: Query[FileQuery]) -> HttpResponseBase:
    actor = actor_of(request)
    gathered = export_case(
        case_id=case_id, by=actor, at=clock.now(), form="pdf", purpose=query.purpose, reason=query.reason
    )
    content = as_pdf(gathered.file, language=cast(Language, actor.language))
    return _private(HttpResponse(content, content_type="application/pdf"), f"{gathered.file.number}.pdf")


@router.get(
    "/cases/{uuid:case_id}/file.zip",
    **gives_file(media="application/zip"),
    operation_id="download_case_zip",
    summary="案件档案 ZIP（含附件）the case file with its evidence as ZIP",
)
def bundle(request: HttpRequest, case_id: uuid.UUID, query: Query[FileQuery]) -> HttpResponseBase:
    actor = actor_of(request)
    gathered = export_case(
        case_id=case_id, by=actor, at=clock.now(), form="zip", purpose=query.purpose, reason=query.reason
    )
    parts = stream_zip(gathered.file, gathered.open_evidence(), language=cast(Language, actor.language))
    return _private(StreamingHttpResponse(parts, content_type="application/zip"), f"{gathered.file.number}.zip")


@router.get(
    "/whistles/{uuid:whistle_id}/file.pdf",
    **gives_file(media="application/pdf"),
    operation_id="download_whistle_pdf",
    summary="一哨一档 PDF the file of one whistle as PDF",
)
def whistle_pdf(request: HttpRequest, whistle_id: uuid.UUID) -> HttpResponseBase:
    actor = actor_of(request)
    gathered = export_whistle(whistle_id=whistle_id, by=actor, at=clock.now(), form="pdf")
    content = as_pdf(gathered.file, language=cast(Language, actor.language))
    return _private(HttpResponse(content, content_type="application/pdf"), f"{gathered.file.whistle}.pdf")


@router.get(
    "/whistles/{uuid:whistle_id}/file.zip",
    **gives_file(media="application/zip"),
    operation_id="download_whistle_zip",
    summary="一哨一档 ZIP（含附件）the file of one whistle with its evidence as ZIP",
)
def whistle_bundle(request: HttpRequest, whistle_id: uuid.UUID) -> HttpResponseBase:
    actor = actor_of(request)
    gathered = export_whistle(whistle_id=whistle_id, by=actor, at=clock.now(), form="zip")
    parts = stream_zip(gathered.file, gathered.open_evidence(), language=cast(Language, actor.language))
    return _private(StreamingHttpResponse(parts, content_type="application/zip"), f"{gathered.file.whistle}.zip")


def _private(answer: HttpResponseBase, name: str) -> HttpResponseBase:
    answer.headers["Content-Disposition"] = disposition(name, download=True)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer

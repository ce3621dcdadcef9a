"""Tables made in the background: asked for, followed, fetched by whoever asked."""

import json
import os
import uuid
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from wangge.accounts.auth import actor_of
from wangge.cases.api.files import disposition, gives_file, send
from wangge.core import clock
from wangge.core.errors import NotFound
from wangge.core.once import once
from wangge.core.paging import DEFAULT_SIZE, LARGEST_SIZE, Page, table_page
from wangge.core.requests import idempotency_key
from wangge.core.schemas import answers, writes
from wangge.insight import files
from wangge.insight.actions.exports import Wanted, ask_export, decide_export, fetch_export, proposals, statement_of
from wangge.insight.models import Export
from wangge.insight.schemas.exports import (
    AnalysisExportIn,
    CaseExportIn,
    DecideExportIn,
    ExportIn,
    ProposedExportOut,
    RegistryExportIn,
    TableExportOut,
)
from wangge.insight.tables import ANALYSIS, CASES, REGISTRY

router = Router()
MIMES = {
    Export.Format.CSV: "text/csv; charset=utf-8",
    Export.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Export.Format.PDF: "application/pdf",
}


@router.post(
    "/exports/cases",
    response=answers(TableExportOut, 409, status=201),
    operation_id="export_cases",
    summary="导出案件清单（后台生成，不含联系方式）a list of cases, contacts never",
)
def cases(request: HttpRequest, body: CaseExportIn) -> Any:
    asked = body.filters.model_dump(mode="json", exclude_defaults=True)
    told = {name: value for name, value in asked.items() if name not in ("phone", "q")}
    return asked_once(request, body, CASES.kind, asked, {"filters": told, "searched": asked.keys() != told.keys()})


@router.post(
    "/exports/analysis",
    response=answers(TableExportOut, 409, status=201),
    operation_id="export_analysis",
    summary="导出统计分析（后台生成）a table of an analysis",
)
def analysis(request: HttpRequest, body: AnalysisExportIn) -> Any:
    asked = body.asked.model_dump(mode="json", exclude_defaults=True)
    return asked_once(request, body, ANALYSIS.kind, asked, {"asked": asked})


@router.post(
    "/exports/registry",
    response=answers(TableExportOut, 404, 409, status=201),
    operation_id="export_registry",
    summary="申请导出基础数据（脱敏，须他人审批）ask for a table of the registry, masked, for somebody else to approve",
)
def registry(request: HttpRequest, body: RegistryExportIn) -> Any:
    by = actor_of(request)
    by.require(REGISTRY.needs)
    if body.code and not by.covers(body.code):
        raise NotFound()
    asked = {"record_kind": body.record_kind.value, "code": body.code or ""}
    return asked_once(request, body, REGISTRY.kind, asked, asked)


@router.get(
    "/exports/proposed",
    response=answers(list[ProposedExportOut]),
    operation_id="list_proposed_exports",
    summary="待我审批的导出 exports that wait for my approval",
)
def proposed(request: HttpRequest) -> Any:
    return proposals(by=actor_of(request))


@router.post(
    "/exports/{uuid:export_id}/decide",
    response=writes(None, status=204),
    operation_id="decide_export",
    summary="审批导出 approve or refuse an export of somebody else",
)
def decide(request: HttpRequest, export_id: uuid.UUID, body: DecideExportIn) -> Any:
    decide_export(export_id=export_id, approve=body.approve, by=actor_of(request), at=clock.now())
    return Status(204, None)


@router.get(
    "/exports", response=answers(Page[TableExportOut]), operation_id="list_exports", summary="我的导出 my exports"
)
def mine(
    request: HttpRequest,
    kind: Annotated[str, StringConstraints(max_length=40)] = "",
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
    limit: Annotated[int, Field(ge=1, le=LARGEST_SIZE)] = DEFAULT_SIZE,
) -> Any:
    rows = Export.objects.visible_to(actor_of(request)).order_by("-asked_at", "-id")
    return table_page(rows.filter(kind=kind) if kind else rows, offset=offset, limit=limit)


@router.get(
    "/exports/{uuid:export_id}/file",
    **gives_file(409),
    operation_id="download_export",
    summary="下载导出的文件（本人，留痕）the file, for whoever asked, on the record",
)
def file(request: HttpRequest, export_id: uuid.UUID) -> HttpResponseBase:
    row, content = fetch_export(export_id=export_id, by=actor_of(request), at=clock.now())
    answer = send(
        request,
        content,
        size=os.fstat(content.fileno()).st_size,
        mime=MIMES[Export.Format(row.format)],
        name=files.name_of(row),
        tag=str(row.pk),
        download=True,
    )
    answer.headers["Content-Disposition"] = disposition(files.name_of(row), download=True)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@router.get(
    "/exports/{uuid:export_id}/signature",
    **gives_file(409, media="application/json"),
    operation_id="download_export_signature",
    summary="下载签名（签名的导出，文件删除后仍在）the signed statement, to be kept beside the file",
)
def signature(request: HttpRequest, export_id: uuid.UUID) -> HttpResponse:
    row, statement = statement_of(export_id=export_id, by=actor_of(request))
    text = json.dumps(statement, ensure_ascii=False, indent=1)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = disposition(f"{files.name_of(row)}.sig", download=True)
    return answer


def asked_once(request: HttpRequest, body: ExportIn, kind: str, asked: dict[str, Any], told: dict[str, Any]) -> Any:
    """For each room that has a table of its own to give."""
    by, at = actor_of(request), clock.now()
    purpose = body.purpose if isinstance(body, RegistryExportIn) else ""
    wanted = Wanted(kind=kind, format=body.format, title=body.title, asked=asked, told=told, purpose=purpose)
    made = once(
        idempotency_key(request),
        owner=by,
        content=body.model_dump(mode="json"),
        at=at,
        do=lambda: TableExportOut.from_orm(ask_export(wanted, by=by, at=at)).model_dump(mode="json"),
    )
    return Status(201, made)

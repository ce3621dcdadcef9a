"""Imports over HTTP: a file in, a check report out, then stage and apply."""

import io
import uuid
from typing import Annotated, Any, Literal

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Path, Query, Router, Status
from ninja.files import UploadedFile

from wangge.accounts.auth import actor_of
from wangge.accounts.partners import PartnerAuth
from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.importing.export import csv_lines
from wangge.core.once import once
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset, Page
from wangge.core.requests import check_text, idempotency_key
from wangge.core.schemas import Id, answers, reads, refusals, writes
from wangge.grids.schemas.common import DoneOut
from wangge.imports import actions, files, queries, schemas, sent

router = Router(tags=["imports"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def gives(media: str) -> dict[str, Any]:
    content = {media: {"schema": {"type": "string", "format": "binary"}}}
    return {
        "response": refusals(404),
        "openapi_extra": {"responses": {200: {"description": "OK", "content": content}}},
    }


@router.get("/imports/kinds", response=answers(list[schemas.KindOut]), summary="可导入的种类及其字段 kinds and fields")
def kinds(request: HttpRequest) -> Any:
    return queries.kinds(by=actor_of(request))


@router.get("/imports/mappings", response=reads(list[schemas.MappingOut]), summary="保存的列对应关系 saved mappings")
def mappings(request: HttpRequest, kind: schemas.Kind | None = None) -> Any:
    return queries.mappings(by=actor_of(request), kind=kind or "")


@router.post("/imports/mappings", response=writes(schemas.MappingOut), summary="保存列对应关系 save a mapping")
def save_mapping(request: HttpRequest, body: schemas.MappingIn) -> Any:
    return actions.save_mapping(**body.model_dump(), by=actor_of(request), at=clock.now())


@router.delete("/imports/mappings/{mapping_id}", response=writes(DoneOut), summary="删除 forget a mapping")
def forget_mapping(request: HttpRequest, mapping_id: Path[Id]) -> Any:
    actions.forget_mapping(mapping_id=mapping_id, by=actor_of(request), at=clock.now())
    return {"done": True}


@router.post("/imports", response=writes(schemas.BatchOut, status=201), summary="上传并检查 upload and check")
def receive(request: HttpRequest, form: Form[schemas.ReceiveIn], file: File[UploadedFile]) -> Any:
    actor, at = actor_of(request), clock.now()
    actor.require(Permission.IMPORT_RUN)  # before its bytes are kept
    check_text(file.name)
    kept = files.keep(file.chunks(), limit=settings.UPLOAD_LIMIT)

    def take() -> dict[str, Any]:
        batch = actions.receive_file(
            kind=form.kind,
            file_name=file.name or "",
            kept=kept,
            options=form.as_options(),
            mapping=form.as_mapping(form.kind),
            by=actor,
            at=at,
            again=form.again,
        )
        return schemas.BatchOut.model_validate(queries.shown(batch, actor)).model_dump(mode="json")

    content = {"sha256": kept.sha256, **form.model_dump(mode="json")}
    try:
        with transaction.atomic():  # what fails inside leaves a transaction in which one can still ask
            return Status(201, once(idempotency_key(request), owner=actor, content=content, at=at, do=take))
    except Exception:
        actions.forget_file_of_a_refused(kept)
        raise


@router.get("/imports", response=answers(Page[schemas.BatchOut]), summary="导入记录 list")
def list_imports(
    request: HttpRequest,
    kind: schemas.Kind | None = None,
    state: schemas.Kind | None = None,
    offset: Offset = 0,
    limit: Limit = DEFAULT_SIZE,
) -> Any:
    return queries.batches(by=actor_of(request), kind=kind or "", state=state or "", offset=offset, limit=limit)


@router.get("/imports/{uuid:batch_id}", response=reads(schemas.BatchOut), summary="进度与检查结果 report and progress")
def get_import(request: HttpRequest, batch_id: uuid.UUID) -> Any:
    actor = actor_of(request)
    return queries.shown(queries.batch_of(batch_id, by=actor), actor)


@router.get(
    "/imports/{uuid:batch_id}/sample", response=reads(schemas.SampleOut), summary="表头和样例 header and sample"
)
def sample(request: HttpRequest, batch_id: uuid.UUID) -> Any:
    return queries.sample(batch_id, by=actor_of(request))


@router.post("/imports/{uuid:batch_id}/check", response=writes(schemas.BatchOut), summary="换设置重新检查 check again")
def check(request: HttpRequest, batch_id: uuid.UUID, body: schemas.OptionsIn) -> Any:
    actor = actor_of(request)
    kind = queries.batch_of(batch_id, by=actor).kind
    batch = actions.check_again(
        batch_id=batch_id, options=body.as_options(), mapping=body.as_mapping(kind), by=actor, at=clock.now()
    )
    return queries.shown(batch, actor)


@router.post("/imports/{uuid:batch_id}/stage", response=writes(schemas.BatchOut), summary="暂存 stage")
def stage(request: HttpRequest, batch_id: uuid.UUID, body: schemas.StageIn) -> Any:
    actor = actor_of(request)
    batch = actions.stage_import(batch_id=batch_id, skip_faulty=body.skip_faulty, by=actor, at=clock.now())
    return queries.shown(batch, actor)


@router.post("/imports/{uuid:batch_id}/apply", response=writes(schemas.BatchOut), summary="生效 apply")
def apply(request: HttpRequest, batch_id: uuid.UUID) -> Any:
    actor = actor_of(request)
    return queries.shown(actions.apply_import(batch_id=batch_id, by=actor, at=clock.now()), actor)


@router.post("/imports/{uuid:batch_id}/cancel", response=writes(schemas.BatchOut), summary="取消 cancel")
def cancel(request: HttpRequest, batch_id: uuid.UUID) -> Any:
    actor = actor_of(request)
    return queries.shown(actions.cancel_import(batch_id=batch_id, by=actor, at=clock.now()), actor)


@router.get("/imports/{uuid:batch_id}/faults", response=reads(Page[schemas.FaultOut]), summary="问题清单 faults")
def faults(
    request: HttpRequest,
    batch_id: uuid.UUID,
    level: Literal["error", "warning"] | None = None,
    code: Annotated[str, Query("", max_length=100)] = "",
    offset: Offset = 0,
    limit: Limit = DEFAULT_SIZE,
) -> Any:
    return queries.faults(batch_id, by=actor_of(request), level=level or "", code=code, offset=offset, limit=limit)


@router.get("/imports/{uuid:batch_id}/faults.geojson", response=reads(dict[str, Any]), summary="问题图形 on the map")
def fault_shapes(request: HttpRequest, batch_id: uuid.UUID) -> Any:
    return queries.fault_shapes(batch_id, by=actor_of(request))


@router.get("/imports/{uuid:batch_id}/faults.csv", **gives("text/csv"), summary="问题清单 CSV")
def faults_csv(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    headings, rows = queries.fault_table(batch_id, by=actor)
    actions.note_faults_taken(batch_id=batch_id, form="csv", by=actor, at=clock.now())
    # Written whole: at most ten thousand lines, and the transaction ends with the request.
    answer = HttpResponse("".join(csv_lines(headings, rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="faults.csv"'
    return answer


@router.get("/imports/{uuid:batch_id}/faults.xlsx", **gives(XLSX), summary="问题清单 XLSX")
def faults_xlsx(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    from openpyxl import Workbook  # a quarter of a second of every start

    actor = actor_of(request)
    headings, rows = queries.fault_table(batch_id, by=actor)
    actions.note_faults_taken(batch_id=batch_id, form="xlsx", by=actor, at=clock.now())
    book = Workbook(write_only=True)
    sheet = book.create_sheet("faults")
    sheet.append(headings)
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    answer = HttpResponse(content.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="faults.xlsx"'
    return answer


@router.post(
    "/partner/records",
    auth=PartnerAuth(),
    response={200: schemas.RecordsOut, 201: schemas.RecordsOut, **refusals(404, 409)},
    operation_id="partner_records",
    summary="部门系统报送基础数据 records from a department's system",
)
def send_records(request: HttpRequest, body: schemas.RecordsIn) -> Any:
    """201 the first time; 200 and the same receipt when the same content is sent again under its number."""
    actor = actor_of(request)
    batch, is_new = sent.take_records(given=body.given(), by=actor, at=clock.now())
    return Status(201 if is_new else 200, sent.receipt(batch, language=actor.language))


@router.get(
    "/partner/records",
    auth=PartnerAuth(),
    response=reads(schemas.RecordsOut),
    operation_id="partner_records_receipt",
    summary="部门系统查询回执 receipt of a batch",
)
def records_receipt(request: HttpRequest, source_no: schemas.SourceNo) -> Any:
    check_text(source_no)
    actor = actor_of(request)
    return sent.receipt(sent.receipt_of(source_no=source_no, by=actor), language=actor.language)

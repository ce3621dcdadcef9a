"""Forms over HTTP, and what is recorded with them."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest, HttpResponseBase
from ninja import Router, Status

from wangge.accounts.auth import actor_of
from wangge.cases.api.evidence import send_variant
from wangge.cases.api.files import gives_file
from wangge.core import clock
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset, Page
from wangge.core.schemas import Day, Line, answers, reads, writes
from wangge.field.actions.forms import save_form
from wangge.field.actions.pieces import content_of
from wangge.field.actions.records import make_record, reveal_record
from wangge.field.models.forms import FormKind
from wangge.field.queries import forms as queries
from wangge.field.queries import records
from wangge.field.schemas import forms as schemas

router = Router()


@router.get(
    "/field/forms",
    response=answers(list[schemas.FormOut]),
    operation_id="list_forms",
    by_alias=True,
    summary="表单 forms of the field",
)
def listed(request: HttpRequest, all: bool = False) -> Any:
    return queries.forms(by=actor_of(request), every=all)


@router.get(
    "/field/forms/{code}",
    response=reads(schemas.FormCardOut),
    operation_id="read_form",
    by_alias=True,
    summary="一张表单 one form",
)
def one(request: HttpRequest, code: str) -> Any:
    return queries.form_card(code, by=actor_of(request))


@router.get(
    "/field/forms/{code}/versions/{int:number}",
    response=reads(schemas.FormOut),
    operation_id="read_form_version",
    by_alias=True,
    summary="表单的一个版本 one version of a form",
)
def version(request: HttpRequest, code: str, number: int) -> Any:
    return queries.form_version(code, number, by=actor_of(request))


@router.put(
    "/field/forms/{code}",
    response=writes(schemas.FormCardOut),
    operation_id="save_form",
    by_alias=True,
    summary="保存表单 save a form; another schema is a new version",
)
def save(request: HttpRequest, code: str, body: schemas.FormIn) -> Any:
    by = actor_of(request)
    save_form(code=code, given=body.as_given(), seen=body.seen, by=by, at=clock.now())
    return queries.form_card(code, by=by)


@router.get(
    "/field/records",
    response=answers(Page[schemas.RecordOut]),
    operation_id="list_records",
    summary="采集、走访、检查记录 what was recorded",
)
def records_listed(
    request: HttpRequest,
    subject_id: uuid.UUID | None = None,
    errand_id: uuid.UUID | None = None,
    form: Line = "",
    kind: FormKind | None = None,
    q: Line = "",
    failed: bool = False,
    mine: bool = False,
    since: Day | None = None,
    until: Day | None = None,
    offset: Offset = 0,
    limit: Limit = DEFAULT_SIZE,
) -> Any:
    asked = records.Asked(
        subject_id=subject_id,
        errand_id=errand_id,
        form=form,
        kind=kind.value if kind else "",
        q=q.strip(),
        failed=failed,
        mine=mine,
        since=since,
        until=until,
    )
    return records.records(by=actor_of(request), asked=asked, offset=offset, limit=limit)


@router.post(
    "/field/records",
    response=answers(schemas.RecordOut, 404, 409, status=201),
    operation_id="make_record",
    summary="提交记录 a sheet filled in",
)
def make(request: HttpRequest, body: schemas.RecordIn) -> Any:
    """The id is the phone's own: sent again it answers as before."""
    by = actor_of(request)
    made = make_record(given=body.as_given(), by=by, at=clock.now())
    return Status(201, records.record(made.record.pk, by=by))


@router.get(
    "/field/records/{uuid:record_id}",
    response=reads(schemas.RecordOut),
    operation_id="read_record",
    summary="一份记录 one record",
)
def record(request: HttpRequest, record_id: uuid.UUID) -> Any:
    return records.record(record_id, by=actor_of(request))


@router.post(
    "/field/records/{uuid:record_id}/reveal",
    response=reads(schemas.SecretsOut),
    operation_id="reveal_record",
    summary="查看加密内容（留痕）what was sealed, on the record",
)
def reveal(request: HttpRequest, record_id: uuid.UUID, body: schemas.SecretPurposeIn) -> Any:
    values = reveal_record(record_id=record_id, purpose=body.purpose, by=actor_of(request), at=clock.now())
    return {"values": values}


@router.get(
    "/field/pieces/{uuid:piece_id}/{variant}",
    **gives_file(partial=True),
    operation_id="download_field_piece",
    summary="查看现场照片 a photo of the field",
)
def piece(request: HttpRequest, piece_id: uuid.UUID, variant: Literal["served", "small", "medium"]) -> HttpResponseBase:
    return send_variant(request, content_of(piece_id, by=actor_of(request)), variant)

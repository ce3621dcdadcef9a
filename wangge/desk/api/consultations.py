"""咨询记录 over HTTP. Reading one caller's is a POST: a telephone stands in no address."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from wangge.accounts.auth import actor_of
from wangge.core import clock
from wangge.core.once import once
from wangge.core.requests import idempotency_key
from wangge.core.schemas import answers, reads, writes
from wangge.desk.actions import consult
from wangge.desk.queries import consultations as queries
from wangge.desk.schemas import answers as shapes

router = Router()


@router.get(
    "/consultations",
    response=answers(shapes.ConsultationsOut),
    operation_id="list_consultations",
    summary="咨询记录 questions answered",
)
def all_of_them(request: HttpRequest, query: Query[shapes.ConsultationsQuery]) -> Any:
    return queries.consultations(**query.model_dump(), by=actor_of(request))


@router.post(
    "/consultations",
    response=writes(shapes.AnsweredOut, status=201),
    operation_id="record_consultation",
    summary="答复完毕，不立案 answered, no case",
)
def record(request: HttpRequest, body: shapes.ConsultationIn) -> Any:
    by, at = actor_of(request), clock.now()

    def do() -> dict[str, Any]:
        made = consult.record_consultation(given=body.as_given(), by=by, at=at)
        return {"id": made.pk, "today": queries.answered_today(by=by, at=at)}

    return Status(201, once(idempotency_key(request), owner=by, content=body.model_dump(mode="json"), at=at, do=do))


@router.post(
    "/consultations/of-caller",
    response=answers(list[shapes.ConsultationOut]),
    operation_id="consultations_of_caller",
    summary="此号码问过什么 what this caller asked before",
)
def of_caller(request: HttpRequest, body: shapes.CallerIn) -> Any:
    return queries.consultations_of_caller(body.phone, by=actor_of(request))


@router.post(
    "/consultations/{uuid:consultation_id}/reveal",
    response=reads(shapes.AskerOut),
    operation_id="reveal_asker",
    summary="查看联系方式 who asked, for a stated purpose",
)
def reveal(
    request: HttpRequest, response: HttpResponse, consultation_id: uuid.UUID, body: shapes.ConsultationRevealIn
) -> Any:
    response["Cache-Control"] = "no-store"
    by, at = actor_of(request), clock.now()
    return consult.reveal_asker(consultation_id=consultation_id, **body.model_dump(), by=by, at=at)

"""会商、联席会议、现场会 over HTTP, with the minutes as PDF."""

import uuid
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Router, Status

from wangge.accounts.auth import actor_of
from wangge.cases.api.files import disposition, gives_file
from wangge.command import actions
from wangge.command.minutes.document import Language, as_pdf
from wangge.command.queries import meetings as queries
from wangge.command.schemas import meetings as schemas
from wangge.core import clock
from wangge.core.once import once
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset, Page
from wangge.core.requests import idempotency_key
from wangge.core.schemas import Line, answers, reads, writes

router = Router()


@router.get(
    "/meetings",
    response=answers(Page[schemas.MeetingRowOut]),
    operation_id="list_meetings",
    summary="会商列表 meetings",
)
def listed(
    request: HttpRequest,
    state: schemas.MeetingState | None = None,
    kind: schemas.Kind | None = None,
    q: Line = "",
    offset: Offset = 0,
    limit: Limit = DEFAULT_SIZE,
) -> Any:
    by, at = actor_of(request), clock.now()
    return queries.meetings(by=by, at=at, state=state or "", kind=kind or "", q=q.strip(), offset=offset, limit=limit)


@router.post(
    "/meetings",
    response=writes(schemas.MeetingOut, status=201),
    operation_id="call_meeting",
    summary="召集会商 call a meeting",
)
def call(request: HttpRequest, body: schemas.MeetingIn) -> Any:
    by, at = actor_of(request), clock.now()

    def do() -> dict[str, Any]:
        return queries.meeting(actions.call_meeting(called=body.as_meeting(), by=by, at=at).pk, by=by, at=at)

    key, content = idempotency_key(request), body.model_dump(mode="json")
    return Status(201, once(key, owner=by, content=content, at=at, do=do))


@router.get(
    "/meetings/{uuid:meeting_id}",
    response=reads(schemas.MeetingOut),
    operation_id="read_meeting",
    summary="一次会商 one meeting",
)
def one(request: HttpRequest, meeting_id: uuid.UUID) -> Any:
    return queries.meeting(meeting_id, by=actor_of(request), at=clock.now())


@router.post(
    "/meetings/{uuid:meeting_id}/hold",
    response=writes(schemas.MeetingOut),
    operation_id="hold_meeting",
    summary="记录纪要和决定 write the minutes and what was decided",
)
def hold(request: HttpRequest, meeting_id: uuid.UUID, body: schemas.HoldIn) -> Any:
    by, at = actor_of(request), clock.now()
    actions.hold_meeting(
        meeting_id=meeting_id,
        minutes=body.minutes,
        came=[one.as_came() for one in body.came],
        decisions=[one.as_decision() for one in body.decisions],
        version=body.version,
        by=by,
        at=at,
    )
    return queries.meeting(meeting_id, by=by, at=at)


@router.post(
    "/meetings/{uuid:meeting_id}/cancel",
    response=writes(schemas.MeetingOut),
    operation_id="cancel_meeting",
    summary="取消会商 cancel a meeting",
)
def cancel(request: HttpRequest, meeting_id: uuid.UUID, body: schemas.CancelMeetingIn) -> Any:
    by, at = actor_of(request), clock.now()
    actions.cancel_meeting(meeting_id=meeting_id, **body.model_dump(), by=by, at=at)
    return queries.meeting(meeting_id, by=by, at=at)


@router.get(
    "/meetings/{uuid:meeting_id}/minutes.pdf",
    **gives_file(media="application/pdf"),
    operation_id="download_minutes",
    summary="会议纪要 PDF the minutes as PDF",
)
def minutes(request: HttpRequest, meeting_id: uuid.UUID) -> HttpResponseBase:
    by, at = actor_of(request), clock.now()
    found = actions.export_minutes(meeting_id=meeting_id, by=by, at=at)
    answer = HttpResponse(as_pdf(found, language=cast(Language, by.language)), content_type="application/pdf")
    answer.headers["Content-Disposition"] = disposition(f"{found.number}.pdf", download=True)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@router.get(
    "/cases/{uuid:case_id}/meetings",
    response=reads(list[schemas.MeetingRowOut]),
    operation_id="list_case_meetings",
    summary="案件的会商 meetings on a case",
)
def of_case(request: HttpRequest, case_id: uuid.UUID) -> Any:
    return queries.meetings_of_case(case_id, by=actor_of(request), at=clock.now())

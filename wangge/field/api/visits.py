"""走访 over HTTP: whom, by when, and how it was kept."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from wangge.accounts.auth import actor_of
from wangge.core import clock
from wangge.core.once import once
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset, Page
from wangge.core.requests import idempotency_key
from wangge.core.schemas import Day, Line, answers, reads, writes
from wangge.field.actions.visits import add_subject, change_subject, reveal_contact
from wangge.field.queries import visits as queries
from wangge.field.queries.visits import VisitBox
from wangge.field.schemas import visits as schemas
from wangge.field.schemas.forms import SecretPurposeIn

router = Router()


@router.get(
    "/field/visits",
    response=answers(Page[schemas.SubjectOut]),
    operation_id="list_visits",
    summary="走访对象 whom to visit, the longest due first",
)
def listed(
    request: HttpRequest,
    box: VisitBox = VisitBox.DUE,
    kind: Line = "",
    grid: Line = "",
    q: Line = "",
    active: bool = True,
    offset: Offset = 0,
    limit: Limit = DEFAULT_SIZE,
) -> Any:
    return queries.subjects(
        by=actor_of(request),
        today=clock.today(),
        box=box,
        kind=kind,
        grid=grid,
        q=q,
        active=active,
        offset=offset,
        limit=limit,
    )


@router.get(
    "/field/visits/keeping",
    response=answers(list[schemas.VisitsKeptOut]),
    operation_id="visits_kept",
    summary="走访完成情况 how the visits of each grid were kept",
)
def keeping(request: HttpRequest, since: Day, until: Day) -> Any:
    return queries.keeping(by=actor_of(request), since=since, until=until, today=clock.today())


@router.get(
    "/field/visits/{uuid:subject_id}",
    response=reads(schemas.SubjectCardOut),
    operation_id="read_visit",
    summary="一个走访对象 one subject of visits",
)
def one(request: HttpRequest, subject_id: uuid.UUID) -> Any:
    return queries.subject(subject_id, by=actor_of(request), today=clock.today())


@router.post(
    "/field/visits",
    response=writes(schemas.SubjectOut, status=201),
    operation_id="add_visit",
    summary="添加走访对象 add a subject of visits",
)
def add(request: HttpRequest, body: schemas.SubjectIn) -> Any:
    by, at = actor_of(request), clock.now()

    def do() -> dict[str, Any]:
        return queries.shown(add_subject(given=body.as_given(), by=by, at=at), clock.day_of(at))

    content = body.model_dump(mode="json")
    return Status(201, once(idempotency_key(request), owner=by, content=content, at=at, do=do))


@router.put(
    "/field/visits/{uuid:subject_id}",
    response=writes(schemas.SubjectOut),
    operation_id="change_visit",
    summary="更改走访对象 change a subject of visits",
)
def change(request: HttpRequest, subject_id: uuid.UUID, body: schemas.SubjectPut) -> Any:
    at = clock.now()
    subject = change_subject(
        subject_id=subject_id, given=body.as_given(), version=body.version, by=actor_of(request), at=at
    )
    return queries.shown(subject, clock.day_of(at))


@router.post(
    "/field/visits/{uuid:subject_id}/reveal",
    response=reads(schemas.ContactOut),
    operation_id="reveal_visit_contact",
    summary="查看联系方式（留痕）the contact, on the record",
)
def reveal(request: HttpRequest, subject_id: uuid.UUID, body: SecretPurposeIn) -> Any:
    return reveal_contact(subject_id=subject_id, purpose=body.purpose, by=actor_of(request), at=clock.now())

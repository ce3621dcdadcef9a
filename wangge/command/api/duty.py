"""值班 over HTTP."""

import uuid
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status
from pydantic import StringConstraints

from wangge.accounts.auth import actor_of
from wangge.command import actions
from wangge.command.queries import duty as queries
from wangge.command.schemas import duty as schemas
from wangge.command.schemas.common import Done
from wangge.core import clock
from wangge.core.once import once
from wangge.core.requests import idempotency_key
from wangge.core.schemas import Id, Line, answers, reads, writes

router = Router()
Under = Annotated[str, StringConstraints(pattern=r"^\d{0,12}$", max_length=12)]


@router.get(
    "/duty",
    response=answers(schemas.RostersOut),
    operation_id="list_on_duty",
    summary="值班一览 who is on duty now",
)
def now_on_duty(request: HttpRequest, under: Under = "", q: Line = "") -> Any:
    return queries.rosters(by=actor_of(request), at=clock.now(), under=under, q=q)


@router.get(
    "/duty/week",
    response=reads(schemas.WeekOut),
    operation_id="read_duty_week",
    summary="值班表 the roster of a unit by week",
)
def week(request: HttpRequest, unit_id: Id, monday: date) -> Any:
    return queries.week(unit_id=unit_id, monday=monday, by=actor_of(request), at=clock.now())


@router.post(
    "/duty",
    response=writes(schemas.DutyShiftOut, status=201),
    operation_id="plan_shift",
    summary="排班 plan a shift",
)
def plan(request: HttpRequest, body: schemas.NewShiftIn) -> Any:
    by, at = actor_of(request), clock.now()

    def do() -> dict[str, Any]:
        shift = actions.plan_shift(
            unit_id=body.unit_id,
            day=body.day,
            kind=body.kind,
            people=[person.as_person() for person in body.people],
            begins=body.begins,
            ends=body.ends,
            note=body.note,
            by=by,
            at=at,
        )
        return queries.one(shift.pk, at)

    # The number of a mobile is not kept with the answers: of the question there is only a hash, the answer masks it.
    key, content = idempotency_key(request), body.model_dump(mode="json")
    return Status(201, once(key, owner=by, content=content, at=at, do=do))


@router.post(
    "/duty/copy-week",
    response=writes(schemas.CopiedOut),
    operation_id="copy_duty_week",
    summary="复制整周 copy one week to another",
)
def copy(request: HttpRequest, body: schemas.CopyWeekIn) -> Any:
    return actions.copy_week(**body.model_dump(), by=actor_of(request), at=clock.now())


@router.put(
    "/duty/{uuid:shift_id}",
    response=writes(schemas.DutyShiftOut),
    operation_id="change_shift",
    summary="更改班次 change a shift that has not begun",
)
def change(request: HttpRequest, shift_id: uuid.UUID, body: schemas.ShiftChangeIn) -> Any:
    at = clock.now()
    shift = actions.change_shift(
        shift_id=shift_id,
        people=[person.as_person() for person in body.people],
        version=body.version,
        begins=body.begins,
        ends=body.ends,
        note=body.note,
        by=actor_of(request),
        at=at,
    )
    return queries.one(shift.pk, at)


@router.delete(
    "/duty/{uuid:shift_id}",
    response=writes(Done),
    operation_id="remove_shift",
    summary="删除班次 remove a shift that has not begun",
)
def remove(request: HttpRequest, shift_id: uuid.UUID) -> Any:
    actions.remove_shift(shift_id=shift_id, by=actor_of(request), at=clock.now())
    return {"done": True}


@router.post(
    "/duty/{uuid:shift_id}/swap",
    response=writes(schemas.DutyShiftOut),
    operation_id="swap_duty",
    summary="换班（留痕）swap somebody, on record",
)
def swap(request: HttpRequest, shift_id: uuid.UUID, body: schemas.SwapIn) -> Any:
    at = clock.now()
    shift = actions.swap_duty(
        shift_id=shift_id,
        person_id=body.person_id,
        with_whom=body.with_whom.as_person(),
        reason=body.reason,
        by=actor_of(request),
        at=at,
    )
    return queries.one(shift.pk, at)


@router.post(
    "/duty/{uuid:shift_id}/reveal",
    response=reads(list[schemas.RevealedMobileOut]),
    operation_id="reveal_duty_mobiles",
    summary="查看值班人员手机（留痕）see the mobiles of a shift, on record",
)
def reveal(request: HttpRequest, response: HttpResponse, shift_id: uuid.UUID, body: schemas.PurposeIn) -> Any:
    found = actions.reveal_mobiles(shift_id=shift_id, purpose=body.purpose, by=actor_of(request), at=clock.now())
    response["Cache-Control"] = "no-store"
    return [{"id": person_id, "mobile": mobile} for person_id, mobile in found.items()]

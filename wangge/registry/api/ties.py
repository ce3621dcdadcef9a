"""Who lives where, households, who answers for organisations."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Schema, Status

from wangge.accounts.auth import actor_of
from wangge.core import clock
from wangge.core.once import once
from wangge.core.requests import idempotency_key
from wangge.core.schemas import writes
from wangge.registry import actions
from wangge.registry.api.routes import router
from wangge.registry.schemas import records as schemas


class MadeOut(Schema):
    id: uuid.UUID


@router.post(
    "/registry/people/{uuid:person_id}/ties",
    response=writes(MadeOut, status=201),
    operation_id="tie_person",
    summary="关联住所 tie a person to a dwelling",
)
def tie(request: HttpRequest, person_id: uuid.UUID, body: schemas.TieIn) -> Any:
    by, at = actor_of(request), clock.now()
    return Status(201, actions.tie_person(person_id=person_id, **body.model_dump(), by=by, at=at))


@router.post(
    "/registry/ties/{uuid:tie_id}/end",
    response=writes(None, status=204),
    operation_id="untie_person",
    summary="解除关联 end a tie",
)
def untie(request: HttpRequest, tie_id: uuid.UUID, body: schemas.UntieIn) -> Any:
    """With an `Idempotency-Key`, the same sent again answers as before."""
    by, at = actor_of(request), clock.now()
    source = "field" if body.in_field else "console"

    def do() -> dict[str, Any]:
        actions.untie(residence_id=tie_id, to_date=body.to_date, why=body.why, source=source, by=by, at=at)
        return {}

    content = {"tie": str(tie_id), **body.model_dump(mode="json")}
    once(idempotency_key(request), owner=by, content=content, at=at, do=do)
    return Status(204, None)


@router.post(
    "/registry/households/{uuid:household_id}/members",
    response=writes(MadeOut, status=201),
    operation_id="add_household_member",
    summary="添加家庭成员 add a member",
)
def add_member(request: HttpRequest, household_id: uuid.UUID, body: schemas.RegistryMemberIn) -> Any:
    """With an `Idempotency-Key`, the same sent again answers as before."""
    by, at = actor_of(request), clock.now()

    def do() -> dict[str, Any]:
        return {"id": actions.add_member(household_id=household_id, **body.model_dump(), by=by, at=at).pk}

    content = {"household": str(household_id), **body.model_dump(mode="json")}
    return Status(201, once(idempotency_key(request), owner=by, content=content, at=at, do=do))


@router.post(
    "/registry/members/{uuid:member_id}/end",
    response=writes(None, status=204),
    operation_id="remove_household_member",
    summary="移出家庭 a member leaves",
)
def remove_member(request: HttpRequest, member_id: uuid.UUID) -> Any:
    """With an `Idempotency-Key`, the same sent again answers as before."""
    by, at = actor_of(request), clock.now()

    def do() -> dict[str, Any]:
        actions.remove_member(member_id=member_id, by=by, at=at)
        return {}

    once(idempotency_key(request), owner=by, content={"member": str(member_id)}, at=at, do=do)
    return Status(204, None)


@router.post(
    "/registry/organisations/{uuid:organisation_id}/people",
    response=writes(MadeOut, status=201),
    operation_id="add_organisation_person",
    summary="添加单位人员 add who answers for an organisation",
)
def add_part(request: HttpRequest, organisation_id: uuid.UUID, body: schemas.PartIn) -> Any:
    by, at = actor_of(request), clock.now()
    given = actions.PartGiven(**body.model_dump())
    return Status(201, actions.add_part(organisation_id=organisation_id, given=given, by=by, at=at))


@router.post(
    "/registry/parts/{uuid:part_id}/end",
    response=writes(None, status=204),
    operation_id="end_organisation_person",
    summary="移出单位 somebody's part ends",
)
def end_part(request: HttpRequest, part_id: uuid.UUID) -> Any:
    actions.end_part(part_id=part_id, by=actor_of(request), at=clock.now())
    return Status(204, None)

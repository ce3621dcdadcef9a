"""Making, changing, ending, erasing, merging records."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Status

from wangge.accounts.auth import actor_of
from wangge.core import clock
from wangge.core.ids import new_id
from wangge.core.once import once
from wangge.core.requests import idempotency_key
from wangge.core.schemas import answers, writes
from wangge.registry import actions
from wangge.registry.api.routes import router
from wangge.registry.schemas import records as schemas
from wangge.registry.schemas.records import RecordKind


@router.post(
    "/registry/records/{record_kind}",
    response=answers(schemas.WrittenOut, 404, 409, status=201),
    operation_id="registry_register",
    summary="登记 register a record",
)
def register(request: HttpRequest, record_kind: RecordKind, body: schemas.RegistryRecordIn) -> Any:
    by, at = actor_of(request), clock.now()

    def do() -> dict[str, Any]:
        written = actions.put(
            kind=record_kind,
            record_id=body.id or new_id(),
            values=body.values,
            where=_where(body.where),
            takes_over=body.takes_over,
            by=by,
            at=at,
        )
        return _written(written)

    key, content = idempotency_key(request), body.model_dump(mode="json")
    return Status(201, once(key, owner=by, content=content, at=at, do=do))


@router.patch(
    "/registry/records/{record_kind}/{uuid:record_id}",
    response=writes(schemas.WrittenOut),
    operation_id="registry_change",
    summary="修改 change a record",
)
def change(request: HttpRequest, record_kind: RecordKind, record_id: uuid.UUID, body: schemas.ChangeIn) -> Any:
    written = actions.put(
        kind=record_kind,
        record_id=record_id,
        values=body.values,
        where=_where(body.where),
        why=body.why,
        source=actions.Source(kind="resident" if body.by_request else "console"),
        version=body.version,
        by=actor_of(request),
        at=clock.now(),
    )
    return _written(written)


@router.post(
    "/registry/records/{record_kind}/{uuid:record_id}/end",
    response=writes(None, status=204),
    operation_id="registry_end",
    summary="注销 end a record",
)
def end(request: HttpRequest, record_kind: RecordKind, record_id: uuid.UUID, body: schemas.RegistryEndIn) -> Any:
    by, at = actor_of(request), clock.now()
    actions.end_record(kind=record_kind, record_id=record_id, reason=body.reason, why=body.why, by=by, at=at)
    return Status(204, None)


@router.post(
    "/registry/people/{uuid:person_id}/erase",
    response=writes(None, status=204),
    operation_id="erase_person",
    summary="删除个人信息 erase a person",
)
def erase(request: HttpRequest, person_id: uuid.UUID, body: schemas.WhyIn) -> Any:
    actions.erase_person(person_id=person_id, why=body.why, by=actor_of(request), at=clock.now())
    return Status(204, None)


@router.post(
    "/registry/people/merge",
    response=writes(schemas.MergeOut),
    operation_id="merge_people",
    summary="合并重复人员 merge two rows of one person",
)
def merge(request: HttpRequest, body: schemas.RegistryMergeIn) -> Any:
    by, at = actor_of(request), clock.now()
    return actions.merge(kept_id=body.kept_id, gone_id=body.gone_id, why=body.why, by=by, at=at)


@router.post(
    "/registry/people/apart",
    response=writes(None, status=204),
    operation_id="tell_people_apart",
    summary="不是同一人 two rows alike are two people",
)
def apart(request: HttpRequest, body: schemas.ApartIn) -> Any:
    actions.tell_apart(one_id=body.one_id, other_id=body.other_id, by=actor_of(request), at=clock.now())
    return Status(204, None)


@router.post(
    "/registry/merges/{uuid:merge_id}/undo",
    response=writes(None, status=204),
    operation_id="undo_merge",
    summary="撤销合并 undo a merge",
)
def unmerge(request: HttpRequest, merge_id: uuid.UUID) -> Any:
    actions.unmerge(merge_id=merge_id, by=actor_of(request), at=clock.now())
    return Status(204, None)


@router.post(
    "/registry/differences/{uuid:difference_id}/decide",
    response=writes(schemas.DecidedOut),
    operation_id="decide_difference",
    summary="处理差异 take or refuse what another source says",
)
def decide(request: HttpRequest, difference_id: uuid.UUID, body: schemas.DecideIn) -> Any:
    by, at = actor_of(request), clock.now()
    return actions.decide(difference_id=difference_id, take=body.take, why=body.why, by=by, at=at)


def _where(given: schemas.WhereIn | None) -> actions.Where | None:
    if given is None:
        return None
    return actions.Where(**given.model_dump() | {"code": given.code or ""})


def _written(written: actions.Written) -> dict[str, Any]:
    return {
        "id": written.record.pk,
        "made": written.made,
        "changed": list(written.changed),
        "differences": written.differences,
    }

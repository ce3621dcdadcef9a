"""Looking into the registry. What is searched for comes in a body, never in an address."""

import uuid
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest

from wangge.accounts.auth import actor_of
from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.paging import DEFAULT_SIZE, CursorPage, Limit, Offset, Page
from wangge.core.schemas import Code, Instant, answers, reads
from wangge.registry.actions.ends import REASONS
from wangge.registry.actions.reveal import reveal, reveal_part
from wangge.registry.api.routes import router
from wangge.registry.codelists import CODE_LISTS
from wangge.registry.codelists_english import english_of
from wangge.registry.dictionary import KINDS, REFUSED
from wangge.registry.queries import files, history
from wangge.registry.queries.looking import who_has_seen
from wangge.registry.queries.search import search
from wangge.registry.queries.signs import under_sign
from wangge.registry.rules.purposes import RevealPurpose
from wangge.registry.schemas import records as schemas
from wangge.registry.schemas.grids import GridFileOut
from wangge.registry.schemas.records import PartOfKind, RecordKind


@router.get(
    "/registry/dictionary",
    response=answers(schemas.DictionaryOut),
    operation_id="registry_dictionary",
    summary="数据字典 the data dictionary",
)
def dictionary(request: HttpRequest) -> Any:
    actor_of(request).require(Permission.REGISTRY_READ)
    return {
        "kinds": {kind: [asdict(field) for field in fields] for kind, fields in KINDS.items()},
        "code_lists": {
            name: {
                "source": one.source,
                "names": dict(one.names),
                "english": {code: english_of(name, code) for code in one.names},
            }
            for name, one in CODE_LISTS.items()
        },
        "refused": [asdict(one) for one in REFUSED],
        "purposes": list(RevealPurpose),
        "end_reasons": {kind: list(reasons) for kind, reasons in REASONS.items()},
    }


@router.post(
    "/registry/search",
    response=answers(schemas.RegistryFoundOut),
    operation_id="search_registry",
    summary="查人、房、组织 search people, dwellings and organisations",
)
def find(request: HttpRequest, body: schemas.RegistrySearchIn) -> Any:
    return search(body.q, by=actor_of(request), code=body.code or "")


@router.post(
    "/registry/signs",
    response=answers(schemas.SignOut),
    operation_id="registry_sign",
    summary="扫码识别 the record that a scanned sign stands for",
)
def sign(request: HttpRequest, body: schemas.SignIn) -> Any:
    return {"items": under_sign(body.text, by=actor_of(request))}


@router.get(
    "/registry/grids/{grid}",
    response=reads(GridFileOut),
    operation_id="registry_grid",
    summary="网格档案 what stands in a grid",
)
def grid(request: HttpRequest, grid: Code) -> Any:
    return files.grid_file(grid, by=actor_of(request))


@router.get(
    "/registry/records/{record_kind}",
    response=answers(CursorPage[schemas.RegistryHitOut], 404),
    operation_id="registry_list",
    summary="一类基础数据 records of one kind",
)
def listed(
    request: HttpRequest, record_kind: RecordKind, code: Code | None = None, part: PartOfKind = "", cursor: str = ""
) -> Any:
    return files.listed(record_kind, by=actor_of(request), code=code or "", part=part, cursor=cursor[:400])


@router.get(
    "/registry/records/{record_kind}/{uuid:record_id}",
    response=reads(schemas.FileOut),
    operation_id="registry_file",
    summary="一份档案 the file of one record",
)
def one(request: HttpRequest, record_kind: RecordKind, record_id: uuid.UUID) -> Any:
    return files.record_file(record_kind, record_id, by=actor_of(request), at=clock.now())


@router.get(
    "/registry/records/{record_kind}/{uuid:record_id}/history",
    response=reads(schemas.HistoryOut),
    operation_id="registry_history",
    summary="变更历史 what became of a record, and how it stood",
)
def past(request: HttpRequest, record_kind: RecordKind, record_id: uuid.UUID, as_of: Instant | None = None) -> Any:
    return history.history(record_kind, record_id, by=actor_of(request), at=clock.now(), as_of=as_of)


@router.post(
    "/registry/records/{record_kind}/{uuid:record_id}/reveal",
    response=reads(schemas.RegistryRevealedOut),
    operation_id="registry_reveal",
    summary="查看敏感项 reveal sealed values of one record, on the record",
)
def revealed(
    request: HttpRequest, record_kind: RecordKind, record_id: uuid.UUID, body: schemas.RegistryRevealIn
) -> Any:
    values = reveal(
        kind=record_kind,
        record_id=record_id,
        fields=body.fields,
        purpose=body.purpose,
        by=actor_of(request),
        at=clock.now(),
    )
    return {"values": values}


@router.post(
    "/registry/parts/{uuid:part_id}/reveal",
    response=reads(schemas.RegistryRevealedOut),
    operation_id="reveal_organisation_person",
    summary="查看单位人员电话 reveal the telephone of who answers for an organisation, on the record",
)
def revealed_part(request: HttpRequest, part_id: uuid.UUID, body: schemas.RegistryPurposeIn) -> Any:
    return {"values": reveal_part(part_id=part_id, purpose=body.purpose, by=actor_of(request), at=clock.now())}


@router.get(
    "/registry/people/{uuid:person_id}/seen",
    response=reads(Page[schemas.SeenOut]),
    operation_id="who_has_seen",
    summary="谁看过 who has seen a person's record",
)
def seen(request: HttpRequest, person_id: uuid.UUID, offset: Offset = 0, limit: Limit = DEFAULT_SIZE) -> Any:
    return who_has_seen(person_id, by=actor_of(request), offset=offset, limit=limit)


@router.get(
    "/registry/differences",
    response=answers(Page[schemas.DifferenceOut]),
    operation_id="list_differences",
    summary="待处理的数据差异 what sources say differently",
)
def differences(request: HttpRequest, offset: Offset = 0, limit: Limit = DEFAULT_SIZE) -> Any:
    return history.differences(by=actor_of(request), offset=offset, limit=limit)

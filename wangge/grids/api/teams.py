"""Who serves on a grid, where somebody is missing, and what others call a grid."""

from typing import Any

from django.http import HttpRequest
from ninja import Path, Router, Status

from wangge.core import clock
from wangge.core.once import once
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset, Page
from wangge.core.requests import idempotency_key
from wangge.core.schemas import Day, Id, answers, writes
from wangge.grids import actions, queries
from wangge.grids.api.reading import Under, Word, by
from wangge.grids.queries.teams import shown
from wangge.grids.schemas.common import DoneOut, MemberKind
from wangge.grids.schemas.teams import AliasIn, AliasRowOut, MemberChange, MemberIn, MemberOut, MemberRowOut, VacancyOut

router = Router()


@router.get("/teams", response=answers(Page[MemberRowOut]), summary="队伍 who serves")
def list_members(
    request: HttpRequest,
    grid: Under = "",
    under: Under = "",
    kind: MemberKind | None = None,
    q: Word = "",
    ended: bool = False,
    offset: Offset = 0,
    limit: Limit = DEFAULT_SIZE,
) -> Any:
    return queries.team_members(
        by=by(request), grid=grid, under=under, kind=kind or "", q=q, ended=ended, offset=offset, limit=limit
    )


@router.post("/teams", response=writes(MemberOut, status=201), summary="任用 add a member")
def add_member(request: HttpRequest, body: MemberIn) -> Any:
    actor, at = by(request), clock.now()
    key = idempotency_key(request)

    def add() -> dict[str, Any]:
        return shown(actions.add_member(**body.model_dump(), by=actor, at=at), actor)

    return Status(201, once(key, owner=actor, content=body.model_dump(mode="json"), at=at, do=add))


@router.patch("/teams/{member_id}", response=writes(MemberOut), summary="更改 change a member")
def change_member(request: HttpRequest, member_id: Path[Id], body: MemberChange) -> Any:
    given = body.model_dump(exclude_unset=True)
    changes = {name: value for name, value in given.items() if value is not None or name == "valid_to"}
    return shown(
        actions.change_member(member_id=member_id, changes=changes, by=by(request), at=clock.now()), by(request)
    )


@router.delete("/teams/{member_id}", response=writes(DoneOut), summary="结束任职 end the service")
def end_member(request: HttpRequest, member_id: Path[Id], valid_to: Day | None = None) -> Any:
    actions.end_member(member_id=member_id, valid_to=valid_to, by=by(request), at=clock.now())
    return {"done": True}


@router.get("/vacancies", response=answers(Page[VacancyOut]), summary="缺岗 where somebody is missing")
def vacancies(request: HttpRequest, under: Under = "", offset: Offset = 0, limit: Limit = DEFAULT_SIZE) -> Any:
    return queries.vacancies(by=by(request), under=under, offset=offset, limit=limit)


@router.get("/aliases", response=answers(Page[AliasRowOut]), summary="别名 what others call it")
def list_aliases(
    request: HttpRequest,
    code: Under = "",
    scheme: Word = "",
    alias: Word = "",
    offset: Offset = 0,
    limit: Limit = DEFAULT_SIZE,
) -> Any:
    return queries.aliases(by=by(request), code=code, scheme=scheme, alias=alias, offset=offset, limit=limit)


@router.post("/aliases", response=writes(AliasRowOut, status=201), summary="新增别名 add an alias")
def add_alias(request: HttpRequest, body: AliasIn) -> Any:
    row = actions.add_alias(**body.model_dump(), by=by(request), at=clock.now())
    return Status(201, row)


@router.delete("/aliases/{alias_id}", response=writes(DoneOut), summary="停用别名 end an alias")
def end_alias(request: HttpRequest, alias_id: Path[Id], valid_to: Day | None = None) -> Any:
    actions.end_alias(alias_id=alias_id, valid_to=valid_to, by=by(request), at=clock.now())
    return {"done": True}

"""The tree of divisions."""

from typing import Any

from django.http import HttpRequest
from ninja import Path, Router, Status

from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.once import once
from wangge.core.requests import idempotency_key
from wangge.core.schemas import Day, answers, reads, writes
from wangge.grids import actions, queries
from wangge.grids.api.reading import by
from wangge.grids.schemas.common import DivisionCode, EndIn, EndingOut
from wangge.grids.schemas.divisions import DivisionCardOut, DivisionChange, DivisionIn, DivisionsOut

router = Router()


@router.get("/divisions", response=answers(DivisionsOut), summary="区划树的一层 one level of the tree")
def list_divisions(
    request: HttpRequest, parent: DivisionCode | None = None, day: Day | None = None, ended: bool = False
) -> Any:
    actor = by(request)
    items = queries.children_of(parent or "", by=actor, day=day, ended=ended)
    may_add = actor.may(Permission.GRID_EDIT) and actor.covers(parent or "")
    return {"items": items, "count": len(items), "may_add": may_add}


@router.post("/divisions", response=writes(DivisionCardOut, status=201), summary="新设区划 create")
def create_division(request: HttpRequest, body: DivisionIn) -> Any:
    actor, at = by(request), clock.now()

    def create() -> dict[str, Any]:
        division = actions.create_division(**body.model_dump(), by=actor, at=at)
        return queries.division_card(division.code, by=actor)

    key = idempotency_key(request)
    return Status(201, once(key, owner=actor, content=body.model_dump(mode="json"), at=at, do=create))


@router.get("/divisions/{code}", response=reads(DivisionCardOut), summary="区划卡片 card")
def get_division(request: HttpRequest, code: Path[DivisionCode]) -> Any:
    return queries.division_card(code, by=by(request))


@router.patch("/divisions/{code}", response=writes(DivisionCardOut), summary="更名 rename")
def change_division(request: HttpRequest, code: Path[DivisionCode], body: DivisionChange) -> Any:
    given = body.model_dump(exclude_unset=True, exclude={"seen"})
    changes = {name: value for name, value in given.items() if value is not None}
    actions.change_division(code=code, changes=changes, seen=body.seen, by=by(request), at=clock.now())
    return queries.division_card(code, by=by(request))


@router.get("/divisions/{code}/ending", response=reads(EndingOut), summary="撤销前须知 what stands in its way")
def division_ending(request: HttpRequest, code: Path[DivisionCode]) -> Any:
    return queries.ending_of(code, by=by(request))


@router.post("/divisions/{code}/end", response=writes(DivisionCardOut), summary="撤销 end")
def end_division(request: HttpRequest, code: Path[DivisionCode], body: EndIn) -> Any:
    actions.end_division(code=code, valid_to=body.valid_to, reason=body.reason, by=by(request), at=clock.now())
    return queries.division_card(code, by=by(request))
